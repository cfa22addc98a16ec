"""Files that a page of insights can be written to. WRITERS has one line a format; the file's ending decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from labeler.errors import LabelerError, unwritable
from labeler.formats.insights.document import InsightsDocument
from labeler.formats.insights.html import insights_to_html
from labeler.formats.insights.json import insights_to_json
from labeler.whole_file import write_whole

WRITERS: Mapping[str, Callable[[InsightsDocument], bytes]] = {
    ".json": lambda document: orjson.dumps(
        insights_to_json(document.page, document.provenance), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    ),
    ".html": lambda document: insights_to_html(document).encode(),
}


def check_ending(path: Path) -> None:
    """Raises LabelerError for a file that no writer is for; call it before the work, not after."""
    if path.suffix.lower() not in WRITERS:
        raise LabelerError(
            f"{path}: a report cannot be written to a file that ends in {path.suffix or 'nothing'}",
            remedy=f"use {', '.join(WRITERS)}",
        )


def write_insights(path: Path, document: InsightsDocument) -> None:
    check_ending(path)
    try:
        write_whole(path, WRITERS[path.suffix.lower()](document))
    except OSError as problem:
        raise unwritable(path, problem) from None

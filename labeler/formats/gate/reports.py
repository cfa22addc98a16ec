"""Files that a gate's answer can be written to. WRITERS has one line a format; the file's ending decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gate.report import GateReport
from labeler.errors import LabelerError, unwritable
from labeler.formats.gate.html import gate_to_html
from labeler.formats.gate.json import gate_to_json
from labeler.formats.gate.junit import gate_to_junit
from labeler.formats.gate.markdown import gate_to_markdown
from labeler.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class GateDocument:
    """A report with what it is called and what it was made from."""

    report: GateReport
    title: str
    facts: dict[str, str]
    """Small print: names of hashes and the like, with their values."""
    provenance: Mapping[str, Any]


def _json(document: GateDocument) -> bytes:
    content = gate_to_json(document.report, document.provenance)
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


WRITERS: Mapping[str, Callable[[GateDocument], bytes]] = {
    ".json": _json,
    ".xml": lambda document: gate_to_junit(document.report, document.title),
    ".md": lambda document: gate_to_markdown(document.report, document.title, document.facts).encode(),
    ".html": lambda document: gate_to_html(document.report, document.title, document.facts).encode(),
}


def check_ending(path: Path) -> None:
    """Raises LabelerError for a file that no writer is for; call it before the work, not after."""
    if path.suffix.lower() not in WRITERS:
        raise LabelerError(
            f"{path}: a gate report cannot be written to a file that ends in {path.suffix or 'nothing'}",
            remedy=f"use {', '.join(WRITERS)}",
        )


def write_gate_report(path: Path, document: GateDocument) -> None:
    check_ending(path)
    try:
        write_whole(path, WRITERS[path.suffix.lower()](document))
    except OSError as problem:
        raise unwritable(path, problem) from None

"""The difference of two gold sets as JSON and Markdown; each record with the events behind it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold_changes import Removed, Step
from labeler.domain.gold_words import Summary, changes_markdown
from labeler.errors import LabelerError
from labeler.formats.gold_manifest import Manifest
from labeler.formats.gold_records import removed_to_json
from labeler.whole_file import write_whole

_ENDINGS = (".md", ".json")


def diff_to_json(
    before: Manifest, after: Manifest, summary: Summary, steps: Iterable[Step], removed: Iterable[Removed]
) -> dict[str, Any]:
    return {
        "before": {"name": before.name, "version": before.version, "digest": before.digest},
        "after": {"name": after.name, "version": after.version, "digest": after.digest},
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "removal_alarm_p": summary.alarm_p,
        "records": [_step(step) for step in steps],
        "ledger": [removed_to_json(one) for one in removed],
    }


def _step(step: Step) -> dict[str, Any]:
    record = step.after or step.before
    change = "added" if step.before is None else "removed" if step.after is None else "changed"
    written: dict[str, Any] = {"id": step.id, "change": change}
    if step.fields:
        written["fields"] = list(step.fields)
    if step.retiered:
        written["tier"] = [str(tier) for tier in step.retiered]
    if record is not None:
        provenance = record.provenance
        written |= {"resolution": provenance.resolution, "verdicts": list(provenance.verdicts)}
        if provenance.simulated:
            written["simulated"] = True
    return written


def diff_to_markdown(before: Manifest, after: Manifest, summary: Summary, removed: Iterable[Removed]) -> str:
    title = f"{after.name} {after.version}"
    return changes_markdown(title, f"{before.name} {before.version}", summary, removed, left_out={})


def check_ending(path: Path) -> None:
    """Raises LabelerError for a file that such a report is not written to; call it before the work."""
    if path.suffix.lower() not in _ENDINGS:
        raise LabelerError(f"{path}: this report is written as {' or '.join(_ENDINGS)}")


def write_diff(path: Path, as_json: dict[str, Any], as_markdown: str) -> None:
    markdown = path.suffix.lower() == ".md"
    content = as_markdown.encode() if markdown else orjson.dumps(as_json, option=orjson.OPT_INDENT_2)
    try:
        write_whole(path, content)
    except OSError as problem:
        raise LabelerError(f"{path} cannot be written: {problem.strerror or problem}") from None

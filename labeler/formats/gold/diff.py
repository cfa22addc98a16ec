"""The difference of two gold sets as JSON and Markdown; each record with the events behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold.changes import Removed, Step
from labeler.domain.gold.turned import Turned, turned_words
from labeler.domain.gold.words import Summary, changes_markdown
from labeler.errors import LabelerError, unwritable
from labeler.formats.gold.manifest import Manifest
from labeler.formats.gold.records import removed_to_json
from labeler.whole_file import write_whole

_ENDINGS = (".md", ".json")


@dataclass(frozen=True, slots=True)
class GoldDiff:
    """`steps` are the records that differ; `removed` is the ledger of the later version.

    `turned` are the past attempts at the gate, judged on both; None where that was not asked.
    """

    before: Manifest
    after: Manifest
    summary: Summary
    steps: tuple[Step, ...]
    removed: tuple[Removed, ...]
    turned: tuple[Turned, ...] | None = None


def diff_to_json(found: GoldDiff) -> dict[str, Any]:
    before, after, summary = found.before, found.after, found.summary
    written = {
        "before": {"name": before.name, "version": before.version, "digest": before.digest},
        "after": {"name": after.name, "version": after.version, "digest": after.digest},
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "removal_alarm_p": summary.alarm_p,
        "ratchet": [
            {"cell": fall.cell, "of": fall.of, "before": fall.before, "after": fall.after, "in_ledger": fall.explained}
            for fall in summary.ratchet.falls()
        ],
        "records": [_step(step) for step in found.steps],
        "ledger": [removed_to_json(one) for one in found.removed],
    }
    return written if found.turned is None else {**written, "gate": [_turned(one) for one in found.turned]}


def _turned(one: Turned) -> dict[str, Any]:
    attempt = one.attempt
    return {
        "attempt": attempt.number,
        "at": attempt.at,
        "old_models": list(attempt.series.old_models),
        "new_models": list(attempt.new_models),
        "new_outputs": attempt.new_outputs,
        "decided": attempt.decision,
        "before": one.before,
        "after": one.after,
        "turns": one.turns,
        "why": one.why,
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


def diff_to_markdown(found: GoldDiff) -> str:
    before, after = found.before, found.after
    title = f"{after.name} {after.version}"
    page = changes_markdown(title, f"{before.name} {before.version}", found.summary, found.removed, left_out={})
    if found.turned is None:
        return page
    lines = [f"- {'**turns**: ' if one.turns else ''}{turned_words(one)}" for one in found.turned]
    return page + "\n".join(
        ["", "## The gate", "", *(lines or [f"No attempt on {before.version} is in the ledger."]), ""]
    )


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
        raise unwritable(path, problem) from None

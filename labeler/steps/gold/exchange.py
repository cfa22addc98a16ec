"""Gold sets for other tools, and from them: a set from elsewhere can be the first version of one here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labeler.domain.gold.changes import Step, carried
from labeler.domain.gold.records import GoldRecord
from labeler.domain.gold.words import Summary, changes_markdown
from labeler.domain.item_json import answer_from_json
from labeler.domain.items import Modality
from labeler.domain.match import default_match
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import ResolvedBy
from labeler.errors import LabelerError
from labeler.formats import checks
from labeler.formats.gold.exchange import Format, format_of
from labeler.formats.gold.folder import GoldWriter, check_whole, newest_version, read_records, version_name
from labeler.formats.gold.manifest import Manifest
from labeler.formats.gold.records import match_to_json, record_from_json
from labeler.formats.row import RefusedError
from labeler.steps.progress import OnProblem, Problem, ignore


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records were written, and how many of other modalities the format cannot hold."""

    records: int
    left_out: int


def export_gold(gold: Path, to: Path, name: str | None = None) -> Exported:
    """Write a version as a file. Raises LabelerError when it is damaged (exit 4) or the file cannot be written."""
    manifest, form = check_whole(gold, media=False), format_of(to, name)
    left_out = 0

    def held() -> Iterator[GoldRecord]:
        nonlocal left_out
        for record in read_records(gold):
            if form.pictures_alone and record.modality is not Modality.IMAGE:
                left_out += 1
            else:
                yield record

    try:
        form.write(held(), to)
    except OSError as problem:
        raise LabelerError(f"{to} cannot be written: {problem.strerror or problem}") from None
    return Exported(manifest.records - left_out, left_out)


@dataclass(frozen=True, slots=True)
class Taken:
    folder: Path
    manifest: Manifest
    refused: int


def import_gold(
    file: Path, to: Path, name: str, form: str | None = None, tier: Tier = Tier.MEDIUM, tell: OnProblem = ignore
) -> Taken:
    """Make the first version of `to/name` from a gold set of elsewhere; what cannot be read is told and left out.

    `tier` is that of records which name none. Raises LabelerError when the gold set has versions already, when two
    records have one id, or when nothing could be read.
    """
    series = to / name
    if newest_version(series):
        raise LabelerError(f"{series} has versions already", kept="them", remedy="choose another --name")
    records, refused = _records(file, format_of(file, form), tier, tell)
    if not records:
        raise LabelerError(f"{file}: no gold record could be read")
    version, summary = version_name(1), Summary()
    rests_on: dict[str, Any] = {"parent": None, "last_event_at": "", "heads": {}, "left_out": {}}
    with GoldWriter(series / version) as writer:
        for _, record in sorted(records.items()):
            summary.add(Step(None, record))
            writer.add(carried(record, None, version))
        page = changes_markdown(f"{name} {version}", "", summary, [], {})
        manifest = writer.finish({"name": name, "version": version, **rests_on}, page)
    return Taken(series / version, manifest, refused)


def _records(file: Path, form: Format, tier: Tier, tell: OnProblem) -> tuple[dict[str, GoldRecord], int]:
    records, refused = dict[str, GoldRecord](), 0
    for line, raw in form.read(file):
        record = raw if isinstance(raw, str) else _record(raw, tier)
        if isinstance(record, str):
            refused += 1
            tell(Problem(file, line, "refused", record))
        elif record.id in records:
            raise LabelerError(f"{file}:{line}: {record.id} stands twice", remedy="give every record an id of its own")
        else:
            records[record.id] = record
    return records, refused


def _record(raw: dict[str, Any], tier: Tier) -> GoldRecord | str:
    """A record as it came, with what is missing filled in; or why it is none."""
    try:
        checks.identifier(raw, "id")
        checks.mapping(raw, "answer")
        checks.answer(raw.get("answer") or {})
        modality = Modality(raw.get("modality") or "")
        filled = {
            "match": match_to_json(default_match(modality, answer_from_json(raw["answer"]))),
            "tier": str(tier),
            "checked": "whole",
            "judged": [],
            "provenance": {
                "release": "",
                "verdicts": [],
                "resolution": "",
                "resolved_by": str(ResolvedBy.ELSEWHERE),
                "rubric": "",
            },
            "added_in": "",
            "changed_in": "",
        }
        record = record_from_json({**filled, **raw})
        # Also where another project resolved it: no event here could say why it went.
        return replace(record, provenance=replace(record.provenance, resolved_by=ResolvedBy.ELSEWHERE))
    except RefusedError as refused:
        return str(refused)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        return f"not a gold record: {problem!r}"

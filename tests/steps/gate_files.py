"""Gold sets and outputs files for tests of the gate, written as the program writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold.records import Drawn, GoldRecord, JudgedOutput, Provenance
from labeler.domain.items import Answer, Modality
from labeler.domain.match import Match, MatchKind
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, ResolvedBy
from labeler.formats.gold.folder import GoldWriter


def record(
    number: int,
    *,
    tier: Tier = Tier.EASY,
    answer: str = "yes",
    judged: tuple[JudgedOutput, ...] = (),
    p: float = 1.0,
    slices: dict[str, Any] | None = None,
    critical: bool = False,
) -> GoldRecord:
    return GoldRecord(
        id=f"t-{number:07d}",
        modality=Modality.TEXT,
        media=None,
        media_sha256=None,
        content="Is it?",
        prompt="",
        answer=Answer(text=answer),
        accept=(),
        match=Match(MatchKind.TEXT),
        tier=tier,
        slices=slices or {},
        critical=critical,
        checked=Checked.WHOLE,
        drawn=Drawn("random", p),
        judged=judged,
        provenance=Provenance("m 1 -> 2", (), "e", ResolvedBy.LEAD, "1"),
        added_in="v0001",
        changed_in="v0001",
    )


def write_gold(folder: Path, records: Iterable[GoldRecord]) -> Path:
    with GoldWriter(folder / "v0001") as writer:
        for one in records:
            writer.add(one)
        head: dict[str, Any] = {"name": "test", "version": "v0001", "parent": None, "last_event_at": "", "left_out": {}}
        writer.finish(head, "")
    return folder / "v0001"


def output(number: int, text: str | None = "yes", version: str = "1", **more: Any) -> dict[str, Any]:
    content = {} if text is None else {"text": text}
    return {"item_id": f"t-{number:07d}", "model": {"name": "m", "version": version}, **content, **more}


def write_outputs(path: Path, outputs: Iterable[dict[str, Any]]) -> Path:
    with path.open("wb") as file:
        file.writelines(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in outputs)
    return path

"""Projects of short texts to attack: quick to make, and every item flips."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson

from labeler.domain.items import Answer
from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, DifferenceVerdict, Gold, Right, Verdict
from labeler.steps.import_release import Files, bring
from labeler.steps.project import create_project

START = datetime(2026, 1, 1, tzinfo=UTC)


def make_texts(folder: Path, count: int, *, overlap: int = 1, padding: str = "") -> None:
    """A project of `count` items, `t0001` and on, with a lead whose id is `ada`. `padding` ends every output."""
    given = folder.parent / f"{folder.name}-given"
    given.mkdir(parents=True)
    ids = [f"t{n:04}" for n in range(1, count + 1)]
    items: list[dict[str, object]] = [{"id": item, "modality": "text", "content": item} for item in ids]
    lines = {
        "items": items,
        "old": [_answer(i, "1", padding) for i in ids],
        "new": [_answer(i, "2", padding) for i in ids],
    }
    for name, records in lines.items():
        (given / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    settings = ProjectSettings("Texts", "2026-01-01T00:00:00Z", seed=7, overlap=overlap)
    with create_project(folder, settings=settings) as project:
        ada = project.store.add_person("Ada", Role.LEAD, at=START, person_id="ada")
        bring(project, Files(given / "items.jsonl", given / "old.jsonl", given / "new.jsonl"), ada)


def _answer(item: str, version: str, padding: str) -> dict[str, object]:
    return {
        "item_id": item,
        "model": {"name": "reader", "version": version},
        "text": f"the sum is {version}{item[1:]}{padding}",
    }


def verdict_on(item: str, release: str, right: Right = Right.NEW) -> Verdict:
    return Verdict(
        item_id=item,
        release=release,
        right=right,
        tier=Tier.EASY,
        tier_before_outputs=True,
        checked=Checked.WHOLE,
        shown={"A": "old", "B": "new"},
        rubric="1",
        outputs={"old": "sha256:a", "new": "sha256:b"},
        differences=(DifferenceVerdict("d1", right),),
        gold=Gold(Answer(text=f"the sum is 2{item[1:]}"), ("d1:new",)),
        note="a note",
    )

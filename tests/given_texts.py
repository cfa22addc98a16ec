"""Files that projects of texts are made of, and verdicts on them: for the fixtures of all tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.items import Answer, Side
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, DifferenceVerdict, Gold, Right, Verdict
from labeler.steps.bring.release import Files

Line = Mapping[str, Any]


def given_files(folder: Path, items: Iterable[Line], old: Iterable[Line], new: Iterable[Line]) -> Files:
    """Write the files of a release into a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("items", items), ("old", old), ("new", new)):
        (folder / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return Files(folder / "items.jsonl", folder / "old.jsonl", folder / "new.jsonl")


def text_item(item_id: str, **other: Any) -> Line:
    return {"id": item_id, "modality": "text", "content": item_id, **other}


def text_output(item_id: str, version: str, text: str, **other: Any) -> Line:
    """What version `version` of the model `reader` made of an item."""
    return {"item_id": item_id, "model": {"name": "reader", "version": version}, "text": text, **other}


def verdict_on_text(item: str, release: str, right: Right, outputs: Mapping[Side, str], answer: str) -> Verdict:
    """A verdict that looked at the whole item, took the new reading and left a gold answer and a note."""
    return Verdict(
        item_id=item,
        release=release,
        right=right,
        tier=Tier.EASY,
        tier_before_outputs=True,
        checked=Checked.WHOLE,
        shown={"A": "old", "B": "new"},
        rubric="1",
        outputs=dict(outputs),
        differences=(DifferenceVerdict("d1", right),),
        gold=Gold(Answer(text=answer), ("d1:new",)),
        note="a note",
    )

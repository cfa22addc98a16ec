"""States of the Review screen for the image panel, from the demo's outputs and the real comparison."""

from __future__ import annotations

from pathlib import Path

import orjson

from labeler.domain.blind import BlindPair, Sides, blind_pair
from labeler.domain.differences import compare
from labeler.domain.item_json import item_from_json, output_from_json
from labeler.domain.items import Item, Modality, Output
from labeler.sessions.review.evidence import ShownEvidence, ShownItem
from labeler.shipped import DEMO_PROJECT


def demo(item_id: str) -> tuple[Item, Output, Output]:
    """An item of the demo with its old and its new output."""
    item, old, new = (
        next(
            raw
            for line in (DEMO_PROJECT / name).read_bytes().splitlines()
            if (raw := orjson.loads(line))[key] == item_id
        )
        for name, key in (("items.jsonl", "id"), ("outputs-old.jsonl", "item_id"), ("outputs-new.jsonl", "item_id"))
    )
    return item_from_json(item), output_from_json(old), output_from_json(new)


def outputs(a: Output, b: Output) -> BlindPair:
    return blind_pair(a, b, compare(a, b).differences, Sides("old", "new"))


def state(
    item_id: str, media: Path | None, pair: BlindPair | None, *, problem: str = "", current: int | None = 0
) -> ShownEvidence:
    """A picture under review; its differences are walked from `current` on."""
    walk = tuple(d for d in pair.differences if not d.cosmetic) if pair is not None else ()
    return ShownEvidence(
        item=ShownItem(item_id, Modality.IMAGE, "Read it.", {}, media, None, problem),
        pair=pair,
        alike=pair is not None and pair.a == pair.b,
        walk=walk,
        current=current if walk else None,
    )

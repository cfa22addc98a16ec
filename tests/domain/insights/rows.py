"""Resolved items for tests of insights: rows as the store gives them, and columns made of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import orjson

from labeler.domain.insights.columns import Columns, columns_from
from labeler.domain.insights.rows import ResolvedRow

OUTCOMES = ("both", "old", "new", "neither", "undecidable")


def row(
    item: str,
    outcome: str = "both",
    *,
    modality: str = "image",
    tier: str = "easy",
    failures: Sequence[tuple[str, str]] = (),
    p: float = 1.0,
    why: str = "random",
    at: str = "2026-09-01T08:00:00.000Z",
) -> ResolvedRow:
    return item, modality, tier, outcome, orjson.dumps(sorted(failures)).decode(), 0, p, why, at


def columns(*rows: ResolvedRow) -> Columns:
    return columns_from(sorted(rows))


def many(count: int, seed: int = 1) -> tuple[list[ResolvedRow], list[tuple[str, str]], list[tuple[str, str]]]:
    """Rows drawn at random, and two slices of them: `kind` (three words) and `snr` (numbers), as (value, item)."""
    chance = random.Random(seed)
    rows, kinds, numbers = [], [], []
    for number in range(count):
        item = f"i-{number:05}"
        flip = chance.random() < 0.5
        rows.append(
            row(
                item,
                chance.choice(OUTCOMES),
                modality=chance.choice(["image", "audio", "text"]),
                tier=chance.choice(["easy", "medium", "hard", "frontier"]),
                failures=[("new", code) for code in ("misread", "missing") if chance.random() < 0.3],
                p=1.0 if flip else 0.25,
                why="flip" if flip else "random",
                at=f"2026-09-{chance.randint(1, 30):02}T08:00:00.000Z",
            )
        )
        if chance.random() < 0.9:
            kinds.append((chance.choice(["table", "chart", "form"]), item))
        numbers.append((orjson.dumps(round(chance.random() * 30, 1)).decode(), item))
    return rows, sorted(kinds), sorted(numbers)

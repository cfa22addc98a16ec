"""Which item comes next, and why: flips always, the rest drawn at a known rate, in a seeded order.

The rate has to be known exactly: estimates from the gold set weight every item by 1/p.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from labeler.domain.coverage import BANDS
from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, Scalar
from labeler.domain.rubric import Tier

_BAND_BITS = 62 - (BANDS - 1).bit_length()


class Why(StrEnum):
    """Why an item is looked at: its outputs differ materially, it was drawn at random among the rest, or a past
    decision on it is in the sample of a backfill."""

    FLIP = "flip"
    RANDOM = "random"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """An item of a release's queue. `p` is the probability with which it came in; `rank` orders the queue."""

    item_id: str
    modality: Modality
    why: Why
    p: float
    rank: int


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which part of the queue: None and an empty mapping stand for everything. `tier` is the tier people gave."""

    modality: Modality | None = None
    slices: Mapping[str, Scalar] = field(default_factory=dict)
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` are items the person judged; `total` adds those that still wait for this person."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What puts an item into the queue, and with which probability it would have come in."""

    why: Why
    p: float


_FLIP = Draw(Why.FLIP, 1.0)


def draw(item_id: str, item_class: ItemClass, seed: int, random_share: float) -> Draw | None:
    """Whether an item is looked at: every flip, and of the rest each with probability `random_share` by itself."""
    if item_class is ItemClass.FLIP:
        return _FLIP
    return Draw(Why.RANDOM, random_share) if _uniform("draw", item_id, seed) < random_share else None


def rank(item_id: str, seed: int, band: int | None = None) -> int:
    """A place in a shuffled order, from 0 to 2**62 - 1: the same for the same seed, whatever else is in the queue.

    Items drawn at random fall among the flips by the same shuffle, so that their place says nothing about them.
    With a band (see `coverage`) the order is shuffled within each of the `BANDS`, and lower ones come first.
    """
    place = int.from_bytes(_digest("rank", item_id, seed)[:8]) >> 2
    return place if band is None else (band << _BAND_BITS) | (place >> 62 - _BAND_BITS)


def _uniform(purpose: str, item_id: str, seed: int) -> float:
    return int.from_bytes(_digest(purpose, item_id, seed)[:8]) / 2**64


def _digest(purpose: str, item_id: str, seed: int) -> bytes:
    return sha256(f"{purpose}/{seed}/{item_id}".encode()).digest()

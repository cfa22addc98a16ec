"""Chance without a generator: each draw is a hash of what it is for, so no draw depends on the order of others."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def uniform(*what: object) -> float:
    """A number in [0, 1) that is the same for the same arguments."""
    return int.from_bytes(digest(*what)[:8]) / 2**64


def chosen(weights: Mapping[T, float], *what: object) -> T:
    """One of the keys, each with a probability in proportion to its weight. Raises ValueError when there is none."""
    left = uniform(*what) * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0 < weight:
            return key
    raise ValueError("nothing to choose from")


def digest(*what: object) -> bytes:
    """32 bytes that are the same for the same arguments."""
    return sha256("\0".join(map(str, what)).encode()).digest()

"""How the pixels of a decoded picture lie in the file that hands them over: all levels, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

ROWS = "<qq"
"""As `struct` packs it: from which row until which one a big picture is looked at."""
COARSE = 3
"""How often a coarse picture is halved: a JPEG is read an eighth as large in a tenth of the time."""
SMALLEST_LEVEL = 256
"""Halving stops when both sides are at most this long, in pixels."""

Size = tuple[int, int]
"""Width and height."""
Rows = tuple[int, int]
"""From which row of a picture until which one (exclusive)."""


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """Four bytes a pixel: blue, green, red, alpha, with alpha multiplied in."""

    sizes: tuple[Size, ...]
    """Of each level, the largest first."""
    pages: int
    has_alpha: bool
    full: Size
    """Of the whole upright picture."""
    shrunk: int = 0
    """How often the first level is halved; above 0 the picture is coarse and can be had in full."""
    duration_s: float = 0.0
    """How long the page is shown when the picture moves; 0 when it does not."""
    bands: tuple[Rows, ...] | None = None
    """Of the largest level these rows alone are there yet; another answer follows. None: this is the last one."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        sizes = tuple((int(width), int(height)) for width, height in raw["sizes"])
        width, height = raw["full"]
        told = raw["bands"]
        bands = None if told is None else tuple((int(top), int(until)) for top, until in told)
        return cls(sizes, raw["pages"], raw["has_alpha"], (width, height), raw["shrunk"], raw["duration_s"], bands)


def chain(size: Size) -> tuple[Size, ...]:
    """The sizes of all levels of a picture, from its own."""
    sizes = [size]
    while (following := smaller(sizes[-1])) is not None:
        sizes.append(following)
    return tuple(sizes)


def length(sizes: Iterable[Size]) -> int:
    """Bytes that levels of these sizes take."""
    return sum(width * height * 4 for width, height in sizes)


def smaller(size: Size) -> Size | None:
    """The size of the next level, half as wide and high, rounded up; None after the smallest."""
    width, height = size
    return None if max(size) <= SMALLEST_LEVEL else (-(-width // 2), -(-height // 2))

"""A decoded picture, as panes draw it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.image.pixel_layout import Rows

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a coarse picture that are there in full already."""

    rows: Rows
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a picture file, upright, in sRGB.

    Each level is an array (height, width, 4) of uint8 in the order blue, green, red, alpha, with alpha multiplied in:
    what a screen takes without conversion. The first level has all pixels, each next one half as many each way,
    rounded up. A coarse picture lacks the first `shrunk` levels; `full` is then the size (width, height) of them all.
    """

    levels: tuple[Pixels, ...]
    pages: int
    has_alpha: bool
    shrunk: int = 0
    full: tuple[int, int] | None = None
    duration_s: float = 0.0
    """How long the page is shown when the picture moves; 0 when it does not."""
    on_disk: bool = False
    """The pixels are mapped from a file."""
    bands: tuple[Band, ...] = ()
    """Of a coarse picture, what is there in full already; no two of them touch."""
    patchy: bool = False
    """Of a coarse picture: nothing but the rows of `bands` has been read; the rest of each level stands for nothing."""

    @property
    def width(self) -> int:
        return self.full[0] if self.full is not None else int(self.levels[0].shape[1])

    @property
    def height(self) -> int:
        return self.full[1] if self.full is not None else int(self.levels[0].shape[0])

    @property
    def unread(self) -> tuple[Rows, ...]:
        """Rows that stand for nothing yet, from the top."""
        if not self.patchy:
            return ()
        edges = [0, *(edge for band in self.bands for edge in band.rows), self.height]
        return tuple((top, until) for top, until in zip(edges[::2], edges[1::2], strict=True) if top < until)

    @property
    def pixels(self) -> Pixels:
        return self.levels[0]

    def pixel(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        """Blue, green, red and alpha of an upright pixel; None beside the picture, and where it is coarse."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        rows, top = self.levels[0], 0
        if self.shrunk:
            band = next((one for one in self.bands if one.rows[0] <= y < one.rows[1]), None)
            if band is None:
                return None
            rows, top = band.pixels, band.rows[0]
        blue, green, red, alpha = (int(one) for one in rows[y - top, x])
        return blue, green, red, alpha

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self.levels)

"""A big picture into the file that the window maps, band of rows by band of rows: those that are looked at first.

Runs in the decoder's process only.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO, Protocol

from PIL import Image

from labeler.modalities.image.pixel_layout import COARSE, ROWS, PixelLayout, Rows, length

FIRST_ROWS, MOST_ROWS = 1024, 2048
"""Of a big picture, before the others: in its middle where nobody looks at any, and at the most."""

_BAND_BYTES = _STRIPE_BYTES = 2**20
"""A band stays in a processor's cache from reading to the coarse level; of larger ones that takes twice as long."""
_STEP = 2**COARSE
"""Bands begin at multiples of it, so that every level down to the coarse one can be made band by band."""
_TELL_EVERY_S = 0.4
_NOTHING_YET = b"\xe0"

Tell = Callable[[dict[str, Any]], None]


class RowSource(Protocol):
    """Where rows come from."""

    @property
    def in_order(self) -> bool:
        """Rows can only be read from first to last."""

    def read(self, top: int, until: int) -> bytes:
        """Four bytes a pixel: blue, green, red, alpha, with alpha multiplied in."""


class BandWriter:
    """Writes bands and every level of them, and tells the window as soon as what it looks at is there."""

    def __init__(
        self, file: BinaryIO, layout: PixelLayout, rows_at: int, tell: Tell | None, *, small: bool, unit: int = 1
    ) -> None:
        """`rows_at`: where in the file the window writes the rows that are looked at. `small`: the window has no
        coarse picture yet, and gets it as it grows. `unit`: bands are a multiple of so many rows high. `tell` is
        None where nobody waits for a part.
        """
        self._file, self._layout, self._rows_at, self._small = file, layout, rows_at, small
        self._tell_window = tell
        width, self._height = layout.sizes[0]
        self._depth = min(COARSE, len(layout.sizes) - 1)
        """Down to this level a band is halved by itself."""
        step = unit
        while step % _STEP:
            step += unit
        self.rows = max(_BAND_BYTES // (4 * width * step), 1) * step
        self._offsets = [length(layout.sizes[:level]) for level in range(len(layout.sizes))]
        self._tops = range(0, self._height, self.rows)
        self._done: set[int] = set()
        self._told: frozenset[int] = frozenset()
        self._first = 0
        """Number of the first band that is not there."""
        self._told_at = time.monotonic()
        if small and not layout.has_alpha:
            self._write(COARSE, 0, _NOTHING_YET * length(layout.sizes[COARSE : COARSE + 1]))

    def write(self, source: RowSource) -> PixelLayout:
        """Write every band that is not there yet; how the pixels lie then."""
        while (top := self._following(in_order=source.in_order)) is not None:
            self.put(top, source.read(top, min(top + self.rows, self._height)))
        self._write_small_levels()
        return self._layout

    def put(self, top: int, pixels: bytes) -> None:
        """Write the band that begins at row `top`."""
        width = self._layout.sizes[0][0]
        self._write(0, top, pixels)
        few = max(_STRIPE_BYTES // (4 * width * _STEP), 1) * _STEP
        for first in range(0, len(pixels) // (4 * width), few):
            self._write_halved(top + first, pixels[first * width * 4 : (first + few) * width * 4])
        self._done.add(top // self.rows)
        while self._first in self._done:
            self._first += 1
        self._tell_if_due()

    def _write_halved(self, top: int, pixels: bytes) -> None:
        """Each level of these rows."""
        width = self._layout.sizes[0][0]
        # Four bytes alike to Pillow, whichever colour they stand for.
        rows = Image.frombuffer("RGBX", (width, len(pixels) // (4 * width)), pixels, "raw", "RGBX", 0, 1)
        for level in range(1, self._depth + 1):
            rows = rows.reduce(2)
            self._write(level, top >> level, rows.tobytes())

    def _following(self, *, in_order: bool) -> int | None:
        if self._first >= len(self._tops):
            return None
        missing = None if in_order else next((one for one in self._wanted() if one not in self._done), None)
        return self._tops[self._first if missing is None else missing]

    def _wanted(self) -> range:
        """Numbers of the bands that are looked at."""
        packed = os.pread(self._file.fileno(), struct.calcsize(ROWS), self._rows_at)
        top, until = struct.unpack(ROWS, packed) if len(packed) == struct.calcsize(ROWS) else (0, 0)
        if top >= until:  # nobody has said
            top, until = (self._height - FIRST_ROWS) // 2, (self._height + FIRST_ROWS) // 2
        top = min(max(top, 0), self._height - 1)
        until = min(max(until, top + 1), self._height, top + MOST_ROWS)
        return range(top // self.rows, -(-until // self.rows))

    def _tell_if_due(self) -> None:
        if self._tell_window is None:
            return
        wanted = frozenset(self._wanted())
        seen = wanted <= self._done and not wanted <= self._told
        grown = self._small and time.monotonic() - self._told_at >= _TELL_EVERY_S
        if not (seen or grown):
            return
        if self._small:
            self._write_small_levels()
        self._told, self._told_at = frozenset(self._done), time.monotonic()
        self._tell_window(replace(self._layout, shrunk=COARSE, bands=self._intervals()).to_json())

    def _intervals(self) -> tuple[Rows, ...]:
        """The rows that are there, from and until."""
        found: list[list[int]] = []
        for number in sorted(self._done):
            top, until = self._tops[number], min(self._tops[number] + self.rows, self._height)
            if found and found[-1][1] == top:
                found[-1][1] = until
            else:
                found.append([top, until])
        return tuple((top, until) for top, until in found)

    def _write_small_levels(self) -> None:
        """Those below the coarse one, from what of it is there."""
        width, height = self._layout.sizes[self._depth]
        if self._depth + 1 == len(self._layout.sizes):
            return
        pixels = os.pread(self._file.fileno(), width * height * 4, self._offsets[self._depth])
        pixels = pixels.ljust(width * height * 4, b"\0")  # an end that was never written is no part of the file
        rows = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
        for level in range(self._depth + 1, len(self._layout.sizes)):
            rows = rows.reduce(2)
            self._write(level, 0, rows.tobytes())

    def _write(self, level: int, top: int, pixels: bytes) -> None:
        view, at = memoryview(pixels), self._offsets[level] + top * self._layout.sizes[level][0] * 4
        while view:
            written = os.pwrite(self._file.fileno(), view, at)
            view, at = view[written:], at + written

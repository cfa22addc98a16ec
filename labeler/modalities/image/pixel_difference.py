"""How far two pictures lie apart, pixel by pixel, and where.

Everything here takes decoded pixels and runs beside the window; nothing knows which picture is whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.image.decoder import Picture, Pixels
from labeler.modalities.image.pixel_layout import smaller

MOST_PIXELS: Final = 40_000_000
"""Of larger pictures a smaller level is compared."""
MOST_PLACES: Final = 50
_ROWS = 256
_BLOCKS = 192
"""Into so many blocks the longer side is parted to find places; differences in blocks that touch are one place."""
_LEAST_BLOCK = 8

Distances = NDArray[np.uint8]
"""(height, width): of the channel (alpha counts, too) that differs most, 0 to 255."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Apart:
    """Two pictures compared in the frame of the larger one, which is `size` (width, height) pixels large."""

    distances: tuple[Distances, ...]
    """Each next level is half as large, and each of its pixels the greatest of four: no single one gets lost."""
    below: tuple[Pixels, ...]
    """The first picture, level by level, for showing what the differences lie on."""
    size: tuple[int, int]
    scale: int
    """Pixels of the larger picture along each side of one that was compared."""

    def share(self, threshold: int) -> float:
        """Which part of the pixels differs by more than the threshold, from 0 to 1."""
        first = self.distances[0]
        return float(np.count_nonzero(first > threshold) / first.size)


def apart(a: Picture, b: Picture) -> Apart:
    """Compare two whole (not coarse) pictures. The smaller one is enlarged, its sides kept in proportion."""
    size = max((a.width, a.height), (b.width, b.height))
    level = 0
    while (size[0] >> level) * (size[1] >> level) > MOST_PIXELS:
        level += 1
    one, other = (_in_frame(picture, size, level) for picture in (a, b))
    first: Distances = np.empty((one.shape[0], one.shape[1]), np.uint8)
    for top in range(0, first.shape[0], _ROWS):
        rows = slice(top, top + _ROWS)
        greater, less = np.maximum(one[rows], other[rows]), np.minimum(one[rows], other[rows])
        np.max(greater - less, axis=2, out=first[rows])
    distances, below = [first], [one]
    while smaller((distances[-1].shape[1], distances[-1].shape[0])) is not None:
        distances.append(_halved(distances[-1]))
        below.append(below[-1][::2, ::2])
    return Apart(tuple(distances), tuple(below), size, 2**level)


def shown(found: Apart, threshold: int, ink: tuple[int, int, int], *, dark: bool = False) -> Picture:
    """The first picture in pale (or dark) grey, with what differs by more than the threshold in red, green, blue."""
    least = 0 if dark else 150
    levels = tuple(_painted(*pair, threshold, ink, least) for pair in zip(found.distances, found.below, strict=True))
    shrunk = found.scale.bit_length() - 1
    return Picture(levels, pages=1, has_alpha=False, shrunk=shrunk, full=found.size)


def places(found: Apart, threshold: int) -> list[Box]:
    """Boxes around what differs, in pixels of the larger picture; where most differs comes first."""
    over = found.distances[0] > threshold
    block = max(_LEAST_BLOCK, -(-max(over.shape) // _BLOCKS))
    starts = [np.arange(0, length, block) for length in over.shape]
    counts = np.add.reduceat(np.add.reduceat(over, starts[0], axis=0, dtype=np.int64), starts[1], axis=1)
    boxes = sorted(_boxes(over, counts, block), key=lambda one: -one[0])
    x_most, y_most = found.size
    return [
        (
            float(x0 * found.scale),
            float(y0 * found.scale),
            float(min(x1 * found.scale, x_most)),
            float(min(y1 * found.scale, y_most)),
        )
        for _, (x0, y0, x1, y1) in boxes[:MOST_PLACES]
    ]


def _in_frame(picture: Picture, size: tuple[int, int], level: int) -> Pixels:
    """A level as large as the frame; nearest neighbour where it is not, since no pixel may be made up."""
    wanted = size
    for _ in range(level):
        wanted = smaller(wanted) or wanted
    pixels = picture.levels[min(level, len(picture.levels) - 1)]
    if (picture.width, picture.height) == size and pixels.shape[:2] == wanted[::-1]:
        return pixels
    stretch = min(size[0] / picture.width, size[1] / picture.height)
    step_x, step_y = (
        stretch * wanted[axis] / size[axis] * full / pixels.shape[1 - axis]
        for axis, full in enumerate((picture.width, picture.height))
    )
    columns, rows = (
        np.floor((np.arange(length) + 0.5) / step).astype(np.intp)
        for length, step in zip(wanted, (step_x, step_y), strict=True)
    )
    in_x, in_y = columns < pixels.shape[1], rows < pixels.shape[0]
    framed = np.zeros((wanted[1], wanted[0], 4), np.uint8)  # what one picture has beyond the other is a difference
    framed[np.ix_(in_y, in_x)] = pixels[np.ix_(rows[in_y], columns[in_x])]
    return framed


def _halved(distances: Distances) -> Distances:
    height, width = distances.shape
    even = np.pad(distances, ((0, height % 2), (0, width % 2)))
    rows = np.maximum(even[::2], even[1::2])
    return np.maximum(rows[:, ::2], rows[:, 1::2])


def _painted(distances: Distances, below: Pixels, threshold: int, ink: tuple[int, int, int], least: int) -> Pixels:
    painted = np.empty((*distances.shape, 4), np.uint8)
    for top in range(0, distances.shape[0], _ROWS):
        rows = slice(top, top + _ROWS)
        channels = below[rows].astype(np.uint16)
        # Alpha is multiplied in: what shows through is white, as in the panes.
        light = (channels[..., 0] + 2 * channels[..., 1] + channels[..., 2]) // 4 + (255 - channels[..., 3])
        painted[rows] = (least + light * 2 // 5).astype(np.uint8)[..., None]
        painted[rows][distances[rows] > threshold] = (*ink[::-1], 255)
    painted[..., 3] = 255
    return painted


def _boxes(over: NDArray[np.bool_], counts: NDArray[np.int64], block: int) -> Iterator[tuple[int, Box]]:
    """How many pixels each place has, and the box that holds exactly those."""
    left = {(int(y), int(x)) for y, x in np.argwhere(counts)}
    while left:
        reached, place = [left.pop()], []
        while reached:
            y, x = reached.pop()
            place.append((y, x))
            near = {(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= near
            reached.extend(near)
        rows, columns = ([one[axis] for one in place] for axis in (0, 1))
        top, left_edge = min(rows) * block, min(columns) * block
        inside = over[top : (max(rows) + 1) * block, left_edge : (max(columns) + 1) * block]
        ys, xs = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        number = sum(int(counts[y, x]) for y, x in place)
        yield number, (left_edge + int(xs[0]), top + int(ys[0]), left_edge + int(xs[-1]) + 1, top + int(ys[-1]) + 1)

"""Boxes and outlines on a picture, moved and reshaped by whole pixels of the upright picture."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.items import Box, Polygon

Size = tuple[float, float]
"""Width and height of the picture, in pixels."""
UNBOUNDED: Size = (float("inf"), float("inf"))
FEWEST = 3
"""Corners of an outline."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A box or an outline: exactly one of the two."""

    box: Box | None = None
    polygon: Polygon | None = None

    @property
    def corners(self) -> Polygon:
        """A box's from its upper left clockwise; an outline's own."""
        if self.box is None:
            return self.polygon or ()
        x0, y0, x1, y1 = self.box
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)

    @property
    def bounds(self) -> Box:
        return self.box if self.box is not None else bounds(self.polygon or ((0.0, 0.0),))

    def moved(self, dx: float, dy: float, within: Size = UNBOUNDED) -> Shape:
        """The same shape elsewhere; it stays inside the picture and keeps its size."""
        x0, y0, x1, y1 = self.bounds
        dx = _step(dx, -x0, within[0] - x1)
        dy = _step(dy, -y0, within[1] - y1)
        if self.box is not None:
            return Shape(box=(x0 + dx, y0 + dy, x1 + dx, y1 + dy))
        return Shape(polygon=tuple((x + dx, y + dy) for x, y in self.corners))

    def with_corner(self, number: int, x: float, y: float, within: Size = UNBOUNDED) -> Shape:
        """One corner elsewhere, in whole pixels. Of a box the opposite corner stays, and at least one pixel of it."""
        x, y = min(max(round(x), 0), within[0]), min(max(round(y), 0), within[1])
        if self.box is None:
            return Shape(polygon=tuple((x, y) if n == number else corner for n, corner in enumerate(self.corners)))
        fixed_x, fixed_y = self.corners[(number + 2) % 4]
        x = _apart(x, fixed_x, self.corners[number][0])
        y = _apart(y, fixed_y, self.corners[number][1])
        return Shape(box=(min(x, fixed_x), min(y, fixed_y), max(x, fixed_x), max(y, fixed_y)))

    def with_corner_moved(self, number: int, dx: float, dy: float, within: Size = UNBOUNDED) -> Shape:
        x, y = self.corners[number]
        return self.with_corner(number, x + dx, y + dy, within)

    def with_corner_behind(self, number: int) -> Shape:
        """An outline with one more corner, half way to the next one."""
        (x0, y0), (x1, y1) = self.corners[number], self.corners[(number + 1) % len(self.corners)]
        added = (float(round((x0 + x1) / 2)), float(round((y0 + y1) / 2)))
        return Shape(polygon=(*self.corners[: number + 1], added, *self.corners[number + 1 :]))

    def without_corner(self, number: int) -> Shape:
        """An outline with one corner less; three stay."""
        if len(self.corners) <= FEWEST:
            return self
        return Shape(polygon=self.corners[:number] + self.corners[number + 1 :])

    def contains(self, x: float, y: float) -> bool:
        if self.box is not None:
            x0, y0, x1, y1 = self.box
            return x0 <= x <= x1 and y0 <= y <= y1
        inside = False
        corners = self.corners
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
        return inside

    def corner_near(self, x: float, y: float, reach: float) -> int | None:
        """Number of the nearest corner that is no further than `reach` pixels."""
        distances = [max(abs(cx - x), abs(cy - y)) for cx, cy in self.corners]
        nearest = min(range(len(distances)), key=lambda n: distances[n], default=None)
        return nearest if nearest is not None and distances[nearest] <= reach else None


def box_between(x0: float, y0: float, x1: float, y1: float, within: Size = UNBOUNDED) -> Shape | None:
    """The box of two opposite corners, in whole pixels and inside the picture; None where less than a pixel is left."""
    left, right = sorted(min(max(round(x), 0), within[0]) for x in (x0, x1))
    top, bottom = sorted(min(max(round(y), 0), within[1]) for y in (y0, y1))
    return Shape(box=(left, top, right, bottom)) if right > left and bottom > top else None


def bounds(polygon: Polygon) -> Box:
    """The smallest box around an outline."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return min(xs), min(ys), max(xs), max(ys)


def _step(by: float, least: float, most: float) -> float:
    return min(max(by, min(least, 0.0)), max(most, 0.0))


def _apart(value: float, fixed: float, before: float) -> float:
    """At least one pixel from the fixed edge, on the side where it was."""
    if value != fixed:
        return value
    return fixed + 1 if before > fixed else fixed - 1

"""What a person has in the hand on the medium: a place, and what moves with it. Its shape changes by whole pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace

from labeler.domain.items import Polygon
from labeler.domain.shapes import FEWEST, UNBOUNDED, Shape, Size
from labeler.domain.verdicts import At
from labeler.sessions.review.places import Spot, at_shape, shape_of

LOWER_RIGHT = 2
"""Number of a box's corner that keys move at first."""


class Hand(ABC):
    """The place that was picked. What picking means is said by those who follow: pins, gold regions."""

    def __init__(self) -> None:
        self.spot: Spot | None = None
        self.corner = LOWER_RIGHT
        """Number of the spot's corner that keys move."""
        self.drawn: Polygon = ()
        """Corners of an outline that is being drawn."""
        self.size: Size = UNBOUNDED
        """The picture's, once it is known."""
        self.page = 0
        """The one that is looked at."""

    @property
    def shape(self) -> Shape | None:
        return None if self.spot is None else shape_of(self.spot.at)

    @abstractmethod
    def pick(self, spot: Spot) -> bool:
        """Take a place in hand; what is held moves there. False, and nothing done, where it cannot."""

    @abstractmethod
    def begin_drawing(self) -> None:
        """A new shape is drawn. Pins let what is held move to it; gold regions get one more."""

    @abstractmethod
    def hold_next(self, by: int) -> bool:
        """Take up the next thing that can be moved, the first one after the last; False when there is none."""

    @abstractmethod
    def step(self, by: int, here: At | None) -> bool:
        """The next place after the spot; the one at `here` where none is picked. False when there is none."""

    @abstractmethod
    def remove_held(self) -> None:
        """Take away what is held."""

    @abstractmethod
    def let_go_of_what_is_gone(self) -> None:
        """After a step that may have taken away what is held."""

    def drop(self) -> None:
        self.spot = None
        self.drawn = ()

    def reshape(self, change: Callable[[Shape], Shape]) -> None:
        """Another shape for the spot; what is held goes with it."""
        shape = self.shape
        if self.spot is not None and shape is not None and (new := change(shape)) != shape:
            self.pick(replace(self.spot, at=at_shape(new, self.spot.at.page)))
            self.corner %= len(new.corners)

    def shift(self, dx: float, dy: float) -> None:
        self.reshape(lambda shape: shape.moved(dx, dy, self.size))

    def shift_corner(self, dx: float, dy: float) -> None:
        self.reshape(lambda shape: shape.with_corner_moved(self.corner, dx, dy, self.size))

    def next_corner(self) -> None:
        if self.shape is not None:
            self.corner = (self.corner + 1) % len(self.shape.corners)

    def add_corner(self) -> None:
        """One behind the corner in hand, and that one is in hand then."""
        self.reshape(lambda shape: shape.with_corner_behind(self.corner))
        self.corner += self.shape is not None

    def remove_corner(self) -> None:
        self.reshape(lambda shape: shape.without_corner(self.corner))

    def draw_to(self, x: float, y: float) -> None:
        """One more corner of an outline that is being drawn; from three on it is the place in hand."""
        if not self.drawn:
            self.begin_drawing()
        corner = (min(max(float(round(x)), 0.0), self.size[0]), min(max(float(round(y)), 0.0), self.size[1]))
        drawn = (*self.drawn, corner)
        if len(drawn) >= FEWEST:
            self.pick(Spot(At(polygon=drawn, page=self.page)))
        self.drawn = drawn

    def _take(self, spot: Spot | None) -> None:
        """This place is in hand now."""
        if self.spot is None:
            self.corner = LOWER_RIGHT
        self.spot = spot
        self.drawn = ()

"""Pinning failures: the place that was picked, and the pin that moves with it."""

from __future__ import annotations

from labeler.domain.blind import Letter
from labeler.domain.items import TimeSpan
from labeler.domain.verdicts import At
from labeler.sessions.review import pinning
from labeler.sessions.review.case import Case
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.hand import LOWER_RIGHT, Hand
from labeler.sessions.review.places import Spot, grown, places, step_from
from labeler.sessions.review.work import Work


class PinHand(Hand):
    """A picked place takes failures in place of the current difference, until it is dropped."""

    def __init__(self, case: Case, work: Work) -> None:
        super().__init__()
        self._case, self._work = case, work
        self.held: Pin | None = None
        """The pin that moves with the spot. One at the item as a whole has no spot yet."""
        self.selected: TimeSpan | None = None
        """The span of the recording that is selected: it takes failures as well, while no place is in hand."""

    @property
    def empty(self) -> bool:
        return self.spot is None and self.held is None and not self.drawn

    def go_by(self, case: Case) -> None:
        """The same item with another version of the rubric."""
        self._case = case
        self.let_go_of_what_is_gone()

    def pick(self, spot: Spot) -> bool:
        """A pin cannot move into the text of the side that it is not of."""
        if self.held is not None:
            if spot.letter not in (None, self.held.letter):
                return False
            self._move_held(spot.at)
        self._take(spot)
        return True

    def begin_drawing(self) -> None:
        """The pin that is held moves to what is drawn."""

    def drop(self) -> None:
        super().drop()
        self.held = None

    def let_go_of_what_is_gone(self) -> None:
        if self.held is not None and self.held not in pinning.pins(self._case, self._work.draft):
            self.drop()

    def aim(self, letter: Letter, code: str, difference: str | None) -> Pin | None:
        """The pin that a failure key means: the one held, or a new one at the spot, else at the difference.

        None where the place is in the other side's text, or an outline that is not one yet.
        """
        if self.held is not None and (self.held.letter, self.held.code) == (letter, code):
            return self.held
        if self.spot is None and self.selected is not None:
            return Pin(letter, code, at=At(time_s=self.selected))
        if self.spot is None:
            return None if self.drawn else Pin(letter, code, difference)
        return Pin(letter, code, at=self.spot.at) if self.spot.letter in (None, letter) else None

    def select(self, span: TimeSpan | None) -> None:
        """Select a span of the recording; a pin that is held moves there."""
        self.selected = span
        if span is not None and self.held is not None:
            self.pick(Spot(At(time_s=span)))

    def hold(self, pin: Pin) -> None:
        """Take up a pin, so that it can be moved or removed."""
        if pin in pinning.pins(self._case, self._work.draft):
            at = pinning.pin_place(self._case, pin)
            self.held, self.corner = pin, LOWER_RIGHT
            self._take(None if at is None else Spot(at, pin.letter if at.span is not None else None))

    def hold_next(self, by: int) -> bool:
        found = pinning.pins_in_order(self._case, self._work.draft)
        if not found:
            return False
        start = found.index(self.held) + by if self.held in found else 0 if by > 0 else -1
        self.hold(found[start % len(found)])
        return True

    def remove_held(self) -> None:
        if self.held is not None:
            self._work.step(pinning.remove(self._case, self._work.draft, self.held))
            self.drop()

    def step(self, by: int, here: At | None) -> bool:
        """Regions, words and segments of both outputs."""
        spot = step_from(places(self._case), self.spot.at if self.spot else here, by if self.spot else 0)
        return spot is not None and self.pick(spot)

    def grow(self, by: int) -> None:
        """One word or segment more at the end of the spot, or one less."""
        if self.spot is not None:
            self.pick(grown(places(self._case), self.spot, by))

    def shift_in_time(self, by_s: float) -> None:
        """Move a span of the recording, as long as it is, and never before the beginning."""
        if self.spot is not None and self.spot.at.time_s is not None:
            start, end = self.spot.at.time_s
            moved = max(round(start + by_s, 4), 0.0)
            self.pick(Spot(At(time_s=(moved, round(end + moved - start, 4)))))

    def _move_held(self, at: At) -> None:
        if self.held is None or at == pinning.pin_place(self._case, self.held):
            return
        there = pinning.moved(self.held, at)
        moved = pinning.move(self._case, self._work.draft, self.held, at)
        self._work.step(moved, on=f"pin {there.letter} {there.code}")
        self.held = there

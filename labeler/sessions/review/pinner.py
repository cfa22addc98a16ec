"""What keys and clicks do about places: pick one, step from one to the next, take up a pin, move it, take it away."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.blind import Letter
from labeler.domain.items import Span
from labeler.domain.verdicts import At
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Choice, Pin
from labeler.sessions.review.places import Spot
from labeler.sessions.review.state import Message
from labeler.sessions.review.words import IN_WORDS

OnDesk = Callable[[Callable[[Desk], str | Message | None]], None]
"""Do a step on the item on the desk and say what it returns, if anything."""

_OTHER_SIDE = "That place is in {other}'s text: pick one in {letter}'s, or on the medium"


class Pinner:
    """The part of a session that works on places. Without an item on the desk nothing here does anything."""

    def __init__(self, on_desk: OnDesk) -> None:
        self._on_desk = on_desk

    def toggle_failure(self, letter: Letter, code: str) -> None:
        """Set the failure at the place in hand, else at the current difference, or take it away where it is."""

        def toggle(desk: Desk) -> str | Message | None:
            before = desk.verdict
            return _turned(desk, before) if desk.toggle_failure(letter, code) else _why_not(desk, letter)

        self._on_desk(toggle)

    def regrade(self, letter: Letter, code: str) -> None:
        """Minor for major, major for minor, on this item."""

        def regrade(desk: Desk) -> Message | None:
            before = desk.verdict
            desk.regrade(letter, code)
            return _turned(desk, before)

        self._on_desk(regrade)

    def regrade_last(self) -> None:
        """The severity of the failure that is held, else of the one set last."""

        def regrade(desk: Desk) -> str | Message | None:
            before = desk.verdict
            return _turned(desk, before) if desk.regrade_last() else "Set a failure first, or take up its pin"

        self._on_desk(regrade)

    def pick(self, at: At) -> None:
        """A place on the medium; a pin that is held moves there."""
        self._on_desk(lambda desk: _said(desk, desk.pick_spot(Spot(at))))

    def draw(self, at: At) -> None:
        """A box that was drawn."""
        self._on_desk(lambda desk: _said(desk, desk.draw_spot(Spot(at))))

    def pick_text(self, letter: Letter, span: Span) -> None:
        """Characters of a text as it is shown: where they stand on the medium, else where they stand in the text."""
        self._on_desk(lambda desk: _said(desk, desk.pick_text(letter, span)))

    def drop(self) -> None:
        self._on_desk(lambda desk: desk.hand.drop())

    def step(self, by: int) -> None:
        """To the next region or word."""
        self._on_desk(lambda desk: None if desk.step_spot(by) else "There is no region or word to pin to")

    def hold(self, pin: Pin) -> None:
        self._on_desk(lambda desk: desk.pin_hand.hold(pin))

    def hold_next(self, by: int) -> None:
        self._on_desk(lambda desk: None if desk.take_up_next(by) else "There is nothing to take up yet")

    def remove_held(self) -> None:
        self._on_desk(lambda desk: desk.take_away())

    def grow(self, by: int) -> None:
        """One word more at the end of the place in hand, or one less."""
        self._on_desk(lambda desk: desk.pin_hand.grow(by))

    def shift_in_time(self, by_s: float) -> None:
        """Move the pin in hand along the recording."""
        self._on_desk(lambda desk: desk.pin_hand.shift_in_time(by_s))

    # On a picture

    def shift(self, dx: float, dy: float) -> None:
        """Move the place in hand by pixels of the picture."""
        self._on_desk(lambda desk: desk.hand.shift(dx, dy))

    def shift_corner(self, dx: float, dy: float) -> None:
        self._on_desk(lambda desk: desk.hand.shift_corner(dx, dy))

    def next_corner(self) -> None:
        self._on_desk(lambda desk: desk.hand.next_corner())

    def add_corner(self) -> None:
        self._on_desk(lambda desk: desk.in_one_step(desk.hand.add_corner))

    def remove_corner(self) -> None:
        self._on_desk(lambda desk: desk.in_one_step(desk.hand.remove_corner))

    def draw_to(self, x: float, y: float) -> None:
        """One more corner of an outline that is being drawn."""
        self._on_desk(lambda desk: desk.hand.draw_to(x, y) if desk.revealed else None)


def _turned(desk: Desk, before: Choice | None) -> Message | None:
    """What follows now, where a failure turned the verdict: nobody should find that out when it is saved."""
    after = desk.verdict
    if before is None or after is None or after is before:
        return None
    return Message(f"The verdict follows the failures: {IN_WORDS[after]} now (it was: {IN_WORDS[before]})")


def _said(desk: Desk, done: bool) -> str | None:
    held = desk.pin_hand.held
    return None if done or held is None else _other_side(held.letter)


def _why_not(desk: Desk, letter: Letter) -> str:
    return "An outline has three corners at least" if desk.pin_hand.drawn else _other_side(letter)


def _other_side(letter: Letter) -> str:
    return _OTHER_SIDE.format(letter=letter, other="B" if letter == "A" else "A")

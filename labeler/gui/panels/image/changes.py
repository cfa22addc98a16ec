"""What of an image panel a new state changes: only that is drawn again."""

from __future__ import annotations

from enum import Enum, auto

from labeler.domain.verdicts import At
from labeler.sessions.review.evidence import ShownEvidence


class Anew(Enum):
    """What of the panel is to be drawn anew."""

    OUTPUTS = auto()
    PAGES = auto()
    MARKS = auto()
    PINS = auto()


class Gathering:
    """What a picture that is at hand brings with it while a state is being shown: drawn with the state, and once."""

    def __init__(self) -> None:
        self._open = False
        self._found: set[Anew] = set()

    def __enter__(self) -> set[Anew]:
        self._open, self._found = True, set()
        return self._found

    def __exit__(self, *_: object) -> None:
        self._open = False

    def takes(self, what: Anew) -> bool:
        """Whether this is drawn later, with a state."""
        if self._open:
            self._found.add(what)
        return self._open


def outputs_differ(old: ShownEvidence, new: ShownEvidence) -> bool:
    return old.pair is not new.pair and old.pair != new.pair


def marks_differ(old: ShownEvidence, new: ShownEvidence) -> bool:
    """Whether what lies on the pictures and stands about them has to be put there anew."""
    return (old.current, old.view, old.seen) != (new.current, new.view, new.seen) or old.walk != new.walk


def pins_differ(old: ShownEvidence, new: ShownEvidence) -> bool:
    """Whether the tool and the texts show other pins or places."""
    return _pinned(old) != _pinned(new)


def grids_differ(old: ShownEvidence, new: ShownEvidence) -> bool:
    """Whether tables and values show something else."""
    return (old.pins, old.current, old.view) != (new.pins, new.current, new.view)


def place_in_hand(state: ShownEvidence) -> At | None:
    return None if state.spot is None else state.spot.at


def page_in_hand(state: ShownEvidence) -> int | None:
    """The page of the place in hand; None where that is no place on a page."""
    at = place_in_hand(state)
    return at.page if at is not None and (at.box is not None or at.polygon is not None) else None


def _pinned(state: ShownEvidence) -> tuple[object, ...]:
    return state.pins, state.spot, state.gold_regions, state.view

"""Failures and where they are pinned: what the differences propose, what a person adds, moves and takes away.

Pure functions of a draft, in letters. A pin stands at a difference, at a place of its own, or at the item as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.proposals import place_of, proposed_code
from labeler.domain.rubric import FailureCode, Severity
from labeler.domain.verdicts import At
from labeler.sessions.review.case import Case
from labeler.sessions.review.draft import Choice, Draft, Pin


def proposed_pins(case: Case, choices: Mapping[str, Choice]) -> frozenset[Pin]:
    """The failures that follow from the readings chosen, each pinned to its difference."""
    pins = set()
    for difference in case.walk:
        choice = choices.get(difference.id)
        if choice is None:
            continue
        for letter in LETTERS:
            if not choice.holds_for(letter):
                code = proposed_code(case.rubric, difference, case.sides.side(letter), case.outputs)
                if code is not None:
                    pins.add(Pin(letter, code.code, difference.id))
    return frozenset(pins)


def pins(case: Case, draft: Draft) -> frozenset[Pin]:
    """The failures in force: proposed ones that were not taken away, and those set by hand."""
    return (proposed_pins(case, draft.choices) - draft.removed) | draft.added


def toggle(case: Case, draft: Draft, pin: Pin) -> Draft:
    """Set the pin, or take it away where it is. Alike outputs fail alike."""
    takes_away = pin in pins(case, draft)
    for one in _with_twin(case, pin):
        draft = _without(case, draft, one) if takes_away else _with(case, draft, one)
    return draft


def remove(case: Case, draft: Draft, pin: Pin) -> Draft:
    for one in _with_twin(case, pin):
        draft = _without(case, draft, one)
    return draft


def move(case: Case, draft: Draft, pin: Pin, at: At) -> Draft:
    """The pin at a place of its own, wherever it stood before."""
    for one in _with_twin(case, pin):
        draft = _with(case, _without(case, draft, one), moved(one, at))
    return draft


def moved(pin: Pin, at: At) -> Pin:
    return Pin(pin.letter, pin.code, at=at)


def severity(draft: Draft, letter: Letter, code: FailureCode) -> Severity:
    """The rubric's, unless the person said otherwise of this item."""
    if (letter, code.code) not in draft.regraded:
        return code.severity
    return Severity.MINOR if code.severity is Severity.MAJOR else Severity.MAJOR


def regrade(case: Case, draft: Draft, letter: Letter, code: str) -> Draft:
    """Major for minor, or minor for major; of outputs that are alike on both sides."""
    return replace(draft, regraded=draft.regraded ^ {(pin.letter, code) for pin in _with_twin(case, Pin(letter, code))})


def pin_place(case: Case, pin: Pin) -> At | None:
    """Where a pin points; None for the item as a whole, or where its difference has no place."""
    if pin.at is not None:
        return pin.at
    difference = next((d for d in case.comparison.differences if d.id == pin.difference), None)
    return None if difference is None else place_of(difference, case.sides.side(pin.letter))


def pins_in_order(case: Case, draft: Draft) -> tuple[Pin, ...]:
    """A's before B's, in the rubric's order; of one failure, those at differences first, as they are walked."""
    codes = [failure.code for failure in case.rubric.every]

    def order(pin: Pin) -> tuple[str, int, bool, int, str]:
        difference = pin.difference or ""
        return pin.letter, codes.index(pin.code), pin.difference is None, len(difference), f"{difference}{pin.at}"

    return tuple(sorted((pin for pin in pins(case, draft) if pin.code in codes), key=order))


def _with_twin(case: Case, pin: Pin) -> tuple[Pin, ...]:
    return tuple(replace(pin, letter=letter) for letter in LETTERS) if case.alike else (pin,)


def _with(case: Case, draft: Draft, pin: Pin) -> Draft:
    added = draft.added if pin in proposed_pins(case, draft.choices) else draft.added | {pin}
    return replace(draft, removed=draft.removed - {pin}, added=added)


def _without(case: Case, draft: Draft, pin: Pin) -> Draft:
    removed = draft.removed | {pin} if pin in proposed_pins(case, draft.choices) else draft.removed
    return replace(draft, added=draft.added - {pin}, removed=removed)

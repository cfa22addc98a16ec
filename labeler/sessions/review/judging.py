"""What follows from a draft: the failures proposed, the verdict, the gold answer. Pure functions, in letters.

Nothing here is stored; a screen and a saved verdict derive it from the same draft, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from labeler.domain.blind import LETTERS, Letter, Sides
from labeler.domain.differences.answer import Choice as Reading
from labeler.domain.differences.answer import build_answer
from labeler.domain.differences.model import Comparison, Difference, ItemClass
from labeler.domain.fold import fold
from labeler.domain.items import Answer, Output, Side, Table
from labeler.domain.proposals import place_of, proposed_code
from labeler.domain.rubric import FailureCode, Rubric, Severity
from labeler.domain.verdicts import At
from labeler.sessions.review.draft import Choice, Draft, Pin
from labeler.sessions.review.state import GoldDraft, OpenPlace, ShownFailure


@dataclass(frozen=True, slots=True)
class Case:
    """One item as the session knows it, with both outputs by their real names. No view ever gets this."""

    old: Output
    new: Output
    comparison: Comparison
    sides: Sides
    rubric: Rubric

    @property
    def walk(self) -> tuple[Difference, ...]:
        """The differences that need a judgement: material ones; of an item that is all form, none."""
        return tuple(d for d in self.comparison.differences if not d.cosmetic)

    @property
    def alike(self) -> bool:
        """Both outputs say the same, so that a failure of one is a failure of the other."""
        return self.comparison.item_class is ItemClass.SAME

    def output(self, letter: Letter) -> Output:
        return self.old if self.sides.side(letter) == "old" else self.new


def proposed_pins(case: Case, choices: Mapping[str, Choice]) -> frozenset[Pin]:
    """The failures that follow from the readings chosen, each pinned to its difference."""
    outputs: dict[Side, Output] = {"old": case.old, "new": case.new}
    pins = set()
    for difference in case.walk:
        choice = choices.get(difference.id)
        if choice is None:
            continue
        for letter in LETTERS:
            if not choice.holds_for(letter):
                code = proposed_code(case.rubric, difference, case.sides.side(letter), outputs)
                if code is not None:
                    pins.add(Pin(letter, code.code, difference.id))
    return frozenset(pins)


def pins(case: Case, draft: Draft) -> frozenset[Pin]:
    """The failures in force: proposed ones that were not taken away, and those set by hand."""
    return (proposed_pins(case, draft.choices) - draft.removed) | draft.added


def toggle(case: Case, draft: Draft, letter: Letter, code: str, difference: str | None) -> Draft:
    """Set the failure at the current difference, or take it away where it is. Alike outputs fail alike."""
    for one in LETTERS if case.alike else (letter,):
        pin = Pin(one, code, difference)
        draft = _without(case, draft, pin) if pin in pins(case, draft) else _with(case, draft, pin)
    return draft


def _with(case: Case, draft: Draft, pin: Pin) -> Draft:
    added = draft.added if pin in proposed_pins(case, draft.choices) else draft.added | {pin}
    return replace(draft, removed=draft.removed - {pin}, added=added)


def _without(case: Case, draft: Draft, pin: Pin) -> Draft:
    removed = draft.removed | {pin} if pin in proposed_pins(case, draft.choices) else draft.removed
    return replace(draft, added=draft.added - {pin}, removed=removed)


def verdict(case: Case, draft: Draft) -> Choice | None:
    """Which output is right: the one without a failure of major severity, unless the person overruled it.

    None while nothing is judged, and where nobody can tell.
    """
    if draft.undecidable is not None:
        return None
    if draft.overruled is not None:
        return draft.overruled
    if case.walk and not draft.choices and not draft.added:
        return None
    return _choice(*(not _fails(case, draft, letter) for letter in LETTERS))


def _fails(case: Case, draft: Draft, letter: Letter) -> bool:
    return any(
        pin.letter == letter and (code := case.rubric.failure(pin.code)) is not None and code.severity is Severity.MAJOR
        for pin in pins(case, draft)
    )


def _choice(a: bool, b: bool) -> Choice:
    if a and b:
        return Choice.BOTH
    if a:
        return Choice.A
    return Choice.B if b else Choice.NONE


def shown_failures(case: Case, draft: Draft) -> tuple[ShownFailure, ...]:
    """One chip a code and side: A's in the rubric's order, then B's in the same order."""
    proposed = proposed_pins(case, draft.choices) - draft.removed
    in_force = pins(case, draft)
    return tuple(
        ShownFailure(
            letter=letter,
            code=code.code,
            label=code.label,
            definition=code.definition,
            example=code.example,
            key=failure_key(code, letter),
            pins=tuple(sorted((p for p in in_force if p.letter == letter and p.code == code.code), key=_pin_order)),
            proposed=any(p.letter == letter and p.code == code.code for p in proposed),
        )
        for letter in LETTERS
        for code in case.rubric.failures
    )


def failure_key(code: FailureCode, letter: Letter) -> str:
    """The key that sets a failure: the code's own for A; for B with Shift, or (a digit, where Shift types another
    sign on most keyboards) with Alt.
    """
    if letter == "A":
        return code.key
    return f"{'Alt' if code.key.isdigit() else 'Shift'}+{code.key}"


def _pin_order(pin: Pin) -> tuple[int, str]:
    return (len(pin.difference or ""), pin.difference or "")


def missing(case: Case, draft: Draft) -> str:
    """What is still to do before the verdict can be saved, in words; empty when nothing is."""
    if draft.tier is None:
        return "Set the difficulty first"
    if draft.undecidable is not None:
        return ""
    still_open = [n for n, d in enumerate(case.walk, 1) if d.id not in draft.choices]
    if still_open and draft.overruled is None:
        return f"Judge difference {still_open[0]} first"
    if draft.overruled is not None:
        for letter in LETTERS:
            if not draft.overruled.holds_for(letter) and not any(p.letter == letter for p in pins(case, draft)):
                return f"Say what failed in {letter}"
            if draft.overruled.holds_for(letter) and _fails(case, draft, letter):
                return f"{letter} cannot be right with that failure: take it away, or change the verdict"
    return ""


def gold(case: Case, draft: Draft, *, folded: bool) -> GoldDraft | None:
    """The gold answer as it stands; None where nobody can tell. `folded` shows it without style that tells sides."""
    if draft.undecidable is not None:
        return None
    if not case.walk and verdict(case, draft) is Choice.NONE and draft.gold_text is None:
        # Both say the same and both are wrong: nothing to build from.
        return GoldDraft("", Answer(), open=(OpenPlace("", None),))
    chosen = {d.id: _reading(case, draft.choices.get(d.id)) for d in case.walk}
    built = build_answer(case.old, case.new, case.comparison.differences, chosen)
    text = table_text(built.answer.table) if built.answer.table is not None else built.answer.text or ""
    shown = fold(text)
    places = tuple(OpenPlace(o.id, shown.span(o.span) if folded and o.span else o.span) for o in built.open)
    sources = tuple(f"{d}:{c.value}" for d, c in draft.choices.items())
    if draft.gold_text is None:
        return GoldDraft(shown.text if folded else text, built.answer, sources, places)
    typed = Answer(text=draft.gold_text)
    if built.answer.table is not None:
        typed = Answer(table=read_table_text(draft.gold_text))
    return GoldDraft(draft.gold_text, typed, sources, edited=True)


def gold_edits(case: Case, draft: Draft, *, folded: bool) -> int:
    """How many characters were typed, deleted or replaced in the built answer."""
    if draft.gold_text is None:
        return 0
    built = gold(case, replace(draft, gold_text=None), folded=folded)
    return Levenshtein.distance(built.text if built else "", draft.gold_text)


def _reading(case: Case, choice: Choice | None) -> Reading:
    if choice is None or choice is Choice.NONE:
        return None
    return "both" if choice is Choice.BOTH else case.sides.side("A" if choice is Choice.A else "B")


def table_text(table: Table) -> str:
    """A table as it is shown and edited in the gold answer: a line a row, cells parted by bars."""
    return "\n".join(" | ".join(row) for row in table)


def read_table_text(text: str) -> Table:
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.splitlines() if line.strip())


def pin_place(case: Case, pin: Pin) -> At | None:
    """Where a pin points; None for the item as a whole."""
    difference = next((d for d in case.comparison.differences if d.id == pin.difference), None)
    return None if difference is None else place_of(difference, case.sides.side(pin.letter))


def merge_heard(
    heard: Sequence[tuple[float, float]], more: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """The union of time spans, disjoint and in order."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted([*heard, *more]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)

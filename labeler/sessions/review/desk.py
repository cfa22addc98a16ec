"""One item on the desk: the draft of a verdict on it, where the person stands in it, and the steps taken so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labeler.domain.blind import Letter
from labeler.domain.differences.model import Difference, Kind
from labeler.domain.items import TimeSpan
from labeler.domain.rubric import Tier
from labeler.sessions.review import judging
from labeler.sessions.review.draft import Choice, Draft
from labeler.sessions.review.opening import Opened


class Desk:
    """What a person does on one item. Every step can be taken back; nothing is stored here."""

    def __init__(self, opened: Opened, draft: Draft) -> None:
        self.opened = opened
        self.draft = draft
        self.current: int | None = None
        """Index into `walk`."""
        self.seen: frozenset[str] = frozenset()
        self.selected: TimeSpan | None = None
        """The span of the recording that is selected. It is where a person looks and no part of the draft."""
        self._history: list[Draft] = []
        self._typing = ""
        """The text field that the last step came from."""
        self._last: tuple[Kind, Choice] | None = None
        """Kind of the difference judged last, and how."""
        if draft.tier is not None:
            self.go_to(0)
            self.go_to_next_open()

    @property
    def walk(self) -> tuple[Difference, ...]:
        return self.opened.case.walk

    @property
    def missing(self) -> str:
        """What is still to do before the verdict can be saved; empty when nothing is."""
        return judging.missing(self.opened.case, self.draft)

    # Steps

    def set_tier(self, tier: Tier) -> None:
        first = self.draft.tier is None
        before = first or (self.draft.tier_before_outputs and self.draft.tier == tier)
        self._step(replace(self.draft, tier=tier, tier_before_outputs=before))
        if first:
            self.go_to(0)

    def judge(self, choice: Choice) -> None:
        """The reading that is right at the current difference; the next open difference comes by itself.

        On an item without differences it is the verdict.
        """
        if not self.walk:
            self.overrule(choice)
        elif self.current is not None:
            difference = self.walk[self.current]
            self._last = (difference.kind, choice)
            self._choose({difference.id: choice})
            self.go_to_next_open()

    def judge_same_kind(self) -> tuple[int, Choice] | None:
        """Give the last answer to all differences of the same kind that are still open: how many, and which answer."""
        if self._last is None:
            return None
        kind, choice = self._last
        alike = [d.id for d in self.walk if d.kind is kind and d.id not in self.draft.choices]
        if alike:
            self._choose(dict.fromkeys(alike, choice))
            self.go_to_next_open()
        return len(alike), choice

    def overrule(self, choice: Choice) -> None:
        """Set the verdict itself; set again what it already was, and it follows from the differences again."""
        one_sided = choice in (Choice.A, Choice.B)
        # Outputs that say the same are right or wrong together.
        if self.draft.tier is not None and not (one_sided and self.opened.case.alike):
            again = self.draft.overruled is choice
            self._step(replace(self.draft, overruled=None if again else choice, undecidable=None))

    def set_undecidable(self, reason: str | None) -> None:
        self._step(replace(self.draft, undecidable=reason, overruled=None))

    def toggle_failure(self, letter: Letter, code: str) -> None:
        """Set or take away a failure at the current difference; at the item where there is none."""
        if self.draft.tier is not None:
            difference = self.walk[self.current].id if self.current is not None else None
            self._step(judging.toggle(self.opened.case, self.draft, letter, code, difference))

    def toggle_sure(self) -> None:
        self._step(replace(self.draft, sure=not self.draft.sure))

    def toggle_whole_checked(self) -> None:
        self._step(replace(self.draft, whole_checked=not self.draft.whole_checked))

    def type_gold(self, text: str | None) -> None:
        self._type("gold", replace(self.draft, gold_text=text))

    def type_note(self, text: str) -> None:
        self._type("note", replace(self.draft, note=text))

    def take_over(self, draft: Draft) -> None:
        """Go on from another draft, as one step."""
        self._step(draft)
        if self.current is None:
            self.go_to(0)

    def add_heard(self, spans: list[tuple[float, float]]) -> None:
        """Parts of the recording that were played; no step, since nobody takes back what was heard."""
        self.draft = replace(self.draft, heard=judging.merge_heard(self.draft.heard, spans))

    def expose(self, what: str) -> None:
        """Something was on the screen that could lead; no step, since nobody can unsee it."""
        self.draft = replace(self.draft, exposed=self.draft.exposed | {what})

    def undo(self) -> bool:
        """Take back the last step; False when there is none."""
        if not self._history:
            return False
        before, self._typing = self._history.pop(), ""
        self.draft = replace(before, heard=self.draft.heard, exposed=self.draft.exposed)
        if self.draft.tier is None:
            self.current = None
        return True

    @property
    def can_undo(self) -> bool:
        return bool(self._history)

    # Walking

    def walk_by(self, by: int) -> None:
        if self.current is not None:
            self.go_to((self.current + by) % len(self.walk))

    def pick(self, difference: str) -> None:
        """Go to the difference with this id; an id that is not walked (a cosmetic one) changes nothing."""
        ids = [d.id for d in self.walk]
        if self.draft.tier is not None and difference in ids:
            self.go_to(ids.index(difference))

    def go_to(self, index: int) -> None:
        self.current = index if index < len(self.walk) else None
        if self.current is not None:
            self.seen |= {self.walk[self.current].id}

    def go_to_next_open(self) -> None:
        """The next difference without an answer, from here on and round; where all have one, stay."""
        start = self.current or 0
        for step in range(len(self.walk)):
            index = (start + step) % len(self.walk)
            if self.walk[index].id not in self.draft.choices:
                self.go_to(index)
                return

    # Inside

    def _choose(self, choices: Mapping[str, Choice]) -> None:
        self._step(replace(self.draft, choices={**self.draft.choices, **choices}, undecidable=None))

    def _step(self, draft: Draft) -> None:
        if draft != self.draft:
            self._history.append(self.draft)
            self.draft, self._typing = draft, ""

    def _type(self, field: str, draft: Draft) -> None:
        """What is typed into one field in a row is one step."""
        if draft != self.draft:
            if self._typing != field:
                self._history.append(self.draft)
            self.draft, self._typing = draft, field

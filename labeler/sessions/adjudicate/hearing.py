"""The verdicts on the item that a lead has on the desk, and what follows from them for a resolution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from labeler.domain.blind import Sides
from labeler.domain.checks import CheckKind
from labeler.domain.items import Answer
from labeler.domain.verdicts import Checked, Resolution, ResolvedBy, Right, Verdict
from labeler.sessions.adjudicate.cards import cards
from labeler.sessions.adjudicate.state import Card
from labeler.sessions.review.case import Case
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.right_words import in_a_sentence
from labeler.sessions.review.saving import draft_of
from labeler.store.verdict_state import StoredVerdict

_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
_AN = frozenset({8, 11, 18})
_GAPS = {"tier": "How the tiers are told apart", "right": "When an output is right", "other": "Something else"}
MOST_GAPS = 6
"""Codes among which the lead chooses the line to blame, besides what is no code."""


class Hearing:
    """What people said of one item. Verdicts of simulated annotators are heard where there are no others."""

    def __init__(self, item_id: str, verdicts: Sequence[StoredVerdict], *, names_shown: bool = False) -> None:
        heard = [stored for stored in verdicts if not stored.simulated] or list(verdicts)
        # In an order that says nothing of who it is, and is another one for each item.
        heard.sort(key=lambda stored: sha256(f"{item_id}/{stored.person.id}".encode()).digest())
        self.verdicts: tuple[StoredVerdict, ...] = tuple(heard)
        self.names_shown = names_shown
        self.checks: tuple[tuple[Right, CheckKind], ...] = ()
        """What was said of the item in hidden checks."""

    def __len__(self) -> int:
        return len(self.verdicts)

    @property
    def anything(self) -> bool:
        """Whether there is anything to show: verdicts, or what hidden checks said."""
        return bool(self.verdicts) or any(kind is not CheckKind.TRAINING for _, kind in self.checks)

    @property
    def next_one(self) -> str:
        """Who would come after those who gave a verdict, as `a fourth`."""
        count = len(self) + 1
        return f"{'an' if count in _AN else 'a'} {_ORDINALS.get(count, f'{count}th')}"

    def checked_in_words(self, sides: Sides) -> str:
        """What hidden checks said, and never who."""
        said = Counter((k is CheckKind.REPEAT, right) for right, k in self.checks if k is not CheckKind.TRAINING)
        parts = []
        for (again, right), count in sorted(said.items()):
            times = f" × {count}" if count > 1 else ""
            parts.append(f"{in_a_sentence(right, sides)}{' the second time' if again else ''}{times}")
        return f"In hidden checks: {', '.join(parts)}" if parts else ""

    def has_judged(self, person: str) -> bool:
        return any(stored.person.id == person for stored in self.verdicts)

    def name(self, number: int) -> str:
        """What the card with this number, from 1, is called."""
        return self.verdicts[number - 1].person.name if self.names_shown else f"Annotator {number}"

    def cards(self, case: Case, *, folded: bool) -> tuple[Card, ...]:
        names = [self.name(number) for number in range(1, len(self) + 1)]
        return cards([s.verdict for s in self.verdicts], names, case.sides, case.rubric, folded=folded)

    def taken(self, case: Case, own: Draft, number: int) -> Draft:
        """The draft of a resolution as the card with this number has it; what the lead wrote, saw and checked stays.

        That somebody checked the whole item is their word and not the lead's (see `vouched_for`).
        """
        stored = self.verdicts[number - 1]
        return replace(
            draft_of(case, stored.verdict),
            sure=True,
            whole_checked=own.whole_checked,
            note=own.note,
            exposed=own.exposed,
            heard=own.heard,
            heard_of=own.heard_of,
            tier_before_outputs=own.tier_before_outputs,
            spent_ms=own.spent_ms,
            gap=own.gap,
            taken=stored.event.id,
        )

    def number_taken(self, draft: Draft) -> int:
        """Of the verdict that the draft was built from, from 1; 0: of none."""
        ids = [stored.event.id for stored in self.verdicts]
        return ids.index(draft.taken) + 1 if draft.taken in ids else 0

    def taken_in_words(self, case: Case, draft: Draft) -> str:
        """Whose card the draft was built from, and whether it was changed since; empty where it was not, or not now."""
        number = self.number_taken(draft)
        if not number:
            return ""
        name = self.name(number)
        changed = changes(self.taken(case, draft, number), draft)
        told = f", {' and '.join(changed)} changed" if len(changed) < 3 else ", much changed"
        return f"from {_inside(name)}{told if changed else ''}"

    def vouched_for(self, answer: Answer | None) -> tuple[int, ...]:
        """Numbers of the cards, from 1, whose people left this very answer and checked the whole item for it."""
        said = enumerate((stored.verdict for stored in self.verdicts), 1)
        return tuple(n for n, verdict in said if _left(verdict, answer) and verdict.checked is Checked.WHOLE)

    def vouched_in_words(self, answer: Answer | None) -> str:
        """The same as goes on after *Whole item checked*; empty where nobody did."""
        numbers = self.vouched_for(answer)
        if len(numbers) > 1:
            return f"by {len(numbers)} people"
        return f"by {_inside(self.name(numbers[0]))}" if numbers else ""

    def gaps(self) -> tuple[str, ...]:
        """Lines of the rubric that could be to blame: codes that verdicts name, those on which they differ first."""
        named = [failure.code for stored in self.verdicts for failure in stored.verdict.failures]
        return (*sorted(dict.fromkeys(named), key=named.count)[:MOST_GAPS], *_GAPS)

    def resolution(self, decided: Verdict, draft: Draft) -> Resolution:
        """What a lead decided, as it is saved."""
        answer = decided.gold.answer if decided.gold is not None else None
        vouching = [self.verdicts[number - 1] for number in self.vouched_for(answer)]
        same = vouching or [stored for stored in self.verdicts if _left(stored.verdict, answer)]
        gold_from = min((stored.event.id for stored in same), default=None)
        return Resolution(
            item_id=decided.item_id,
            release=decided.release,
            right=decided.right,
            tier=decided.tier,
            failures=decided.failures,
            verdicts=tuple(sorted(stored.event.id for stored in self.verdicts)),
            by=ResolvedBy.LEAD,
            gold_from=gold_from,
            checked=Checked.WHOLE if vouching else decided.checked,
            outputs=decided.outputs,
            rubric=decided.rubric,
            reason=draft.note.strip() or decided.reason or "",
            gold=None if gold_from is not None else answer,
            exposed=tuple(draft.exposed & {"models"}),
            gap=draft.gap,
        )


def _left(verdict: Verdict, answer: Answer | None) -> bool:
    """Whether it is this gold answer that the verdict left."""
    return answer is not None and verdict.gold is not None and verdict.gold.answer == answer


def _inside(name: str) -> str:
    """A card's name inside a sentence; a person's stays as it is."""
    return f"a{name[1:]}" if name.startswith("Annotator ") else name


_FIELDS = {
    "tier": ("tier",),
    "verdict": ("choices", "overruled", "undecidable", "closer", "sure"),
    "failures": ("added", "removed", "regraded"),
    "answer": ("gold_text", "gold_regions", "gold_segments"),
}
"""Parts of a draft by what a lead calls them; the verdict's bring the failures and the answer along."""


def changes(taken: Draft, draft: Draft) -> tuple[str, ...]:
    """What of a draft is not as it was taken, in words."""
    told = [name for name, parts in _FIELDS.items() if any(getattr(taken, p) != getattr(draft, p) for p in parts)]
    if not told and taken != draft:
        told = ["something"]
    return tuple(told)


def gap_in_words(case: Case, gap: str) -> str:
    code = case.rubric.failure(gap)
    return _GAPS.get(gap) or (code.label if code else gap)

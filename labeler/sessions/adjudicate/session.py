"""The Adjudicate screen's session: a lead looks at an item as an annotator does, sees the verdicts, and decides.

It is a Review session whose items are those that need a decision and whose saving resolves: evidence, keys and panel
are the same, and so is what they do. The resolution is a draft like any other, taken from a card and edited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Protocol, TypeVar

from labeler.domain.checks import Check
from labeler.domain.items import Answer
from labeler.domain.people import Person, Role
from labeler.domain.queue import Why
from labeler.domain.verdicts import Resolution, ResolvedBy, Verdict
from labeler.errors import LabelerError
from labeler.sessions.adjudicate_inbox import DisputedInbox
from labeler.sessions.adjudicate_state import AdjudicationState, Card, QueueLine
from labeler.sessions.cards import cards, in_letters
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.saving import draft_of, verdict_of
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Ask, Message, ReviewState
from labeler.steps import adjudicate as steps
from labeler.steps.adjudicate import Docket, Line
from labeler.steps.project import Project
from labeler.store.verdict_state import StoredResolution, StoredVerdict

T = TypeVar("T")


class Beside(Protocol):
    """Does work that a person must not wait for, then tells what came of it on the session's thread."""

    def __call__(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> None: ...


def here_and_now(work: Callable[[], T], done: Callable[[T], None], failed: Callable[[BaseException], None]) -> None:
    try:
        found = work()
    except LabelerError as problem:
        failed(problem)
    else:
        done(found)


class AdjudicateSession(ReviewSession):
    """One lead deciding a release's disputed items."""

    def __init__(
        self,
        project: Project,
        person: Person,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        beside: Beside = here_and_now,
    ) -> None:
        self._beside = beside
        self._revealed = self._names = self._show_resolved = self._looking = False
        self._stored: tuple[StoredVerdict, ...] = ()
        self._taken: tuple[str, Draft] | None = None
        """Whose card the draft was taken from, and the draft as it was then."""
        self._gap = ""
        self._gaps: tuple[str, ...] = ()
        """What the question asks for, in the order of its options."""
        self._worded: tuple[tuple[Line, ...], tuple[QueueLine, ...]] = ((), ())
        self._adjudication = AdjudicationState()
        super().__init__(project, person, now, monotonic)

    def _make_inbox(self) -> DisputedInbox:
        self._disputed = DisputedInbox(self._project, self._release, self._person, self._now)
        return self._disputed

    @property
    def adjudication(self) -> AdjudicationState:
        """What there is besides `state`; made anew together with it."""
        return self._adjudication

    @property
    def role(self) -> Role:
        return self._person.role

    # The list

    def refresh(self) -> None:
        """Read the docket anew, beside the window; the item on the screen stays."""
        self._looking = True
        read = partial(steps.read_docket, self._project.folder, self._release.id)
        self._beside(read, self._take_docket, self._no_docket)
        self._tell()

    def _take_docket(self, docket: Docket) -> None:
        self._looking = False
        # What was resolved here a moment ago may still be on its way to the disk.
        still = [line for line in docket.open if self._store.resolution(self._release.id, line.item_id) is None]
        self._disputed.docket = Docket(tuple(still), docket.resolved)
        if self._desk is None:
            self._open_next()
        self._inbox.count()
        self._tell()

    def _no_docket(self, problem: BaseException) -> None:
        self._looking = False
        if not isinstance(problem, LabelerError):
            raise problem
        self.say(problem.what, serious=True)

    def toggle_resolved(self) -> None:
        """Show what is resolved in place of what needs a decision, and back."""
        self._show_resolved = not self._show_resolved
        self._tell()

    def go_by(self, by: int) -> None:
        """The next item of the list that is shown, or an earlier one."""
        ids = [line.item_id for line in self._lines()]
        if not ids:
            return
        here = self._desk.opened.item.id if self._desk is not None else None
        at = ids.index(here) + by if here in ids else 0
        self.show_item(ids[max(0, min(at, len(ids) - 1))])

    def _lines_in_words(self) -> tuple[QueueLine, ...]:
        """Made once for each list: a key press must not put thousands of lines into words."""
        lines = self._lines()
        if self._worded[0] is not lines:
            self._worded = (lines, tuple(_queue_line(line) for line in lines))
        return self._worded[1]

    def _lines(self) -> tuple[Line, ...]:
        return self._disputed.docket.resolved if self._show_resolved else self._disputed.docket.open

    # The verdicts

    def reveal(self) -> None:
        """Show the verdicts, once the lead has looked: outputs are shown when their difficulty is set."""
        if self._desk is None or self._revealed:
            return
        if self._desk.draft.tier is None:
            self._message = Message("Look at the item first: set how difficult it is", serious=True)
        elif not self._stored:
            self._message = Message("Nobody's verdict on this item stands")
        else:
            self._revealed = True
            self._desk.expose("verdicts")
            self._message = Message("")
        self._tell()

    def take(self, number: int) -> None:
        """Build the resolution from the card with this number, from 1; it can be edited, and undo takes it back."""
        desk = self._desk
        if desk is None or not self._revealed or not 1 <= number <= len(self._stored):
            return
        own = desk.draft
        card = draft_of(desk.opened.case, self._stored[number - 1].verdict)
        taken = replace(
            card,
            sure=True,
            note=own.note,
            exposed=own.exposed,
            heard=own.heard,
            tier_before_outputs=own.tier_before_outputs,
        )
        desk.take_over(taken)
        self._taken = (self._name(number), desk.draft)
        self._message = Message(f"Taken from {self._name(number).lower()}")
        self._tell()

    def toggle_names(self) -> None:
        if self._revealed:
            self._names = not self._names
            self._tell()

    # The decision

    def ask_gap(self) -> None:
        """Ask which line of the rubric is to blame; where one is set already, take it back."""
        desk = self._desk
        if desk is None or not self._revealed:
            return
        if self._gap:
            self._gap = ""
        else:
            disputed = [f.code for s in self._stored for f in s.verdict.failures]
            codes = sorted(dict.fromkeys(disputed), key=disputed.count)[:6]
            self._gaps = (*codes, "tier", "right", "other")
            options = tuple(self._gap_in_words(gap) for gap in self._gaps)
            self._ask = Ask("gap", "Which line of the rubric is to blame?", options)
        self._tell()

    def answer(self, number: int) -> None:
        if self._ask is None or self._ask.what != "gap":
            super().answer(number)
            return
        if 1 <= number <= len(self._gaps):
            self._ask, self._gap = None, self._gaps[number - 1]
            self._tell()

    def save(self) -> None:
        """Resolve the item durably and show the next one; where that may not be, say why."""
        desk = self._desk
        if desk is None:
            return
        problem = self._why_not(desk)
        if problem:
            self._message = Message(problem, serious=True)
            self._tell()
            return
        item_id = desk.opened.item.id
        append = partial(
            steps.resolve,
            self._store,
            self._person,
            self._resolution(desk),
            self._now(),
            own_verdict_counts=self._project.settings.settle_own,
        )

        def resolve() -> None:
            append()
            self._disputed.resolve(item_id)

        self._put(desk, resolve, f"Resolved {item_id}")

    def _why_not(self, desk: Desk) -> str:
        """Why the item cannot be resolved now; empty when it can."""
        if self._person.role is not Role.LEAD:
            return "Only a lead decides; you may look"
        mine = any(stored.person.id == self._person.id for stored in self._stored)
        if mine and not self._project.settings.settle_own:
            return "You judged this item yourself, so another lead settles it"
        if desk.missing:
            return desk.missing
        if self._stored and not self._revealed:
            return "Look at the verdicts before you decide"
        return ""

    def _resolution(self, desk: Desk) -> Resolution:
        decided = verdict_of(desk.opened.case, desk.draft, self._release.id, folded=self._folded(desk))
        gold_from, gold = self._gold_of(decided)
        return Resolution(
            item_id=decided.item_id,
            release=decided.release,
            right=decided.right,
            tier=decided.tier,
            failures=decided.failures,
            verdicts=tuple(sorted(stored.event.id for stored in self._stored)),
            by=ResolvedBy.LEAD,
            gold_from=gold_from,
            checked=decided.checked,
            outputs=decided.outputs,
            rubric=decided.rubric,
            reason=desk.draft.note.strip() or decided.reason or "",
            gold=gold,
            gap=self._gap,
        )

    def _gold_of(self, decided: Verdict) -> tuple[str | None, Answer | None]:
        """The verdict that left the very answer decided on, or else the answer itself."""
        if decided.gold is None:
            return None, None
        answer = decided.gold.answer
        same = [s.event.id for s in self._stored if s.verdict.gold is not None and s.verdict.gold.answer == answer]
        return (min(same), None) if same else (None, answer)

    def reopen(self) -> None:
        """Take back the resolution of the item on the screen, whoever or whatever settled it."""
        desk = self._desk
        standing = self._standing()
        if desk is None or standing is None:
            return
        self._reopen(standing)

    def _withdraw_last(self) -> None:
        """Undo, also later: the lead's newest resolution in force."""
        last = self._store.last_resolution(self._stream)
        if last is None:
            self._message = Message("There is nothing to undo")
            return
        self._reopen(last)

    def _reopen(self, standing: StoredResolution) -> None:
        try:
            steps.reopen(self._store, self._person, standing.event.id, self._now())
        except LabelerError as problem:
            self.say(problem.what, serious=True)
            return
        self._keep_draft()
        self._open(standing.resolution.item_id, None)
        self._message = Message(f"Open again: {standing.resolution.item_id}")
        self.refresh()

    # Inside

    def _open(self, item_id: str, why: Why | None, check: Check | None = None) -> Desk:
        desk = super()._open(item_id, why, check)
        every = self._store.verdicts(self._release.id, item_id)
        counted = [stored for stored in every if not stored.simulated] or every
        # In an order that says nothing of who it is, and is another one for each item.
        self._stored = tuple(sorted(counted, key=lambda s: sha256(f"{item_id}/{s.person.id}".encode()).digest()))
        self._revealed, self._taken, self._gap = "verdicts" in desk.draft.exposed, None, ""
        return desk

    def _standing(self) -> StoredResolution | None:
        if self._desk is None:
            return None
        return self._store.resolution(self._release.id, self._desk.opened.item.id)

    def _make_state(self) -> ReviewState:
        self._adjudication = self._make_adjudication()
        return super()._make_state()

    def _make_adjudication(self) -> AdjudicationState:
        desk, docket = self._desk, self._disputed.docket
        return AdjudicationState(
            lines=self._lines_in_words(),
            chosen=desk.opened.item.id if desk else None,
            open=len(docket.open),
            resolved=len(docket.resolved),
            show_resolved=self._show_resolved,
            looking=self._looking,
            verdicts=len(self._stored) if desk else 0,
            cards=self._cards(desk) if desk and self._revealed else (),
            revealed=self._revealed,
            names=self._names,
            taken=self._taken_in_words(desk) if desk else "",
            gap=self._gap_in_words(self._gap) if self._gap else "",
            standing=self._standing_in_words(desk) if desk else "",
            blocked=self._why_not(desk) if desk else "",
        )

    def _cards(self, desk: Desk) -> tuple[Card, ...]:
        case = desk.opened.case
        names = [self._name(n) for n in range(1, len(self._stored) + 1)]
        verdicts = [stored.verdict for stored in self._stored]
        return cards(verdicts, names, case.sides, case.rubric, folded=self._folded(desk))

    def _folded(self, desk: Desk) -> bool:
        return desk.opened.folded is not None and not self._view.raw_text

    def _name(self, number: int) -> str:
        return self._stored[number - 1].person.name if self._names else f"Annotator {number}"

    def _taken_in_words(self, desk: Desk) -> str:
        if self._taken is None:
            return ""
        name, then = self._taken
        changed = replace(desk.draft, note=then.note, heard=then.heard) != then
        return f"from {name[0].lower()}{name[1:]}{', changed' if changed else ''}"

    def _gap_in_words(self, gap: str) -> str:
        named = {"tier": "How the tiers are told apart", "right": "When an output is right", "other": "Something else"}
        if gap in named or self._desk is None:
            return named.get(gap, gap)
        code = self._desk.opened.case.rubric.failure(gap)
        return code.label if code else gap

    def _standing_in_words(self, desk: Desk) -> str:
        standing = self._standing()
        if standing is None:
            return ""
        found = standing.resolution
        how = "by consensus" if found.by is ResolvedBy.CONSENSUS else "by a lead"
        return f"Resolved {how}: {in_letters(found.right, desk.opened.case.sides)}, {found.tier}"


def _queue_line(line: Line) -> QueueLine:
    what = " · ".join(filter(None, (line.kind, str(line.modality))))
    if line.disputed is None or line.by is not None:
        by = "by consensus" if line.by is ResolvedBy.CONSENSUS else "by a lead"
        return QueueLine(line.item_id, "", what, f"Resolved {by}")
    first, *more = line.disputed.disputes
    reason = first.value if not more else f"{first.value}, {more[0].value[0].lower()}{more[0].value[1:]}"
    return QueueLine(line.item_id, line.disputed.how_unsure, what, reason)

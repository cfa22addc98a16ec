"""The Adjudicate screen's session: a lead looks at an item as an annotator does, sees the verdicts, and decides.

It is a Review session whose items are those that need a decision and whose saving resolves: evidence, keys and panel
are the same, and so is what they do. The resolution is a draft like any other, taken from a card and edited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from labeler.domain.checks import Check, CheckKind
from labeler.domain.people import Person, Role
from labeler.domain.queue import Why
from labeler.domain.verdicts import Checked, Right
from labeler.errors import LabelerError
from labeler.sessions.adjudicate import present
from labeler.sessions.adjudicate.accord import Accords
from labeler.sessions.adjudicate.agenda import Agenda
from labeler.sessions.adjudicate.hearing import Hearing, gap_in_words
from labeler.sessions.adjudicate.inbox import DisputedInbox
from labeler.sessions.adjudicate.state import AdjudicationState, Listed
from labeler.sessions.beside import Beside, at_once
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.saving import verdict_of
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Ask, Message, ReviewState
from labeler.steps import adjudicate as steps
from labeler.steps.assign import ask_another
from labeler.steps.bring.carry import KnownBefore, known_before
from labeler.steps.docket import Docket, kind_of, read_docket
from labeler.steps.docket_for import docket_for
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.settle_posterior import Proposed, SettledByPosterior, read_proposed, settle_proposed
from labeler.store.verdict_state import StoredResolution

SETTLED_TOGETHER = 20
"""Decisions that are written at once while somebody works at the window."""

LEFT_OUT_AT_ONCE = 100
"""So many items in a row that cannot be shown are passed over; then whoever decides is told, and chooses one."""


class AdjudicateSession(ReviewSession):
    """One lead deciding a release's disputed items."""

    def __init__(
        self,
        project: Project,
        person: Person,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        beside: Beside = at_once,
    ) -> None:
        self._beside = beside
        self._names = False
        self._hearing = Hearing("", ())
        self._carried: KnownBefore | None = None
        """What a lead decided in an earlier release, of an item that hidden checks came with."""
        self._gaps: tuple[str, ...] = ()
        """What the question asks for, in the order of its options."""
        self._adjudication = AdjudicationState()
        self._accords = Accords(project.settings.seed, lambda work, done: beside("accord", work, done, self._no_docket))
        super().__init__(project, person, now, monotonic)

    def _make_inbox(self) -> DisputedInbox:
        self._disputed = DisputedInbox(self._project, self._release, self._person, self._now)
        self._agenda = Agenda(self._disputed)
        return self._disputed

    @property
    def adjudication(self) -> AdjudicationState:
        """What there is besides `state`; made anew together with it."""
        return self._adjudication

    @property
    def role(self) -> Role:
        return self._person.role

    @property
    def _revealed(self) -> bool:
        return present.has_seen(self._desk)

    # The list

    def refresh(self) -> None:
        """Read the docket anew, beside the window; the item on the screen stays."""
        self._agenda.looking = True
        for_lead = self._person.role is not Role.ANNOTATOR

        def read() -> Docket:
            docket = read_docket(self._project.folder, self._release.id, for_lead=for_lead)
            with open_project(self._project.folder, read_only=True) as project:
                docket = docket_for(docket, project, self._release.id, self._person)
            self._agenda.put_into_words(docket)
            return docket

        self._beside("docket", read, self._take_docket, self._no_docket)
        self._tell()

    def _take_docket(self, docket: Docket) -> None:
        self._agenda.looking = False
        # What was resolved here a moment ago may still be on its way to the disk.
        now = self._store.standing_resolutions(self._release.id)
        self._disputed.docket = replace(
            docket, open=tuple(line for line in docket.open if line.standing == now.get(line.item_id))
        )
        self._accords.take(docket)
        if self._desk is None:
            self._open_next()
        self._inbox.count()
        self._tell()

    def _no_docket(self, problem: BaseException) -> None:
        self._agenda.looking = False
        if not isinstance(problem, LabelerError):
            raise problem
        self.say(problem.what, serious=True)

    def settle_sure(self) -> None:
        """Settle what the project's policy is sure enough of, although somebody differs; counted beside the window."""
        if self._person.role is not Role.LEAD:
            self.say("Only a lead settles", serious=True)
            return
        read = partial(read_proposed, self._project.folder, self._release.id)
        self.say("Finding out what the verdicts are sure of…")
        self._beside("settle", read, self._take_proposed, self._no_docket)

    def _take_proposed(self, proposed: Proposed) -> None:
        self._settle(proposed.parts(SETTLED_TOGETHER), SettledByPosterior())

    def _settle(self, left: list[Proposed], done: SettledByPosterior) -> None:
        """A part now and the rest a moment later, so that whoever works on meanwhile is not held up; what is settled
        stays so where the window closes before the end.
        """
        soon = self.outbox.soon
        try:
            while left:
                done += settle_proposed(self._store, self._person, self._release.id, left.pop(0), self._now())
                if left and soon is not None:
                    soon(partial(self._settle, left, done))
                    return
        except LabelerError as problem:
            self.say(f"{problem.what}; {done.settled:,} items are settled", serious=True)
            return
        more = f", {done.reopened:,} opened again" if done.reopened else ""
        self.say(f"{done.settled:,} items settled by {self._project.settings.consensus.words}{more}")
        self.refresh()

    def show_list(self, listed: Listed) -> None:
        """Show this list; the one that is shown gives way to what needs a decision."""
        self._agenda.listed = Listed.OPEN if self._agenda.listed is listed else listed
        self._tell()

    def go_by(self, by: int) -> None:
        """The next item of the list that is shown, or an earlier one."""
        item_id = self._agenda.beside(self._desk.opened.item.id if self._desk is not None else None, by)
        if item_id is not None:
            self.show_item(item_id)

    # The verdicts

    def reveal(self) -> None:
        """Show the verdicts, once the lead has looked: outputs are shown when their difficulty is set."""
        if self._desk is None or self._revealed:
            return
        if not self._desk.revealed:
            self._message = Message("Look at the item first: set how difficult it is", serious=True)
        elif not self._hearing.anything:
            self._message = Message("Nobody's verdict on this item stands")
        elif self._person.role is Role.ANNOTATOR and not self._hearing.has_judged(self._person.id):
            self._message = Message("Judge this item yourself before you see what others said of it", serious=True)
        else:
            self._desk.expose("verdicts")
            self._message = Message("")
        self._tell()

    def take(self, number: int) -> None:
        """Build the resolution from the card with this number, from 1; it can be edited, and undo takes it back."""
        desk = self._desk
        if desk is None or not self._revealed or not 1 <= number <= len(self._hearing):
            return
        desk.take_over(self._hearing.taken(desk.opened.case, desk.draft, number))
        self._message = Message(f"Taken from {self._hearing.name(number).lower()}")
        self._tell()

    def toggle_names(self) -> None:
        if self._revealed:
            self._names = self._hearing.names_shown = not self._names
            self._tell()

    # The decision

    def ask_gap(self) -> None:
        """Ask which line of the rubric is to blame; where one is set already, take it back."""
        desk = self._desk
        if desk is None or not self._revealed:
            return
        if desk.draft.gap:
            desk.blame("")
        else:
            self._gaps = self._hearing.gaps()
            options = tuple(gap_in_words(desk.opened.case, gap) for gap in self._gaps)
            self._ask = Ask("gap", "Which line of the rubric is to blame?", options)
        self._tell()

    def answer(self, number: int) -> None:
        if self._ask is None or self._ask.what != "gap" or self._desk is None:
            super().answer(number)
            return
        if 1 <= number <= len(self._gaps):
            self._ask = None
            self._desk.blame(self._gaps[number - 1])
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
        decided = verdict_of(desk.opened.case, desk.draft, self._release.id, folded=self._folded(desk))
        resolution = self._hearing.resolution(decided, desk.draft)
        append = partial(
            steps.resolve,
            self._store,
            self._person,
            resolution,
            self._now(),
            own_verdict_counts=self._project.settings.settle_own,
        )

        def resolve() -> None:
            append()
            self._disputed.resolve(item_id)

        in_parts = decided.gold is not None and resolution.checked is not Checked.WHOLE
        no_gold = "; it is no gold record, since nobody checked the whole item for this answer" if in_parts else ""
        self._put(desk, resolve, f"Resolved {item_id}{no_gold}")

    def _why_not(self, desk: Desk) -> str:
        """Why the item cannot be resolved now; empty when it can."""
        if self._person.role is not Role.LEAD:
            return "Only a lead decides; you may look"
        if self._hearing.has_judged(self._person.id) and not self._project.settings.settle_own:
            return "You judged this item yourself, so another lead settles it"
        if desk.missing:
            return desk.missing
        if self._hearing.anything and not self._revealed:
            return "Look at the verdicts before you decide"
        return ""

    def ask_another(self) -> None:
        """Ask that one more person judges the item; until then it waits behind all others, and the next one comes."""
        desk = self._desk
        if desk is None:
            return
        if self._person.role is not Role.LEAD:
            self.say("Only a lead asks others here", serious=True)
            return
        item_id, which = desk.opened.item.id, self._hearing.next_one
        try:
            ask_another(self._project, self._person, item_id, self._now())
        except LabelerError as problem:
            self.say(problem.what, serious=True)
            return
        self._keep_draft()
        self._disputed.put_last(item_id)
        self._open_next()
        self.say(f"{which[0].upper()}{which[1:]} person will judge {item_id}: it waits at the end of the list")

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

    def _open_next(self) -> None:
        """One that cannot be shown, since its outputs were erased, keeps no lead from the others."""
        for _ in range(LEFT_OUT_AT_ONCE):
            try:
                super()._open_next()
            except LabelerError as problem:
                self._message = Message(problem.what, serious=True)
                self._disputed.leave_out()
            else:
                return

    def _not_saved(self) -> None:
        super()._not_saved()
        self.refresh()

    def _open(self, item_id: str, why: Why | None, check: Check | None = None) -> Desk:
        desk = super()._open(item_id, why, check)
        self._carried = None
        self._hearing = Hearing(item_id, self._store.verdicts(self._release.id, item_id), names_shown=self._names)
        if self._person.role is not Role.ANNOTATOR:
            checks = self._store.checks_of(self._release.id, item_id)
            self._hearing.checks = tuple((Right(check.outcome), check.kind) for check in checks if check.outcome)
            looks_back = any(check.kind is CheckKind.KNOWN for check in checks) and not self._hearing.verdicts
            known = known_before(self._project, self._release.id, only=item_id) if looks_back else ()
            self._carried = next(iter(known), None)
        return desk

    def _standing(self) -> StoredResolution | None:
        if self._desk is None:
            return None
        return self._store.resolution(self._release.id, self._desk.opened.item.id)

    @property
    def _may_know(self) -> bool:
        """How an item was decided is not for who may still have to judge it."""
        feedback = self._project.settings.onboarding.feedback and self._hearing.has_judged(self._person.id)
        return self._person.role is not Role.ANNOTATOR or feedback

    def _make_state(self) -> ReviewState:
        self._adjudication = self._make_adjudication()
        return super()._make_state()

    def _make_adjudication(self) -> AdjudicationState:
        lead = self._person.role is not Role.ANNOTATOR
        desk, known = self._desk, present.listed(self._agenda, self._project.settings.consensus.words, lead=lead)
        if desk is None:
            return known
        standing, case = self._standing(), desk.opened.case
        # A lead looks at the item before being told what others decided.
        told = self._person.role is not Role.LEAD or present.has_seen(desk)
        decision = ""
        if standing is not None and self._may_know:
            own = standing.event.author == self._person.id
            decision = present.standing_in_words(case, standing.resolution, told=told or own)
        folded = self._folded(desk)
        shown = present.with_item(known, desk, self._hearing, decision, self._why_not(desk), folded=folded)
        if not decision and self._carried is not None:
            shown = replace(shown, carried=present.carried_in_words(case, self._carried.right, told=told))
        if not shown.revealed:
            return shown
        item = desk.opened.item
        accord = self._accords.of((item.modality, kind_of(item.slices)), self._tell)
        return replace(shown, accord=accord.figure, accord_means=accord.means)

    def _folded(self, desk: Desk) -> bool:
        return desk.opened.folded is not None and not self._view.raw_text

"""The Review screen's session: does what a key says, keeps what was done, tells who listens what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from labeler.domain.checks import Check
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.queue import Why
from labeler.domain.verdicts import Verdict
from labeler.sessions.review import questions
from labeler.sessions.review.asking import THREAD
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.feedback import TRAINING, training_ask, training_words
from labeler.sessions.review.following import Following
from labeler.sessions.review.inbox import Inbox, newest_release
from labeler.sessions.review.opening import model_names
from labeler.sessions.review.present import Judged, shown_evidence
from labeler.sessions.review.saving import verdict_of
from labeler.sessions.review.state import Ask, Filter, Message, Place, ReviewState, Screen
from labeler.sessions.review.words import person_words
from labeler.sessions.review.writing import SAVING
from labeler.steps import review as steps
from labeler.steps.project import Project
from labeler.steps.threads import answered_since

Listener = Callable[[ReviewState, ReviewState], None]


class ReviewSession(Following):
    """One person reviewing one release of one project.

    All methods are called on one thread. The `outbox` says how to wait for the disk.
    """

    def __init__(
        self, project: Project, person: Person, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        super().__init__()
        self._project = project
        self._store = project.store
        self._person = person
        self._now = now
        self._monotonic = monotonic
        self._stream = project.store.stream(person.id)
        self._release, self._release_number = newest_release(project)
        self._simulated = project.store.simulated_verdicts(self._release.id)
        self._saved_something = project.store.last_standing(self._stream) is not None
        self._inbox = self._make_inbox()
        self._listeners: list[Listener] = []
        self._opened_at = 0.0
        self._ask: Ask | None = None
        self._judged = Judged()
        newest = project.store.newest_of(self._stream)
        self._heard_until = "" if newest is None else newest.at
        """Answers to questions that came before are known, or on the board."""
        self._answered = ""
        self._open_next()
        self._state = self._make_state()

    def _make_inbox(self) -> Inbox:
        """Where the items come from."""
        return Inbox(self._project, self._release, self._person, self._now)

    @property
    def state(self) -> ReviewState:
        return self._state

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # Questions

    def ask_undecidable(self) -> None:
        """Ask why nobody can tell; where it is set already, take it back."""
        if self._desk is not None and self._desk.draft.undecidable is not None:
            self._desk.set_undecidable(None)
        elif self._desk is not None and self._desk.revealed:
            self._ask = questions.UNDECIDABLE
        self._tell()

    def ask_skip(self) -> None:
        if self._desk is not None:
            self._ask = questions.SKIP
            self._tell()

    @property
    def asking(self) -> bool:
        """Not while training tells how an item was settled: the evidence can be looked at beside it."""
        return self._ask is not None and self._ask.what != TRAINING

    def answer(self, number: int) -> None:
        """The option with this number, counted from 1, answers the question that is asked."""
        ask, desk = self._ask, self._desk
        if ask is None or desk is None or not 1 <= number <= len(ask.options):
            return
        if ask.what == THREAD:
            self._send_question(desk)
            self._tell()
            return
        self._ask = None
        if ask.what == TRAINING:
            self._open_next()
            if self._inbox.training is None:
                self._message = Message("Training is done: the items that come now count")
            self._tell()
            return
        if ask is questions.UNDECIDABLE:
            desk.set_undecidable(ask.options[number - 1])
            self._tell()
            return
        self._skip(desk, questions.with_why(ask.options[number - 1], desk.unopened, desk.opened.names))

    def _may_write(self) -> bool:
        """Whether this person's word counts; where it does not, that is said."""
        if self._person.role is not Role.AUDITOR:
            return True
        self._message = Message("Not saved: an auditor looks at everything and changes nothing", serious=True)
        self._tell()
        return False

    def _skip(self, desk: Desk, reason: str) -> None:
        if not self._may_write():
            return
        item_id, check, now = desk.opened.item.id, desk.opened.check, self._now()
        self._asked = None
        where = (self._store, self._stream, desk.opened.release.id, item_id)
        skip = partial(steps.skip, *where, reason, now)
        if check is not None:
            skip = partial(steps.skip_check, *where, check, reason, now)
        self._put(desk, skip, f"Skipped {item_id}")

    def dismiss(self) -> None:
        """Close the question without an answer; without a question, drop what is in hand or selected."""
        if self._ask is not None and self._ask.what == TRAINING:
            self.answer(1)
            return
        if self._ask is None and self._desk is not None:
            self._desk.put_down()
        self._ask = None
        self._view = replace(self._view, more_codes=False)
        self._tell()

    # Save and undo

    def save_or_send(self) -> None:
        """Send the question that is being typed; save the verdict where there is none."""
        if self._ask is not None and self._ask.what == THREAD:
            self.answer(1)
        else:
            self.save()

    def save(self) -> None:
        """Save the verdict durably and show the next item; where something is missing, say what and go there."""
        desk = self._desk
        if self._ask is not None and self._ask.what == TRAINING:  # saved already, and read
            self.answer(1)
            return
        if desk is None or not self._may_write():
            return
        if desk.missing:
            self._message = Message(desk.missing, serious=True)
            if desk.revealed:
                desk.go_to_next_open()
            self._tell()
            return
        if desk.draft.question.strip():
            self.ask_lead()
            self.say("Your question is not sent: send it, or clear it", serious=True)
            return
        draft = replace(desk.draft, spent_ms=self._spent_ms(desk))
        timed = self._project.settings.record_times
        folded, check, now = desk.folded, desk.opened.check, self._now()

        def verdict() -> Verdict:
            return verdict_of(desk.opened.case, draft, desk.opened.release.id, folded=folded, timed=timed)

        def save() -> None:
            if check is None:
                steps.save_verdict(self._store, self._stream, verdict(), now)
            else:
                steps.save_check(self._store, self._stream, verdict(), check, now)

        after = partial(self._tell_settled, desk, verdict) if self._inbox.training is not None else None
        self._ask_for_guess(desk)
        self._put(desk, save, f"Saved {desk.opened.item.id}{self._named(desk)}", after)

    def _named(self, desk: Desk) -> str:
        """Which model each side of an item that was judged is, where the project tells."""
        if not self._project.settings.reveal_after:
            return ""
        names = model_names(desk.opened.case)
        return f" · A was {names['A']}, B {names['B']}"

    def _tell_settled(self, desk: Desk, verdict: Callable[[], Verdict]) -> None:
        """In training: how the item was settled stands beside it before the next one comes."""
        settled = self._store.resolution(desk.opened.release.id, desk.opened.item.id)
        if settled is None:
            self._open_next()
        else:
            desk.end()
            answer = self._store.decided_answer(settled)
            self._ask = training_ask(desk.opened.case, verdict(), settled, answer, folded=desk.folded)
            self._inbox.count()

    # What is shown

    def filter_modality(self, modality: Modality | None) -> None:
        self._set_filter(replace(self._inbox.filter, modality=modality))

    def filter_slice(self, key: str, value: str | None) -> None:
        """Only items with this slice; None takes the condition away."""
        kept = {k: v for k, v in self._inbox.filter.slices.items() if k != key}
        self._set_filter(replace(self._inbox.filter, slices=kept if value is None else {**kept, key: value}))

    def _set_filter(self, chosen: Filter) -> None:
        if not self._written_down():
            return
        self._keep_draft()
        self._inbox.filter = chosen
        self._open_next()
        self._tell()

    def show_item(self, item_id: str, exposed: Iterable[str] = ()) -> None:
        """Show this item of the release, whether it is next or not. Raises LabelerError when there is none.

        `exposed` is what the person saw of it before, elsewhere; it is recorded with the verdict.
        """
        if not self.settle():
            return
        self._keep_draft()
        self._asked = None
        self._message = Message("")  # what was said of another item
        desk = self._open(item_id, None)
        self._inbox.hold(desk)
        for what in exposed:
            desk.expose(what)
        self._tell()

    def prepare(self) -> None:
        """Load the item that comes next, now that there is time."""
        if self._desk is not None:
            self._inbox.prepare(self._desk)

    def say(self, text: str, *, serious: bool = False) -> None:
        self._message = Message(text, serious)
        self._tell()

    # Inside

    def _open_next(self) -> None:
        found = self._inbox.next()
        self._desk = None
        self._hear_answers()
        if found is not None:
            self._inbox.hold(self._open(*found))

    def _hear_answers(self) -> None:
        """Between two items: whether a lead answered what this person asked."""
        self._answered = ""
        if self._person.role is not Role.ANNOTATOR:
            return
        answered = answered_since(self._project, self._person, self._heard_until)
        if answered:
            self._heard_until = answered[0].said[-1].at
            which = "your question" if len(answered) == 1 else f"{len(answered)} of your questions"
            self._answered = f"A lead answered {which}, on {answered[0].item_id}: Board, Questions"

    def _look_ahead(self) -> None:
        """The item that comes next is on the desk already: see what comes behind it."""
        if self._desk is not None:
            self._inbox.look_ahead(self._desk)

    def _open(self, item_id: str, why: Why | None, check: Check | None = None) -> Desk:
        """Put an item on the desk, with the draft that was kept of it."""
        desk, restored = self._inbox.put_on_desk(item_id, why, check)
        if restored:
            self._message = Message("Your unsaved work on this item is back")
        return self._show_desk(desk)

    def _show_desk(self, desk: Desk, active_s: float = 0.0) -> Desk:
        self._desk = desk
        self._look_for_newer()
        self._ask = None
        self._view = replace(self._view, raw_text=False, more_codes=False)
        self._opened_at = self._monotonic() - active_s
        return desk

    def _active_s(self) -> float:
        """How long the item has been on the desk."""
        return self._monotonic() - self._opened_at

    def _spent_ms(self, desk: Desk) -> int:
        return desk.draft.spent_ms + int(self._active_s() * 1000)

    def _keep_draft(self) -> bool:
        refused = self._inbox.keep(self._desk, self._spent_ms(self._desk)) if self._desk is not None else ""
        if refused:
            words = f"Your unsaved work is only in memory: its folder cannot be written ({refused})"
            self._message = Message(words, serious=True)
        return not refused

    def _tell(self) -> None:
        if self._desk is not None and self._desk.draft != self._state.judgement.draft:
            self._keep_draft()
        old, self._state = self._state, self._make_state()
        for listener in self._listeners:
            listener(old, self._state)

    def _tell_progress(self) -> None:
        """Only the message and how far one is changed: nothing else is made or drawn anew."""
        old, self._state = self._state, replace(self._state, place=self._place(), screen=self._screen())
        for listener in self._listeners:
            listener(old, self._state)

    def _make_state(self) -> ReviewState:
        desk = self._desk
        return ReviewState(
            place=self._place(),
            evidence=shown_evidence(desk, self._view, self._request),
            judgement=self._judged.of(desk),
            screen=self._screen(),
        )

    def _screen(self) -> Screen:
        can_undo = self._saved_something or (self._desk is not None and self._desk.can_undo)
        waiting = Message(SAVING if self.outbox.busy else "")
        message = self._message if self._message.text else waiting
        return Screen(self._ask, message, can_undo, self.newer_rubric, self.guessing)

    def _place(self) -> Place:
        return Place(
            project=self._project.settings.name,
            release=str(self._release_number),
            person=person_words(self._person),
            modalities=tuple(m for m in Modality if m in self._release.pairs),
            simulated=self._simulated,
            filter=self._inbox.filter,
            progress=self._inbox.progress,
            upcoming=self._inbox.upcoming,
            training=training_words(training) if (training := self._inbox.training) is not None else None,
            answered=self._answered,
        )

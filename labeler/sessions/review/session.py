"""The Review screen's session: holds the state, does what a key says, tells who listens what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from labeler.domain.blind import Letter
from labeler.domain.differences.model import Kind
from labeler.domain.items import Modality, Release
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter, Why
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.review import judging
from labeler.sessions.review.drafts import DraftFolder
from labeler.sessions.review.opening import Opened, open_item, upcoming
from labeler.sessions.review.present import Place, Screen, review_state
from labeler.sessions.review.saving import draft_of, verdict_of
from labeler.sessions.review.state import (
    Ask,
    Choice,
    Draft,
    Filter,
    Layout,
    Message,
    Progress,
    Request,
    ReviewState,
    Upcoming,
    ViewRequest,
    ViewSettings,
)
from labeler.steps import review as steps
from labeler.steps.project import Project

Listener = Callable[[ReviewState, ReviewState], None]

SKIP_REASONS = (
    "The picture or recording cannot be opened",
    "I do not know this language or subject",
    "The prompt is not clear",
    "I should not judge this one",
    "Something else",
)
UNDECIDABLE_REASONS = (
    "Not readable or audible",
    "The prompt is ambiguous",
    "There is no single answer",
    "Something else",
)
_IN_WORDS = {
    Choice.A: "A is right",
    Choice.B: "B is right",
    Choice.BOTH: "both are right",
    Choice.NONE: "none is right",
}
AHEAD = 2
"""How many items are prepared before they are needed."""


class ReviewSession:
    """One person reviewing one release of one project.

    All methods are called on one thread. Each ends with at most one call to every listener.
    """

    def __init__(
        self, project: Project, person: Person, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._project = project
        self._person = person
        self._now = now
        self._monotonic = monotonic
        self._stream = project.store.stream(person.id)
        self._release = _newest_release(project)
        self._simulated = project.store.simulated_verdicts(self._release.id)
        self._saved_something = project.store.last_standing(self._stream) is not None
        self._drafts = DraftFolder(project.folder / "drafts" / person.id, self._release.id)
        self._listeners: list[Listener] = []
        self._opened: Opened | None = None
        self._opened_at = 0.0
        self._history: list[Draft] = []
        self._typing = ""
        """The text field that the last step came from."""
        self._draft = Draft()
        self._current: int | None = None
        self._seen: frozenset[str] = frozenset()
        self._filter = Filter()
        self._view = ViewSettings()
        self._request = ViewRequest()
        self._ask: Ask | None = None
        self._message = Message("")
        self._upcoming: tuple[Upcoming, ...] = ()
        self._progress = Progress(0, 0)
        self._last: tuple[Kind, Choice] | None = None
        """Kind of the difference judged last, and how."""
        self._open_next()
        self._state = self._make_state()

    # What a view reads

    @property
    def state(self) -> ReviewState:
        return self._state

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # The tier, and the differences one by one

    def set_tier(self, tier: Tier) -> None:
        first = self._draft.tier is None
        before = first or (self._draft.tier_before_outputs and self._draft.tier == tier)
        self._step(replace(self._draft, tier=tier, tier_before_outputs=before))
        if first:
            self._go_to(0)
        self._tell()

    def judge(self, choice: Choice) -> None:
        """The reading that is right at the current difference; the next open difference comes by itself.

        On an item without differences it is the verdict.
        """
        if self._opened is None:
            return
        walk = self._opened.case.walk
        if not walk:
            self.overrule(choice)
            return
        if self._current is None:
            return
        self._last = (walk[self._current].kind, choice)
        self._choose({walk[self._current].id: choice})
        self._go_to_next_open()
        self._tell()

    def judge_same_kind(self) -> None:
        """Give the last answer to all differences of the same kind that are still open."""
        if self._opened is None or self._last is None:
            return
        kind, choice = self._last
        alike = [d.id for d in self._opened.case.walk if d.kind is kind and d.id not in self._draft.choices]
        if alike:
            self._choose(dict.fromkeys(alike, choice))
            self._message = Message(f"{len(alike)} more of this kind: {_IN_WORDS[choice]}")
            self._go_to_next_open()
        else:
            self._message = Message("No other difference of this kind is open")
        self._tell()

    def next_difference(self) -> None:
        self._walk(+1)

    def previous_difference(self) -> None:
        self._walk(-1)

    def pick_difference(self, difference: str) -> None:
        """Go to the difference with this id; an id that is not walked (a cosmetic one) changes nothing."""
        if self._opened is not None and self._draft.tier is not None:
            ids = [d.id for d in self._opened.case.walk]
            if difference in ids:
                self._go_to(ids.index(difference))
                self._tell()

    # The verdict and what follows

    def overrule(self, choice: Choice) -> None:
        """Set the verdict itself; set again what it already was, and it follows from the differences again."""
        if self._draft.tier is None:
            return
        again = self._draft.overruled is choice
        self._step(replace(self._draft, overruled=None if again else choice, undecidable=None))
        self._tell()

    def toggle_failure(self, letter: Letter, code: str) -> None:
        if self._opened is None or self._draft.tier is None:
            return
        difference = self._opened.case.walk[self._current].id if self._current is not None else None
        self._step(judging.toggle(self._opened.case, self._draft, letter, code, difference))
        self._tell()

    def toggle_sure(self) -> None:
        self._step(replace(self._draft, sure=not self._draft.sure))
        self._tell()

    def toggle_whole_checked(self) -> None:
        self._step(replace(self._draft, whole_checked=not self._draft.whole_checked))
        self._tell()

    def edit_gold(self, text: str | None) -> None:
        """The gold answer as typed; None goes back to the one built from the readings."""
        self._type("gold", replace(self._draft, gold_text=text))

    def edit_note(self, text: str) -> None:
        self._type("note", replace(self._draft, note=text))

    def ask_undecidable(self) -> None:
        """Ask why nobody can tell; where it is set already, take it back."""
        if self._draft.undecidable is not None:
            self._step(replace(self._draft, undecidable=None))
        elif self._draft.tier is not None:
            self._ask = Ask("undecidable", "Why can nobody tell?", UNDECIDABLE_REASONS)
        self._tell()

    def ask_skip(self) -> None:
        if self._opened is not None:
            self._ask = Ask("skip", "Why skip this item?", SKIP_REASONS)
            self._tell()

    def answer(self, number: int) -> None:
        """The option with this number, counted from 1, answers the question that is asked."""
        ask = self._ask
        if ask is None or self._opened is None or not 1 <= number <= len(ask.options):
            return
        self._ask = None
        if ask.what == "skip":
            self._skip(self._opened, ask.options[number - 1])
        else:
            self._step(replace(self._draft, undecidable=ask.options[number - 1], overruled=None))
        self._tell()

    def dismiss(self) -> None:
        """Close the question without an answer."""
        self._ask = None
        self._view = replace(self._view, more_codes=False)
        self._tell()

    # Save, skip, undo

    def save(self) -> None:
        """Save the verdict durably and show the next item; where something is missing, say what and go there."""
        opened = self._opened
        if opened is None:
            return
        lacking = judging.missing(opened.case, self._draft)
        if lacking:
            self._message = Message(lacking, serious=True)
            self._go_to_next_open()
            self._tell()
            return
        draft = replace(self._draft, spent_ms=self._spent_ms())
        folded = opened.folded is not None and not self._view.raw_text
        verdict = verdict_of(opened.case, draft, self._release.id, folded=folded)
        steps.save_verdict(self._project.store, self._stream, verdict, self._now())
        self._done_with(opened, "Saved")
        self._tell()

    def _skip(self, opened: Opened, reason: str) -> None:
        steps.skip(self._project.store, self._stream, self._release.id, opened.item.id, reason, self._now())
        self._done_with(opened, "Skipped")

    def _done_with(self, opened: Opened, message: str) -> None:
        self._drafts.drop(opened.item.id)
        self._saved_something = True
        self._open_next()
        self._message = Message(message)

    def undo(self) -> None:
        """Take back the last thing done: in this item, else the last saved verdict or skip, also after a restart."""
        if self._history:
            self._draft, self._typing = self._history.pop(), ""
            if self._draft.tier is None:
                self._current = None
            self._message = Message("Undone")
        else:
            self._withdraw_last()
        self._tell()

    def _withdraw_last(self) -> None:
        self._keep_draft()
        undone = steps.withdraw_last(self._project.store, self._stream, self._now())
        if undone is None:
            self._saved_something = False
            self._message = Message("There is nothing to undo")
            return
        opened = self._open(undone.item_id, None)
        if undone.verdict is not None:
            draft = draft_of(opened.case, undone.verdict)
            self._draft = replace(draft, exposed=draft.exposed | {"own_verdict"})
            self._go_to(0)
        self._refresh_progress()
        self._message = Message(f"Taken back: {undone.item_id}")

    # The view

    def change_view(self, **changes: object) -> None:
        """Set fields of `ViewSettings`. Showing the raw text is recorded in the verdict."""
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]  # fields are checked by replace
        if self._view.raw_text and self._draft.tier is not None:
            self._draft = replace(self._draft, exposed=self._draft.exposed | {"raw_text"})
        self._tell()

    def blink(self) -> None:
        """One pane with both outputs in turn; again: the other output; a third time: side by side."""
        view = self._view
        if view.layout is Layout.SIDE_BY_SIDE:
            self.change_view(layout=Layout.BLINK, blink_letter="A")
        elif view.blink_letter == "A":
            self.change_view(blink_letter="B")
        else:
            self.change_view(layout=Layout.SIDE_BY_SIDE)

    def request(self, what: Request) -> None:
        self._request = ViewRequest(self._request.serial + 1, what)
        self._tell()

    def heard(self, spans: Iterable[tuple[float, float]]) -> None:
        """Parts of the recording that were played since last told, in seconds."""
        self._draft = replace(self._draft, heard=judging.merge_heard(self._draft.heard, list(spans)))
        self._tell()

    def set_filter(self, chosen: Filter) -> None:
        self._keep_draft()
        self._filter = chosen
        self._open_next()
        self._tell()

    def filter_modality(self, modality: Modality | None) -> None:
        self.set_filter(replace(self._filter, modality=modality))

    def filter_slice(self, key: str, value: str | None) -> None:
        """Only items with this slice; None takes the condition away."""
        kept = {k: v for k, v in self._filter.slices.items() if k != key}
        self.set_filter(replace(self._filter, slices=kept if value is None else {**kept, key: value}))

    def say(self, text: str, *, serious: bool = False) -> None:
        self._message = Message(text, serious)
        self._tell()

    def close(self) -> None:
        """Keep what is not saved; called when the window closes."""
        self._keep_draft()

    # Inside

    def _step(self, draft: Draft) -> None:
        if draft != self._draft:
            self._history.append(self._draft)
            self._draft = draft
            self._typing = ""

    def _type(self, field: str, draft: Draft) -> None:
        """What is typed into one field in a row is one step for undo."""
        if draft == self._draft:
            return
        if self._typing != field:
            self._history.append(self._draft)
        self._draft, self._typing = draft, field
        self._tell()

    def _choose(self, choices: Mapping[str, Choice]) -> None:
        self._step(replace(self._draft, choices={**self._draft.choices, **choices}, undecidable=None))

    def _walk(self, by: int) -> None:
        if self._current is not None and self._opened is not None:
            self._go_to((self._current + by) % len(self._opened.case.walk))
            self._tell()

    def _go_to(self, index: int) -> None:
        walk = self._opened.case.walk if self._opened is not None else ()
        self._current = index if index < len(walk) else None
        if self._current is not None:
            self._seen |= {walk[self._current].id}

    def _go_to_next_open(self) -> None:
        if self._opened is None or self._draft.tier is None:
            return
        walk, start = self._opened.case.walk, self._current or 0
        for step in range(len(walk)):
            index = (start + step) % len(walk)
            if walk[index].id not in self._draft.choices:
                self._go_to(index)
                return

    def _open_next(self) -> None:
        where = QueueFilter(modality=self._filter.modality, slices=self._filter.slices)
        entries = self._project.store.queue(self._release.id, self._person.id, where, limit=1 + AHEAD)
        ahead = (upcoming(self._project, entry.item_id) for entry in entries[1:])
        self._upcoming = tuple(one for one in ahead if one is not None)
        self._refresh_progress()
        self._forget()
        if entries:
            self._open(entries[0].item_id, entries[0].why)

    def _open(self, item_id: str, why: Why | None) -> Opened:
        self._forget()
        opened = self._opened = open_item(self._project, self._release, self._person, item_id, why)
        draft = self._drafts.load(item_id, opened.latest)
        if draft is not None:
            self._draft = draft
            self._message = Message("Your unsaved work on this item is back")
            if draft.tier is not None:
                self._go_to(0)
                self._go_to_next_open()
        return opened

    def _forget(self) -> None:
        self._opened = None
        self._history.clear()
        self._typing = ""
        self._draft = Draft()
        self._current = None
        self._seen = frozenset()
        self._ask = None
        self._last = None
        self._view = replace(self._view, raw_text=False, more_codes=False)
        self._opened_at = self._monotonic()

    def _refresh_progress(self) -> None:
        where = QueueFilter(modality=self._filter.modality, slices=self._filter.slices)
        found = self._project.store.progress(self._release.id, self._person.id, where)
        self._progress = Progress(found.done, found.total)

    def _spent_ms(self) -> int:
        return self._draft.spent_ms + int((self._monotonic() - self._opened_at) * 1000)

    def _keep_draft(self) -> None:
        if self._opened is not None and self._draft.touched:
            draft = replace(self._draft, spent_ms=self._spent_ms())
            self._drafts.keep(self._opened.item.id, self._opened.latest, draft)

    def _tell(self) -> None:
        old, self._state = self._state, self._make_state()
        if old.draft != self._state.draft:
            self._keep_draft()
        for listener in self._listeners:
            listener(old, self._state)

    def _make_state(self) -> ReviewState:
        place = Place(
            project=self._project.settings.name,
            release=self._release.id,
            person=self._person.name,
            modalities=tuple(self._release.pairs),
            simulated=self._simulated,
            filter=self._filter,
            progress=self._progress,
            upcoming=self._upcoming,
            can_undo=bool(self._history) or self._saved_something,
        )
        screen = Screen(self._ask, self._message, self._view, self._request)
        return review_state(place, screen, self._opened, self._draft, self._current, self._seen)


def _newest_release(project: Project) -> Release:
    release = project.store.latest_release()
    if release is None:
        raise LabelerError(
            f"{project.folder} has no release to review",
            kept="everything in it",
            remedy="bring both models' outputs: labeler import PROJECT --old F --new F",
        )
    return release

"""The Review screen's session: does what a key says, keeps what was done, tells who listens what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from labeler.domain.blind import Letter
from labeler.domain.items import Modality, Release
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter, Why
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.drafts import DraftFolder
from labeler.sessions.review.opening import open_item, upcoming
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

CommitWith = Callable[[Callable[[], None], Callable[[], None], Callable[[BaseException], None]], None]
"""(commit, done, failed): do `commit`, on any thread, then on the session's `done()`, or `failed(what it raised)`."""


def at_once(commit: Callable[[], None], done: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
    """Wait for the disk here and now."""
    try:
        commit()
    except LabelerError as problem:
        failed(problem)
    else:
        done()


SKIP_REASONS = (
    "It cannot be opened",
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

    All methods are called on one thread. `commit_with` says how to wait for the disk: as it is made, at once; a window
    puts a thread in its place, so that it never stands still.
    """

    def __init__(
        self, project: Project, person: Person, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._project = project
        self._store = project.store
        self._person = person
        self._now = now
        self._monotonic = monotonic
        self._stream = project.store.stream(person.id)
        self._release = _newest_release(project)
        self._release_name = str(1 + [r.id for r in project.store.releases()].index(self._release.id))
        self._simulated = project.store.simulated_verdicts(self._release.id)
        self._saved_something = project.store.last_standing(self._stream) is not None
        self._drafts = DraftFolder(project.folder / "drafts" / person.id, self._release.id)
        self.commit_with: CommitWith = at_once
        self._listeners: list[Listener] = []
        self._desk: Desk | None = None
        self._opened_at = 0.0
        self._filter = Filter()
        self._view = ViewSettings()
        self._request = ViewRequest()
        self._ask: Ask | None = None
        self._message = Message("")
        self._upcoming: tuple[Upcoming, ...] = ()
        self._progress = Progress(0, 0)
        self._open_next()
        self._state = self._make_state()

    @property
    def state(self) -> ReviewState:
        return self._state

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # On the item

    def set_tier(self, tier: Tier) -> None:
        self._on_desk(lambda desk: desk.set_tier(tier))

    def judge(self, choice: Choice) -> None:
        """Which reading is right at the current difference; the next open one comes by itself."""
        self._on_desk(lambda desk: desk.judge(choice))

    def judge_same_kind(self) -> None:
        """Give the last answer to all differences of the same kind that are still open."""
        done = self._desk.judge_same_kind() if self._desk else None
        if done is None:
            self._message = Message("Judge one difference first")
        elif not done[0]:
            self._message = Message("No other difference of this kind is open")
        else:
            self._message = Message(f"{done[0]:,} more of this kind: {_IN_WORDS[done[1]]}")
        self._tell()

    def next_difference(self) -> None:
        self._on_desk(lambda desk: desk.walk_by(+1))

    def previous_difference(self) -> None:
        self._on_desk(lambda desk: desk.walk_by(-1))

    def pick_difference(self, difference: str) -> None:
        self._on_desk(lambda desk: desk.pick(difference))

    def overrule(self, choice: Choice) -> None:
        self._on_desk(lambda desk: desk.overrule(choice))

    def toggle_failure(self, letter: Letter, code: str) -> None:
        self._on_desk(lambda desk: desk.toggle_failure(letter, code))

    def toggle_sure(self) -> None:
        self._on_desk(Desk.toggle_sure)

    def toggle_whole_checked(self) -> None:
        self._on_desk(Desk.toggle_whole_checked)

    def edit_gold(self, text: str | None) -> None:
        """The gold answer as typed; None goes back to the one built from the readings."""
        self._on_desk(lambda desk: desk.type_gold(text))

    def edit_note(self, text: str) -> None:
        self._on_desk(lambda desk: desk.type_note(text))

    def heard(self, spans: Iterable[tuple[float, float]]) -> None:
        """Parts of the recording that were played since last told, in seconds."""
        if self._desk is not None:
            self._desk.add_heard(list(spans))
            self._tell()

    # Questions

    def ask_undecidable(self) -> None:
        """Ask why nobody can tell; where it is set already, take it back."""
        if self._desk is not None and self._desk.draft.undecidable is not None:
            self._desk.set_undecidable(None)
        elif self._desk is not None and self._desk.draft.tier is not None:
            self._ask = Ask("undecidable", "Why can nobody tell?", UNDECIDABLE_REASONS)
        self._tell()

    def ask_skip(self) -> None:
        if self._desk is not None:
            self._ask = Ask("skip", "Why skip this item?", SKIP_REASONS)
            self._tell()

    def answer(self, number: int) -> None:
        """The option with this number, counted from 1, answers the question that is asked."""
        ask, desk = self._ask, self._desk
        if ask is None or desk is None or not 1 <= number <= len(ask.options):
            return
        self._ask = None
        if ask.what == "undecidable":
            desk.set_undecidable(ask.options[number - 1])
            self._tell()
            return
        item_id, reason = desk.opened.item.id, ask.options[number - 1]
        skip = partial(steps.skip, self._store, self._stream, self._release.id, item_id, reason, self._now())
        self._put(desk, skip, f"Skipped {item_id}")

    def dismiss(self) -> None:
        """Close the question without an answer."""
        self._ask = None
        self._view = replace(self._view, more_codes=False)
        self._tell()

    # Save and undo

    def save(self) -> None:
        """Save the verdict durably and show the next item; where something is missing, say what and go there."""
        desk = self._desk
        if desk is None:
            return
        if desk.missing:
            self._message = Message(desk.missing, serious=True)
            if desk.draft.tier is not None:
                desk.go_to_next_open()
            self._tell()
            return
        folded = desk.opened.folded is not None and not self._view.raw_text
        draft = replace(desk.draft, spent_ms=self._spent_ms(desk))
        verdict = verdict_of(desk.opened.case, draft, self._release.id, folded=folded)
        save = partial(steps.save_verdict, self._store, self._stream, verdict, self._now())
        self._put(desk, save, f"Saved {desk.opened.item.id}")

    def _put(self, desk: Desk, append: Callable[[], object], words: str) -> None:
        """Append to the log and show the next item; say so once it is on disk, and only then let go of the draft."""

        def done() -> None:
            self._drafts.drop(desk.opened.item.id)
            self._message = Message(words)
            self._tell()

        def failed(problem: BaseException) -> None:
            if not isinstance(problem, LabelerError):
                raise problem
            self._open(desk.opened.item.id, desk.opened.why)
            self._message = Message(f"Not saved: {problem.what}", serious=True)
            self._tell()

        self._keep_draft()
        try:
            with self._store.handing_over(lambda commit: self.commit_with(commit, done, failed)):
                append()
                self._open_next()
                self._saved_something = True
                self._message = Message("Saving…")
        except LabelerError as problem:
            failed(problem)
            return
        self._tell()

    def undo(self) -> None:
        """Take back the last thing done: in this item, else the last saved verdict or skip, also after a restart."""
        if self._desk is not None and self._desk.undo():
            self._message = Message("Undone")
        else:
            self._withdraw_last()
        self._tell()

    def _withdraw_last(self) -> None:
        self._keep_draft()
        undone = steps.withdraw_last(self._store, self._stream, self._now())
        if undone is None:
            self._saved_something = False
            self._message = Message("There is nothing to undo")
            return
        desk = self._open(undone.item_id, None)
        if undone.verdict is not None:
            self._desk = Desk(desk.opened, draft_of(desk.opened.case, undone.verdict))
            self._desk.expose("own_verdict")
        self._refresh_progress()
        self._message = Message(f"Taken back: {undone.item_id}")

    # The view

    def change_view(self, **changes: object) -> None:
        """Set fields of `ViewSettings`. That the raw text was shown is recorded in the verdict."""
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]  # replace checks the names
        if self._desk is not None and self._view.raw_text and self._desk.opened.folded is not None:
            self._desk.expose("raw_text")
        self._tell()

    def blink(self) -> None:
        """One pane with A, then with B, then side by side again."""
        if self._view.layout is Layout.SIDE_BY_SIDE:
            self.change_view(layout=Layout.BLINK, blink_letter="A")
        elif self._view.blink_letter == "A":
            self.change_view(blink_letter="B")
        else:
            self.change_view(layout=Layout.SIDE_BY_SIDE)

    def request(self, what: Request) -> None:
        self._request = ViewRequest(self._request.serial + 1, what)
        self._tell()

    def filter_modality(self, modality: Modality | None) -> None:
        self._set_filter(replace(self._filter, modality=modality))

    def filter_slice(self, key: str, value: str | None) -> None:
        """Only items with this slice; None takes the condition away."""
        kept = {k: v for k, v in self._filter.slices.items() if k != key}
        self._set_filter(replace(self._filter, slices=kept if value is None else {**kept, key: value}))

    def _set_filter(self, chosen: Filter) -> None:
        self._keep_draft()
        self._filter = chosen
        self._open_next()
        self._tell()

    def show_item(self, item_id: str) -> None:
        """Show this item of the release, whether it is next or not. Raises LabelerError when there is none."""
        self._keep_draft()
        self._open(item_id, None)
        self._tell()

    def say(self, text: str, *, serious: bool = False) -> None:
        self._message = Message(text, serious)
        self._tell()

    def close(self) -> None:
        """Keep what is not saved; called when the window closes."""
        self._keep_draft()

    # Inside

    def _on_desk(self, step: Callable[[Desk], None]) -> None:
        if self._desk is not None:
            self._message = Message("")
            step(self._desk)
            self._tell()

    def _where(self) -> QueueFilter:
        return QueueFilter(modality=self._filter.modality, slices=self._filter.slices)

    def _open_next(self) -> None:
        entries = self._store.queue(self._release.id, self._person.id, self._where(), limit=1 + AHEAD)
        ahead = (upcoming(self._project, entry.item_id) for entry in entries[1:])
        self._upcoming = tuple(one for one in ahead if one is not None)
        self._refresh_progress()
        self._desk = None
        if entries:
            self._open(entries[0].item_id, entries[0].why)

    def _open(self, item_id: str, why: Why | None) -> Desk:
        """Put an item on the desk, with the draft that was kept of it."""
        opened = open_item(self._project, self._release, self._person, item_id, why)
        draft = self._drafts.load(item_id, opened.latest)
        if draft is not None:
            self._message = Message("Your unsaved work on this item is back")
        self._desk = Desk(opened, draft or Draft())
        self._ask = None
        self._view = replace(self._view, raw_text=False, more_codes=False)
        self._opened_at = self._monotonic()
        return self._desk

    def _refresh_progress(self) -> None:
        found = self._store.progress(self._release.id, self._person.id, self._where())
        self._progress = Progress(found.done, found.total)

    def _spent_ms(self, desk: Desk) -> int:
        return desk.draft.spent_ms + int((self._monotonic() - self._opened_at) * 1000)

    def _keep_draft(self) -> None:
        desk = self._desk
        if desk is None:
            return
        if not desk.draft.touched:
            self._drafts.drop(desk.opened.item.id)
        else:
            draft = replace(desk.draft, spent_ms=self._spent_ms(desk))
            self._drafts.keep(desk.opened.item.id, desk.opened.latest, draft)

    def _tell(self) -> None:
        old, self._state = self._state, self._make_state()
        if old.draft != self._state.draft:
            self._keep_draft()
        for listener in self._listeners:
            listener(old, self._state)

    def _make_state(self) -> ReviewState:
        desk = self._desk
        place = Place(
            project=self._project.settings.name,
            release=self._release_name,
            person=self._person.name,
            modalities=tuple(m for m in Modality if m in self._release.pairs),
            simulated=self._simulated,
            filter=self._filter,
            progress=self._progress,
            upcoming=self._upcoming,
            can_undo=self._saved_something or (desk is not None and desk.can_undo),
        )
        return review_state(place, Screen(self._ask, self._message, self._view, self._request), desk)


def _newest_release(project: Project) -> Release:
    release = project.store.latest_release()
    if release is None:
        raise LabelerError(
            f"{project.folder} has no release to review",
            kept="everything in it",
            remedy="bring both models' outputs: labeler import PROJECT --old F --new F",
        )
    return release

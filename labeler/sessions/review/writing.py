"""How what was decided on the desk gets into the log, and out of it again: saved, skipped, taken back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from functools import partial

from labeler.domain.checks import Check
from labeler.domain.queue import Why
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.inbox import Inbox
from labeler.sessions.review.outbox import Outbox
from labeler.sessions.review.saving import draft_of
from labeler.sessions.review.state import Message
from labeler.sessions.review.viewing import Viewing
from labeler.steps import review as steps
from labeler.steps.project import Project
from labeler.store import Store

SAVING = "Saving…"


class Writing(Viewing):
    """The part of a session that appends to the log.

    What the disk refuses comes back on the desk, whatever has come since; whatever was asked for when that turned out
    is not done, since it was asked for in the belief that all is saved.
    """

    _project: Project
    _store: Store
    _stream: str
    _inbox: Inbox
    _now: Callable[[], datetime]
    _saved_something: bool

    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox()
        self._refusals = 0

    def settle(self) -> bool:
        """Wait until all that was done is on disk; False where something was not saved, which is back then."""
        before = self._refusals
        self.outbox.settle()
        return self._refusals == before

    def close(self) -> None:
        """Keep what is not saved; called when the window closes."""
        self.outbox.close()
        self._keep_draft()

    def _written_down(self) -> bool:
        """As `settle`, without waiting for the disk."""
        before = self._refusals
        self.outbox.flush()
        return self._refusals == before

    def _put(
        self, desk: Desk, append: Callable[[], object], words: str, after: Callable[[], None] | None = None
    ) -> None:
        """Append to the log and show the next item (or what `after` does); where it is known which one that will be
        and a window shows it, the other way round.
        """
        if not self._written_down():
            return
        kept = self._inbox.has_kept(desk) or self._keep_draft()
        put = partial(self._append, desk, self._active_s(), append, words)
        # What only this program's memory holds may not wait.
        if after is None and kept and self.outbox.soon is not None and self._open_foreseen(desk):
            self.outbox.put_off(partial(put, self._look_ahead))
        else:
            put(after or self._open_next)
        self._tell()

    def _open_foreseen(self, desk: Desk) -> bool:
        """Put on the desk what comes after this item, where that can be known and opened."""
        coming = self._inbox.foreseen(desk)
        if coming is None:
            return False
        self._message = Message(SAVING)
        try:
            self._open(*coming)
        except Exception:  # who asks the queue for it is told why
            return False
        self._saved_something = True
        return True

    def _append(
        self, desk: Desk, active_s: float, append: Callable[[], object], words: str, after: Callable[[], None]
    ) -> None:
        """Append to the log; say so once it is on disk, and only then let go of the draft."""

        def done() -> None:
            self._inbox.drop(desk)
            if not self._message.serious:
                self._message = Message(words)
            self._tell_progress()

        def failed(problem: BaseException) -> None:
            self._refusals += 1
            self._asked = None
            self._keep_draft()  # of the item that has come since
            self._show_desk(desk, active_s)
            self._not_saved()
            if not isinstance(problem, LabelerError):
                raise problem
            self._message = Message(f"Not saved: {problem.what}", serious=True)
            self._tell()

        try:
            with self._store.handing_over(lambda commit: self.outbox.send(commit, done, failed)):
                append()
                after()
                self._saved_something = True
                self._message = Message(SAVING)
        except Exception as problem:
            failed(problem)

    def _not_saved(self) -> None:
        """What was foreseen and counted as done is not so."""
        self._inbox.forget()

    def undo(self) -> None:
        """Take back the last thing done: in this item, else the last saved verdict or skip, also after a restart."""
        if not self._written_down():
            return
        if self._desk is not None and self._desk.undo():
            self._message = Message("Undone")
        elif not self.settle():
            return
        else:
            self._withdraw_last()
        self._tell()

    def redo(self) -> None:
        """Do again what was taken back last in this item. A verdict that was taken back is saved again with `save`."""
        if self._desk is not None:
            self._message = Message("Done again" if self._desk.redo() else "There is nothing to do again")
            self._tell()

    def _withdraw_last(self) -> None:
        self._keep_draft()
        self._asked = None
        before, active_s = self._desk, self._active_s()
        try:
            desk = self._take_back()
        except LabelerError as problem:
            if before is not None and self._desk is not before:
                self._show_desk(before, active_s)
            self._message = Message(f"Not taken back: {problem.what}", serious=True)
            return
        if desk is None:
            self._saved_something = False
            self._message = Message("There is nothing to undo")
            return
        self._inbox.hold(desk)
        self._inbox.count()
        self._message = Message(f"Taken back: {desk.opened.item.id}")

    def _take_back(self) -> Desk | None:
        """Put what was said last back on the desk; None where nothing was.

        Its draft is on disk before the verdict is out of force: of the two one is always there, whatever ends the
        program.
        """
        with self._store.atomic():
            undone = steps.withdraw_last(self._store, self._stream, self._now())
            if undone is None:
                return None
            desk = self._open(undone.item_id, None, undone.check)
            if undone.verdict is not None:
                desk = self._show_desk(Desk(desk.opened, draft_of(desk.opened.case, undone.verdict)))
                desk.expose("own_verdict")
                if self._project.settings.reveal_after:
                    desk.expose("models")
                self._keep_draft()
            return desk

    @abstractmethod
    def _open(self, item_id: str, why: Why | None, check: Check | None = None) -> Desk: ...

    @abstractmethod
    def _open_next(self) -> None: ...

    @abstractmethod
    def _look_ahead(self) -> None: ...

    @abstractmethod
    def _show_desk(self, desk: Desk, active_s: float = 0.0) -> Desk: ...

    @abstractmethod
    def _active_s(self) -> float: ...

    @abstractmethod
    def _keep_draft(self) -> bool:
        """Keep what is on the desk; False where the disk refuses that as well."""

    @abstractmethod
    def _tell_progress(self) -> None: ...

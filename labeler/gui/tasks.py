"""Work beside the window: the only threads of the program.

The latest request wins: a task that is superseded still ends, and its answer is dropped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal

T = TypeVar("T")

_AFTER_PAINTING = Qt.EventPriority.LowEventPriority.value - 1
"""Qt asks a window to paint itself with a low priority; what is below that comes after it."""


class Tasks(QObject):
    """Runs functions on a few threads and hands their answers back on the window's thread."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, workers: int = 2, *, in_no_hurry: bool = False) -> None:
        """`in_no_hurry`: answers wait until what is due to be painted is painted."""
        super().__init__(parent)
        self._answers: deque[Callable[[], None]] | None = deque() if in_no_hurry else None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="labeler")
        self._generation: dict[str, int] = {}
        self._stopped = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        slot: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do `work` on a thread, then `done(answer)` or `failed(exception)` on the window's thread.

        A later call with the same `slot` makes the answer of an earlier one worthless; it is then dropped. After
        `stop` nothing is done: the window that asks is closed.
        """
        if self._stopped:
            return
        generation = self._generation[slot] = self._generation.get(slot, 0) + 1

        def deliver(future: Future[T]) -> None:
            if self._generation.get(slot) != generation or future.cancelled():
                return
            problem = future.exception()
            if problem is not None:
                failed(problem)
            else:
                done(future.result())

        self._pool.submit(work).add_done_callback(lambda future: self._hand_over(lambda: deliver(future)))

    def _hand_over(self, deliver: Callable[[], None]) -> None:
        """On any thread."""
        if self._answers is None:
            self._finished.emit(deliver)
        else:
            self._answers.append(deliver)
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _AFTER_PAINTING)

    def customEvent(self, event: QEvent) -> None:  # noqa: ARG002  # one of a kind
        # Not yet: a timer comes after whoever waits for the painting to have been.
        QTimer.singleShot(0, self, self._deliver_next)

    def _deliver_next(self) -> None:
        if self._answers:
            self._answers.popleft()()

    def drop(self, slot: str) -> None:
        """The answer for this slot is no longer wanted."""
        self._generation[slot] = self._generation.get(slot, 0) + 1

    def finish(self) -> None:
        """Wait for everything that was asked for, deliver the answers, and stop."""
        self._pool.shutdown(wait=True)
        QCoreApplication.sendPostedEvents(self)
        while self._answers:
            self._answers.popleft()()
        self.stop()

    def stop(self) -> None:
        """Wait for what runs, drop all answers. Called once, when the window closes."""
        self._stopped = True
        self._generation = dict.fromkeys(self._generation, -1)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, deliver: Callable[[], None]) -> None:
        deliver()

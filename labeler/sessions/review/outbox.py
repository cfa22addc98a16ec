"""What is on its way from a session into the log, and from there to the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue

CommitWith = Callable[[Callable[[], None], Callable[[], None]], None]
"""(commit, answered): do `commit`, on any thread, then call `answered` on the session's. Neither raises."""
Soon = Callable[[Callable[[], None]], None]
"""Do this on the session's thread, soon: after the next item has been painted."""


def at_once(commit: Callable[[], None], answered: Callable[[], None]) -> None:
    """Wait for the disk here and now."""
    commit()
    answered()


class _Sent:
    """A commit that was handed over, and what is done with the disk's answer."""

    def __init__(
        self, commit: Callable[[], None], done: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._commit, self._done, self._failed = commit, done, failed
        self._answer: SimpleQueue[BaseException | None] = SimpleQueue()

    def commit(self) -> None:
        """On any thread."""
        try:
            self._commit()
        except BaseException as problem:
            self._answer.put(problem)
        else:
            self._answer.put(None)

    def deliver(self) -> None:
        """Wait for the answer, and act on it."""
        problem = self._answer.get()
        if problem is None:
            self._done()
        else:
            self._failed(problem)


class Outbox:
    """How a session waits. As it is made, it does not: everything is in the log, and on disk, when a call returns.

    A window puts a thread in the place of `commit_with`, so that it never stands still, and a `soon`, so that the next
    item is seen before the last one is written down. Until then the draft on disk holds what was done.
    """

    def __init__(self) -> None:
        self.commit_with: CommitWith = at_once
        self.soon: Soon | None = None
        self._waiting: Callable[[], None] | None = None
        self._sent: deque[_Sent] = deque()

    @property
    def busy(self) -> bool:
        """Something that was done is not on disk yet, or it is not known whether it is."""
        return self._waiting is not None or bool(self._sent)

    def put_off(self, act: Callable[[], None]) -> None:
        """Do this soon, and at the latest when `flush` is called."""
        self.flush()
        self._waiting = act
        (self.soon or _now)(self.flush)

    def flush(self) -> None:
        """Do now what was put off."""
        act, self._waiting = self._waiting, None
        if act is not None:
            act()

    def send(
        self, commit: Callable[[], None], done: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        """Have this committed, then call `done()`, or `failed(what it raised)`; the first sent is answered first."""
        sent = _Sent(commit, done, failed)
        self._sent.append(sent)
        self.commit_with(sent.commit, partial(self._answered, sent))

    def _answered(self, sent: _Sent) -> None:
        while sent in self._sent:  # `settle` may have been faster
            self._sent.popleft().deliver()

    def settle(self) -> None:
        """Do what was put off, and wait until all of it is answered."""
        self.flush()
        while self._sent:
            self._sent.popleft().deliver()

    def close(self) -> None:
        """As `settle`; from now on nothing is put off, and no thread is asked."""
        self.settle()
        self.commit_with, self.soon = at_once, None


def _now(act: Callable[[], None]) -> None:
    act()

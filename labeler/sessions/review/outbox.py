"""What is on its way from a session into the log, and from there to the disk."""

from __future__ import annotations

from collections.abc import Callable

from labeler.errors import LabelerError

CommitWith = Callable[[Callable[[], None], Callable[[], None], Callable[[BaseException], None]], None]
"""(commit, done, failed): do `commit`, on any thread, then on the session's `done()`, or `failed(what it raised)`."""
Soon = Callable[[Callable[[], None]], None]
"""Do this on the session's thread, soon: after the next item has been painted."""


def at_once(commit: Callable[[], None], done: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
    """Wait for the disk here and now."""
    try:
        commit()
    except LabelerError as problem:
        failed(problem)
    else:
        done()


class Outbox:
    """How a session waits. As it is made, it does not: everything is in the log, and on disk, when a call returns.

    A window puts a thread in the place of `commit_with`, so that it never stands still, and a `soon`, so that the next
    item is seen before the last one is written down. Until then the draft on disk holds what was done.
    """

    def __init__(self) -> None:
        self.commit_with: CommitWith = at_once
        self.soon: Soon | None = None
        self._waiting: Callable[[], None] | None = None

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

    def close(self) -> None:
        """Do what was put off, and wait for it; from now on nothing is put off."""
        self.commit_with, self.soon = at_once, None
        self.flush()


def _now(act: Callable[[], None]) -> None:
    act()

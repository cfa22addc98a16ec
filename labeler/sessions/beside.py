"""Work that a session does beside the window: the window gives it a thread, tests and commands do it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labeler.errors import LabelerError

Beside = Callable[[str, Callable[[], Any], Callable[[Any], None], Callable[[BaseException], None]], None]
"""(slot, work, done, failed): does the work on another thread, and hands its answer back here."""


def at_once(
    _slot: str, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[BaseException], None]
) -> None:
    """In place of a thread: does the work now."""
    try:
        answer = work()
    except LabelerError as problem:
        failed(problem)
    else:
        done(answer)

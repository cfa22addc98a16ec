"""Where the work of long steps runs: here, or on all cores. One interface, so that a cluster can be a third."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Protocol, TypeVar

from labeler import faults

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs a function over tasks; the results come in the order of the tasks, while later tasks are still read."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]: ...


class Here:
    """In this process, one task after the other."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        return map(function, tasks)


class Processes:
    """In child processes, one a core. Starting them takes longer than a few hundred small tasks."""

    def __init__(self, count: int | None = None, *, here_too: bool = False) -> None:
        """With `here_too` this process takes the place of one child, and begins at once; a window must not."""
        self.count = count or cores()
        self._children = max(1, self.count - here_too)
        self._here_too = here_too

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """At most two tasks a process wait, so that memory does not grow with their number.

        Where a child dies, all results come that are before the first missing one; then BrokenExecutor is raised.
        """
        # A forked child of a process with threads can hang; a spawned one cannot.
        with ProcessPoolExecutor(self._children, get_context("spawn"), initializer=_begin) as pool:
            waiting: deque[Future[Result]] = deque()
            broken: BrokenExecutor | None = None
            try:
                for task in tasks:
                    if self._here_too and sum(not future.done() for future in waiting) > self._children:
                        waiting.append(_done_here(function, task))
                    else:
                        try:
                            waiting.append(pool.submit(_do, function, task))
                        except BrokenExecutor as ended:
                            broken = ended
                            break
                    if len(waiting) > 2 * self.count:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
                if broken is not None:
                    raise broken
            finally:
                for future in waiting:
                    future.cancel()


def _done_here(function: Callable[[Task], Result], task: Task) -> Future[Result]:
    done: Future[Result] = Future()
    try:
        done.set_result(function(task))
    except Exception as problem:  # it is raised in its turn, as a child's is
        done.set_exception(problem)
    return done


def _do(function: Callable[[Task], Result], task: Task) -> Result:
    """In a child. A fault loses its frames on the way to the parent."""
    try:
        return function(task)
    except Exception as fault:
        faults.keep_in_child(fault)
        raise


def _begin() -> None:
    """In a child, before its first task."""
    faults.install()
    _end_with_parent()


def _end_with_parent() -> None:
    """In a child: end when the parent does. A killed parent cannot say so, and its children would wait for ever."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_await_end, args=(parent.sentinel,), daemon=True).start()


def _await_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


WORTH_PROCESSES = 4_000
"""From so many pairs on, child processes are worth their start."""


def executor_for(pairs: int) -> Executor:
    return Processes() if pairs >= WORTH_PROCESSES and cores() > 1 else Here()

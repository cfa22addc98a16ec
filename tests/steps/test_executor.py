"""What child processes have answered is not lost when one of them dies."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor

import pytest

from labeler.steps.executor import Processes

DEADLY = 2


def double(number: int) -> int:
    if number == DEADLY:
        os._exit(1)
    return 2 * number


def test_results_from_before_a_crash_come_also_where_no_further_task_can_be_handed_out() -> None:
    before = set(threading.enumerate())

    def tasks() -> Iterator[int]:
        yield from range(DEADLY + 1)
        while not before.issuperset(threading.enumerate()):  # the pool has noticed, and takes nothing any more
            pass
        yield DEADLY + 1

    found: list[int] = []
    with pytest.raises(BrokenExecutor):
        found.extend(Processes(1).map(double, tasks()))
    assert found == [0, 2]

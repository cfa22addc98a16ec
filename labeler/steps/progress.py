"""How long steps tell how far they are, and what was wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str, int, int], None]
"""(what is being done, how much of it is done, out of how much)."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that was left out (`refused`) or is there already with other content (`changed`)."""

    path: Path
    line: int
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


OnProblem = Callable[[Problem], None]


def ignore(_problem: Problem) -> None:
    """For callers who need the counts alone."""


class StoppedError(Exception):
    """Raised by a `Tell` when the person wants the step to end here; what is done is kept, and the step can go on."""

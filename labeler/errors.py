"""The one exception that is meant for a person to read."""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from typing import Any


class Exit(IntEnum):
    """What a command's exit status means; the same for every command."""

    DONE = 0
    NO = 1  # the answer is no: the gate blocks, a check found damage
    INVALID = 2  # the input or the call is wrong
    INSUFFICIENT = 3  # not enough evidence to say yes or no
    GOLD_DAMAGED = 4
    FAULT = 70  # a fault of the program; never 1, since a crash is not a verdict


OUR_SAFE_PATH = "labeler"
"""What PYTHONSAFEPATH is when this program has set it, and not the person: a model's program does not get it, since a
script may count on the modules that lie beside it.
"""


class LabelerError(Exception):
    """Something outside the program is wrong.

    `what` says what happened and to which file or line, `kept` what was not lost, `remedy` what to do.
    """

    def __init__(self, what: str, *, kept: str = "", remedy: str = "", exit_status: Exit = Exit.INVALID) -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.remedy = remedy
        self.exit_status = exit_status

    def __reduce__(self) -> tuple[Any, ...]:
        """Comes whole out of a child process."""
        return partial(LabelerError, kept=self.kept, remedy=self.remedy, exit_status=self.exit_status), (self.what,)

    def __str__(self) -> str:
        kept = f"\nkept: {self.kept}" if self.kept else ""
        remedy = f"\nto do: {self.remedy}" if self.remedy else ""
        return f"{self.what}{kept}{remedy}"


def unwritable(what: object, problem: OSError, said: str = "cannot be written") -> LabelerError:
    """What to say of a file or folder that the disk does not take."""
    return LabelerError(
        f"{what} {said}: {problem.strerror or problem}",
        kept="everything that was saved before",
        remedy="make room on the disk, let it be written to, or name another place; then do this again",
    )

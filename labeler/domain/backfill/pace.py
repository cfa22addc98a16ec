"""How fast reviews are done: what is left, said in days of work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DAYS = 10
"""Days of work that the pace is taken from: the newest on which anybody judged."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`verdicts` of real people on the newest `days` on which there were any."""

    verdicts: int = 0
    days: int = 0

    def days_for(self, verdicts: int) -> int | None:
        """Days of work that so many verdicts take; None while nobody has judged."""
        return math.ceil(verdicts * self.days / self.verdicts) if self.verdicts else None

    def words(self, verdicts: int) -> str:
        """What is left, in days; empty while there is no pace, or nothing left."""
        left = self.days_for(verdicts)
        if left is None or verdicts == 0:
            return ""
        day = "one more day" if left == 1 else f"{left:,} more days"
        of = "the last day" if self.days == 1 else f"the last {self.days:,} days"
        a_day = f"{self.verdicts / self.days:,.3g} verdicts a day"
        return f"{day} of work at the pace of {of} on which anybody judged ({a_day})"


def pace_of(verdicts_by_day: Sequence[int]) -> Pace:
    """From how many verdicts each day had, newest first."""
    newest = verdicts_by_day[:DAYS]
    return Pace(sum(newest), len(newest))

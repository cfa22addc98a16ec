"""How fast a release is judged, and when that is done: for a lead, never for an annotator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labeler.domain.statistics.intervals import Interval

DAYS = 10
"""Days of work that the pace is taken from: the newest on which anybody judged."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`verdicts` of real people on the newest `days` on which there were any."""

    verdicts: int = 0
    days: int = 0

    @property
    def per_day(self) -> float | None:
        return self.verdicts / self.days if self.days else None

    @property
    def interval(self) -> Interval:
        """Of the verdicts a day, 95 %, as if they came by a Poisson process (Garwood, 1936). Days differ more than
        that, so that it is rather too narrow.
        """
        from scipy.special import chdtri

        if not self.days:
            return Interval(0.0, float("inf"))
        low = float(chdtri(2 * self.verdicts, 0.975)) / 2 if self.verdicts else 0.0
        return Interval(low / self.days, float(chdtri(2 * self.verdicts + 2, 0.025)) / 2 / self.days)

    def days_left(self, verdicts: int) -> tuple[int, int, int | None] | None:
        """Working days until so many verdicts are given: at this pace, at the fastest likely one, at the slowest.

        None where nothing is known of the pace; the slowest is None where there may be none.
        """
        if not verdicts:
            return 0, 0, 0
        if not self.per_day:
            return None
        bounds = self.interval
        slowest = math.ceil(verdicts / bounds.low) if bounds.low > 0 else None
        return math.ceil(verdicts / self.per_day), math.ceil(verdicts / bounds.high), slowest

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
        pace = self.verdicts / self.days
        a_day = f"{pace:,.0f} verdicts a day" if pace >= 100 else f"{pace:.3g} verdicts a day"
        return f"{day} of work at the pace of {of} on which anybody judged ({a_day})"


def pace_of(verdicts_by_day: Sequence[int]) -> Pace:
    """From how many verdicts each day had, newest first."""
    newest = verdicts_by_day[:DAYS]
    return Pace(sum(newest), len(newest))

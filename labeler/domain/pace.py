"""How fast a release is judged, and when that is done: for a lead, never for an annotator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from labeler.domain.statistics import Interval


@dataclass(frozen=True, slots=True)
class Pace:
    """Verdicts a working day, from `verdicts` on `days` days on which any was given; 95 % interval (Garwood, 1936)."""

    verdicts: int
    days: int

    @property
    def per_day(self) -> float | None:
        return self.verdicts / self.days if self.days else None

    @property
    def interval(self) -> Interval:
        """As if verdicts came by a Poisson process. Days differ more than that, so that it is rather too narrow."""
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
        slowest = ceil(verdicts / bounds.low) if bounds.low > 0 else None
        return ceil(verdicts / self.per_day), ceil(verdicts / bounds.high), slowest


def pace_of(by_day: Mapping[str, int]) -> Pace:
    """From the number of verdicts by day."""
    return Pace(sum(by_day.values()), sum(count > 0 for count in by_day.values()))

"""How many decisions to review in each stratum, for a wanted margin of error of a total.

Cochran, *Sampling Techniques* (3rd ed., 1977), chapters 4 and 5; equation numbers are his. A margin is half the
width of the 95 % interval, in the unit of the total. S is a stratum's standard deviation with divisor N - 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.statistics.intervals import normal_quantile


class Allocation(StrEnum):
    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"


@dataclass(frozen=True, slots=True)
class Spread:
    """A stratum as the size of a sample sees it: `n` units and the standard deviation of what is summed."""

    n: int
    sd: float


def spread_of_share(n: int, share: float) -> Spread:
    """A stratum of which a share is expected to be wrong (3.4: S² = N P Q / (N - 1))."""
    return Spread(n, math.sqrt(share * (1 - share) * n / (n - 1)) if n > 1 else 0.0)


def variance_of_total(strata: Sequence[Spread], sizes: Sequence[float]) -> float:
    """Variance of the estimated total, (5.9) times N²; a stratum without units to review counts as unknown."""
    return sum(
        stratum.n * (stratum.n - size) / size * stratum.sd**2 if size else math.inf
        for stratum, size in zip(strata, sizes, strict=True)
        if stratum.n and stratum.sd
    )


def margin_of(strata: Sequence[Spread], sizes: Sequence[float]) -> float:
    """The margin of error that these sizes promise."""
    return normal_quantile(0.975) * math.sqrt(variance_of_total(strata, sizes))


def simple_random_size(whole: Spread, margin: float) -> float:
    """Units of a simple random sample of the whole population with this margin: n0 / (1 + n0 / N), (4.2)."""
    if margin <= 0:
        return float(whole.n)
    variance = (margin / normal_quantile(0.975)) ** 2
    n0 = (whole.n * whole.sd) ** 2 / variance
    return n0 / (1 + n0 / whole.n) if whole.n else 0.0


def sizes_for(strata: Sequence[Spread], margin: float, allocation: Allocation, *, least: int = 2) -> list[int]:
    """Whole numbers of units, at most those there are, that keep the margin: (5.24) for Neyman, (5.51) proportional.

    Where Neyman asks for more than there is, the stratum is taken whole and the rest is allocated anew (5.8). Every
    stratum gives `least` units, so that its spread can be seen.
    """
    variance = (margin / normal_quantile(0.975)) ** 2
    whole: set[int] = set()
    while True:
        open_ones = [index for index in range(len(strata)) if index not in whole]
        wanted = _allocate([strata[index] for index in open_ones], variance, allocation)
        above = {index for index, size in zip(open_ones, wanted, strict=True) if size > strata[index].n}
        if not above:
            break
        whole |= above
    sizes = dict(zip(open_ones, wanted, strict=True))
    return [
        stratum.n if index in whole else min(stratum.n, max(least, math.ceil(sizes[index] - 1e-9)))
        for index, stratum in enumerate(strata)
    ]


def _allocate(strata: Sequence[Spread], variance: float, allocation: Allocation) -> list[float]:
    within = sum(stratum.n * stratum.sd**2 for stratum in strata)
    if within == 0:
        return [0.0] * len(strata)
    if allocation is Allocation.PROPORTIONAL:
        n = sum(stratum.n for stratum in strata)
        return [stratum.n * within / (variance + within) for stratum in strata] if n else []
    spread = sum(stratum.n * stratum.sd for stratum in strata)
    total = spread**2 / (variance + within)
    return [total * stratum.n * stratum.sd / spread for stratum in strata]

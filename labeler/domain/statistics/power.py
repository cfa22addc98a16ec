"""How many items a test needs before it can say something."""

from __future__ import annotations

import math
from functools import lru_cache

from labeler.domain.statistics.intervals import normal_quantile
from labeler.domain.statistics.paired import tango_variance


def discordance(b: float, c: float, n: float) -> float:
    """Share of items on which only one model is right, drawn away from 0: none seen yet is not none to come.

    The posterior mean under Jeffreys' prior; n = 0 gives ½.
    """
    return (b + c + 0.5) / (n + 1)


@lru_cache(maxsize=1 << 16)
def items_to_ship_unchanged(share: float, margin: float, alpha: float, power: float) -> int:
    """Items after which Tango's test ships a model that is neither better nor worse, with probability `power`.

    `share` is the discordance. Score-based sample size for paired non-inferiority (Nam 1997): the variance at the
    margin for the size, at δ = 0 for the power. Raises ValueError for a margin, alpha or power outside (0, 1).
    """
    if not (0 < margin < 1 and 0 < alpha < 1 and 0 < power < 1):
        raise ValueError(f"margin {margin}, alpha {alpha} and power {power} must lie between 0 and 1")
    at_margin = math.sqrt(tango_variance(share / 2, share / 2, 1, -margin))
    unchanged = math.sqrt(share)
    needed = (normal_quantile(1 - alpha) * at_margin + normal_quantile(power) * unchanged) / margin
    return math.ceil(max(0.0, needed) ** 2)

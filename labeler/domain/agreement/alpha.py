"""How far people agree beyond chance: Krippendorff's alpha for any kind of value, with a bootstrap interval.

Alpha is 1 − observed / expected disagreement: 1 when all agree, 0 when they agree as strangers would who draw from all
that was said, below 0 when they disagree more than that. Missing values need no care: a unit with one value is left
out. Krippendorff, *Content Analysis*; "Computing Krippendorff's Alpha-Reliability" (2011).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from labeler.domain.statistics.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Counted = NDArray[np.uint16]
    Metric = Callable[[Floats], Floats]
    """From how often each value was given (…, k) to the squared distances between values (…, k, k)."""

V = TypeVar("V", bound=Hashable)
Unit = Sequence[V]
"""What several people said of one thing; who said it does not matter."""

RESAMPLES = 1_000
TOGETHER = 100
"""Resamples drawn at once: all of them would be 80 MB for 10,000 units."""
KEPT_UNITS = 20_000
"""What was drawn of so many units, 40 MB at most, is kept for the next question about as many."""
WIDE = 0.8
"""An interval of this width says nothing."""
LOW = 0.2
"""Up to this alpha people agree hardly better than by chance, …"""
RARE = 0.1
"""… which says little where no more than this share of their answers differ."""
FEW_UNITS = 5
"""Fewer say nothing, however narrow their interval: two that differ alike have one without any width."""
FEW_VALUES = 600
"""Up to so many different values are compared each with each, however many units there are."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one question. `alpha` is None where it is not defined: nobody overlaps, or all said the same."""

    alpha: float | None
    interval: Interval | None
    """95 %, by resampling units; None where `alpha` is, or where fewer than two units have several values."""
    units: int
    """Things that at least two people spoke of."""
    values: int
    observed: float
    """Mean disagreement within a unit: for plain answers the share of pairs that differ."""
    drawn_from: int = 0
    """How many units there are, where only some, drawn at random, were looked at; 0: all were."""

    @property
    def unanimous(self) -> bool:
        """There are units, and nobody ever differed."""
        return self.units > 0 and self.observed == 0.0


def nominal(units: Sequence[Unit[V]], *, seed: int = 0) -> Agreement:
    """Two values are the same or not."""
    return _of_metric(units, sorted({v for unit in units for v in unit}, key=str), _nominal_metric, seed)


def ordinal(units: Sequence[Unit[V]], order: Sequence[V], *, seed: int = 0) -> Agreement:
    """Values stand in an order; two are as far apart as many values lie between them."""
    return _of_metric(units, order, _ordinal_metric, seed)


def interval_scaled(units: Sequence[Unit[float]], *, seed: int = 0) -> Agreement:
    """Values are numbers; two are as far apart as the square of what lies between them."""
    import numpy as np

    scale = sorted({v for unit in units for v in unit})
    numbers = np.asarray(scale, dtype=np.float64)
    squared = (numbers[:, None] - numbers[None, :]) ** 2
    return _of_metric(units, scale, lambda counts: np.broadcast_to(squared, (*counts.shape, counts.shape[-1])), seed)


def by_distance(
    units: Sequence[Unit[V]],
    distances: Callable[[Sequence[V]], Floats],
    *,
    most: int = 250,
    few: int = FEW_VALUES,
    seed: int = 0,
) -> Agreement:
    """Any values with a distance from 0 (the same) to 1, which takes the place of the squared difference.

    `distances` gives those of different values, each with each (k, k). Time and memory grow with the square of their
    number. Where there are more than `few`, at most `most` units, drawn at random, are looked at; `units` and
    `drawn_from` of the answer say so.
    """
    import numpy as np

    units = [unit for unit in units if len(unit) > 1]
    scale, every = list(dict.fromkeys(v for unit in units for v in unit)), 0
    if len(units) > most and len(scale) > few:
        drawn = np.random.default_rng(seed).choice(len(units), most, replace=False)
        units, every = [units[n] for n in sorted(drawn)], len(units)
        scale = list(dict.fromkeys(v for unit in units for v in unit))
    return replace(_of_matrix(_patterns(units, scale), distances(scale), seed), drawn_from=every)


def _nominal_metric(counts: Floats) -> Floats:
    import numpy as np

    k = counts.shape[-1]
    return np.broadcast_to(1.0 - np.eye(k), (*counts.shape, k))


def _ordinal_metric(counts: Floats) -> Floats:
    """Squares of how many values lie from one rank to the other, half of both ends counted. Krippendorff (2011)."""
    import numpy as np

    middle = np.cumsum(counts, axis=-1) - counts / 2
    return np.square(middle[..., :, None] - middle[..., None, :])


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What was said of the units with several values, each combination once: people rarely say many different things,
    however many units there are.
    """

    counts: Floats
    """(patterns, values): how often a pattern has each value."""
    which: Integers
    """(units,): the pattern of each."""

    @property
    def times(self) -> Floats:
        import numpy as np

        return np.bincount(self.which, minlength=len(self.counts)).astype(np.float64)

    def resampled(self, seed: int) -> Iterator[Floats]:
        """(some resamples, patterns): how often each pattern comes where as many units are drawn from these anew.

        Units are drawn and not patterns: what a seed means does not hang on who says the same as whom.
        """
        import numpy as np

        order = np.argsort(self.which, kind="stable")
        starts = np.searchsorted(self.which[order], np.arange(len(self.counts)))
        for part in _draws(len(order), seed):
            yield np.add.reduceat(part[:, order], starts, axis=1, dtype=np.float64)


def _draws(units: int, seed: int) -> Iterable[Counted]:
    """How often each unit is drawn, some resamples at a time. Several questions are asked of as many units: what was
    drawn for one is kept for the next.
    """
    return _kept_draws(units, seed) if units <= KEPT_UNITS else _drawn(units, seed)


def _drawn(units: int, seed: int) -> Iterator[Counted]:
    import numpy as np

    chance, equal = np.random.default_rng(seed), np.full(units, 1 / units)
    for _ in range(RESAMPLES // TOGETHER):
        yield chance.multinomial(units, equal, size=TOGETHER).astype(np.uint16)  # nothing is drawn 65,536 times


@lru_cache(maxsize=2)
def _kept_draws(units: int, seed: int) -> tuple[Counted, ...]:
    return tuple(_drawn(units, seed))


def _of_metric(units: Sequence[Unit[V]], scale: Sequence[V], metric: Metric, seed: int) -> Agreement:
    """Alpha by the coincidences of values; for scales so short that k × k numbers a unit are few."""
    import numpy as np

    patterns = _patterns(units, scale)
    counts, times = patterns.counts, patterns.times
    if not len(counts):
        return Agreement(None, None, 0, 0, 0.0)
    size = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs -= np.eye(len(scale)) * counts[:, :, None]
    coincidences = pairs / (size - 1)[:, None, None]

    def alphas(weights: Floats) -> Floats:
        together = np.tensordot(weights, coincidences, axes=1)
        given = together.sum(axis=-1)
        apart = metric(given)
        total = given.sum(axis=-1)
        expected = (given[..., :, None] * given[..., None, :] * apart).sum(axis=(-2, -1)) / (total - 1)
        return _one_minus((together * apart).sum(axis=(-2, -1)), expected)

    every, values = np.tensordot(times, coincidences, axes=1), int(times @ size)
    return _agreement(alphas, patterns, values, float(every.sum() - np.trace(every)) / values, seed)


def _of_matrix(patterns: _Patterns, matrix: Floats, seed: int) -> Agreement:
    """Alpha where the distance of two values does not depend on how often they are given."""
    import numpy as np

    counts, times = patterns.counts, patterns.times
    if not len(counts):
        return Agreement(None, None, 0, 0, 0.0)
    size = counts.sum(axis=1)
    within = np.einsum("uk,uk->u", counts @ matrix, counts) / (size - 1)

    def alphas(weights: Floats) -> Floats:
        given = weights @ counts
        total = given.sum(axis=-1)
        expected = ((given @ matrix) * given).sum(axis=-1) / (total - 1)
        return _one_minus(weights @ within, expected)

    return _agreement(alphas, patterns, int(times @ size), float((times @ within) / (times @ size)), seed)


def _one_minus(observed: Floats, expected: Floats) -> Floats:
    """1 − observed / expected; NaN where nothing could differ."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: Floats = np.where(expected > 0, 1 - observed / expected, np.nan)
    return alpha


def _agreement(
    alphas: Callable[[Floats], Floats], patterns: _Patterns, values: int, observed: float, seed: int
) -> Agreement:
    import numpy as np

    alpha, units = float(alphas(patterns.times)), len(patterns.which)
    if np.isnan(alpha):
        return Agreement(None, None, units, values, observed)
    if units < 2:
        return Agreement(alpha, None, units, values, observed)
    resampled = np.concatenate([alphas(weights) for weights in patterns.resampled(seed)])
    resampled = resampled[~np.isnan(resampled)]
    low, high = np.quantile(resampled, (0.025, 0.975)) if len(resampled) else (-1.0, 1.0)
    return Agreement(alpha, Interval(float(low), float(high)), units, values, observed)


def _patterns(units: Sequence[Unit[V]], scale: Sequence[V]) -> _Patterns:
    """Of the units with several values. Raises KeyError for a value beside the scale."""
    import numpy as np

    place: Mapping[V, int] = {value: index for index, value in enumerate(scale)}
    known: dict[tuple[int, ...], int] = {}
    several = (tuple(sorted([place[value] for value in unit])) for unit in units if len(unit) > 1)
    which = np.fromiter((known.setdefault(said, len(known)) for said in several), dtype=np.int64)
    counts = np.zeros((len(known), len(scale)))
    for row, said in enumerate(known):
        for value in said:
            counts[row, value] += 1
    return _Patterns(counts, which)


def fleiss_kappa(units: Sequence[Unit[V]]) -> float:
    """Fleiss's kappa of units with equally many values each. Fleiss (1971). NaN where all said the same.

    Raises ValueError for units of different sizes; alpha takes those.
    """
    import numpy as np

    patterns = _patterns(units, sorted({v for unit in units for v in unit}, key=str))
    counts = patterns.counts[patterns.which]
    sizes = {len(unit) for unit in units}
    if len(sizes) != 1:
        raise ValueError(f"units have different numbers of values: {sorted(sizes)}")
    n = sizes.pop()
    observed = float(np.mean((np.square(counts).sum(axis=1) - n) / (n * (n - 1))))
    chance = float(np.square(counts.sum(axis=0) / counts.sum()).sum())
    return (observed - chance) / (1 - chance) if chance < 1 else float("nan")


def gwet_ac1(units: Sequence[Unit[V]], scale: Sequence[V]) -> float | None:
    """Gwet's AC1: agreement beyond chance where one answer dominates, and alpha is low although people agree.

    Gwet (2008), for any number of values a unit. None without units or with a scale of one value.
    """
    import numpy as np

    patterns = _patterns(units, scale)
    counts = patterns.counts[patterns.which]
    if not len(counts) or len(scale) < 2:
        return None
    size = counts.sum(axis=1)
    observed = float(np.mean((counts * (counts - 1)).sum(axis=1) / (size * (size - 1))))
    share = (counts / size[:, None]).mean(axis=0)
    chance = float((share * (1 - share)).sum() / (len(scale) - 1))
    return (observed - chance) / (1 - chance)


def figure(value: float | None) -> str:
    """An alpha, or an end of its interval, with two digits and a minus that is one; a dash where it is not defined."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def in_words(agreement: Agreement) -> str:
    """What a figure means. Krippendorff's own marks: from 0.8 reliable, from 0.667 for tentative conclusions."""
    drawn = f" (measured on {agreement.units:,} of {agreement.drawn_from:,} items, drawn at random)"
    return _meaning(agreement) + (drawn if agreement.drawn_from else "")


def _meaning(agreement: Agreement) -> str:
    if agreement.units == 0:
        return "nobody overlaps here yet"
    if agreement.alpha is None:
        return "everyone always gave the same answer, so there is nothing to measure agreement on"
    if agreement.interval is None:
        return "too few items to tell: one item says nothing of the others"
    if agreement.units < FEW_UNITS:
        return f"too few items to tell: {agreement.units} items say little of the others"
    low = agreement.interval.low
    if agreement.alpha <= LOW and agreement.observed <= RARE:
        # Alpha is low where one answer dominates, although people agree (Gwet 2008).
        return "nearly all say the same, and what differs lies where chance would put it: the figure tells little here"
    if agreement.interval.high < 0:
        return "worse than chance: where one says this, another tends to say that; see by pair who reads the rubric how"
    if agreement.interval.high - low > WIDE:
        return "too few items to tell: anything from chance to full agreement is possible"
    if low >= 0.8:
        return "reliable"
    if agreement.alpha >= 0.8:
        return "looks reliable; more items with several verdicts would make it certain"
    if agreement.alpha >= 0.667:
        return "enough for tentative conclusions"
    if agreement.alpha > LOW:
        return "people read the rubric differently here: settle some of these items and mend the line they differ on"
    return "hardly better than chance: talk these items over before anyone goes on"

"""How far a gold set's mix has drifted from that of the traffic, slice by slice, and what to add.

The distance is the Jensen–Shannon divergence in bits (Lin 1991): 0 for the same shares, 1 where no value is shared. A
small gold set differs from any sample by chance, so a permutation test says how often a random part of both together,
of the gold set's size, would lie as far off; Holm's correction covers all slices that are looked at together.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from labeler.domain.gate.policy import bin_names
from labeler.domain.items import Modality, Scalar
from labeler.domain.statistics.intervals import holm

PERMUTATIONS = 9_999
LEVEL = 0.05
"""Of all slices together: above it a difference may be chance."""
CLOSE = 0.03
"""Bits; 5 % of one value against 15 % are 0.02."""
MOST_VALUES = 30
"""Numbers with more values are put into bins, and texts with more (an id, a name) are not compared."""
BINS = 5
NONE = "(none)"
"""Stands for items without the slice."""


@dataclass(frozen=True, slots=True)
class Need:
    """A value that the gold set holds too little of. `add` items of it, with the others' additions, make it even."""

    value: str
    gold: int
    gold_share: float
    traffic_share: float
    add: int


@dataclass(frozen=True, slots=True)
class SliceDrift:
    """One slice of one modality. `p` is Holm-corrected; `needs` is empty where the difference may be chance."""

    modality: Modality
    key: str
    gold: Mapping[str, int]
    traffic: Mapping[str, int]
    divergence: float
    p: float
    needs: tuple[Need, ...]

    @property
    def drifted(self) -> bool:
        return self.p <= LEVEL

    def furthest_off(self) -> list[tuple[str, float, float]]:
        """(value, share of the gold set, share of the traffic), those that differ most first: too many as well as too
        few."""
        gold, traffic = sum(self.gold.values()) or 1, sum(self.traffic.values()) or 1
        values = sorted({*self.gold, *self.traffic})
        shares = [(value, self.gold.get(value, 0) / gold, self.traffic.get(value, 0) / traffic) for value in values]
        return sorted(shares, key=lambda share: -round(abs(share[1] - share[2]), 9))


@dataclass(frozen=True, slots=True)
class Drift:
    """`slices` come farthest off first. `unseen` are modalities of the traffic that the gold set holds nothing of."""

    gold_items: int
    traffic_items: int
    slices: tuple[SliceDrift, ...]
    unseen: tuple[Modality, ...] = ()


@dataclass(slots=True)
class Mix:
    """Values of every slice, counted by modality and key; numbers as they are, everything else as text."""

    items: Counter[Modality] = field(default_factory=Counter)
    values: dict[tuple[Modality, str], Counter[Scalar]] = field(default_factory=dict)

    def add(self, modality: Modality, slices: Mapping[str, Scalar], times: int = 1) -> None:
        self.items[modality] += times
        for key, value in slices.items():
            if value is not None:
                told = str(value).lower() if isinstance(value, bool) else value
                self.values.setdefault((modality, key), Counter())[told] += times


def drift(gold: Mix, traffic: Mix, *, seed: int = 0) -> Drift:
    """Compare every slice that the traffic has, by modality. The same seed gives the same p-values."""
    random = np.random.default_rng(seed)
    found = []
    for (modality, key), seen in sorted(traffic.values.items()):
        if not gold.items[modality]:
            continue
        held = gold.values.get((modality, key), Counter())
        pair = _comparable(held, seen)
        if pair is None:
            continue
        ours, theirs = _with_none(pair[0], gold.items[modality]), _with_none(pair[1], traffic.items[modality])
        if len({*ours, *theirs}) > 1:
            found.append(_compare(modality, key, ours, theirs, random))
    corrected = holm([one.p for one in found])
    told = [replace(one, p=p, needs=_needs(one) if p <= LEVEL else ()) for one, p in zip(found, corrected, strict=True)]
    order = sorted(told, key=lambda one: (not one.drifted, -one.divergence, one.modality, one.key))
    unseen = tuple(sorted(m for m in traffic.items if not gold.items[m]))
    return Drift(gold.items.total(), traffic.items.total(), tuple(order), unseen)


def divergence(first: Sequence[float], second: Sequence[float]) -> float:
    """Jensen–Shannon divergence in bits of two lists of counts, each with at least one above 0."""
    return float(_divergence(np.array([first], float), np.array([second], float))[0])


def _divergence(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Row by row."""
    p, q = (counts / counts.sum(axis=1, keepdims=True) for counts in (first, second))
    middle = (p + q) / 2

    def from_middle(shares: NDArray[np.float64]) -> NDArray[np.float64]:
        ratio = np.divide(shares, middle, out=np.ones_like(shares), where=shares > 0)
        return np.asarray((shares * np.log2(ratio)).sum(axis=1))

    return np.clip((from_middle(p) + from_middle(q)) / 2, 0.0, 1.0)


def _compare(
    modality: Modality, key: str, gold: Mapping[str, int], traffic: Mapping[str, int], random: np.random.Generator
) -> SliceDrift:
    values = sorted({*gold, *traffic})
    ours, theirs = (np.array([counts.get(value, 0) for value in values]) for counts in (gold, traffic))
    found = divergence(ours.tolist(), theirs.tolist())
    # A random part of the gold set's size is what a permutation of the labels `gold` and `traffic` gives.
    parts = random.multivariate_hypergeometric(ours + theirs, int(ours.sum()), size=PERMUTATIONS)
    by_chance = _divergence(parts.astype(float), (ours + theirs - parts).astype(float))
    p = (1 + int((by_chance >= found - 1e-12).sum())) / (1 + PERMUTATIONS)
    return SliceDrift(modality, key, dict(gold), dict(traffic), found, p, ())


def _needs(one: SliceDrift) -> tuple[Need, ...]:
    """What to add of each value that is rarer than in the traffic, so that each gets the traffic's share."""
    items, seen = sum(one.gold.values()), sum(one.traffic.values())
    shares = {value: count / seen for value, count in one.traffic.items()}
    rare = {value: wanted for value, wanted in shares.items() if one.gold.get(value, 0) / items < wanted}
    share, held = sum(rare.values()), sum(one.gold.get(value, 0) for value in rare)
    if share >= 1 - 1e-12:
        return ()  # all that the gold set holds is foreign to the traffic, and no addition takes it out
    # Others stay as they are: after `more` additions the rare ones hold their share of all.
    more = (share * items - held) / (1 - share)
    needs = [
        Need(value, one.gold.get(value, 0), one.gold.get(value, 0) / items, wanted, add)
        for value, wanted in rare.items()
        if (add := math.ceil(wanted * (items + more) - one.gold.get(value, 0) - 1e-9)) > 0
    ]
    return tuple(sorted(needs, key=lambda need: (-need.add, need.value)))


def _comparable(gold: Counter[Scalar], traffic: Counter[Scalar]) -> tuple[Counter[str], Counter[str]] | None:
    """Both by the same few values; None for texts with too many."""
    together = {*gold, *traffic}
    numbers = all(isinstance(value, int | float) for value in together)
    if len(together) <= MOST_VALUES:
        return _named(gold, _plain), _named(traffic, _plain)
    if not numbers:
        return None
    edges = _edges(traffic)
    names = bin_names(edges)

    def bin_of(value: Scalar) -> str:
        assert isinstance(value, int | float)
        return names[bisect_right(edges, value)]

    return _named(gold, bin_of), _named(traffic, bin_of)


def _edges(counts: Counter[Scalar]) -> tuple[float, ...]:
    """Inner edges of bins that hold the same share of the traffic each."""
    values = np.array([value for value, times in counts.items() for _ in range(times)], float)
    return tuple(float(edge) for edge in np.unique(np.quantile(values, np.arange(1, BINS) / BINS)))


def _plain(value: Scalar) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _named(counts: Counter[Scalar], name: Callable[[Scalar], str]) -> Counter[str]:
    named: Counter[str] = Counter()
    for value, times in counts.items():
        named[name(value)] += times
    return named


def _with_none(counts: Counter[str], items: int) -> Counter[str]:
    """Every item counts, also those without the slice."""
    without = items - counts.total()
    return counts + Counter({NONE: without}) if without > 0 else counts


def drift_words(one: SliceDrift) -> str:
    """`accent: en-india 6 % of gold, 17 % of traffic (JS 0.08, p 0.001)`, or that it is close."""
    measured = f"JS {one.divergence:.2f}, p {one.p:.2g}"
    if not one.drifted:
        near = "close to traffic" if one.divergence < CLOSE else "not to be told from traffic with so few items"
        return f"{one.key}: {near} ({measured})"
    shares = [(need.value, need.gold_share, need.traffic_share) for need in one.needs] or one.furthest_off()
    return f"{one.key}: {', '.join(map(_share_words, shares[:3]))} ({measured})"


def _share_words(share: tuple[str, float, float]) -> str:
    value, gold, traffic = share
    return f"{value} {gold * 100:.0f} % of gold, {traffic * 100:.0f} % of traffic"


def mix_of(rows: Iterable[tuple[Modality, Mapping[str, Scalar]]]) -> Mix:
    """Items as a mix."""
    found = Mix()
    for modality, slices in rows:
        found.add(modality, slices)
    return found

"""Counting who was right, node by node: sums only, so that a gate over a million records needs no more memory.

A node is a modality and tier, or a cell of it: the same with one value of a slice. Records count with weight 1/p of
how they were drawn. Where a model answered an item several times, the share of its samples that are right counts: the
item is spread over the four cells of the 2×2 table. Of all variables in [-1, 1] with the same mean gain and mean loss,
the one that is only ever -1, 0 or 1 varies most, so that the tests for single answers hold for means too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from labeler.domain.items import Modality, Side
from labeler.domain.rubric import Tier

EXAMPLES = 50
"""Ids that a node remembers of each sort; the counts are always complete."""
Slice = tuple[str, str]
"""Key and value of a slice, numbers binned."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the two models' outputs on a gold record."""

    old: float
    """Share of the old model's samples that are right: 0 or 1 where it answered once."""
    new: float
    by_match: float = 0.0
    """How many of the two sides no person judged: 0 to 2."""
    weight: float = 1.0
    """1 / the probability with which the item was drawn."""
    flip: bool = False
    """It was looked at because its outputs differed, not at random."""

    def parts(self) -> tuple[float, float, float, float]:
        """How the item is spread over neither right, only new, only old, both."""
        old, new = self.old, self.new
        return 1 - max(old, new), max(0.0, new - old), max(0.0, old - new), min(old, new)


@dataclass(frozen=True, slots=True, order=True)
class NodeKey:
    """`slice` is (key, value) for a cell and None for a tier node."""

    modality: Modality
    tier: Tier
    slice: tuple[str, str] | None = None

    def __str__(self) -> str:
        cell = f" · {self.slice[0]}={self.slice[1]}" if self.slice else ""
        return f"{self.modality} · {self.tier}{cell}"

    @property
    def path(self) -> str:
        """As a policy and a command name it: `image/hard` or `image/hard/kind=table`."""
        cell = f"/{self.slice[0]}={self.slice[1]}" if self.slice else ""
        return f"{self.modality}/{self.tier}{cell}"


@dataclass(frozen=True, slots=True)
class Paired:
    """Counts that the paired tests take; fractional when the weights differ."""

    n: float
    b: float
    c: float

    @property
    def delta(self) -> float:
        return (self.b - self.c) / self.n if self.n else 0.0


@dataclass(slots=True)
class Tally:
    """A node's 2×2 table: items, their weights and the squares, in the order neither, only new, only old, both."""

    n: int = 0
    items: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    weights: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    squares: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    flips: int = 0
    by_match: float = 0.0
    """Outputs (two an item) that no person judged."""
    newly_wrong: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    """Items that decide (one model right, the other wrong) although no person judged both outputs."""
    open: int = 0
    """Items that are in none of the counts: only people can say who is right, and none has."""
    open_ids: list[str] = field(default_factory=list)

    def leave_open(self, items: int, ids: Iterable[str]) -> None:
        """Items that nobody can judge but people; some of their ids."""
        self.open += items
        remember(self.open_ids, ids)

    def add(self, outcome: Outcome, times: int = 1) -> None:
        weight = outcome.weight
        self.n += times
        for cell, part in enumerate(outcome.parts()):
            if part:
                self.items[cell] += times * part
                self.weights[cell] += times * part * weight
                self.squares[cell] += times * part * weight**2
        self.flips += times * outcome.flip
        self.by_match += times * outcome.by_match

    @property
    def b(self) -> float:
        """Items right with the new model only; a fraction where samples of one item differ."""
        return self.items[1]

    @property
    def c(self) -> float:
        """Items right with the old model only."""
        return self.items[2]

    @property
    def weight(self) -> float:
        return sum(self.weights)

    @property
    def flips_alone(self) -> bool:
        """Nothing was drawn at random, so that no rate of the traffic follows from these items."""
        return self.n > 0 and self.flips == self.n

    def rate(self, side: Side) -> float:
        """Weighted pass rate; 0 for an empty node (show n beside it)."""
        right = self.weights[3] + (self.weights[2] if side == "old" else self.weights[1])
        return right / self.weight if self.weight else 0.0

    def paired(self) -> Paired:
        """Counts for tests of δ: the effective size has the variance that the weighted δ has.

        Equal weights give the counts themselves. The size is capped at the number of items: rare heavy items may hide
        a discordance that was not seen (Korn and Graubard 1998 cap in the same way).
        """
        total = self.weight
        if not total:
            return Paired(0, 0, 0)
        only_new, only_old = self.weights[1] / total, self.weights[2] / total
        delta = only_new - only_old
        concordant = self.squares[0] + self.squares[3]
        spread = self.squares[1] * (1 - delta) ** 2 + self.squares[2] * (1 + delta) ** 2 + concordant * delta**2
        n = self._effective(only_new + only_old - delta**2, spread)
        return Paired(n, n * only_new, n * only_old)

    def discordant(self) -> tuple[float, float]:
        """(b, c) for McNemar's test: the discordant items' own effective size, shared by weight."""
        both_ways = self.weights[1] + self.weights[2]
        if not both_ways:
            return 0.0, 0.0
        size = both_ways**2 / (self.squares[1] + self.squares[2])
        return size * self.weights[1] / both_ways, size * self.weights[2] / both_ways

    def passes(self, side: Side) -> tuple[float, float]:
        """(right, n) for an interval of the pass rate, as effective counts."""
        rate = self.rate(side)
        right = self.squares[3] + (self.squares[2] if side == "old" else self.squares[1])
        wrong = self.squares[0] + (self.squares[1] if side == "old" else self.squares[2])
        n = self._effective(rate * (1 - rate), right * (1 - rate) ** 2 + wrong * rate**2)
        return n * rate, n

    def _effective(self, variance: float, spread: float) -> float:
        """Size of the equally weighted sample whose mean varies as this one's does, at most n."""
        total = self.weight
        if not total:
            return 0.0
        if spread <= 1e-12 * total or variance <= 0:  # all items agree: only the weights say something (Kish 1965)
            size = total**2 / sum(self.squares)
        else:
            size = variance * total**2 / spread
        # Rounding must not make 60 items that count alike fewer than the 60 that are asked for.
        return float(self.n) if size > self.n * (1 - 1e-9) else size


@dataclass(slots=True)
class MatchAgreement:
    """How often the automatic match says the same as people, on outputs that people judged."""

    both: int = 0
    agree: int = 0

    @property
    def error(self) -> float | None:
        """Share of disagreement; None when there is nothing to compare."""
        return 1 - self.agree / self.both if self.both else None

    def add(self, other: MatchAgreement) -> None:
        self.both += other.both
        self.agree += other.agree


@dataclass(slots=True)
class Tallies:
    """Everything that a gate remembers of the records it has seen."""

    nodes: dict[NodeKey, Tally] = field(default_factory=dict)
    whole: Tally = field(default_factory=Tally)
    agreement: dict[Modality, MatchAgreement] = field(default_factory=dict)
    by_origin: dict[tuple[Modality, str], MatchAgreement] = field(default_factory=dict)
    """The same by where the gold answer came from, so that answers taken from one model cannot favour it unseen."""
    critical: int = 0
    critical_failed: int = 0
    critical_wrong: list[str] = field(default_factory=list)
    critical_open: int = 0
    """Critical records that only people can judge, and none has."""

    def add(self, modality: Modality, tier: Tier, cells: Iterable[Slice], outcome: Outcome, times: int = 1) -> None:
        """Count `times` equal records in their tier node and in each of their cells."""
        self.whole.add(outcome, times)
        for tally in self.tallies_of(modality, tier, cells):
            tally.add(outcome, times)

    def tallies_of(self, modality: Modality, tier: Tier, cells: Iterable[Slice]) -> list[Tally]:
        """The tier node of such records and their cells; made where they are not there yet."""
        return [self._node(NodeKey(modality, tier, cell)) for cell in (None, *cells)]

    def add_critical(self, item_id: str, *, right: bool) -> None:
        self.critical += 1
        if not right:
            self.critical_failed += 1
            remember(self.critical_wrong, [item_id])

    def compare_match(self, modality: Modality, origin: str, seen: MatchAgreement) -> None:
        """`origin` is where the gold answer came from; empty where nobody wrote it down."""
        self.agreement.setdefault(modality, MatchAgreement()).add(seen)
        if origin:
            self.by_origin.setdefault((modality, origin), MatchAgreement()).add(seen)

    def _node(self, key: NodeKey) -> Tally:
        tally = self.nodes.get(key)
        if tally is None:
            tally = self.nodes[key] = Tally()
        return tally

    def tiers(self, modality: Modality) -> dict[Tier, Tally]:
        """The modality's tier nodes, easiest first."""
        return {tier: self.nodes[key] for tier in Tier if (key := NodeKey(modality, tier)) in self.nodes}

    def modalities(self) -> list[Modality]:
        return [modality for modality in Modality if any(key.modality == modality for key in self.nodes)]


def remember(examples: list[str], more: Iterable[str]) -> None:
    """Keep the first `EXAMPLES` ids."""
    for item_id in more:
        if len(examples) >= EXAMPLES:
            return
        examples.append(item_id)

"""What a team asks of a new model before it ships: margins, floors, error rates, the slices to cut by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from labeler.domain.gate.tally import NodeKey
from labeler.domain.items import Modality, Scalar
from labeler.domain.rubric import Tier

HARD_TIERS = frozenset({Tier.HARD, Tier.FRONTIER})
"""What the cliff alarm means by "hard"."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All rates, margins and shares are fractions of 1; a gate file writes margins and floors in points."""

    profile: str
    margins: Mapping[Tier, float]
    """How much of the pass rate a tier may lose before the loss counts."""
    power: float
    """Probability with which a node that holds enough items ships an unchanged model."""
    min_items: int
    alpha: float = 0.04
    """Nominal size of the non-inferiority test of one node; its exact size stays at or below 0.052 from 60 items on."""
    family_alpha: float = 0.03
    """Probability that any node of an unchanged model is called regressed."""
    floor_alpha: float = 0.05
    cliff_alpha: float = 0.02
    """Shared among the modalities."""
    required_tiers: frozenset[Tier] = frozenset({Tier.EASY, Tier.MEDIUM, Tier.HARD})
    """Tiers without which a modality has no evidence; a tier that is there is always required."""
    floors: Mapping[tuple[Modality, Tier], float] = field(default_factory=dict)
    slices: tuple[str, ...] = ()
    bins: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Inner edges for slice keys with numbers; a value belongs to the bin whose lower edge it reaches."""
    required_cells: frozenset[str] = frozenset()
    """Cells, as `image/hard/kind=table`, that must be non-inferior themselves."""
    traffic: Mapping[Modality, Mapping[Tier, float]] = field(default_factory=dict)
    """Share of each tier in the traffic, summing to 1; a modality that is not there takes the gold set's weights."""

    def requires(self, key: NodeKey) -> bool:
        """Whether the node must be shown to lose less than its margin: each tier, and the cells that are named."""
        return key.slice is None or key.path in self.required_cells

    def cells(self, slices: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
        """The cells that an item with these slices belongs to.

        Raises ValueError for a fractional number without bins: each would be a cell of its own.
        """
        for key in self.slices:
            value = slices.get(key)
            if value is not None:
                yield key, self._bin(key, value)

    def _bin(self, key: str, value: Scalar) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str) or value is None:
            return str(value)
        edges = self.bins.get(key)
        if not edges:
            if not float(value).is_integer():
                raise ValueError(f"slice {key} holds numbers such as {value:g}: give the edges of its bins")
            return f"{value:g}"
        return bin_names(edges)[bisect_right(edges, float(value))]


def bin_names(edges: tuple[float, ...]) -> list[str]:
    """`<3`, `3–6`, `≥6` for edges 3 and 6."""
    return [f"<{edges[0]:g}", *(f"{low:g}–{high:g}" for low, high in pairwise(edges)), f"≥{edges[-1]:g}"]


STANDARD = Policy(
    profile="standard",
    margins={Tier.EASY: 0.02, Tier.MEDIUM: 0.03, Tier.HARD: 0.05, Tier.FRONTIER: 0.05},
    power=0.8,
    min_items=60,
)
PILOT = Policy(
    profile="pilot",
    margins={Tier.EASY: 0.10, Tier.MEDIUM: 0.10, Tier.HARD: 0.15, Tier.FRONTIER: 0.15},
    power=0.5,
    min_items=20,
)
PROFILES: Mapping[str, Policy] = {policy.profile: policy for policy in (STANDARD, PILOT)}

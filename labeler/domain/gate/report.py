"""What a gate says: a decision, and for each node the counts, intervals and grounds that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.gate.alarms import SignedAlarm
from labeler.domain.gate.cliff import Cliff
from labeler.domain.gate.policy import Policy
from labeler.domain.gate.tally import MatchAgreement, NodeKey
from labeler.domain.items import Modality
from labeler.domain.statistics.intervals import Interval


class Decision(StrEnum):
    SHIP = "ship"
    BLOCK = "block"
    INSUFFICIENT = "insufficient"


class NodeState(StrEnum):
    PASSES = "passes"
    REGRESSED = "regressed"
    BELOW_FLOOR = "below_floor"
    INSUFFICIENT = "insufficient"
    WATCHED = "watched"
    """A cell without a test of its own that has not regressed; its tier node speaks for it."""


class Lack(StrEnum):
    """What an insufficient node lacks."""

    ITEMS = "items"
    RANDOM_ITEMS = "random_items"  # only flips were drawn, from which no rate follows
    PROOF = "proof"  # enough items, and still a loss beyond the margin (or a rate below the floor) is not excluded
    JUDGEMENTS = "judgements"  # people must judge more: the match errs too often, or cannot say at all


@dataclass(frozen=True, slots=True)
class Node:
    """One node's counts and what follows from them. Rates and changes are weighted, and fractions of 1."""

    key: NodeKey
    n: int
    b: float
    c: float
    effective_n: float
    """Size of the equally weighted sample that says as much; `effective_b` and `effective_c` are its counts."""
    effective_b: float
    effective_c: float
    both: float
    neither: float
    old_rate: float
    new_rate: float
    delta: float
    interval: Interval
    """95 % interval of the change (Tango)."""
    margin: float | None
    """The policy's margin less what verdict errors take from it; None where nothing is asked of the node."""
    verdict_error: float
    """Share of the node's verdicts that are wrong, as far as the match's agreement with people tells."""
    eligible_from: int | None
    """Items from which on the policy's power is reached at this node's discordance; None where nothing is asked."""
    non_inferior_p: float | None
    mcnemar_p: float
    regressed_p: float
    """`mcnemar_p` corrected over all nodes (Holm)."""
    floor: float | None
    new_rate_low: float
    """One-sided lower bound of the new model's rate (Clopper-Pearson)."""
    state: NodeState
    reason: str
    lack: Lack | None = None
    needs: int = 0
    """Items still missing, as far as that can be said; 0 when more of the same would not help."""
    newly_wrong: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    open: int = 0
    """Items that `n` does not count: only people can say who is right, and none has."""
    open_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """All items together. It decides nothing: see `why_not`."""

    n: int
    old_rate: float
    new_rate: float
    interval: Interval
    why_not: str


@dataclass(frozen=True, slots=True)
class GateReport:
    """`signed` are the alarms that a lead answered for: they do not block, and are named wherever the answer is."""

    decision: Decision
    policy: Policy
    nodes: tuple[Node, ...]
    anchor: tuple[Node, ...]
    """The required nodes once more, with the best version shipped so far in the old one's place; empty without one."""
    cliffs: tuple[Cliff, ...]
    aggregate: Aggregate
    grounds: tuple[str, ...]
    """Why it does not ship, most serious first; empty when it ships."""
    agreement: dict[Modality, MatchAgreement]
    by_origin: dict[tuple[Modality, str], MatchAgreement]
    critical: int
    critical_failed: int
    critical_wrong: tuple[str, ...]
    critical_open: int = 0
    """Critical records that only people can judge, and none has."""
    signed: tuple[SignedAlarm, ...] = ()

"""What a lead looks at first: how much a decision on an item would tell, how much hangs on it, and why it is here.

An item's place is expected information × severity (see `information` and `severity`). Everything follows from the
verdicts in force, so that the order is the same on every machine that holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import TypeVar

from labeler.domain.agreement.answers import gold_text
from labeler.domain.agreement.distances import codes_apart, codes_of, pins_apart, places_of, text_apart
from labeler.domain.quality import Labels, dawid_skene, entropy
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import ResolvedBy, Right, Verdict

V = TypeVar("V")


class Dispute(StrEnum):
    """What verdicts on one item differ in, gravest first; the value is how the screen says it."""

    RIGHT = "Verdicts differ"
    GOLD = "Gold answers differ"
    TIER = "Tiers differ"
    FAILURES = "Failures differ"
    PINS = "Pins are far apart"
    UNSURE = "Not all are sure"
    UNDECIDABLE = "Nobody could tell"
    RUBRIC = "The rubric changed since"
    CHECK = "A hidden check failed"
    GAP = "Rubric gap"
    OPENED = "Opened again"


_WEIGHTS = {
    Dispute.RIGHT: 1.0,
    Dispute.GOLD: 0.6,
    Dispute.TIER: 0.3,
    Dispute.FAILURES: 0.2,
    Dispute.PINS: 0.1,
    Dispute.UNSURE: 0.3,
    Dispute.UNDECIDABLE: 0.3,
    Dispute.RUBRIC: 0.4,
    Dispute.CHECK: 0.4,
    Dispute.GAP: 0.2,
    Dispute.OPENED: 0.3,
}
"""Bits that a decision on a fully disputed question is taken to give. *Right* enters with its entropy itself."""
_TIERS = {tier: n for n, tier in enumerate(Tier)}
_ORDER = {dispute: n for n, dispute in enumerate(Dispute)}
SAME_PLACE = 0.5
"""Pins further apart than this (1 − overlap) point at different places."""
GRAVE_TIERS = frozenset({Tier.HARD, Tier.FRONTIER})


@dataclass(frozen=True, slots=True)
class CheckedAgain:
    """Hidden checks on one item: so many of `asked` said otherwise than the decision or the verdict they repeat.

    `asked` are the checks on what a lead settled, else the people who judged the item.
    """

    failed: int
    asked: int

    def shakes(self, by: ResolvedBy) -> bool:
        """Whether a decision is to be looked at again: of a lead's, two people and half of those asked say otherwise;
        of a consensus, half of those whom it rests on.
        """
        return 2 * self.failed >= self.asked and self.failed >= (2 if by is ResolvedBy.LEAD else 1)


@dataclass(frozen=True, slots=True)
class Disputed:
    """An item that needs a decision."""

    item_id: str
    information: float
    """Bits that a decision is expected to give."""
    severity: float
    """What hangs on it: 1 for an ordinary item, up to 4.5."""
    disputes: tuple[Dispute, ...]
    """What weighs most comes first."""
    verdicts: int

    @property
    def priority(self) -> float:
        return self.information * self.severity

    @property
    def how_unsure(self) -> str:
        if self.information >= 1.0:
            return "very unsure"
        return "unsure" if self.information >= 0.4 else "small"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What makes an item need a decision, or a decision weigh more, besides what was said of it."""

    critical: frozenset[str] = frozenset()
    """Items on which much hangs."""
    doubted: frozenset[str] = frozenset()
    """Items that a change of the rubric leaves in doubt."""
    opened: frozenset[str] = frozenset()
    """Items whose decision a lead opened again, and that have none since."""
    checked: Mapping[str, CheckedAgain] = field(default_factory=dict)
    """By item, what hidden checks said."""
    gaps: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By item, the lines of the rubric that leads found to blame (codes, `tier`, `right`): they tell more where people
    differ in just that."""


def docket(
    judged: Mapping[str, Mapping[str, Verdict]],
    circumstances: Circumstances = Circumstances(),  # it cannot be changed
    *,
    known: Labels[Right] = (),
) -> list[Disputed]:
    """The items among these (id to person to verdict) that need a decision, the most telling first.

    `known` are verdicts on further items, settled ones: they tell how far each annotator is to be believed.
    """
    bits = bits_of([{p: [v.right] for p, v in verdicts.items()} for verdicts in judged.values()], known)
    every = zip(judged.items(), bits, strict=True)
    found = (disputed(item_id, list(said.values()), bit, circumstances) for (item_id, said), bit in every)
    return most_telling(found)


def bits_of(labels: Labels[Right], known: Labels[Right] = ()) -> list[float]:
    """How unsure the answer to each of these items is, in bits: the entropy of Dawid and Skene's posterior."""
    posterior = dawid_skene([*labels, *known], list(Right)).posterior
    return [entropy(row) for row in posterior[: len(labels)].tolist()]


def most_telling(found: Iterable[Disputed | None]) -> list[Disputed]:
    """Those that need a decision, in a lead's order."""
    return sorted((one for one in found if one is not None), key=lambda d: (-d.priority, d.item_id))


def disputed(
    item_id: str, said: Sequence[Verdict], bits: float, circumstances: Circumstances = Circumstances()
) -> Disputed | None:
    """What is to be decided on an item; None where verdicts differ in nothing, or one sure verdict stands alone, and
    nothing else gives cause.
    """
    weights = _disputes(said, bits)
    if item_id in circumstances.doubted:
        weights[Dispute.RUBRIC] = _WEIGHTS[Dispute.RUBRIC]
    if item_id in circumstances.opened:
        weights[Dispute.OPENED] = _WEIGHTS[Dispute.OPENED]
    again = circumstances.checked.get(item_id)
    if again is not None and again.failed:
        weights[Dispute.CHECK] = _WEIGHTS[Dispute.CHECK] * (0.5 + again.failed / again.asked / 2)
    blamed = circumstances.gaps.get(item_id)
    if blamed and _lines_in_dispute(said, weights) & blamed:
        weights[Dispute.GAP] = _WEIGHTS[Dispute.GAP]
    if not weights:
        return None
    ordered = tuple(sorted(weights, key=lambda d: (-weights[d], _ORDER[d])))
    return Disputed(
        item_id, sum(weights.values()), severity(said, item_id in circumstances.critical), ordered, len(said)
    )


def _disputes(said: Sequence[Verdict], bits: float) -> dict[Dispute, float]:
    """What is disputed, and how much each dispute would tell."""
    found: dict[Dispute, float] = {}
    if not said:
        return found
    rights = {verdict.right for verdict in said}
    if len(rights) > 1:
        found[Dispute.RIGHT] = _WEIGHTS[Dispute.RIGHT] * bits
    elif rights == {Right.UNDECIDABLE}:
        found[Dispute.UNDECIDABLE] = _WEIGHTS[Dispute.UNDECIDABLE]
    golds = [v.gold.answer for v in said if v.gold is not None]
    apart = {
        # Most answers are the very same, and need not be read without their form.
        Dispute.GOLD: 0.0 if _alike(golds) else _mean([gold_text(gold) for gold in golds], text_apart),
        Dispute.TIER: _mean([_TIERS[v.tier] for v in said], _steps_apart),
        Dispute.FAILURES: _mean([codes_of(v.failures) for v in said], codes_apart),
        Dispute.UNSURE: sum(not v.sure for v in said) / len(said),
    }
    if not apart[Dispute.FAILURES]:
        pins = _mean([places_of(v.failures) for v in said if any(f.at for f in v.failures)], pins_apart)
        apart[Dispute.PINS] = pins if pins > SAME_PLACE else 0.0
    # A slip in a long answer is a dispute about the whole of it: what differs at all counts half, how far the rest.
    return found | {dispute: _WEIGHTS[dispute] * (0.5 + far / 2) for dispute, far in apart.items() if far > 0}


def _lines_in_dispute(said: Sequence[Verdict], disputes: Collection[Dispute]) -> frozenset[str]:
    """The lines of the rubric that people apply differently: codes that some name and others do not, and the rest."""
    named = [{code for _, code in codes_of(verdict.failures)} for verdict in said]
    codes = set[str]().union(*named) - set[str].intersection(*named) if named else set[str]()
    others = {Dispute.TIER: "tier", Dispute.RIGHT: "right"}
    return frozenset(codes | {line for dispute, line in others.items() if dispute in disputes})


def severity(said: Sequence[Verdict], critical: bool) -> float:
    """What hangs on a decision: 1, × 1.5 for a hard or frontier item, × 1.5 where someone saw the new output fail and
    the old one not (a regression), × 2 for a critical item.
    """
    grave = any(verdict.tier in GRAVE_TIERS for verdict in said)
    regressed = any(verdict.right is Right.OLD for verdict in said)
    return (1.5 if grave else 1.0) * (1.5 if regressed else 1.0) * (2.0 if critical else 1.0)


def _alike(values: Sequence[object]) -> bool:
    return all(value == values[0] for value in values)


def _steps_apart(one: int, other: int) -> float:
    return abs(one - other) / (len(_TIERS) - 1)


def _mean(values: Sequence[V], distance: Callable[[V, V], float]) -> float:
    if _alike(values):
        return 0.0
    pairs = [distance(one, other) for one, other in combinations(values, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0

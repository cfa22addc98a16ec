"""What a simulated annotator gets wrong about which output is right, and what that makes of each reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.domain.blind import Sides
from labeler.domain.differences.model import Comparison
from labeler.domain.items import SIDES, Side
from labeler.domain.simulation.annotators import SimulatedAnnotator
from labeler.domain.simulation.chance import chosen, uniform
from labeler.domain.simulation.truth import Truth
from labeler.domain.verdicts import Right

# What is believed instead: a fault is overlooked more often than the sides are mixed up or a fault is imagined.
_CONFUSED = {
    Right.OLD: {Right.BOTH: 0.6, Right.NEITHER: 0.25, Right.NEW: 0.15},
    Right.NEW: {Right.BOTH: 0.6, Right.NEITHER: 0.25, Right.OLD: 0.15},
    Right.BOTH: {Right.OLD: 0.4, Right.NEW: 0.4, Right.NEITHER: 0.2},
    Right.NEITHER: {Right.OLD: 0.45, Right.NEW: 0.45, Right.BOTH: 0.1},
}
_MOST_LIKELY = 0.9


def chances_of_mistake(rate: float, faults: Sequence[float]) -> list[float]:
    """Each item's probability of a wrong verdict, `rate` on the average, more where there is little to see.

    `faults` are weights of what is to be seen on each item (see `fault_to_see`). No probability is above 0.9.
    """
    ease = [1.0 / (1.0 + fault) for fault in faults]
    scale = rate * len(ease) / sum(ease) if ease else 0.0
    return [min(_MOST_LIKELY, scale * one) for one in ease]


def fault_to_see(truth: Truth, comparison: Comparison) -> float:
    """The weight of the faults on the wrong side that has the fewest; 1 where both are right (one is imagined)."""
    weights = {
        side: sum(d.weight for d in comparison.differences if not truth.readings.get(d.id, _RIGHT)[side])
        for side in SIDES
        if not truth.outputs[side]
    }
    return min(weights.values(), default=1.0)


_RIGHT: Mapping[Side, bool] = {"old": True, "new": True}


def mistaken(annotator: SimulatedAnnotator, truth: Truth, comparison: Comparison, shown: Sides, *what: object) -> Right:
    """Another answer than the true one. Of two wrong sides the one with the smaller fault is the likelier to pass."""
    weights = dict(_CONFUSED[truth.right])
    for side in SIDES:
        lean = annotator.prefers_a if shown.letter(side) == "A" else 1 - annotator.prefers_a
        if Right(side) in weights:
            faults = sum(d.weight for d in comparison.differences if not truth.readings.get(d.id, _RIGHT)[side])
            weights[Right(side)] *= 2 * lean / (1 + faults)
    return chosen(weights, "confusion", annotator.id, *what)


def readings_believed(
    truth: Truth, believed: Right, comparison: Comparison, *what: object
) -> Mapping[str, Mapping[Side, bool]]:
    """Which readings are taken for right by someone who believes this of the whole outputs.

    All readings of a side that is believed right; of a side wrongly thought wrong, one reading is taken for wrong.
    """
    readings = {d: dict(holds) for d, holds in truth.readings.items()}
    for side in SIDES:
        if believed.holds_for(side):
            for holds in readings.values():
                holds[side] = True
        elif truth.outputs[side] and readings:
            slight = {d.id: 1 / (0.1 + d.weight) for d in comparison.differences if d.id in readings}
            readings[chosen(slight, "imagined", side, *what)][side] = False
    return readings


def happens(probability: float, *what: object) -> bool:
    return uniform(*what) < probability

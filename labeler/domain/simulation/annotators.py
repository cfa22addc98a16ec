"""The simulated annotators and how often each errs. The rates are chosen, not measured on people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulatedAnnotator:
    """Every rate is a probability per item, unless it says otherwise.

    `wrong` is met on the average of all items; it is spread so that an item with a small fault has more of it.
    """

    id: str
    name: str
    manner: str
    wrong: float
    """The verdict (which output is right) is not what the reference says."""
    prefers_a: float
    """Share of the mistakes between one side and the other that fall on A, whatever stands behind it."""
    tier_off: float
    """The tier is one step easier or harder than the item's."""
    code_off: float
    """Per failure: another code than the rubric proposes."""
    gold_slip: float
    """One slip of the keyboard in the gold answer."""
    whole: float
    """The whole item is checked, and not only its differences."""
    pace: float
    """Time taken, as a multiple of the usual one."""


ANNOTATORS = (
    SimulatedAnnotator(
        "simulated-1", "Simulated annotator 1", "careful",
        wrong=0.03, prefers_a=0.5, tier_off=0.06, code_off=0.03, gold_slip=0.01, whole=0.95, pace=1.4,
    ),
    SimulatedAnnotator(
        "simulated-2", "Simulated annotator 2", "usual",
        wrong=0.08, prefers_a=0.5, tier_off=0.12, code_off=0.08, gold_slip=0.03, whole=0.85, pace=1.0,
    ),
    SimulatedAnnotator(
        "simulated-3", "Simulated annotator 3", "hasty",
        wrong=0.18, prefers_a=0.7, tier_off=0.22, code_off=0.15, gold_slip=0.06, whole=0.6, pace=0.6,
    ),
)  # fmt: skip

CARELESS = SimulatedAnnotator(
    "simulated-4", "Simulated annotator 4", "careless",
    wrong=0.45, prefers_a=0.9, tier_off=0.4, code_off=0.4, gold_slip=0.15, whole=0.5, pace=0.2,
)  # fmt: skip
"""Judges in no demo: there to be found out."""

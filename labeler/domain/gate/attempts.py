"""How often a release has been tried at the gate: who may try without end ships by luck in the end.

The error that one release may spend is shared out among its attempts. The same outputs are the same attempt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

FIRST_SHARE = 0.8
"""What the first attempt gets; the rest is for all later ones together."""


@dataclass(frozen=True, slots=True)
class Series:
    """The attempts that count together: on one gold set, to replace the same old models."""

    gold: str
    old_models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One entry of the ledger. `new_outputs` is the digest of what the new models answered on the gold set."""

    series: Series
    number: int
    new_models: tuple[str, ...]
    new_outputs: str
    gold_digest: str
    decision: str
    at: str
    by: str = ""
    """Who ran the gate, and so has seen what the gold set does to it."""


def attempt_number(ledger: Iterable[Attempt], series: Series, new_outputs: str) -> int:
    """Which attempt these outputs are: one that was made already, or the next. Counts from 1."""
    made = 0
    for attempt in ledger:
        if attempt.series == series:
            if attempt.new_outputs == new_outputs:
                return attempt.number
            made = max(made, attempt.number)
    return made + 1


def alpha_share(number: int) -> float:
    """The share of the error that an attempt may spend; over all attempts, however many, they sum to 1."""
    if number == 1:
        return FIRST_SHARE
    return (1 - FIRST_SHARE) * 6 / (math.pi * (number - 1)) ** 2

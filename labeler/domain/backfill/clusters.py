"""Decisions on one item are decided by the same look: a sample half reviewed is one of items, not of decisions.

Once the plan is reviewed this does no harm, since the decisions themselves were drawn by chance. Until then a cluster
of m decisions says as much as one: the sample counts as if it were smaller, by the design effect of Kish (1965) for
clusters that agree wholly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Amount(NamedTuple):
    """What a decision is about; `currency` is empty when it has no amount, `item` when it stands for itself."""

    value: float
    currency: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many decisions of how many say something, in whole decisions: `low` and `high` of those that count."""

    low: int
    high: int
    n: int


def evidence(counted: int, n: int, effect: float) -> Evidence:
    """`counted` of `n`, as many as they are worth when `effect` decisions say as much as one; rounded to be wider."""
    if effect <= 1:
        return Evidence(counted, counted, n)
    worth = max(1, math.floor(n / effect)) if n else 0
    return Evidence(min(worth, math.floor(counted / effect)), min(worth, math.ceil(counted / effect)), worth)


def design_effect(seen: Sequence[Amount]) -> float:
    """How many decisions say as much as one: the mean size of the cluster that a decision lies in; 1 for none."""
    sizes = Counter(amount.item for amount in seen if amount.item)
    alone = sum(1 for amount in seen if not amount.item)
    decisions = alone + sizes.total()
    return (alone + sum(size**2 for size in sizes.values())) / decisions if decisions else 1.0


def by_item(amounts: Iterable[Amount]) -> list[float]:
    """The amounts, those of one item as one."""
    together: dict[str, float] = {}
    alone = []
    for amount in amounts:
        if amount.item:
            together[amount.item] = together.get(amount.item, 0.0) + amount.value
        else:
            alone.append(amount.value)
    return [*alone, *together.values()]

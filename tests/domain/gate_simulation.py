"""Simulated gold sets for the promises of the gate: 24 cells (2 modalities × 4 tiers × 3 slice values), equally full.

A scenario says for a modality, tier and slice value the shares of items that only the new and only the old model gets
right. In an unchanged model both are half of `DISCORDANT`: two versions of equal quality that err on other items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from labeler.domain.gate.policy import STANDARD, Policy
from labeler.domain.gate.tally import NodeKey, Tallies, Tally
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier

Shares = tuple[float, float]
Scenario = Callable[[Modality, Tier, str], Shares]

MODALITIES = (Modality.IMAGE, Modality.AUDIO)
SLICE_VALUES = ("x", "y", "z")
CELLS = len(MODALITIES) * len(Tier) * len(SLICE_VALUES)
DISCORDANT = {Tier.EASY: 0.01, Tier.MEDIUM: 0.025, Tier.HARD: 0.05, Tier.FRONTIER: 0.05}
PASS_RATE = {Tier.EASY: 0.97, Tier.MEDIUM: 0.9, Tier.HARD: 0.6, Tier.FRONTIER: 0.3}
TRAFFIC = {Tier.EASY: 0.6, Tier.MEDIUM: 0.3, Tier.HARD: 0.08, Tier.FRONTIER: 0.02}
POLICY: Policy = replace(STANDARD, slices=("s",), traffic=dict.fromkeys(MODALITIES, TRAFFIC))


def unchanged(_modality: Modality, tier: Tier, _value: str) -> Shares:
    return DISCORDANT[tier] / 2, DISCORDANT[tier] / 2


def at_margin(modality: Modality, tier: Tier, value: str) -> Shares:
    """One tier node loses exactly its margin, the rest is unchanged."""
    if (modality, tier) != (Modality.IMAGE, Tier.HARD):
        return unchanged(modality, tier, value)
    return 0.01, 0.01 + STANDARD.margins[tier]


def cliff(modality: Modality, tier: Tier, value: str) -> Shares:
    """Pictures: easy and medium items get better by 2.5 and 5.5 points, hard ones lose 2, well inside their margin."""
    if modality is not Modality.IMAGE:
        return unchanged(modality, tier, value)
    return {Tier.EASY: (0.03, 0.005), Tier.MEDIUM: (0.06, 0.005)}.get(tier, (0.03, 0.05))


def worse_by(points: float) -> Scenario:
    """A model that loses so many points everywhere (a fraction of 1)."""

    def scenario(modality: Modality, tier: Tier, value: str) -> Shares:
        only_new, only_old = unchanged(modality, tier, value)
        return only_new, only_old + points

    return scenario


def draw(scenario: Scenario, items: int, random: np.random.Generator) -> Tallies:
    """A gold set of `items` equally weighted records, spread evenly over the cells, and both models' answers on it."""
    tallies = Tallies()
    for modality in MODALITIES:
        for tier in Tier:
            node = tallies.nodes.setdefault(NodeKey(modality, tier), Tally())
            for value in SLICE_VALUES:
                counts = random.multinomial(items // CELLS, _shares(scenario(modality, tier, value), tier))
                cell = tallies.nodes.setdefault(NodeKey(modality, tier, ("s", value)), Tally())
                for tally in (cell, node, tallies.whole):
                    add(tally, *map(int, counts))
    return tallies


def add(tally: Tally, *counts: int) -> None:
    """Add equally weighted items: neither, only new, only old, both."""
    tally.n += sum(counts)
    for cell, count in enumerate(counts):
        tally.items[cell] += count
        tally.weights[cell] += count
        tally.squares[cell] += count


def _shares(discordant: Shares, tier: Tier) -> list[float]:
    only_new, only_old = discordant
    both = PASS_RATE[tier] - only_old
    return [1 - only_new - only_old - both, only_new, only_old, both]

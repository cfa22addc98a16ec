"""The arithmetic of one node in words, and how many items each node needs: what a report's row rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labeler.domain.gate.policy import Policy
from labeler.domain.gate.report import GateReport, Node
from labeler.domain.statistics.paired import tango_z
from labeler.domain.statistics.power import discordance, items_to_ship_unchanged


def find_node(report: GateReport, name: str) -> Node | None:
    """The node of that name, written as `image/hard` (or with a cell: `image/hard/kind=table`) or as reports do."""
    return next((node for node in report.nodes if name in (node.key.path, str(node.key))), None)


def explain(node: Node, policy: Policy, nodes: int) -> list[str]:
    """One line a step, from the counts to the state. `nodes` is how many were tested for regressions together."""
    if not node.n:
        return [f"{node.key} holds no item: {node.reason}."]
    lines = [*_counts(node), _change(node), _regression(node, policy, nodes)]
    if node.margin is None:
        lines.append("Nothing more is asked of this cell: its tier has to show that it loses less than its margin.")
    else:
        lines += [_margin(node, policy, node.margin), _power(node, policy), _non_inferior(node, policy, node.margin)]
    if node.floor is not None:
        lines.append(_floor(node, policy, node.floor))
    return [*lines, f"So: {node.state.replace('_', ' ')} ({node.reason})."]


def _counts(node: Node) -> list[str]:
    lines = [
        f"{node.key}: {node.n:,} items. Both right {node.both:g}, only the new model b = {node.b:g}, "
        f"only the old one c = {node.c:g}, neither {node.neither:g}."
    ]
    if abs(node.effective_n - node.n) > 0.5:
        lines.append(
            f"Items count with 1/p of how they were drawn. That says as much as {node.effective_n:.1f} items of equal "
            f"weight with b = {node.effective_b:.2f} and c = {node.effective_c:.2f}, which go into the tests."
        )
    return lines


def _change(node: Node) -> str:
    b, c, n = node.effective_b, node.effective_c, node.effective_n
    return (
        f"Change δ = (b − c) / n = ({b:.4g} − {c:.4g}) / {n:.4g} = {_points(node.delta)} points; "
        f"95 % interval (Tango) {_points(node.interval.low)} to {_points(node.interval.high)}."
    )


def _regression(node: Node, policy: Policy, nodes: int) -> str:
    says = "regressed" if node.regressed_p <= policy.family_alpha else "no loss beyond chance"
    return (
        "Regressed? If both models were equally good, so many more losses than gains come with "
        f"{_p(node.mcnemar_p)} (one-sided mid-p McNemar); corrected over {nodes} nodes (Holm) {_p(node.regressed_p)}. "
        f"It blocks at {policy.family_alpha:g} or below: {says}."
    )


def _margin(node: Node, policy: Policy, margin: float) -> str:
    asked = policy.margins[node.key.tier]
    words = f"Margin: the policy lets a tier of {node.key.tier} items lose less than {_points(asked)} points."
    if node.verdict_error:
        words += (
            f" The match gave some of the verdicts, and e = {node.verdict_error * 100:.2f} % of all are wrong: "
            f"{_points(asked)} × (1 − 2e) = {_points(margin)} points."
        )
    return words


def _power(node: Node, policy: Policy) -> str:
    share = discordance(node.effective_b, node.effective_c, node.effective_n)
    need = max(policy.min_items, node.eligible_from or 0)
    enough = "enough" if node.effective_n >= need else f"{math.ceil(need - node.effective_n):,} short"
    return (
        f"Enough items? The models disagree on {share * 100:.1f} % of them. At that rate an unchanged model passes "
        f"with a chance of {policy.power * 100:g} % from {need:,} items on: {enough}."
    )


def _non_inferior(node: Node, policy: Policy, margin: float) -> str:
    if node.non_inferior_p is None or margin <= 0:
        return "Whether it loses less than the margin was not tested."
    z = tango_z(node.effective_b, node.effective_c, node.effective_n, -margin)
    says = "shown" if node.non_inferior_p <= policy.alpha else "not shown"
    return (
        f"Loses less than {_points(margin)} points? Tango's score z = (b − c + n × {margin:.4g}) / √(n × variance at "
        f"the margin) = {z:.2f}, {_p(node.non_inferior_p)}; α is {policy.alpha:.3g}: {says}."
    )


def _floor(node: Node, policy: Policy, floor: float) -> str:
    says = "reached" if node.new_rate_low >= floor else "not shown"
    return (
        f"Floor: the new model must be right on {floor * 100:.1f} %. It is on {node.new_rate * 100:.1f} %, at least "
        f"{node.new_rate_low * 100:.1f} % (Clopper-Pearson, one-sided, {(1 - policy.floor_alpha) * 100:g} %): {says}."
    )


def _p(chance: float) -> str:
    """`p = 0.031`; one too small for the computer's numbers is not 0."""
    return f"p = {chance:.3g}" if chance >= 1e-16 else "p < 1e-16"


def _points(change: float) -> str:
    return f"{change * 100:.2f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Need:
    """How many items a node needs in all to ship an unchanged model with a chance of 50, 80 and 95 per cent."""

    node: Node
    discordance: float
    items: tuple[int, int, int]
    missing: int
    """Items still missing for the policy's power; each new one is taken to weigh as much as those that are there."""


POWERS = (0.5, 0.8, 0.95)


def plan(report: GateReport) -> list[Need]:
    """What each required node needs, from the discordance seen so far; a node without items is taken to disagree on
    half of them, which is the most cautious guess."""
    return [_need(node, report.policy, node.margin) for node in report.nodes if node.margin is not None]


def _need(node: Node, policy: Policy, margin: float) -> Need:
    share = discordance(node.effective_b, node.effective_c, node.effective_n)
    if margin <= 0:
        return Need(node, share, (0, 0, 0), 0)
    items = [
        max(policy.min_items, items_to_ship_unchanged(share, margin, policy.alpha, power))
        for power in (*POWERS, policy.power)
    ]
    worth = node.effective_n / node.n if node.n else 1.0
    return Need(node, share, (items[0], items[1], items[2]), math.ceil(max(0.0, items[3] - node.effective_n) / worth))

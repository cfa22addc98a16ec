"""Tallies and a policy -> a decision: ship, block, or not enough evidence, with the grounds for each node.

Ship only when every required node shows that the new model loses less than its margin; block when a node regressed
beyond chance, a floor is broken, a critical record fails or the cliff alarm stands; anything else is insufficient.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labeler.domain.gate.alarms import SignedAlarm
from labeler.domain.gate.cliff import Cliff, find_cliff
from labeler.domain.gate.policy import Policy
from labeler.domain.gate.report import Aggregate, Decision, GateReport, Lack, Node, NodeState
from labeler.domain.gate.tally import MatchAgreement, NodeKey, Paired, Tallies, Tally
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.domain.statistics.intervals import clopper_pearson_lower, clopper_pearson_upper, holm, normal_quantile
from labeler.domain.statistics.paired import mid_p_mcnemar, non_inferiority_p, tango_interval, tango_z
from labeler.domain.statistics.power import discordance, items_to_ship_unchanged


def decide(
    tallies: Tallies, policy: Policy, anchor: Tallies | None = None, signed: tuple[SignedAlarm, ...] = ()
) -> GateReport:
    """The gate's answer. Nodes come sorted; a tier that the policy requires and that holds no record is a node of 0.

    `anchor` compares the new models with the best shipped so far: losses too small for one release must not add up.
    A cliff whose alarm is among the `signed` ones does not block.
    """
    nodes = _judge_nodes(tallies, policy, tallies.agreement)
    anchored = _judge_nodes(anchor, policy, tallies.agreement) if anchor else ()
    anchored = tuple(node for node in anchored if node.margin is not None)
    cliffs = _find_cliffs(tallies, policy)
    answered = {alarm.modality for alarm in signed}
    decision, grounds = _conclude(nodes, anchored, [c for c in cliffs if c.modality not in answered], tallies)
    return GateReport(
        decision=decision,
        policy=policy,
        nodes=nodes,
        anchor=anchored,
        cliffs=cliffs,
        aggregate=_aggregate(tallies),
        grounds=grounds,
        agreement=tallies.agreement,
        by_origin=tallies.by_origin,
        critical=tallies.critical,
        critical_failed=tallies.critical_failed,
        critical_wrong=tuple(tallies.critical_wrong),
        critical_open=tallies.critical_open,
        signed=tuple(a for a in signed if any(c.alarm and c.modality == a.modality for c in cliffs)),
    )


def _judge_nodes(tallies: Tallies, policy: Policy, agreement: Mapping[Modality, MatchAgreement]) -> tuple[Node, ...]:
    empty = {
        NodeKey(modality, tier)
        for modality in tallies.modalities()
        for tier in policy.required_tiers
        if NodeKey(modality, tier) not in tallies.nodes
    }
    keys = sorted({*tallies.nodes, *empty}, key=_order)
    tallied = {key: tallies.nodes.get(key) or Tally() for key in keys}
    plain = [mid_p_mcnemar(*tally.discordant()) for tally in tallied.values()]
    return tuple(
        _judge_node(key, tally, ps, policy, _verdict_error(tally, agreement.get(key.modality)))
        for (key, tally), ps in zip(tallied.items(), zip(plain, holm(plain), strict=True), strict=True)
    )


def _order(key: NodeKey) -> tuple[int, int, str, float, str]:
    name, value = key.slice or ("", "")
    return list(Modality).index(key.modality), list(Tier).index(key.tier), name, _size(value), value


def _size(value: str) -> float:
    """What a value begins with, so that numbers and bins of them stand by size; 0 for words, which stand by letter."""
    if value.startswith("<"):
        return -math.inf
    found = _NUMBER.match(value)
    return float(found[1]) if found else 0.0


_NUMBER = re.compile(r"≥?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:$|–)")


def _verdict_error(tally: Tally, agreement: MatchAgreement | None) -> float:
    """Share of verdicts in the node that are wrong: the match's error, for those that the match gave."""
    error = agreement.error if agreement else None
    return (error or 0.0) * tally.by_match / (2 * tally.n) if tally.n else 0.0


def _judge_node(
    key: NodeKey, tally: Tally, regressed: tuple[float, float], policy: Policy, verdict_error: float
) -> Node:
    paired = tally.paired()
    right, size = tally.passes("new")
    margin = policy.margins[key.tier] * (1 - 2 * verdict_error) if policy.requires(key) else None
    mcnemar_p, regressed_p = regressed
    node = Node(
        key=key,
        n=tally.n,
        b=tally.b,
        c=tally.c,
        effective_n=paired.n,
        effective_b=paired.b,
        effective_c=paired.c,
        both=tally.items[3],
        neither=tally.items[0],
        old_rate=tally.rate("old"),
        new_rate=tally.rate("new"),
        delta=paired.delta,
        interval=tango_interval(paired.b, paired.c, paired.n),
        margin=margin,
        verdict_error=verdict_error,
        eligible_from=_eligible(paired, margin, policy) if margin is not None and margin > 0 else None,
        non_inferior_p=None,
        mcnemar_p=mcnemar_p,
        regressed_p=regressed_p,
        floor=policy.floors.get((key.modality, key.tier)) if key.slice is None else None,
        new_rate_low=clopper_pearson_lower(right, size, policy.floor_alpha),
        state=NodeState.WATCHED,
        reason="",
        newly_wrong=tuple(tally.newly_wrong),
        unjudged=tuple(tally.unjudged),
        open=tally.open,
        open_ids=tuple(tally.open_ids),
    )
    if regressed_p <= policy.family_alpha:
        return replace(node, state=NodeState.REGRESSED, reason=_regressed_words(node))
    if node.margin is None:
        return replace(node, reason="no loss beyond chance; its tier speaks for it")
    return _judge_required(node, tally, paired, node.margin, policy)


def _judge_required(node: Node, tally: Tally, paired: Paired, margin: float, policy: Policy) -> Node:
    p = non_inferiority_p(paired.b, paired.c, paired.n, margin)
    node = replace(node, non_inferior_p=p)

    def insufficient(lack: Lack, reason: str, needs: int = 0) -> Node:
        return replace(node, state=NodeState.INSUFFICIENT, lack=lack, reason=reason, needs=needs)

    if tally.flips_alone:
        return insufficient(Lack.RANDOM_ITEMS, "only flips were drawn here, from which no rate follows")
    if margin <= 0:
        return insufficient(Lack.JUDGEMENTS, "the automatic match errs too often to tell the models apart")
    if node.open:
        return insufficient(Lack.JUDGEMENTS, _open_words(node.open))
    right, size = tally.passes("new")
    if node.floor is not None and clopper_pearson_upper(right, size, policy.floor_alpha) < node.floor:
        reason = f"right on {_percent(node.new_rate)}, surely below the floor of {_percent(node.floor)}"
        return replace(node, state=NodeState.BELOW_FLOOR, reason=reason)
    if paired.n < policy.min_items:
        # How often the models disagree is not known yet, and with it how many items will do.
        return insufficient(
            Lack.ITEMS, _few(node, f"at least {policy.min_items:,}"), math.ceil(policy.min_items - paired.n)
        )
    needed = node.eligible_from or 0
    if paired.n < needed:
        return insufficient(Lack.ITEMS, _few(node, f"{needed:,}"), math.ceil(needed - paired.n))
    if p > policy.alpha:
        return insufficient(Lack.PROOF, *_unproven(paired, margin, policy.alpha))
    if node.floor is not None and node.new_rate_low < node.floor:
        reason = f"at least {_percent(node.new_rate_low)} is shown, the floor is {_percent(node.floor)}"
        return insufficient(Lack.PROOF, reason)
    return replace(node, state=NodeState.PASSES, reason=f"loses less than {_points(margin)} points")


def _open_words(items: int) -> str:
    """Without them no rate is known: outputs that nobody has seen are not drawn at random."""
    count = f"{items:,} {'item' if items == 1 else 'items'}"
    return f"people must judge {count} first: pictures or recordings that nobody has judged"


def _few(node: Node, of: str) -> str:
    """Items that were drawn with different probabilities tell less than as many that were drawn alike."""
    if round(node.effective_n) < node.n:
        return f"{node.n:,} items that count as {math.floor(node.effective_n):,}, of {of}"
    return f"{node.n:,} of {of} items"


def _eligible(paired: Paired, margin: float, policy: Policy) -> int:
    """Items below which the node cannot ship an unchanged model with the policy's power."""
    share = discordance(paired.b, paired.c, paired.n)
    return items_to_ship_unchanged(share, margin, policy.alpha, policy.power)


def _unproven(paired: Paired, margin: float, alpha: float) -> tuple[str, int]:
    """Why enough items do not show it, and how many more would if they went on like these."""
    if paired.delta <= -margin:
        return f"loses {_points(-paired.delta)} points, the margin is {_points(margin)}; chance is not excluded", 0
    z = tango_z(paired.b, paired.c, paired.n, -margin)
    wanted = normal_quantile(1 - alpha)
    more = math.ceil(paired.n * ((wanted / z) ** 2 - 1)) if z > 0 else 0
    return f"a loss of {_points(margin)} points is not excluded", max(1, more)


def _regressed_words(node: Node) -> str:
    lost = f"{node.c:g} items newly wrong, {node.b:g} newly right"
    return f"lost more than chance explains: {lost}, p {node.regressed_p:.2g}"


def _find_cliffs(tallies: Tallies, policy: Policy) -> tuple[Cliff, ...]:
    modalities = tallies.modalities()
    alpha = policy.cliff_alpha / len(modalities) if modalities else policy.cliff_alpha
    found = (find_cliff(m, tallies.tiers(m), policy.traffic.get(m), alpha) for m in modalities)
    return tuple(cliff for cliff in found if cliff)


def _conclude(
    nodes: tuple[Node, ...], anchored: tuple[Node, ...], cliffs: Sequence[Cliff], tallies: Tallies
) -> tuple[Decision, tuple[str, ...]]:
    blocking: list[str] = []
    if tallies.critical_failed:
        some = ", ".join(tallies.critical_wrong[:5])
        blocking.append(f"critical: {tallies.critical_failed} of {tallies.critical} records are wrong ({some})")
    blocking += [
        f"{node.key}: {node.reason}" for node in nodes if node.state in (NodeState.REGRESSED, NodeState.BELOW_FLOOR)
    ]
    blocking += [_cliff_words(cliff) for cliff in cliffs if cliff.alarm]
    missing = _together(node for node in nodes if node.state is NodeState.INSUFFICIENT)
    unproven = _together(node for node in anchored if node.state is not NodeState.PASSES)
    missing += [f"against the best version so far, {words}" for words in unproven]
    if tallies.critical_open:
        missing.append(f"critical: {_open_words(tallies.critical_open)}")
    if not nodes:
        missing.append("the gold set holds no record")
    if blocking:
        return Decision.BLOCK, (*blocking, *missing)
    return (Decision.INSUFFICIENT if missing else Decision.SHIP), tuple(missing)


def _together(nodes: Iterable[Node]) -> list[str]:
    """One line a reason, with all nodes that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for node in nodes:
        by_reason.setdefault(node.reason, []).append(str(node.key))
    return [f"{', '.join(keys)}: {reason}" for reason, keys in by_reason.items()]


def _cliff_words(cliff: Cliff) -> str:
    return (
        f"{cliff.modality}: capability cliff: the average rises by {_points(cliff.delta)} points "
        f"while hard items change by {_points(cliff.hard)} and the rest by {_points(cliff.rest)}"
    )


def _aggregate(tallies: Tallies) -> Aggregate:
    whole = tallies.whole
    paired = whole.paired()
    return Aggregate(
        n=whole.n,
        old_rate=whole.rate("old"),
        new_rate=whole.rate("new"),
        interval=tango_interval(paired.b, paired.c, paired.n),
        why_not=_why_the_average_does_not_decide(tallies),
    )


def _why_the_average_does_not_decide(tallies: Tallies) -> str:
    """The heaviest node stands for the rest in an average; say which one that is."""
    tiers = {key: tally.weight for key, tally in tallies.nodes.items() if key.slice is None}
    total = sum(tiers.values())
    if not total:
        return "there are no items"
    heaviest = max(sorted(tiers, key=_order), key=lambda key: tiers[key])
    return f"{_percent(tiers[heaviest] / total)} of its weight is {heaviest}; a loss elsewhere hardly moves it"


def _percent(rate: float) -> str:
    return f"{rate * 100:.1f} %"


def _points(change: float) -> str:
    written = f"{change * 100:.1f}"
    return "0.0" if written == "-0.0" else written.replace("-", "−")

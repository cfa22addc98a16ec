"""A gate's answer in words and numbers for people: the same in the terminal, in Markdown and in HTML."""

from __future__ import annotations

from labeler.domain.gate.alarms import SignedAlarm
from labeler.domain.gate.cliff import Cliff
from labeler.domain.gate.report import Decision, GateReport, Lack, Node, NodeState

DECISIONS = {Decision.SHIP: "Ship", Decision.BLOCK: "Blocked", Decision.INSUFFICIENT: "Not enough evidence"}
COLUMNS = ("Node", "Items", "Old", "New", "Change", "95 % interval", "Answer")


def percent(rate: float) -> str:
    return f"{rate * 100:.1f} %"


def points(change: float) -> str:
    """With sign, in points: `+0.2`, `−10.1`, `0.0`."""
    written = f"{change * 100:+.1f}"
    return "0.0" if written in ("+0.0", "-0.0") else written.replace("-", "−")


def in_items(count: int) -> str:
    """`1 item`, `1,204 items`."""
    return f"{count:,} {'item' if count == 1 else 'items'}"


def answer(node: Node) -> str:
    """The node's state in words, with a mark: colour is never the only carrier."""
    match node.state:
        case NodeState.PASSES:
            return "✓ passes"
        case NodeState.REGRESSED:
            return "✕ regressed"
        case NodeState.BELOW_FLOOR:
            return "✕ below its floor"
        case NodeState.WATCHED:
            return "· no loss seen"
        case NodeState.INSUFFICIENT:
            return f"? {_lack(node)}"


def _lack(node: Node) -> str:
    match node.lack:
        case Lack.RANDOM_ITEMS:
            return "needs random items"
        case Lack.JUDGEMENTS:
            return "needs judgements"
        case _:
            return f"needs {node.needs:,}{_or_more(node)} more" if node.needs else "not shown"


def _or_more(node: Node) -> str:
    """A plus where that many say how often the models disagree, and with it how many items will do."""
    return "+" if (node.eligible_from or 0) > node.effective_n + node.needs + 1 else ""


def cells(node: Node) -> tuple[str, ...]:
    """A row of the table under `COLUMNS`; no rate stands without items."""
    if not node.n:
        return str(node.key), "0", "–", "–", "–", "–", answer(node)
    return (
        str(node.key),
        f"{node.n:,}",
        percent(node.old_rate),
        percent(node.new_rate),
        points(node.delta),
        f"{points(node.interval.low)} to {points(node.interval.high)}",
        answer(node),
    )


def average(report: GateReport) -> str:
    """The average beside the decision, and why it does not decide."""
    whole = report.aggregate
    if not whole.n:
        return "There are no items."
    interval = f"{points(whole.interval.low)} to {points(whole.interval.high)}"
    return (
        f"All {whole.n:,} items together: {percent(whole.old_rate)} to {percent(whole.new_rate)} "
        f"(change {interval}). It does not decide: {whole.why_not}."
    )


def average_title(report: GateReport) -> str:
    """Whether a look at the average alone would have said something else."""
    # As people read it: a change that is shown as 0.0 says nothing else.
    rises = points(report.aggregate.new_rate - report.aggregate.old_rate).startswith(("+", "0"))
    ships = report.decision is Decision.SHIP
    return "The average says otherwise." if report.aggregate.n and rises != ships else "The average."


def cliffs(report: GateReport) -> list[str]:
    """What each tier adds to the change of each modality's average."""
    answered = {alarm.modality: alarm for alarm in report.signed}
    return [cliff_line(cliff, answered.get(cliff.modality)) for cliff in report.cliffs]


def cliff_line(cliff: Cliff, signed: SignedAlarm | None = None) -> str:
    """Whether there is a cliff in a modality, and how its tiers make up the change of the average."""
    parts = ", ".join(f"{t.tier} {points(t.contribution)} (weight {percent(t.share)})" for t in cliff.tiers)
    alarm = "Capability cliff" if cliff.alarm else "No cliff"
    if signed is not None:
        alarm += f", signed by {signed.by} until {signed.expires}: {signed.reason}"
    return (
        f"{cliff.modality}: {alarm}. The average changes by {points(cliff.delta)} points: {parts}; "
        f"hard tiers {points(cliff.hard)}, the rest {points(cliff.rest)}; "
        f"{points(cliff.mix)} more in the gold set's plain average, by its mix of tiers alone."
    )


def fine_print(report: GateReport, facts: dict[str, str]) -> str:
    """Profile, margins and how far the automatic match can be trusted, then what the caller adds."""
    policy = report.policy
    margins = ", ".join(f"{tier} {margin * 100:g}" for tier, margin in policy.margins.items())
    parts = [f"profile {policy.profile}", f"margins in points: {margins}"]
    for modality, seen in sorted(report.agreement.items()):
        parts.append(f"{modality}: the match agrees with people on {seen.agree:,} of {seen.both:,} judged outputs")
    for (modality, origin), seen in sorted(report.by_origin.items()):
        parts.append(f"{modality}, answer from {origin}: on {seen.agree:,} of {seen.both:,}")
    if not report.agreement:
        parts.append("no output was judged by people: how far the match can be trusted is not measured")
    parts += [f"{name} {value}" for name, value in facts.items()]
    return " · ".join(parts)


def pilot_warning(report: GateReport) -> str:
    """What the wide margins of the pilot profile mean; empty for others."""
    policy = report.policy
    if policy.profile != "pilot":
        return ""
    widest = max(policy.margins.values())
    return (
        f"Pilot profile: a model that loses up to {widest * 100:g} points in a tier may ship; one that loses more than "
        "its tier's margin does so with a chance of at most 5 %. "
        f"A tier speaks from {policy.min_items} items on; with as many as it asks for, an unchanged model passes it "
        f"with a chance of about {policy.power * 100:g} %."
    )


def for_people_to_judge(report: GateReport) -> list[str]:
    """Items that count for nothing until people have judged them."""
    return [_some(node, node.open_ids) for node in report.nodes if node.key.slice is None and node.open]


def _some(node: Node, ids: tuple[str, ...]) -> str:
    return f"{node.key}: {', '.join(ids[:5])}{', …' if len(ids) > 5 else ''}"


def undecided_by_people(report: GateReport) -> list[str]:
    """Items that decide a tier although no person judged both outputs."""
    return [_some(node, node.unjudged) for node in report.nodes if node.key.slice is None and node.unjudged]

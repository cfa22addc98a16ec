"""From what was read to what the Gold screen shows."""

from __future__ import annotations

from typing import Any

from labeler.domain.drift import drift_words
from labeler.domain.gate_report import Decision, GateReport, NodeState
from labeler.domain.gold_words import Summary
from labeler.domain.turned import turned_words
from labeler.formats.gate_words import DECISIONS, average, average_title, cells, fine_print
from labeler.formats.insights_tables import NO_TRAFFIC
from labeler.sessions.gold.state import Deed, Line, NodeRow, Tone
from labeler.steps.gate import title
from labeler.steps.gold_desk import Desk
from labeler.steps.publish_gold import Published

_TONES = {
    NodeState.PASSES: Tone.GOOD,
    NodeState.REGRESSED: Tone.BAD,
    NodeState.BELOW_FLOOR: Tone.BAD,
    NodeState.INSUFFICIENT: Tone.OPEN,
    NodeState.WATCHED: Tone.PLAIN,
}
_DECIDED = {Decision.SHIP: Tone.GOOD, Decision.BLOCK: Tone.BAD, Decision.INSUFFICIENT: Tone.OPEN}
_MARKS = {Decision.SHIP: "✓", Decision.BLOCK: "✕", Decision.INSUFFICIENT: "?"}
_MOST_THIN, _MOST_MIX = 6, 6


def shown(desk: Desk, person: str) -> dict[str, Any]:
    """The fields of a state that follow from a desk; `person` is an id."""
    return {**_versions(desk, person), **_draft(desk), **_mix(desk), **_gate(desk)}


def _versions(desk: Desk, person: str) -> dict[str, Any]:
    newest, said = desk.newest, ""
    if newest is not None:
        published = desk.publication
        said = f"{newest.version} published {published.at[:10]}" if published else f"{newest.version}, not published"
    deed, why_not = _deed(desk, person)
    return {"version": said, "digest": newest.digest[7:19] if newest else "", "deed": deed, "why_not": why_not}


def _deed(desk: Desk, person: str) -> tuple[Deed, str]:
    """A draft is built before anything is published: what is published then is what is there now."""
    if desk.draft is not None and desk.draft.new:
        return Deed.BUILD, ""
    if desk.newest is None:
        return Deed.NONE, desk.missing
    if desk.publication is not None:
        return Deed.NONE, "Nothing changed since the version that is published"
    if desk.built_by in ("", person):
        by = "You built it" if desk.built_by else "This project did not build it"
        return Deed.NONE, f"{by}: somebody else publishes it, here or with labeler gold publish"
    return Deed.PUBLISH, ""


def _draft(desk: Desk) -> dict[str, Any]:
    draft = desk.draft
    if draft is None:
        return {
            "draft_title": "No draft",
            "records": "",
            "changes": (Line(desk.missing, "", tone=Tone.OPEN),),
            "thin": (),
        }
    before = desk.newest.version if desk.newest else ""
    if not draft.new:
        return {
            "draft_title": f"{before}: nothing changed since",
            "records": f"{draft.manifest.records:,} records",
            "changes": _left_out(draft),
            "thin": _thin(desk),
        }
    against = f" against {before}" if before else ", the first version"
    return {
        "draft_title": f"Draft {draft.manifest.version}{against}",
        "records": f"{draft.manifest.records:,} records",
        "changes": (*_changes(draft.summary), *_left_out(draft), *_turns(desk)),
        "thin": _thin(desk),
    }


def _changes(summary: Summary) -> tuple[Line, ...]:
    nodes = ", ".join(f"{count} {node}" for node, count in summary.by_node.most_common(3))
    fields = ", ".join(f"{name} in {count}" for name, count in summary.by_field.most_common())
    falls = summary.ratchet.falls()
    lines = [
        Line("Added", f"{summary.added:,}", nodes, Tone.GOOD if summary.added else Tone.PLAIN),
        Line("Changed", f"{summary.changed:,}", fields),
        Line("Removed", f"{summary.removed:,}", "each with its event in the removal ledger" if summary.removed else ""),
    ]
    if falls:
        lines.append(Line("Cells with less", f"{len(falls):,}", falls[0].words(), Tone.OPEN))
    return tuple(lines)


def _left_out(draft: Published) -> tuple[Line, ...]:
    """Who is not in it and why, and how much of it rests on the word of programs."""
    lines = [
        Line(f"Left out: {reason.replace('_', ' ')}", f"{len(items):,}", ", ".join(items[:4]), Tone.OPEN)
        for reason, items in draft.left_out.by_reason().items()
    ]
    lines += [
        Line("Settled without a lead", f"{count:,}", f"by {policy}, although somebody differed", Tone.OPEN)
        for policy, count in draft.manifest.policies.items()
    ]
    if draft.manifest.simulated:
        words = "rest on verdicts of simulated annotators"
        lines.append(Line("Simulated", f"{draft.manifest.simulated:,}", words, Tone.OPEN))
    return tuple(lines)


def _turns(desk: Desk) -> tuple[Line, ...]:
    """Which past answers of the gate the draft would turn; that the others stay is one line."""
    turning = [one for one in desk.turned if one.turns]
    lines = [Line(f"Turns: {turned_words(one)}", "", tone=Tone.OPEN) for one in turning]
    unknown = sum(one.after is None for one in desk.turned)
    stay = len(desk.turned) - len(turning) - unknown
    if stay:
        lines.append(Line("Past answers of the gate that stay", f"{stay:,}"))
    if unknown:
        lines.append(Line("Past answers whose outputs are not here", f"{unknown:,}"))
    return tuple(lines)


def _thin(desk: Desk) -> tuple[Line, ...]:
    if desk.gate is None:
        return ()
    nodes = sorted((node for node in desk.gate.report.nodes if node.needs), key=lambda node: -node.needs)
    return tuple(Line(str(node.key), f"{node.needs:,}") for node in nodes[:_MOST_THIN])


def _mix(desk: Desk) -> dict[str, Any]:
    if desk.drift is None:
        return {"mix": (), "mix_note": desk.no_drift or NO_TRAFFIC}
    lines = tuple(
        Line(f"{one.modality} · {drift_words(one)}", "", tone=Tone.OPEN if one.drifted else Tone.PLAIN)
        for one in desk.drift.slices[:_MOST_MIX]
    )
    return {"mix": lines, "mix_note": f"{desk.drift.traffic_items:,} items of traffic"}


def _gate(desk: Desk) -> dict[str, Any]:
    run = desk.gate
    if run is None:
        return {"gate_title": "Gate", "decision": "", "nodes": (), "why": desk.missing, "average": "", "fine": ""}
    report = run.report
    spent = run.spent
    facts = {"preview of attempt": f"{spent.number}"} if spent else {}
    return {
        "gate_title": f"Gate: {title(run)}",
        "decision": f"{_MARKS[report.decision]} {DECISIONS[report.decision]}",
        "tone": _DECIDED[report.decision],
        "nodes": tuple(NodeRow(cells(node), _TONES[node.state]) for node in report.nodes),
        "why": _grounds(report),
        "average": f"{average_title(report)} {average(report)}",
        "fine": f"{fine_print(report, facts)} · {desk.policy_from}",
    }


def _grounds(report: GateReport) -> str:
    if not report.grounds:
        passed = sum(node.state is NodeState.PASSES for node in report.nodes)
        return f"Every required node passes ({passed:,}). A gate of its own spends an attempt: labeler gate."
    more = len(report.grounds) - 3
    return "Why. " + "; ".join(report.grounds[:3]) + (f"; and {more:,} more" if more > 0 else "")

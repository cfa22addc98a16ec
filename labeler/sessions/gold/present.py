"""From what was read to what the Gold screen shows."""

from __future__ import annotations

from typing import Any

from labeler.domain.gate.report import Decision, GateReport, NodeState
from labeler.domain.gold.drift import drift_words
from labeler.domain.gold.records import LeftOut
from labeler.domain.gold.turned import turned_words
from labeler.domain.gold.words import Summary
from labeler.formats.gate.words import DECISIONS, average, average_title, cells, fine_print
from labeler.formats.insights.tables import NO_TRAFFIC
from labeler.sessions.gold.state import Chip, Deed, Line, NodeRow, Tone
from labeler.steps.gate.run import title
from labeler.steps.gold.build import Published
from labeler.steps.gold.desk import Desk, VersionAt

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


def shown(desk: Desk, person: str, drafted: str) -> dict[str, Any]:
    """The fields of a state that follow from a desk; `person` is an id, `drafted` names the draft read last."""
    return {**_versions(desk, person, drafted), **_draft(desk), **_mix(desk), **_gate(desk)}


def draft_words(desk: Desk) -> str:
    """What the draft is called, where the desk is the draft's."""
    return f"Draft {desk.draft.manifest.version}" if desk.draft and desk.draft.new else "No draft"


def _versions(desk: Desk, person: str, drafted: str) -> dict[str, Any]:
    newest, asked = desk.newest, desk.asked
    deed, why_not = _deed(desk, person)
    chips = [Chip(one.name, _published(one), one.name == asked.version) for one in reversed(desk.versions)]
    exported = asked.version or (newest.name if newest else "")
    outputs = asked.outputs or next(iter(desk.at_hand), None)
    return {
        "version": _published(newest) if newest else "",
        "versions": (*chips, Chip("", drafted, not asked.version)),
        "outputs": tuple(Chip(pair.words, pair.words, pair == outputs) for pair in desk.at_hand),
        "digest": desk.subject.manifest.digest[7:19] if desk.subject else "",
        "unresolved": tuple(_unresolved(desk)),
        "exports": exported,
        "deed": deed,
        "why_not": why_not,
    }


def _published(version: VersionAt) -> str:
    return (
        f"{version.name} published {version.published[:10]}" if version.published else f"{version.name}, not published"
    )


def _unresolved(desk: Desk) -> list[str]:
    return desk.draft.left_out.by_reason().get(str(LeftOut.UNRESOLVED), []) if desk.draft else []


def _deed(desk: Desk, person: str) -> tuple[Deed, str]:
    """A draft is built before anything is published: what is published then is what is there now."""
    if desk.asked.version:
        return Deed.NONE, f"You look at {desk.asked.version}. What is built or published starts from the draft"
    if desk.draft is not None and desk.draft.new:
        return Deed.BUILD, ""
    if desk.newest is None:
        return Deed.NONE, desk.missing
    if desk.newest.published:
        return Deed.NONE, "Nothing changed since the version that is published"
    if desk.built_by in ("", person):
        by = "You built it" if desk.built_by else "This project did not build it"
        return Deed.NONE, f"{by}: somebody else publishes it, here or with labeler gold publish"
    return Deed.PUBLISH, ""


def _draft(desk: Desk) -> dict[str, Any]:
    subject = desk.subject
    if subject is None:
        lines = (Line(desk.missing, "", tone=Tone.OPEN),)
        return {"draft_title": "No draft", "records": "", "changes": lines, "thin": ()}
    records = f"{subject.manifest.records:,} records"
    if desk.asked.version:
        names = [one.name for one in desk.versions]
        before = next(iter(names[names.index(desk.asked.version) + 1 :]), "")
        changes = (*_changes(subject.summary), *_left_out_then(subject), *_rests_on(subject))
        return {
            "draft_title": _against(desk.asked.version, before),
            "records": records,
            "changes": changes,
            "thin": _thin(desk),
        }
    before = desk.newest.name if desk.newest else ""
    title, changes = f"{before}: nothing changed since", (*_left_out(subject), *_rests_on(subject))
    if subject.new:
        title = _against(f"Draft {subject.manifest.version}", before)
        changes = (*_changes(subject.summary), *changes, *_turns(desk))
    return {"draft_title": title, "records": records, "changes": changes, "thin": _thin(desk)}


def _against(what: str, before: str) -> str:
    return f"{what} against {before}" if before else f"{what}, the first version"


def _changes(summary: Summary) -> tuple[Line, ...]:
    nodes = ", ".join(f"{count:,} {node}" for node, count in summary.by_node.most_common(3))
    fields = ", ".join(f"{name} in {count:,}" for name, count in summary.by_field.most_common())
    falls = summary.ratchet.falls()
    lines = [
        Line("Added", f"{summary.added:,}", nodes, Tone.GOOD if summary.added else Tone.PLAIN),
        Line("Changed", f"{summary.changed:,}", fields),
        Line("Removed", f"{summary.removed:,}", "each with its event in the removal ledger" if summary.removed else ""),
    ]
    if summary.alarm:
        lines.append(Line("Alarm", "", summary.alarm, Tone.BAD))
    if falls:
        lines.append(Line("Cells with less", f"{len(falls):,}", falls[0].words(), Tone.OPEN))
    return tuple(lines)


def _left_out(draft: Published) -> tuple[Line, ...]:
    """Who is not in it and why."""
    return tuple(
        Line(f"Left out: {reason.replace('_', ' ')}", f"{len(items):,}", ", ".join(items[:4]), Tone.OPEN)
        for reason, items in draft.left_out.by_reason().items()
    )


def _left_out_then(version: Published) -> tuple[Line, ...]:
    """How many were not in a version when it was built; which ones its manifest does not say."""
    return tuple(
        Line(f"Left out: {reason.replace('_', ' ')}", f"{count:,}")
        for reason, count in version.manifest.raw.get("left_out", {}).items()
    )


def _rests_on(subject: Published) -> tuple[Line, ...]:
    """How much of it rests on what no lead said although somebody differed, and on the word of programs."""
    lines = [
        Line("Settled without a lead", f"{count:,}", f"by {policy}, although somebody differed", Tone.OPEN)
        for policy, count in subject.manifest.policies.items()
    ]
    if count := subject.manifest.simulated:
        lines.append(Line("Simulated", f"{count:,}", "rest on verdicts of simulated annotators", Tone.OPEN))
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
        return {"gate_title": "Gate", "decision": "", "nodes": (), "why": desk.missing} | dict.fromkeys(
            ("why_title", "average_title", "average", "fine"), ""
        )
    report = run.report
    spent = run.spent
    facts = {"preview of attempt": f"{spent.number}"} if spent else {}
    return {
        "gate_title": f"Gate: {title(run)}",
        "decision": f"{_MARKS[report.decision]} {DECISIONS[report.decision]}",
        "tone": _DECIDED[report.decision],
        "nodes": tuple(NodeRow(cells(node), _TONES[node.state]) for node in report.nodes),
        "why": _grounds(report),
        "why_title": "Why." if report.grounds else "",
        "average": average(report),
        "average_title": average_title(report),
        "fine": f"{fine_print(report, facts)} · {desk.policy_from}",
    }


def _grounds(report: GateReport) -> str:
    if not report.grounds:
        passed = sum(node.state is NodeState.PASSES for node in report.nodes)
        return f"Every required node passes ({passed:,}). A gate of its own spends an attempt: labeler gate."
    more = len(report.grounds) - 3
    return "; ".join(report.grounds[:3]) + (f"; and {more:,} more" if more > 0 else "")

"""CHANGES.md: what changed since the parent, for a person; the same events give the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from labeler.domain.gold.changes import Removed, Step, failing, removal_alarm_p
from labeler.domain.gold.ratchet import Ratchet
from labeler.domain.gold.records import GoldRecord

LISTED = 200
"""So many ids of each sort are named; the counts are complete."""
ALARM = 0.01


@dataclass(slots=True)
class Summary:
    """The changes between two versions, counted, with the first ids of each sort and the events behind them."""

    before: int = 0
    failing_before: int = 0
    added: int = 0
    removed: int = 0
    failing_removed: int = 0
    changed: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    by_node: Counter[str] = field(default_factory=Counter)
    ratchet: Ratchet = field(default_factory=Ratchet)
    lines: dict[str, list[str]] = field(default_factory=lambda: {"Added": [], "Changed": [], "Removed": []})

    def add(self, step: Step) -> None:
        self.ratchet.add(step)
        if step.before is not None:
            self.before += 1
            self.failing_before += failing(step.before)
        if step.before is None and step.after is not None:
            self.added += 1
            self.by_node[f"{step.after.modality} · {step.after.tier}"] += 1
            self._list("Added", f"`{step.id}` {step.after.modality} · {step.after.tier} ({_behind(step.after)})")
        elif step.after is None and step.before is not None:
            self.removed += 1
            self.failing_removed += failing(step.before)
            self._list(
                "Removed", f"`{step.id}` was {step.before.modality} · {step.before.tier} ({_behind(step.before)})"
            )
        elif step.fields and step.after is not None:
            self.changed += 1
            self.by_field.update(step.fields)
            self._list("Changed", f"`{step.id}` {_fields(step)} ({_behind(step.after)})")

    def _list(self, sort: str, line: str) -> None:
        if len(self.lines[sort]) < LISTED:
            self.lines[sort].append(line)

    @property
    def nothing(self) -> bool:
        return not (self.added or self.removed or self.changed)

    @property
    def alarm_p(self) -> float:
        """How likely chance is to remove so many failing items; below `ALARM` someone should look."""
        return removal_alarm_p(self.failing_removed, self.removed, self.failing_before, self.before)

    @property
    def alarm(self) -> str:
        """What is wrong with what was removed; "" where chance explains it."""
        p = self.alarm_p
        chance = f"p {p:.2g}" if p >= 1e-9 else "p below 1e-9"
        return f"removed records fail more often than chance explains ({chance})" if p < ALARM else ""


def _behind(record: GoldRecord) -> str:
    provenance = record.provenance
    verdicts = f", verdicts {' '.join(provenance.verdicts)}" if provenance.verdicts else ""
    simulated = ", simulated" if provenance.simulated else ""
    return f"resolution {provenance.resolution} by {provenance.resolved_by}{verdicts}{simulated}"


def _fields(step: Step) -> str:
    """`answer, tier easy → hard, judged`."""
    tiers = f"tier {step.retiered[0]} → {step.retiered[1]}" if step.retiered else "tier"
    return ", ".join(tiers if name == "tier" else name for name in step.fields)


def _eased(removed: Removed) -> str:
    return " (it is still there, but no longer failing)" if removed.eased else ""


def changes_markdown(
    title: str, since: str, summary: Summary, removed: Iterable[Removed], left_out: Mapping[str, int]
) -> str:
    """The page. `since` names the parent, empty for a first version."""
    lines = [f"# {title}", "", f"Since {since}." if since else "The first version.", ""]
    lines += ["| change | records |", "| --- | ---: |"]
    lines += [
        f"| {name} | {count} |"
        for name, count in (("added", summary.added), ("changed", summary.changed), ("removed", summary.removed))
    ]
    if summary.by_node:
        lines += ["", "Added: " + ", ".join(f"{count} {node}" for node, count in sorted(summary.by_node.items())) + "."]
    if summary.by_field:
        counted = ", ".join(f"{name} in {count}" for name, count in sorted(summary.by_field.items()))
        lines += ["", f"Changed: {counted}. A record whose tier changed counts as removed and added."]
    if summary.alarm:
        lines += ["", f"**Alarm:** {summary.alarm}."]
    if left_out:
        lines += ["", "Judged, but not in the set: " + ", ".join(f"{n} {why}" for why, n in left_out.items()) + "."]
    if falls := summary.ratchet.falls():
        lines += ["", "## Cells that hold less than before", "", *(f"- {fall.words()}" for fall in falls)]
    for sort, listed in summary.lines.items():
        if listed:
            total = {"Added": summary.added, "Changed": summary.changed, "Removed": summary.removed}[sort]
            more = [f"- and {total - len(listed)} more"] if total > len(listed) else []
            lines += ["", f"## {sort}", "", *(f"- {line}" for line in listed), *more]
    ledger = [
        f"- `{r.id}` {r.reason} by {r.by}, event {r.event}{', no longer failing' if r.eased else ''}" for r in removed
    ]
    if ledger:
        lines += ["", "## Removal ledger", "", *ledger]
    return "\n".join(lines) + "\n"

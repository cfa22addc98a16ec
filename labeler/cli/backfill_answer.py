"""What `labeler backfill` answers, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from labeler.cli.say import table
from labeler.domain.backfill.estimate import Estimate, Figure
from labeler.domain.backfill.plan import Plan
from labeler.domain.backfill.policy import DryRun
from labeler.domain.backfill.records import Record
from labeler.domain.backfill.words import (
    STATUS_WORDS,
    amount,
    amounts_and_intervals,
    count_and_interval,
    estimate_title,
    next_step,
    share_and_interval,
)
from labeler.steps.backfill.handle import Applied
from labeler.steps.backfill.plan import Left
from labeler.steps.backfill.records import Records

_PLOT = 24


def records_as_text(found: Records, listed: Sequence[Record]) -> str:
    rows = [
        (
            record.id,
            record.decision.item_id,
            record.decision.decided_at.date().isoformat(),
            record.decision.action,
            STATUS_WORDS[record.status] + (" (simulated)" if record.simulated else ""),
            found.handled(record.id).name or "–",
            next_step(found.handled(record.id)),
            amount(record.decision.amount, record.decision.currency),
        )
        for record in listed
    ]
    header = ("decision", "item", "decided", "action", "status", "disposition", "next", "amount")
    return "\n".join([table(header, rows, left=7), *_summary(found)])


def _summary(found: Records) -> list[str]:
    contested = found.contested
    counts = Counter(record.status for record in contested)
    of_status = ", ".join(f"{counts[status]:,} {words}" for status, words in STATUS_WORDS.items() if counts[status])
    share = f" ({len(contested) / len(found.records):.1%})" if found.records else ""
    lines = [f"{len(found.records):,} decisions, {len(contested):,} contested{share}: {of_status or 'none'}"]
    if found.of_other_models:
        lines.append(f"{found.of_other_models:,} were taken on outputs of models that this release does not replace")
    if found.without_pair:
        lines.append(f"{found.without_pair:,} are on items without a pair of outputs in this release")
    return lines


def records_to_json(found: Records, listed: Sequence[Record]) -> dict[str, Any]:
    return {
        "release": found.release.id,
        "decisions": len(found.records),
        "contested": len(found.contested),
        "of_other_models": found.of_other_models,
        "without_pair": found.without_pair,
        "records": [_record_to_json(record, found) for record in listed],
    }


def _record_to_json(record: Record, found: Records) -> dict[str, Any]:
    handling = found.handled(record.id)
    decision = record.decision
    return {
        "decision_id": record.id,
        "item_id": decision.item_id,
        "decided_at": decision.decided_at.isoformat(),
        "action": decision.action,
        "amount": decision.amount,
        "currency": decision.currency,
        "reversible": decision.reversible,
        "jurisdiction": decision.jurisdiction,
        "contested": record.contested,
        "status": str(record.status),
        "simulated": record.simulated,
        "verdicts": list(record.found.verdicts),
        "resolution": record.found.resolution and record.found.resolution.id,
        "disposition": handling.name or None,
        "owed": list(handling.owed),
        "due": handling.due,
        "awaits_second": handling.awaits_second,
        "held": handling.held,
        "closed": handling.closed,
    }


def plan_as_text(plan: Plan, left: Left, queued: int | None) -> str:
    rows = [
        (
            ("" if s.contested else "not contested: ") + s.name + (" (all of them)" if s.certainty else ""),
            len(s.members),
            len(s.chosen),
        )
        for s in plan.strata
    ]
    lines = [
        table(("stratum", "decisions", "to review"), rows),
        f"{plan.reviews:,} reviews promise ± {plan.promised_margin:.1f} decisions (wanted ± {plan.settings.margin:g}); "
        f"a simple random sample needs {plan.simple_random:,} for the wanted margin",
        f"left: {left.decisions:,} decisions on {len(left.items):,} items, {left.verdicts:,} verdicts",
        *filter(None, [left.pace.words(left.verdicts)]),
    ]
    if queued is None:
        lines.append(f"{len(left.unqueued):,} items are not in the review queue; --queue puts them there")
    else:
        lines.append(f"Put {queued:,} items into the review queue")
    return "\n".join(lines)


def plan_to_json(plan: Plan, left: Left, queued: int | None) -> dict[str, Any]:
    return {
        "reviews": plan.reviews,
        "promised_margin": plan.promised_margin,
        "simple_random": plan.simple_random,
        "strata": [
            {
                "name": s.name,
                "contested": s.contested,
                "certainty": s.certainty,
                "population": len(s.members),
                "chosen": list(s.chosen),
            }
            for s in plan.strata
        ],
        "left": {
            "decisions": left.decisions,
            "items": list(left.items),
            "verdicts": left.verdicts,
            "days": left.pace.days_for(left.verdicts),
        },
        "queued": queued,
    }


def estimate_as_text(found: Records, made: Estimate) -> str:
    whole = max((s.number.population for s in made.strata), default=1)
    rows = [
        (
            s.sample.name,
            _bar(s.number, whole),
            f"{s.sample.decided:,} of {len(s.sample.members):,}",
            len(s.sample.unresolved),
            count_and_interval(s.number),
            share_and_interval(s.number),
            amounts_and_intervals(s.amounts),
        )
        for s in made.strata
    ]
    header = ("stratum", "wrong, 95 % interval", "decided", "unresolved", "wrong", "share", "amount")
    lines = [table(header, rows, left=2), f"Wrong among contested: {_in_all(made.contested)}"]
    if made.among_contested_only:
        lines.append("Decisions that no flip contests are not in the sample: nothing is said of them.")
    else:
        lines.append(f"Wrong among all: {_in_all(made.everything)}")
    for currency, figure in made.amounts.items():
        value = "unknown" if figure.value is None else f"{figure.value:,.2f}"
        interval = f"{figure.interval.low:,.2f} to {figure.interval.high:,.2f}"
        lines.append(f"Amount of wrong decisions: {value} {currency}, {interval} of {figure.population:,.2f}")
    lines.append(estimate_title(made))
    if simulated := sum(record.simulated for record in found.records):
        lines.append(f"{simulated:,} records rest on verdicts of simulated annotators.")
    return "\n".join(lines)


def _in_all(figure: Figure) -> str:
    return f"{count_and_interval(figure)} of {figure.population:,.0f}, {share_and_interval(figure)}"


def _bar(figure: Figure, whole: float) -> str:
    """The interval as a stretch, the estimate as a point on it."""

    def at(value: float) -> int:
        return round(value / whole * (_PLOT - 1))

    cells = ["·"] * _PLOT
    for place in range(at(figure.interval.low), at(figure.interval.high) + 1):
        cells[place] = "─"
    if figure.value is not None:
        cells[at(figure.value)] = "●"
    return "".join(cells)


def estimate_to_json(found: Records, made: Estimate) -> dict[str, Any]:
    return {
        "release": found.release.id,
        "contested": _figure(made.contested),
        "everything": None if made.among_contested_only else _figure(made.everything),
        "amounts": {currency: _figure(figure) for currency, figure in made.amounts.items()},
        "strata": [
            {
                "name": s.sample.name,
                "contested": s.sample.contested,
                "decided": s.sample.decided,
                "wrong": len(s.sample.wrong),
                "unresolved": len(s.sample.unresolved),
                "number": _figure(s.number),
                "number_mid_p": _figure(s.mid_p),
                "amounts": {currency: _figure(figure) for currency, figure in s.amounts.items()},
            }
            for s in made.strata
        ],
        "reviewers": made.error.known
        and {"sensitivity": made.error.reviewer.sensitivity, "specificity": made.error.reviewer.specificity},
        "simulated": sum(record.simulated for record in found.records),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "share": figure.share,
        "share_low": figure.share_interval.low,
        "share_high": figure.share_interval.high,
        "low": figure.interval.low,
        "high": figure.interval.high,
        "population": figure.population,
    }


def policy_as_text(run: DryRun, done: Applied | None) -> str:
    rows = [
        (f"{number} {rule.name}", rule.disposition, ", ".join(rule.steps) or "–", len(taken))
        for number, (rule, taken) in enumerate(run.taken, 1)
    ]
    rows.append(("no rule", "–", "–", len(run.none)))
    lines = [table(("rule", "disposition", "steps", "records"), rows, left=3)]
    if run.none:
        statuses = Counter(STATUS_WORDS[record.status] for record in run.none)
        lines.append("no rule takes: " + ", ".join(f"{n:,} {words}" for words, n in statuses.items()))
    if done is not None:
        lines.append(
            f"Disposed of {done.given:,}; {done.kept:,} had the same disposition, {done.leads:,} are a lead's matter"
        )
    return "\n".join(lines)


def policy_to_json(run: DryRun, done: Applied | None) -> dict[str, Any]:
    return {
        "rules": [
            {"name": rule.name, "disposition": rule.disposition, "records": [record.id for record in taken]}
            for rule, taken in run.taken
        ],
        "no_rule": [record.id for record in run.none],
        "applied": done and {"given": done.given, "kept": done.kept, "leads": done.leads},
    }

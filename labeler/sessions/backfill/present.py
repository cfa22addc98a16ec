"""From what was read to the figures that are shown, in words, each with the way to its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from labeler.domain.backfill.estimate import Estimate, Figure
from labeler.domain.backfill.records import Status
from labeler.domain.backfill.words import amounts_and_intervals, estimate_title, share_and_interval
from labeler.sessions.backfill.listing import select
from labeler.sessions.backfill.state import (
    ALL,
    BackfillState,
    Card,
    Choice,
    EstimateRow,
    Filter,
    RuleRow,
    ToDo,
    only,
    still,
)
from labeler.steps.backfill.overview import Overview

_WRONG = only(Status.WRONG)


def figures(read: Overview, today: str) -> Mapping[str, object]:
    """The fields of the state that do not depend on filter and choice."""
    found = read.records
    share = f"{len(found.contested) / len(found.records):.1%}" if found.records else "0 %"
    return {
        "release": ", ".join(f"{pair.old} → {pair.new}" for pair in dict.fromkeys(found.release.pairs.values())),
        "summary": f"{len(found.records):,} decisions · {share} contested",
        "loading": False,
        "cards": _cards(read, today),
        "choices": _choices(read, today),
        "policy_title": "backfill.toml" if read.own_policy else "the usual policy",
        "policy_problem": read.policy_problem,
        "rules": () if read.policy_problem else _rules(read),
        "estimate_title": estimate_title(read.estimate) if read.estimate else read.no_plan,
        "estimate_why": read.error_said,
        "estimate": _plot(read.estimate) if read.estimate else (),
        "scale": read.estimate.everything.population if read.estimate else 1.0,
        "plan": _plan(read),
        "queue_label": _queue_label(read),
        "simulated": sum(record.simulated for record in found.records),
    }


def _cards(read: Overview, today: str) -> tuple[Card, ...]:
    contested = read.records.contested
    counts = Counter(record.status for record in contested)
    unseen = counts[Status.NOT_REVIEWED]
    late = [record for record in read.records.records if read.records.handled(record.id).overdue(today)]
    dispositions = Counter(read.records.handled(record.id).name for record in late)
    in_words = ", ".join(f"{n:,} in {name}" for name, n in dispositions.items())
    return (
        Card(
            "Contested records",
            f"{len(contested):,}",
            f"{unseen:,} not reviewed, {len(contested) - unseen:,} seen",
            ALL,
        ),
        _number_card(read.estimate, counts[Status.WRONG]),
        _amount_card(read.estimate),
        Card("Overdue", f"{len(late):,}", in_words or "nothing is late", still(ToDo.OVERDUE), serious=bool(late)),
    )


def _choices(read: Overview, today: str) -> tuple[Choice, ...]:
    """Every status and everything that is left to do; the keys of the screen choose the same."""
    filters = (ALL, *map(only, Status), *map(still, ToDo))
    return tuple(Choice(one, len(select(read, one, today))) for one in filters)


def _number_card(made: Estimate | None, wrong: int) -> Card:
    if made is None or made.contested.value is None:
        return Card("Old wrong so far", f"{wrong:,}", "no sample is decided yet: no estimate", _WRONG)
    figure = made.contested
    decided = sum(s.sample.decided for s in made.strata if s.sample.contested)
    within = f"{figure.interval.low:,.0f}–{figure.interval.high:,.0f} (95 %) of {figure.population:,.0f}"
    detail = f"{within}, n = {decided:,}"
    return Card("Wrong among contested, estimated", f"{figure.value:,.0f}", detail, _WRONG)


def _amount_card(made: Estimate | None) -> Card:
    known = {c: f for c, f in made.amounts.items() if f.value is not None} if made else {}
    if not known:
        return Card("Amount of wrong decisions", "–", "no sample is decided yet: no estimate", _WRONG)
    currency, figure = max(known.items(), key=lambda entry: entry[1].population)
    others = f"; also {', '.join(other for other in known if other != currency)}" if len(known) > 1 else ""
    interval = f"{figure.interval.low:,.0f}–{figure.interval.high:,.0f} (95 %){others}"
    return Card("Amount of wrong decisions, estimated", f"{figure.value:,.0f} {currency}", interval, _WRONG)


def _rules(read: Overview) -> tuple[RuleRow, ...]:
    rows = [
        RuleRow(f"{n} {rule.name}", rule.disposition, len(taken), Filter(rule=n - 1, words=f"rule {n}"))
        for n, (rule, taken) in enumerate(read.run.taken, 1)
    ]
    return (*rows, RuleRow("no rule", "", len(read.run.none), Filter(rule=-1, words="no rule")))


def _plot(made: Estimate) -> tuple[EstimateRow, ...]:
    rows = [
        _line(
            s.sample.name,
            s.number,
            (s.sample.decided, s.amounts),
            Filter(stratum=s.sample.name, words=s.sample.name),
        )
        for s in made.strata
    ]
    decided = sum(s.sample.decided for s in made.strata)
    name = "Among contested" if made.among_contested_only else "All"
    return (_line(name, made.everything, (decided, made.amounts), ALL, bold=True), *rows)


def _line(
    name: str, figure: Figure, known: tuple[int, Mapping[str, Figure]], leads_to: Filter, *, bold: bool = False
) -> EstimateRow:
    """`known`: how many are decided, and the amounts of the wrong ones."""
    decided, amounts = known
    detail = f"{decided:,} of {figure.population:,.0f} decided"
    known_ones = {currency: of for currency, of in amounts.items() if of.value is not None}
    largest_first = dict(sorted(known_ones.items(), key=lambda one: -one[1].population))
    parts = [share_and_interval(figure), *([amounts_and_intervals(largest_first)] if largest_first else [])]
    more = "" if figure.value is None else " · ".join(parts)
    return EstimateRow(name, detail, more, figure.value, figure.interval.low, figure.interval.high, bold, leads_to)


def _plan(read: Overview) -> tuple[str, ...]:
    if read.policy_problem:
        return (*_left(read), "What a plan aims at stands in the policy, which cannot be read")
    settings, proposed = read.proposed.settings, read.proposed
    certain = sum(len(s.members) for s in proposed.strata if s.certainty)
    others = sum(len(s.chosen) for s in proposed.strata if not s.contested)
    lines = [
        f"Margin of error wanted: ± {settings.margin:g} decisions ({settings.allocation.capitalize()} allocation)",
        f"Reviews needed: {proposed.reviews:,}; simple random sampling: {proposed.simple_random:,}",
        f"Certainty strata: {certain:,} {'decision' if certain == 1 else 'decisions'}, reviewed whole",
        f"Also {others:,} decisions that nobody contests"
        if others
        else "Decisions that nobody contests are not sampled",
    ]
    return (*_left(read), *lines)


def _left(read: Overview) -> list[str]:
    """What the plan in force still asks for: first, since it is what changes."""
    left = read.left
    if left is None:
        return []
    in_force = sum(len(s.chosen) for s in read.strata)
    return [
        f"In force: a plan of {in_force:,} reviews",
        f"Left: {left.decisions:,} decisions on {len(left.items):,} items, {left.verdicts:,} verdicts",
        *filter(None, [left.pace.words(left.verdicts).capitalize()]),
    ]


def _queue_label(read: Overview) -> str:
    if read.policy_problem:
        return ""
    chosen = {one for s in read.strata for one in s.chosen}
    wanted = {one for s in read.proposed.strata for one in s.chosen}
    if read.strata and wanted <= chosen and not (read.left and read.left.unqueued):
        return ""
    return f"Put {len(wanted - chosen):,} more decisions to review" if read.strata else f"Have {len(wanted):,} reviewed"


def empty(project: str, person: str) -> BackfillState:
    return BackfillState(project, person)

"""What `labeler assign` answers, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from labeler.cli.say import table
from labeler.steps.assigned import Assigned
from labeler.steps.rounds import Round

_SHOWN = 20


def as_json(found: Assigned) -> dict[str, object]:
    rules = found.rules
    return {
        "overlap": found.overlap,
        "shared": rules.shared,
        "shared_by": rules.shared_by,
        "order": rules.order,
        "hold_minutes": rules.hold_minutes,
        "routes": [{"slice": "=".join(route.slice), "people": list(route.people)} for route in rules.routes],
        "reservations": [
            {"item_id": r.item_id, "person": r.person_id, "until": r.until, "why": r.why, "judged": r.done}
            for r in found.reservations
        ],
        "rounds": [round_as_json(one) for one in found.rounds],
        "terms": {person: asdict(term) for person, term in found.terms.items()},
        "training": {person: asdict(one) for person, one in found.training.items()},
        "skips": [{"item_id": s.item_id, "person": s.person_id, "reason": s.reason, "at": s.at} for s in found.skips],
    }


def round_as_json(one: Round) -> dict[str, object]:
    return {
        "name": one.name,
        "until": one.until,
        "judged": dict(one.done),
        "complete": one.complete,
        "items": [{"item_id": item.item_id, "said": dict(item.said), "differ": item.differ} for item in one.items],
    }


def as_text(found: Assigned) -> str:
    parts = [_rules(found), _reservations(found), *(_round(found, one) for one in found.rounds)]
    if found.terms:
        terms = [(found.name(p), t.due or "–", t.per_day or "–") for p, t in sorted(found.terms.items())]
        parts.append(table(("person", "due", "a day"), terms, left=2))
    if found.training:
        new = [(found.name(p), f"{t.agreed} of {t.answered}", t.wanted, t.needed) for p, t in found.training.items()]
        parts.append(table(("in training", "as settled", "items", "needed"), new))
    parts.append(_skips(found))
    return "\n\n".join(part for part in parts if part)


def _reservations(found: Assigned) -> str:
    counted = Counter((r.person_id, r.until, r.why) for r in found.reservations)
    judged = Counter((r.person_id, r.until, r.why) for r in found.reservations if r.done)
    rows = [(found.name(key[0]), key[1], key[2], counted[key], judged[key]) for key in sorted(counted)]
    return table(("reserved for", "until", "why", "items", "judged"), rows, left=3) if rows else ""


def _round(found: Assigned, one: Round) -> str:
    differ = sum(item.differ for item in one.items)
    judged = table(("person", "judged"), [(found.name(person), count) for person, count in one.done.items()])
    return f"Round {one.name}: {len(one.items)} items, verdicts differ on {differ}\n{judged}"


def _skips(found: Assigned) -> str:
    if not found.skips:
        return ""
    rows = [(s.item_id, found.name(s.person_id), s.reason) for s in found.skips[:_SHOWN]]
    more = f"\n… and {len(found.skips) - _SHOWN:,} more" if len(found.skips) > _SHOWN else ""
    return table(("skipped", "by", "why"), rows, left=3) + more


def _rules(found: Assigned) -> str:
    rules = found.rules
    lines = [f"{_people(found.overlap)} judge{'s' if found.overlap == 1 else ''} an item; order: {rules.order}"]
    if rules.shared:
        lines.append(f"{rules.shared:.0%} of the items: {_people(max(found.overlap, rules.shared_by))}")
    lines += [f"{'='.join(route.slice)}: only {', '.join(route.people)}" for route in rules.routes]
    return "\n".join(lines)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"

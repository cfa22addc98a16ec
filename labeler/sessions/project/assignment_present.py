"""From rules and log to what the Assignment tab says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import chain

from labeler.domain.assignment import Term
from labeler.domain.people import Person, Role
from labeler.domain.project import ProjectSettings
from labeler.sessions.project.assignment_state import RuleLine, WorkLine
from labeler.sessions.project.rules import NOT_FOR_ANNOTATORS, RULES
from labeler.steps.assign import ROUND
from labeler.steps.assigned import Assigned
from labeler.steps.line_up import Training
from labeler.steps.rounds import Round


def rule_lines(settings: ProjectSettings, person: Person) -> tuple[RuleLine, ...]:
    """Annotators are not told how often they are checked, nor what settles an item."""
    hidden = NOT_FOR_ANNOTATORS if person.role is Role.ANNOTATOR else ()
    return tuple(
        RuleLine(heading, rule.where, rule.title, rule.words(settings), rule.tells)
        for heading, rules in RULES.items()
        if heading not in hidden
        for rule in rules
    )


def work_lines(found: Assigned, today: date, viewer: Person) -> tuple[WorkLine, ...]:
    """Everyone who judges, then the rounds; an annotator is told of nobody else's work."""
    if viewer.role is Role.ANNOTATOR:
        rounds = (one for one in found.rounds if viewer.id in one.people)
        return (_person(found, viewer, today), *(_round(found, one, viewer.id) for one in rounds))
    people = sorted(
        (one for one in found.people.values() if not one.simulated and one.role is not Role.AUDITOR),
        key=lambda one: (one.role is Role.LEAD, one.name.casefold()),
    )
    return (*(_person(found, one, today) for one in people), *(_round(found, one) for one in found.rounds))


def _so_far(training: Training) -> str:
    last = "the last " if training.judged > training.answered else ""
    return f"{training.agreed} of {last}{training.answered} as settled" if training.answered else "nothing judged yet"


def _person(found: Assigned, person: Person, today: date) -> WorkLine:
    mine = [one for one in found.reservations if one.person_id == person.id]
    open_ones = [one for one in mine if not one.done]
    waiting = [one for one in open_ones if not one.why.startswith(ROUND)]
    skipped = Counter(one.person_id for one in found.skips)[person.id]
    facts = []
    training = found.training.get(person.id)
    if training is not None:
        facts.append(
            f"In training: {_so_far(training)}; {training.needed} of the last {training.wanted} qualify, and until "
            f"then further settled items come{'' if training.left else ', of which none is left'}. Items that count "
            "come after that, or when you let them begin."
        )
    for until in sorted({one.until for one in waiting}):
        count = sum(one.until == until for one in waiting)
        facts.append(f"{in_items(count)} reserved until {_day(until)}, then others get what is left")
    term = found.terms.get(person.id, Term())
    if term.due:
        facts.append(f"Due on {term.due}{_away(term.due, today)}")
    if term.per_day:
        facts.append(f"Can judge {in_items(term.per_day)} a day")
    if skipped:
        facts.append(f"Skipped {in_items(skipped)}")
    routes = ["=".join(r.slice) for r in found.rules.routes if {person.name, person.id} & set(r.people)]
    if routes:
        facts.append(f"Judges {', '.join(routes)}, which nobody else gets but those named with them")
    below = []
    if training is not None:
        below.append(f"in training, {_so_far(training)}{'' if training.left else ', and no settled item is left'}")
    if len(open_ones) > len(waiting):
        below.append(f"{in_items(len(open_ones) - len(waiting))} of a round")
    if waiting:
        below.append(f"{in_items(len(waiting))} reserved")
    if term.due:
        below.append(f"due {term.due}")
    if term.per_day:
        below.append(f"{term.per_day:,} a day")
    if skipped:
        below.append(f"{skipped:,} skipped")
    return WorkLine(
        person.id,
        person.name,
        str(person.role),
        " · ".join(below) or "next items of the queue",
        tuple(facts) or ("Nothing special: the next items of the queue, by the rules at the left.",),
        training is not None,
        len(waiting),
        skipped,
    )


def _round(found: Assigned, one: Round, only: str = "") -> WorkLine:
    """With `only`, as far as this person is done, and not on what people differ."""
    differ = 0 if only else sum(item.differ for item in one.items)
    told = ((person, count) for person, count in one.done.items() if only in ("", person))
    done = ", ".join(f"{found.name(person)} {count} of {len(one.items)}" for person, count in told)
    facts = (
        f"All judge the same {in_items(len(one.items))} before any others, until {_day(one.until)}: {done}.",
        *(() if only else (f"Verdicts differ on {in_items(differ)}." if differ else "No differences so far.",)),
        "The board lists its items under Rounds, for talking about them once all have judged them.",
    )
    return WorkLine("", f"Round {one.name}", f"until {_day(one.until)}", done, facts)


def slices_in_words(found: Assigned, most: int = 6) -> str:
    """A few slices that there are, as they are typed."""
    said = [f"{key}={value}" for key, value in found.slices]
    return ", ".join(chain(said[:most], ["…"] if len(said) > most else []))


def in_items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def _day(at: str) -> str:
    return at[:10]


def _away(due: str, today: date) -> str:
    days = (date.fromisoformat(due) - today).days
    if days < 0:
        return ", which is over"
    return ", today" if days == 0 else ", tomorrow" if days == 1 else f", in {days} days"

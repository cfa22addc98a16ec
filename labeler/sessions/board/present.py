"""From what was read to what the board shows, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from labeler.domain.agreement.answers import Question
from labeler.domain.blind import sides
from labeler.domain.pace import Pace
from labeler.domain.people import Person, Role
from labeler.domain.quality import Share
from labeler.sessions.board.state import Part, Row, Shown
from labeler.sessions.project.agreement_state import ANSWERS
from labeler.sessions.review.right_words import in_a_sentence
from labeler.steps.board import Board, PersonLeft
from labeler.steps.quality import PersonQuality, Quality
from labeler.steps.rounds import RoundItem
from labeler.steps.threads import Thread


def parts_of(board: Board, *, lead: bool) -> tuple[Part, ...]:
    """The parts that there is something to say in."""
    if lead:
        return tuple(Part)
    own = {
        Part.LEFT: True,
        Part.QUESTIONS: True,
        Part.ROUNDS: board.rounds,
        Part.SETTLED: board.settled,
        Part.SKIPPED: board.skips,
    }
    return tuple(part for part, there in own.items() if there)


def counts_of(board: Board, *, lead: bool) -> tuple[tuple[Part, int], ...]:
    """What waits: for a lead, questions without an answer."""
    waiting = sum(thread.open for thread in board.threads) if lead else 0
    return ((Part.QUESTIONS, waiting),) if waiting else ()


def shown(board: Board, quality: Quality | None, part: Part, today: date, *, lead: bool) -> Shown:
    make = {
        Part.LEFT: lambda: left(board, today, lead=lead),
        Part.PEOPLE: lambda: people(board, quality, today),
        Part.QUESTIONS: lambda: questions(board, lead=lead),
        Part.ROUNDS: lambda: rounds(board, lead=lead),
        Part.SETTLED: lambda: settled(board, lead=lead),
        Part.SKIPPED: lambda: skipped(board),
    }
    return make[part]()


def left(board: Board, today: date, *, lead: bool) -> Shown:
    """An annotator is told what is left and by when, and never a pace."""
    rows = []
    for key, parts in groupby(board.parts, key=lambda part: part.key):
        for part in parts:
            done = part.queued - part.open
            share = done / part.queued if part.queued else None
            # Shares for an annotator: counts that do not add up with those above would tell of hidden checks.
            counted = (f"{part.open:,}", f"{part.queued:,}") if lead else (f"{1 - (share or 0):.0%}",)
            rows.append(Row((key, part.value, *counted), share=share))
    kind = "training items" if board.training else "items"
    summary = [f"{kind.capitalize()} left for you: {board.left:,}, done: {board.done:,}"]
    if board.term.due is not None:
        summary.append(_due(board.term.due, today))
    if lead:
        summary = [f"{board.verdicts_left:,} verdicts are left to give", *_pace_words(board.pace, board.verdicts_left)]
    summary.append(_timed(board.timed))
    header = ("", "", "left", "items") if lead else ("", "", "left")
    return Shown(tuple(summary), header, 2, tuple(rows), "There is nothing to judge in this release")


def _timed(timed: bool) -> str:
    if timed:
        return "How long each verdict takes, and which side you guess to be new, is kept; you can erase it"
    return "How long verdicts take is not kept in this project; which side you guess to be new is, and E erases it"


def _pace_words(pace: Pace | None, verdicts: int) -> list[str]:
    if pace is None or pace.per_day is None:
        return ["Nobody has judged yet: nothing can be said of when it is done"]
    interval, days = pace.interval, f"{pace.days:,} days" if pace.days > 1 else "day"
    said = [
        f"{pace.per_day:.0f} a day on the last {days} on which anybody judged "
        f"(95 % {interval.low:.0f} to {interval.high:.0f})"
    ]
    found = pace.days_left(verdicts)
    if found is not None and verdicts:
        likely, fastest, slowest = found
        most = f"{slowest:,}" if slowest is not None else "many"
        about = f"{likely:,} more {'day' if likely == 1 else 'days'} of work"
        said.append(f"done in about {about}" + ("" if f"{fastest:,}" == most else f" ({fastest:,} to {most})"))
    return said


def _due(due: str, today: date) -> str:
    days = (date.fromisoformat(due) - today).days
    if days < 0:
        return f"they were due on {due}"
    return f"due on {due}, {'today' if days == 0 else 'tomorrow' if days == 1 else f'in {days} days'}"


_PEOPLE = ("", "done", "left", "a day", "due", "as settled", "again", "kept", "A : B", "seconds")


def people(board: Board, quality: Quality | None, today: date) -> Shown:
    """Those who stand out first, by the most things."""
    figures = {one.person.id: one for one in quality.people} if quality is not None else {}
    findings = {one.person.id: _findings(one, figures.get(one.person.id), today) for one in board.people}
    listed = sorted(board.people, key=lambda one: -len(findings[one.person.id]))
    rows = [_person(one, figures.get(one.person.id), findings[one.person.id]) for one in listed]
    programs = sum(one.person.simulated for one in board.people)
    count = len(board.people) - programs
    summary = ["One person" if count == 1 else f"{count:,} people"]
    summary[0] += f" and {programs:,} simulated" if programs else ""
    summary[0] += ", those who stand out first" if len(board.people) > 1 else ""
    summary.append("shares are of hidden checks; their 95 % intervals stand beside the chosen line")
    if quality is None:
        summary.append("reading what the checks say…")
    elif quality.error.known:
        caught, passed = quality.error.caught, quality.error.passed
        caught_words = f"{caught[0]} of {caught[1]} wrong ones were caught"
        summary.append(f"of old outputs, {caught_words} and {passed[0]} of {passed[1]} right ones passed")
    if quality is not None:
        careless = [one.person.name for one in quality.people if one.care is not None and one.care.warning]
        if careless:
            summary.insert(0, f"▲ Less careful than the others, by checks, agreement and haste: {', '.join(careless)}")
        if quality.power is not None:
            summary.append(quality.power.words)
    if quality is not None and quality.guesses.everyone.n:
        told = quality.guesses.everyone.words
        if quality.guesses.warning:
            summary.insert(0, f"▲ {quality.guesses.warning}")
        else:
            summary.append(f"the new side was named in {told}: no more than chance explains")
    if not board.timed:
        summary.append("how long verdicts take is not kept in this project")
    return Shown(tuple(summary), _PEOPLE, 1, tuple(rows), "Nobody has joined this project")


def _findings(one: PersonLeft, quality: PersonQuality | None, today: date) -> Sequence[str]:
    found = list(quality.findings) if quality else []
    if one.late(today):
        found.append(f"{one.left:,} items are more than can be done until {one.term.due}")
    return found


def _person(one: PersonLeft, quality: PersonQuality | None, findings: Sequence[str]) -> Row:
    work, checks = (quality.work, quality.checks) if quality else (None, None)
    total, told = one.done + one.left, _person_detail(one, quality)
    cells = (
        _called(one.person),
        f"{one.done:,}",
        f"{one.left:,}" if _has_items(one.person) else "–",
        f"{one.pace.per_day:.0f}" if one.pace and one.pace.per_day else "–",
        one.term.due or "–",
        *(_short(share) for share in ((checks.known, checks.repeats, checks.followed) if checks else (None,) * 3)),
        f"{work.chose_a} : {work.chose_b}" if work else "–",
        f"{work.usual_s:.0f}" if work and work.usual_s is not None else "–",
    )
    return Row(
        cells,
        detail=(_called(one.person), *(f"▲ {finding[:1].upper()}{finding[1:]}" for finding in findings), *told),
        share=one.done / total if total and _has_items(one.person) else None,
        stands_out=bool(findings),
    )


def _has_items(person: Person) -> bool:
    """Whether items wait for the person: for programs and auditors none do."""
    return not person.simulated and person.role is not Role.AUDITOR


def _called(person: Person) -> str:
    """A program's name says what it is, whatever the program is called."""
    marked = person.simulated and "simulated" not in person.name.casefold()
    return f"{person.name} (simulated)" if marked else person.name


def _person_detail(one: PersonLeft, quality: PersonQuality | None) -> list[str]:
    if one.person.simulated:
        said = [f"A program's {one.done:,} verdicts: they count only where nobody else judged"]
    elif not _has_items(one.person):
        said = [f"Auditor: looks at everything and judges nothing; {one.done:,} verdicts are from before"]
    else:
        said = [f"{str(one.person.role).capitalize()}: {one.done:,} done, {one.left:,} left"]
    if one.training is not None:
        found = one.training
        said.append(f"In training: {found.agreed} of {found.answered} as settled, {found.needed} are needed")
    if one.term.per_day:
        said.append(f"Can do {one.term.per_day:,} items a day")
    if quality is not None and quality.checks is not None:
        checks = quality.checks
        said += [
            f"{words}: {_long(share)}"
            for words, share in (
                ("Settled items judged as settled", checks.known),
                ("Own items judged the same again", checks.repeats),
                ("Seeded mistakes left in the answer", checks.followed),
                ("Wrong old outputs caught", checks.caught),
                ("Right old outputs passed", checks.passed),
            )
            if share.n
        ]
    if quality is not None and quality.guesses is not None:
        guesses = quality.guesses
        unknown = f"; could not tell in {guesses.open:,} others" if guesses.open else ""
        said.append(f"Asked which side is new, named it in {guesses.words}{unknown}")
    if quality is not None and quality.work is not None:
        work = quality.work
        if work.accuracy is not None and work.interval is not None:
            said.append(
                f"Accuracy by what others say (Dawid and Skene): {work.accuracy:.0%} "
                f"({work.interval.low:.0%} to {work.interval.high:.0%})"
            )
        p = f"{work.position_p:.3f}" if work.position_p >= 0.001 else "below 0.001"
        said.append(f"Found A right {work.chose_a:,}× and B {work.chose_b:,}× (p {p})")
        if work.hasty.n:
            said.append(f"Took less than a third of the usual time: {_long(work.hasty)}")
    return said


def _short(share: Share | None) -> str:
    return "–" if share is None or not share.n else f"{share.hits} of {share.n}"


def _long(share: Share) -> str:
    return f"{share.hits} of {share.n} ({share.interval.low:.0%} to {share.interval.high:.0%})"


def questions(board: Board, *, lead: bool) -> Shown:
    names = board.names or {}
    rows = [_thread(thread, names, lead=lead) for thread in board.threads]
    waiting = sum(thread.open for thread in board.threads)
    summary = f"{waiting:,} of {len(rows):,} wait for an answer" if rows else ""
    hint = "the key A answers the chosen one" if lead else "Ask about an item in Review with Ctrl+T"
    empty = (
        "Nobody has asked anything" if lead else "You have asked nothing. In Review, Ctrl+T asks a lead about the item"
    )
    header = ("item", "asked by", "last word", "") if lead else ("item", "last word", "")
    return Shown(tuple(filter(None, (summary, hint if rows else ""))), header, len(header), tuple(rows), empty)


def _thread(thread: Thread, names: Mapping[str, str], *, lead: bool) -> Row:
    last = thread.said[-1].text.splitlines()[0][:120]
    state = "waits for an answer" if thread.open else "answered"
    who = (names.get(thread.person_id, thread.person_id),) if lead else ()
    told = []
    told.append(f"Item {thread.item_id}")
    for one in thread.said:
        name = names.get(one.person_id, one.person_id)
        told.append(f"{name}{' (lead)' if one.answer else ''}, {one.at[:16].replace('T', ' ')} UTC\n{one.text}")
    return Row(
        (thread.item_id, *who, last, state),
        detail=tuple(told),
        item_id=thread.item_id,
        question=thread.last_question if lead else "",
        stands_out=thread.open and lead,
    )


def rounds(board: Board, *, lead: bool) -> Shown:
    names, rows = board.names or {}, []
    for one in board.rounds:
        for item in one.items:
            state = _differ_in(item) if item.differ else "all say the same"
            counted = f"{len(item.said)} of {len(one.people)}"
            done = len(item.said) == len(one.people)
            cells = (one.name, item.item_id, state if done else "not judged by all yet", counted)
            detail = [f"Item {item.item_id}", f"Round {one.name}, until {one.until[:10]}"]
            if lead:
                said = sorted((names.get(p, p), right, item.tiers[p]) for p, right in item.said.items())
                detail += [f"{name}: {ANSWERS[right]}, {tier}" for name, right, tier in said]
            elif done:
                detail += _to_talk_about(item, board)
            rows.append(Row(cells, tuple(detail), item.item_id, stands_out=done and item.differ))
    summary = [f"Round {one.name}: {_who_is_done(one.done, len(one.items), names)}" for one in board.rounds]
    empty = "No round yet, in which all judge the same items first. A lead starts one under Project, Assignment (C)"
    return Shown(tuple(summary), ("round", "item", "", "judged by"), 3, tuple(rows), empty)


_DIFFER = {
    Question.RIGHT: "which is right",
    Question.TIER: "the tier",
    Question.FAILURES: "failures",
    Question.GOLD: "the gold answer",
    Question.PINS: "where failures are",
}


def _differ_in(item: RoundItem) -> str:
    """Where failures differ, that they are pinned elsewhere says nothing more."""
    told = [q for q in item.differ_in if q is not Question.PINS or Question.FAILURES not in item.differ_in]
    return f"differ in {_and([_DIFFER[question] for question in told])}"


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _to_talk_about(item: RoundItem, board: Board) -> list[str]:
    """For one of those who judged it, when all have: what each said, without names, by the sides as this person saw
    them.
    """
    if not item.differ:
        return ["Nothing to talk about here"]
    shown = sides(item.item_id, board.looks, board.seed)
    said = {p: f"{in_a_sentence(right, shown)}, {item.tiers[p]}" for p, right in item.said.items()}
    others = sorted(words for person, words in said.items() if person != board.looks)
    told = [f"Another: {words}" for words in others]
    return [f"You: {said[board.looks]}", *told, f"Talk about it with the others: you {_differ_in(item)}"]


def _who_is_done(done: Mapping[str, int], items: int, names: Mapping[str, str]) -> str:
    return ", ".join(f"{names.get(person, person)} {count} of {items}" for person, count in done.items())


def settled(board: Board, *, lead: bool) -> Shown:
    rows = []
    for one in board.settled:
        said, right = in_a_sentence(one.said, one.sides), in_a_sentence(one.settled, one.sides)
        same, why = one.said is one.settled, [f"Why: {one.reason}"] if one.reason else []
        cells = (one.item_id, right, "as you said" if same else f"you: {said}", one.at[:10])
        detail = (f"Item {one.item_id}", f"Settled: {right}", f"You: {said}", *why)
        rows.append(Row(cells, detail, one.item_id, stands_out=not same))
    agreed = sum(one.said is one.settled for one in board.settled)
    summary = (f"{agreed:,} of {len(rows):,} were settled as you said",) if rows else ()
    empty = "No item that you judged was settled by another lead" if lead else "Nothing was settled yet"
    return Shown(summary, ("item", "settled", "", "on"), 4, tuple(rows), empty)


def skipped(board: Board) -> Shown:
    names = board.names or {}
    rows = []
    for skip in board.skips:
        name = names.get(skip.person_id, skip.person_id)
        detail = (f"Item {skip.item_id}", f"{name}: {skip.reason}")
        cells = (skip.item_id, name, skip.reason, skip.at[:10])
        rows.append(Row(cells, detail, skip.item_id, skipped_by=skip.person_id))
    summary = (f"{len(rows):,} skipped items", "R brings the chosen one back to who skipped it") if rows else ()
    return Shown(summary, ("item", "by", "why", "on"), 4, tuple(rows), "Nothing was skipped")

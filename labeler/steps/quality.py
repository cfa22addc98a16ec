"""What is known of each person's work in a release: verdicts, hidden checks and times, with uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labeler.domain.assignment import times_erased_body
from labeler.domain.backfill.estimate import UNMEASURED, ReviewerError
from labeler.domain.care import Care, CheckPower, care, check_power
from labeler.domain.check_report import STANDS_OUT, Answered, CheckFigures, check_figures, reviewer_error
from labeler.domain.checks import CheckKind
from labeler.domain.events import EventKind
from labeler.domain.guesses import GuessFigures, GuessReport
from labeler.domain.people import Person
from labeler.domain.quality_report import AnnotatorQuality
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.steps.agreement import measure_annotators
from labeler.steps.assign import only_a_lead, release_of_project
from labeler.steps.bring.carry import known_before
from labeler.steps.guesses import guesses_in
from labeler.steps.project import Project


@dataclass(frozen=True, slots=True)
class PersonQuality:
    """One person's figures; each is None where there is nothing to tell of."""

    person: Person
    work: AnnotatorQuality | None
    checks: CheckFigures | None
    guesses: GuessFigures | None = None
    care: Care | None = None
    """Checks, agreement and haste together."""

    @property
    def findings(self) -> tuple[str, ...]:
        """What stands out, in words."""
        told = (self.guesses,) if self.guesses is not None and self.guesses.beat_chance else ()
        together = self.care.warning if self.care is not None else ""
        return (
            *filter(None, (together,)),
            *(self.work.findings if self.work else ()),
            *(self.checks.findings if self.checks else ()),
            *(f"knows which side is the new one: {guesses.words}" for guesses in told),
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """`error` is that of all people together, on old outputs whose truth is known."""

    people: tuple[PersonQuality, ...]
    error: ReviewerError
    simulated: bool
    """The verdicts are those of simulated annotators: nobody else judged."""
    times_recorded: bool
    guesses: GuessReport
    """Which side people took for the new one."""
    power: CheckPower | None
    """What the checks can find without agreement and haste."""


def measure_quality(project: Project, *, resamples: int = 200) -> Quality:
    """Everyone who judged or was checked, those who stand out first. Raises LabelerError when there is no release."""
    annotators, simulated = measure_annotators(project, resamples=resamples)
    answered = answered_checks(project)
    guesses = guesses_in(project.store, release_of_project(project))
    work = {one.person: one for one in annotators}
    checks = {one.person: one for one in check_figures(answered)}
    together = care(work, checks)
    found = [
        PersonQuality(
            project.store.person_of(person),
            work.get(person),
            checks.get(person),
            guesses.people.get(person),
            together.get(person),
        )
        for person in sorted({*work, *checks, *guesses.people})
    ]
    return Quality(
        people=tuple(sorted(found, key=lambda one: (-len(one.findings), one.person.name))),
        error=reviewer_error(answered),
        simulated=simulated,
        times_recorded=project.settings.record_times,
        guesses=guesses,
        power=check_power(tuple(checks.values()), STANDS_OUT),
    )


def answered_checks(project: Project) -> list[Answered]:
    """Answered checks of the newest release, compared with what is settled today. Raises LabelerError without one.

    A settled item that was opened again tells nothing until it is settled anew.
    """
    store, release = project.store, release_of_project(project)
    answered = [check for check in store.checks(release) if check.outcome]
    if not answered:
        return []
    found, before = [], {one.item_id: one for one in known_before(project, release)}
    for check in answered:
        known: Right | None = None
        if check.kind is CheckKind.REPEAT:
            known = store.stored_verdict(check.of_event).verdict.right
        elif (stored := store.resolution(release, check.item_id)) and stored.resolution.by is ResolvedBy.LEAD:
            known = stored.resolution.right
        elif (earlier := before.get(check.item_id)) is not None and earlier.event == check.of_event:
            known = earlier.right
        if known is not None and known is not Right.UNDECIDABLE:
            verdict = store.stored_verdict(check.event_id).verdict
            found.append(Answered(check.person_id, check.kind, verdict, known))
    return found


def measured_error(project: Project) -> tuple[ReviewerError, str]:
    """The reviewers' error that a backfill's estimate is corrected by, and in words where it comes from.

    Hidden checks measure single verdicts. What several agree on errs less, by an amount that the checks do not tell;
    there nothing is corrected.
    """
    error = reviewer_error(answered_checks(project))
    if not error.known:
        return UNMEASURED, "reviewer error is not known: no hidden checks on right and on wrong old outputs yet"
    said = f"hidden checks: {error.caught[0]} of {error.caught[1]} wrong old outputs caught, "
    said += f"{error.passed[0]} of {error.passed[1]} right ones passed"
    if project.store.overlap > 1:
        return UNMEASURED, f"{said}; not corrected for, since several people agree on each record"
    if not error.reviewer.informative:
        return UNMEASURED, f"{said}; not corrected for: that is no better than chance"
    return error, said


def erase_times(project: Project, author: Person, person: Person, now: datetime) -> int:
    """Erase how long each of a person's verdicts took and what they guessed, here and on every laptop that hears of
    it; how many of both.

    The chain still verifies. Raises LabelerError for another author than the person or a lead.
    """
    by_lead = author.id != person.id
    if by_lead:
        only_a_lead(author)
    store = project.store
    with store.atomic():
        events = store.timed_events(person.id)
        if events:
            body = times_erased_body(person.id, events, by_lead=by_lead)
            store.append(store.stream(author.id), EventKind.TIMES_ERASED, body, now)
    return len(events)

"""Agreement and annotators' quality in a release, read from the verdicts in force."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from operator import itemgetter

from labeler.domain.agreement.alpha import Agreement
from labeler.domain.agreement.answers import Answers, Question, Same, gold_text
from labeler.domain.agreement.distances import Codes, Places, codes_of, places_of
from labeler.domain.agreement.groups import Group, Grouping, cut, group_of, in_order
from labeler.domain.agreement.report import AgreementReport, agreement_report
from labeler.domain.blind import Letter
from labeler.domain.items import Modality, Release, Side
from labeler.domain.people import Person
from labeler.domain.quality_report import AnnotatorQuality, quality_report
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.steps.project import Project
from labeler.steps.uncollected import without_collection
from labeler.store.answers import Given


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of agreement in a release. Verdicts of simulated annotators count where there are no others."""

    release: Release
    items: int
    """With at least one verdict."""
    simulated: bool
    """The verdicts are those of simulated annotators: nobody else judged."""
    people: Mapping[str, Person]
    agreement: AgreementReport
    annotators: tuple[AnnotatorQuality, ...]


@dataclass(frozen=True, slots=True)
class JudgedRelease:
    """Everything that figures of agreement are computed from, apart from the store; read as far as it was asked for."""

    release: Release
    answers: Mapping[Question, Answers]
    """Items with at least one verdict. Verdicts of simulated annotators only where there are no others."""
    events: Sequence[tuple[str, ...]]
    """The verdicts' events, item by item and in order of person as the answers."""
    given: Mapping[str, str]
    """When the last verdict of each item was given."""
    people: Mapping[str, Person]
    simulated: bool
    """The verdicts are those of simulated annotators: nobody else judged."""
    seed: int
    position: int
    """Of the log, when it was read."""
    left_out: int = 0
    """Verdicts of simulated annotators, which do not count since somebody judged."""

    @property
    def items(self) -> Sequence[str]:
        return self.answers[Question.RIGHT].items

    @property
    def several(self) -> int:
        """Items with verdicts of at least two people."""
        return sum(len(people) > 1 for people in self.answers[Question.RIGHT].people)

    def groups(self, question: Question, grouping: Grouping) -> tuple[Group, ...]:
        """Figures of one cut, as `agreement_groups.groups` has them. Raises KeyError as `parts`."""
        return in_order([part.count() for part in self.parts(question, grouping)], grouping)

    def parts(self, question: Question, grouping: Grouping) -> tuple[Part, ...]:
        """What one cut of a question consists of, each to be counted by itself. Raises KeyError for a question whose
        answers were not read.
        """
        parts = cut(self.answers[question], grouping, self.given)
        return tuple(Part(question, name, members, self.seed) for name, members in parts.items())


@dataclass(frozen=True, slots=True)
class Part:
    """A group of items that is to be counted."""

    question: Question
    name: tuple[str, ...]
    asked: Answers
    seed: int

    @without_collection()
    def count(self) -> Group:
        return group_of(self.name, self.asked, self.question, self.seed)


@without_collection()
def read_judged(project: Project, modality: Modality | None = None) -> JudgedRelease:
    """Which outputs people found right in the newest release, and tiers: what the store has at hand.

    Raises LabelerError when there is no release.
    """
    store = project.store
    release = store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release", remedy="import outputs of two models first")
    people = {person.id: person for person in store.people()}
    every = store.verdicts_in_short(release.id)
    slices = store.slices_of_items(dict.fromkeys(item_id for item_id, *_ in every))
    if modality is not None:
        every = [given for given in every if slices[given[0]]["modality"] == modality]
    real = [given for given in every if given[1] not in people or not people[given[1]].simulated]
    simulated = bool(every) and not real
    events, answers = _in_columns(every if simulated else real, slices)
    return JudgedRelease(
        release,
        answers,
        events,
        store.last_given(release.id),
        people,
        simulated,
        project.settings.seed,
        store.last_position(),
        0 if simulated else store.simulated_verdicts(release.id),
    )


def _in_columns(
    every: Sequence[Given], slices: Mapping[str, Mapping[str, str]]
) -> tuple[Sequence[tuple[str, ...]], Mapping[Question, Answers]]:
    same, rights, tiers = Same(), {str(one): one for one in Right}, {str(one): one for one in Tier}
    items, people, events = list[str](), list[tuple[str, ...]](), list[tuple[str, ...]]()
    said: dict[Question, list[tuple[Hashable | None, ...]]] = {Question.RIGHT: [], Question.TIER: []}
    for item_id, group in groupby(every, key=itemgetter(0)):
        _, who, given, right, tier = zip(*group, strict=True)
        items.append(item_id)
        people.append(same.one(who))
        events.append(given)
        said[Question.RIGHT].append(same.one(tuple(rights[one] for one in right)))
        said[Question.TIER].append(same.one(tuple(tiers[one] for one in tier)))
    of_items = [slices[item_id] for item_id in items]
    return events, {question: Answers(items, of_items, people, column) for question, column in said.items()}


@without_collection()
def read_answers(project: Project, judged: JudgedRelease, question: Question) -> JudgedRelease:
    """The same with what the verdicts that were read answer to this question as well."""
    if question in judged.answers:
        return judged
    read = _gold(project, judged) if question is Question.GOLD else _failed(project, judged)
    return replace(judged, answers={**judged.answers, **read})


def _gold(project: Project, judged: JudgedRelease) -> dict[Question, Answers]:
    texts: dict[str, str] = {}
    for answer, events in project.store.gold_answers_of(list(chain.from_iterable(judged.events))):
        texts.update(dict.fromkeys(events, gold_text(answer)))
    return {Question.GOLD: _answers(judged, texts)}


def _failed(project: Project, judged: JudgedRelease) -> dict[Question, Answers]:
    """Codes and pins: both stand in the failures."""
    kinds = [Modality(slices["modality"]) for slices in judged.answers[Question.RIGHT].slices]
    of_events = {event: kind for events, kind in zip(judged.events, kinds, strict=True) for event in events}
    same, codes, places = Same(), dict[str, Codes](), dict[str, Places]()
    for failures, events in project.store.failures_of(of_events):
        codes.update(dict.fromkeys(events, same.one(codes_of(failures))))
        places.update(dict.fromkeys(events, same.one(places_of(failures))))
    return {Question.FAILURES: _answers(judged, codes), Question.PINS: _answers(judged, places)}


def _answers(judged: JudgedRelease, answers: Mapping[str, Hashable]) -> Answers:
    """With these answers, by event."""
    same = Same()
    said = [same.one(tuple(answers.get(event) for event in events)) for events in judged.events]
    return replace(judged.answers[Question.RIGHT], said=said)


def measure_agreement(project: Project, *, modality: Modality | None = None, resamples: int = 200) -> Measured:
    """Raises LabelerError when there is no release."""
    judged = read_judged(project, modality)
    for question in Question:
        judged = read_answers(project, judged, question)
    return Measured(
        release=judged.release,
        items=len(judged.items),
        simulated=judged.simulated,
        people=judged.people,
        agreement=agreement_report(judged.answers, seed=judged.seed),
        annotators=_annotators(project, judged, resamples),
    )


def measure_questions(project: Project) -> Mapping[Question, Agreement]:
    """How far people agree on each question, and nothing else. Raises LabelerError when there is no release."""
    judged = read_judged(project)
    found = {}
    for question in Question:
        judged = read_answers(project, judged, question)
        found[question] = judged.groups(question, Grouping.ALL)[0].agreement
    return found


def measure_annotators(project: Project, *, resamples: int = 200) -> tuple[tuple[AnnotatorQuality, ...], bool]:
    """What `measure_agreement` says of people, and whether they are simulated ones, without how far they agree, which
    takes most of its time. Raises LabelerError when there is no release.
    """
    judged = read_judged(project)
    return _annotators(project, judged, resamples), judged.simulated


@dataclass(frozen=True, slots=True)
class _Work:
    """Of a verdict, what tells of its person's work."""

    right: Right
    shown: Mapping[Letter, Side]
    duration_ms: int


@dataclass(frozen=True, slots=True)
class _Worked:
    item_id: str
    slices: Mapping[str, str]
    verdicts: Mapping[str, _Work]


@without_collection()
def _annotators(project: Project, judged: JudgedRelease, resamples: int) -> tuple[AnnotatorQuality, ...]:
    store, asked, events = project.store, judged.answers[Question.RIGHT], list(chain.from_iterable(judged.events))
    shown = {event: body["shown"] for event, body in store.bodies_of(events)}
    took = {event: int(value) for event, value in store.private_values(events, "duration_ms")}
    worked = []
    for n, item_id in enumerate(asked.items):
        given = zip(asked.people[n], asked.said[n], judged.events[n], strict=True)
        work = {who: _Work(Right(str(right)), shown[event], took.get(event, 0)) for who, right, event in given}
        worked.append(_Worked(item_id, asked.slices[n], work))
    return quality_report(worked, _settled_by_lead(project, judged.release), seed=judged.seed, resamples=resamples)


def _settled_by_lead(project: Project, release: Release) -> Mapping[str, Right]:
    return {one.item_id: one.right for one in project.store.decided(release.id) if one.by is ResolvedBy.LEAD}

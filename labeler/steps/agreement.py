"""Agreement and annotators' quality in a release, read from the verdicts in force."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from labeler.domain.agreement import Agreement
from labeler.domain.agreement_answers import Answered, Judged, Question, gold_text
from labeler.domain.agreement_distances import Codes, Places, codes_of, places_of
from labeler.domain.agreement_groups import Group, Grouping, cut, group_of, in_order
from labeler.domain.agreement_report import AgreementReport, agreement_report
from labeler.domain.blind import Letter
from labeler.domain.items import Item, Modality, Release, Side
from labeler.domain.people import Person
from labeler.domain.quality_report import AnnotatorQuality, quality_report
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.steps.project import Project
from labeler.store import Store
from labeler.store.answers import VerdictInShort
from labeler.store.catalogue import slice_text


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
class JudgedItem:
    """An item of a release, and who judged it."""

    item_id: str
    slices: Mapping[str, str]
    said: Mapping[str, VerdictInShort]
    """By person, in order of id; verdicts of simulated annotators only where there are no others in the release."""


@dataclass(frozen=True, slots=True)
class JudgedRelease:
    """Everything that figures of agreement are computed from, apart from the store; read as far as it was asked for."""

    release: Release
    items: tuple[JudgedItem, ...]
    """With at least one verdict."""
    answers: Mapping[Question, tuple[Answered, ...]]
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
    def verdicts(self) -> Iterator[VerdictInShort]:
        return (verdict for one in self.items for verdict in one.said.values())

    @property
    def several(self) -> int:
        """Items with verdicts of at least two people."""
        return sum(len(one.said) > 1 for one in self.items)

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
    items: Sequence[Answered]
    seed: int

    def count(self) -> Group:
        return group_of(self.name, self.items, self.question, self.seed)


def read_judged(project: Project, modality: Modality | None = None) -> JudgedRelease:
    """Which outputs people found right in the newest release, and tiers: what the store has at hand.

    Raises LabelerError when there is no release.
    """
    store = project.store
    release = store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release", remedy="import outputs of two models first")
    people = {person.id: person for person in store.people()}
    every = _by_item(store, release, modality)
    real = [replace(one, said=_without_simulated(one.said, people)) for one in every]
    simulated = bool(every) and not any(one.said for one in real)
    items = tuple(one for one in (every if simulated else real) if one.said)
    return JudgedRelease(
        release,
        items,
        {
            Question.RIGHT: _answers(items, lambda verdict: verdict.right),
            Question.TIER: _answers(items, lambda verdict: verdict.tier),
        },
        store.last_given(release.id),
        people,
        simulated,
        project.settings.seed,
        store.last_position(),
        0 if simulated else store.simulated_verdicts(release.id),
    )


def read_answers(project: Project, judged: JudgedRelease, question: Question) -> JudgedRelease:
    """The same with what the verdicts that were read answer to this question as well."""
    if question in judged.answers:
        return judged
    read = _gold(project, judged) if question is Question.GOLD else _failed(project, judged)
    return replace(judged, answers={**judged.answers, **read})


def _gold(project: Project, judged: JudgedRelease) -> dict[Question, tuple[Answered, ...]]:
    left = project.store.gold_answers_of([verdict.event for verdict in judged.verdicts])
    texts = {event: text for answer, events in left for text in (gold_text(answer),) for event in events}
    return {Question.GOLD: _answers(judged.items, lambda verdict: texts.get(verdict.event))}


def _failed(project: Project, judged: JudgedRelease) -> dict[Question, tuple[Answered, ...]]:
    """Codes and pins: both stand in the failures."""
    kinds = {v.event: Modality(one.slices["modality"]) for one in judged.items for v in one.said.values()}
    codes, places = dict[str, Codes](), dict[str, Places]()
    same: dict[Codes | Places, Any] = {}  # one object is told from another in no time, two equal ones are compared
    for failures, events in project.store.failures_of(kinds):
        named, pinned = codes_of(failures), places_of(failures)
        codes.update(dict.fromkeys(events, same.setdefault(named, named)))
        places.update(dict.fromkeys(events, same.setdefault(pinned, pinned)))
    return {
        Question.FAILURES: _answers(judged.items, lambda verdict: codes[verdict.event]),
        Question.PINS: _answers(judged.items, lambda verdict: places[verdict.event]),
    }


def _answers(items: Sequence[JudgedItem], answer: Callable[[VerdictInShort], Hashable]) -> tuple[Answered, ...]:
    return tuple(
        Answered(one.item_id, one.slices, {person: answer(verdict) for person, verdict in one.said.items()})
        for one in items
    )


def _by_item(store: Store, release: Release, modality: Modality | None) -> list[JudgedItem]:
    every = store.verdicts_in_short(release.id)
    slices = store.slices_of_items({verdict.item_id: None for verdict in every})
    found = []
    for item_id, said in groupby(every, key=lambda verdict: verdict.item_id):
        if modality is None or slices[item_id]["modality"] == modality:
            found.append(JudgedItem(item_id, slices[item_id], {verdict.person: verdict for verdict in said}))
    return found


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


def _annotators(project: Project, judged: JudgedRelease, resamples: int) -> tuple[AnnotatorQuality, ...]:
    store, events = project.store, [verdict.event for verdict in judged.verdicts]
    shown = {event: body["shown"] for event, body in store.bodies_of(events)}
    took = {event: int(value) for event, value in store.private_values(events, "duration_ms")}
    worked = [
        _Worked(one.item_id, one.slices, {
            person: _Work(verdict.right, shown[verdict.event], took.get(verdict.event, 0))
            for person, verdict in one.said.items()
        })
        for one in judged.items
    ]  # fmt: skip
    return quality_report(worked, _settled_by_lead(project, judged.release), seed=judged.seed, resamples=resamples)


def judged_items(project: Project, release: Release, modality: Modality | None = None) -> list[Judged]:
    """The items of a release with all that is said in the verdicts in force, in order of id."""
    found = []
    for item_id, said in project.store.verdicts_by_item(release.id):
        item = project.store.item(item_id)
        if modality is None or item.modality is modality:
            found.append(Judged(item_id, slices_of(item), {one.person.id: one.verdict for one in said}))
    return found


def slices_of(item: Item) -> Mapping[str, str]:
    """An item's slices as text, the modality among them."""
    return {"modality": str(item.modality), **{key: slice_text(value) for key, value in item.slices.items()}}


def _settled_by_lead(project: Project, release: Release) -> Mapping[str, Right]:
    return {one.item_id: one.right for one in project.store.decided(release.id) if one.by is ResolvedBy.LEAD}


def _without_simulated(
    said: Mapping[str, VerdictInShort], people: Mapping[str, Person]
) -> Mapping[str, VerdictInShort]:
    return {person: one for person, one in said.items() if person not in people or not people[person].simulated}

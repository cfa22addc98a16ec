"""Agreement and annotators' quality in a release, read from the verdicts in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.domain.agreement_groups import Group, Grouping, groups
from labeler.domain.agreement_report import AgreementReport, Judged, Question, agreement_report
from labeler.domain.items import Item, Modality, Release
from labeler.domain.people import Person
from labeler.domain.quality_report import AnnotatorQuality, quality_report
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.steps.project import Project
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
class JudgedRelease:
    """Everything that figures of agreement are computed from, apart from the store."""

    several: tuple[Judged, ...]
    """Items with verdicts of at least two people."""
    given: Mapping[str, str]
    """When the last verdict of each item was given."""
    people: Mapping[str, Person]
    simulated: bool
    seed: int
    position: int
    """Of the log, when it was read."""
    left_out: int = 0
    """Verdicts of simulated annotators, which do not count since somebody judged."""

    def groups(self, question: Question, grouping: Grouping) -> tuple[Group, ...]:
        """Figures of one cut; of all items, one for each question in their order."""
        if grouping is Grouping.ALL:
            every = (groups(self.several, one, grouping, seed=self.seed) for one in Question)
            return tuple(group for (group,) in filter(None, every))
        return groups(self.several, question, grouping, given=self.given, seed=self.seed)


def read_judged(project: Project) -> JudgedRelease:
    """Verdicts in force on the newest release. Raises LabelerError when there is no release."""
    store = project.store
    release = store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release", remedy="import outputs of two models first")
    people = {person.id: person for person in store.people()}
    judged = judged_items(project, release)
    real = [_without_simulated(one, people) for one in judged]
    simulated = bool(judged) and not any(one.verdicts for one in real)
    several = tuple(one for one in (judged if simulated else real) if len(one.verdicts) > 1)
    return JudgedRelease(
        several,
        store.last_given(release.id),
        people,
        simulated,
        project.settings.seed,
        store.last_position(),
        0 if simulated else store.simulated_verdicts(release.id),
    )


def measure_agreement(project: Project, *, modality: Modality | None = None, resamples: int = 200) -> Measured:
    """Raises LabelerError when there is no release."""
    release, counted, simulated = _counted(project, modality)
    seed = project.settings.seed
    return Measured(
        release=release,
        items=len(counted),
        simulated=simulated,
        people={person.id: person for person in project.store.people()},
        agreement=agreement_report(counted, seed=seed),
        annotators=quality_report(counted, _settled_by_lead(project, release), seed=seed, resamples=resamples),
    )


def measure_annotators(project: Project, *, resamples: int = 200) -> tuple[tuple[AnnotatorQuality, ...], bool]:
    """What `measure_agreement` says of people, and whether they are simulated ones, without how far they agree, which
    takes most of its time. Raises LabelerError when there is no release.
    """
    release, counted, simulated = _counted(project, None)
    decided, seed = _settled_by_lead(project, release), project.settings.seed
    return quality_report(counted, decided, seed=seed, resamples=resamples), simulated


def _counted(project: Project, modality: Modality | None) -> tuple[Release, list[Judged], bool]:
    """The newest release, the verdicts on it that count, and whether they are those of simulated annotators."""
    store = project.store
    release = store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release", remedy="import outputs of two models first")
    people = {person.id: person for person in store.people()}
    judged = judged_items(project, release, modality)
    real = [_without_simulated(one, people) for one in judged]
    simulated = not any(one.verdicts for one in real)
    counted = [one for one in (judged if simulated else real) if one.verdicts]
    return release, counted, simulated and bool(counted)


def judged_items(project: Project, release: Release, modality: Modality | None = None) -> list[Judged]:
    """The items of a release with verdicts in force, in order of id. `kind` is filled in from the modality."""
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
    return {
        stored.resolution.item_id: stored.resolution.right
        for stored in project.store.resolutions(release.id)
        if stored.resolution.by is ResolvedBy.LEAD
    }


def _without_simulated(one: Judged, people: Mapping[str, Person]) -> Judged:
    real = {p: v for p, v in one.verdicts.items() if p not in people or not people[p].simulated}
    return Judged(one.item_id, one.slices, real)

"""What the resolved items of a project say of its releases: read once as columns, then computed for any cut of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labeler.domain.gate.policy import Policy
from labeler.domain.gold.drift import Drift
from labeler.domain.insights.columns import Columns, columns_from
from labeler.domain.insights.counting import in_bins
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.page import GoldVersion, Insights, insights, over_time
from labeler.domain.insights.residual import with_missed_since
from labeler.domain.items import Release, Side
from labeler.domain.people import Person
from labeler.domain.rubric import Rubrics
from labeler.errors import LabelerError
from labeler.formats.insights.document import InsightsDocument
from labeler.steps.bring.carry import carried_rows
from labeler.steps.gate.policy import POLICY_FILE, policy_of
from labeler.steps.gold.drift import project_drift
from labeler.steps.gold.versions import gold_versions
from labeler.steps.project import Project
from labeler.steps.uncollected import without_collection
from labeler.store import Store

EVERYTHING = Cut()


@dataclass(frozen=True, slots=True)
class Material:
    """What figures are computed from. `history` is every release, oldest first; the last one is the page's, and at
    first the only one that was read."""

    project: str
    rubrics: Rubrics
    policy: Policy
    policy_from: str
    """Where the policy comes from, in words."""
    number: int
    """The page's release, counted from 1."""
    history: tuple[tuple[Release, Columns], ...]
    people: tuple[Person, ...] = ()
    gold: tuple[GoldVersion, ...] = ()
    drift: Drift | None = None

    @property
    def release(self) -> Release:
        return self.history[-1][0]

    @property
    def columns(self) -> Columns:
        return self.history[-1][1]

    @property
    def slice_keys(self) -> tuple[str, ...]:
        return tuple(self.columns.slices)


def read_resolved(project: Project, *, release: str | None = None) -> Material:
    """The resolved items of a release (by default the newest) and nothing else, for the figures that come first.

    Raises LabelerError when the project has no such release, or its `gate.toml` cannot be read.
    """
    store = project.store
    releases = _up_to(store, release)
    policy, words = policy_of(project.folder)
    return Material(
        project=project.settings.name,
        rubrics=project.rubrics,
        policy=policy,
        policy_from=words,
        number=len(releases),
        history=((releases[-1], _columns(project, releases[-1])),),
        people=tuple(store.people()),
        gold=tuple(gold_versions(store)),
    )


def read_rest(project: Project, material: Material) -> Material:
    """The same with the releases before, with slices and with who judged what.

    A project without a policy is cut by its telling slices.
    """
    store, policy = project.store, material.policy
    earlier = [(one, _columns(project, one)) for one in _up_to(store, material.release.id)[:-1]]
    columns = with_missed_since(material.columns, material.release, earlier)
    keys = dict.fromkeys([*store.telling_slices(), *policy.slices])
    pairs = {key: list(store.slice_rows(key)) for key in keys}
    history = tuple(
        (one, in_bins(held.with_slices(pairs), policy).with_people(store.judged_rows(one.id)))
        for one, held in (*earlier, (material.release, columns))
    )
    if not (project.folder / POLICY_FILE).exists():
        telling = history[-1][1].slices.items()
        policy = replace(policy, slices=tuple(key for key, cut in telling if len(cut.values) > 1))
    return replace(material, policy=policy, history=history, drift=project_drift(project, columns))


def read_material(project: Project, *, release: str | None = None) -> Material:
    """All at once. Raises LabelerError as `read_resolved` does."""
    return read_rest(project, read_resolved(project, release=release))


def page(material: Material, cut: Cut = EVERYTHING, side: Side = "new", slice_key: str = "") -> Insights:
    """The figures of what `cut` leaves; heat maps are by `slice_key`, by default each by its most telling slice."""
    found = insights(material.columns, material.release, material.policy, cut, side, slice_key)
    releases = over_time(material.history, cut) if len(material.history) == material.number else ()
    return replace(found, releases=releases, gold=material.gold, drift=material.drift)


def document(material: Material, found: Insights) -> InsightsDocument:
    """The page with its names, for reports."""
    release = material.release
    return InsightsDocument(
        page=found,
        project=material.project,
        release=material.number,
        models=tuple(f"{modality}: {pair.old} → {pair.new}" for modality, pair in sorted(release.pairs.items())),
        policy_from=material.policy_from,
        labels=failure_labels(material.rubrics),
        people={person.id: person.name for person in material.people},
    )


def failure_labels(rubrics: Rubrics) -> dict[str, str]:
    """Failure codes as people call them, over all modalities, also those that nobody can give any more."""
    return {failure.code: failure.label for rubric in rubrics.values() for failure in rubric.every}


def _columns(project: Project, release: Release) -> Columns:
    """With the items that would have been judged had their outputs not been judged in earlier releases."""
    store = project.store
    with without_collection():
        rows, simulated = store.resolved_rows(release.id), store.simulated_items(release.id)
        if release.id != store.releases()[0].id:  # there is nothing before the first one, and to see that takes long
            taken_over, by_programs = carried_rows(project, release.id)
            if taken_over:
                rows = sorted([*rows, *taken_over])
            simulated = [*simulated, *by_programs]
        return columns_from(rows, simulated)


def _up_to(store: Store, release: str | None) -> list[Release]:
    releases = store.releases()
    if not releases:
        raise LabelerError("the project has no release yet", remedy="labeler import PROJECT --old F --new F")
    if release is None:
        return releases
    ids = [one.id for one in releases]
    number = int(release) - 1 if release.isdecimal() else -1
    at = ids.index(release) if release in ids else number
    if not 0 <= at < len(ids):
        raise LabelerError(f"there is no release {release}", remedy=f"give a number from 1 to {len(ids)}")
    return releases[: at + 1]

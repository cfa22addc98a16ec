"""What is in a project and what is left to do: per modality, tier and slice."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, Release
from labeler.domain.people import Person
from labeler.steps.project import Project
from labeler.store import Left

MOST_VALUES = 12
"""A slice with more values (a duration, a noise level) is not listed value by value."""


@dataclass(frozen=True, slots=True)
class ModalityStatus:
    """One modality of the newest release. `queued` of the items were drawn, `open` of them still lack verdicts."""

    modality: Modality
    old: str
    new: str
    items: int
    same: int
    cosmetic: int
    flips: int
    queued: int
    open: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Status:
    name: str
    release: Release | None
    items: int
    decisions: int
    people: tuple[tuple[Person, int], ...]
    """Everyone, with the number of their verdicts in force on the newest release."""
    modalities: tuple[ModalityStatus, ...]
    tiers: tuple[Left, ...]
    slices: tuple[Left, ...]
    events: int


def project_status(project: Project) -> Status:
    store = project.store
    release = store.latest_release()
    judged = {} if release is None else store.verdict_counts(release.id)
    return Status(
        name=project.settings.name,
        release=release,
        items=store.item_count(),
        decisions=store.decision_count(),
        people=tuple((person, judged.get(person.id, 0)) for person in store.people()),
        modalities=() if release is None else _modalities(project, release),
        tiers=() if release is None else tuple(store.left_by_tier(release.id)),
        slices=() if release is None else tuple(store.left_by_slice(release.id, MOST_VALUES)),
        events=store.event_count(),
    )


def _modalities(project: Project, release: Release) -> tuple[ModalityStatus, ...]:
    classes = project.store.class_counts(release.id)
    left = {part.value: part for part in project.store.left_by_modality(release.id)}
    resolved = project.store.resolved_by_modality(release.id)
    found = []
    for modality, pair in sorted(release.pairs.items()):
        part = left.get(str(modality))
        found.append(
            ModalityStatus(
                modality=modality,
                old=str(pair.old),
                new=str(pair.new),
                items=project.store.item_count(modality),
                same=classes.get((modality, ItemClass.SAME), 0),
                cosmetic=classes.get((modality, ItemClass.COSMETIC), 0),
                flips=classes.get((modality, ItemClass.FLIP), 0),
                queued=part.queued if part else 0,
                open=part.open if part else 0,
                resolved=resolved.get(modality, 0),
            )
        )
    return tuple(found)

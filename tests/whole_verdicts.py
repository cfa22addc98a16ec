"""Items with every verdict on them held whole: what the short columns that figures are counted from are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeler.domain.agreement.answers import Answers, Question, answer_to
from labeler.domain.items import Item, Modality, Release
from labeler.domain.verdicts import Verdict
from labeler.steps.project import Project
from labeler.store.catalogue import slice_text


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that people judged: its slices as text, and each person's verdict in force."""

    item_id: str
    slices: Mapping[str, str]
    verdicts: Mapping[str, Verdict]


def answered(question: Question, judged: Sequence[Judged]) -> Answers:
    """What the verdicts on these items answer."""
    ordered = [dict(sorted(one.verdicts.items())) for one in judged]
    return Answers(
        [one.item_id for one in judged],
        [one.slices for one in judged],
        [tuple(verdicts) for verdicts in ordered],
        [tuple(answer_to(question, verdict) for verdict in verdicts.values()) for verdicts in ordered],
    )


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

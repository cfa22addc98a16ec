"""Opening an item: everything about it is loaded once, and a view gets the part that it may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from labeler.domain.blind import LETTERS, BlindPair, Letter, blind_pair, sides
from labeler.domain.checks import Check, CheckKind, prefill_of
from labeler.domain.differences.media import made
from labeler.domain.differences.model import Difference
from labeler.domain.fold import fold_difference, fold_output
from labeler.domain.items import Item, Modality, Release
from labeler.domain.people import Person
from labeler.domain.project import FoldTexts, ProjectSettings
from labeler.domain.queue import Why
from labeler.sessions.review.case import Case
from labeler.sessions.review.evidence import ShownItem, ShownMedium, Upcoming
from labeler.steps import review as steps
from labeler.steps.project import Project


@dataclass(frozen=True, slots=True)
class Opened:
    """The item on the screen, with what a view must not see (`case`) and what it may (`item`, the pairs)."""

    release: Release
    """Whose outputs these are."""
    case: Case
    item: ShownItem
    why: Why | None
    latest: str | None
    """Id of the person's newest event on the item when it was opened."""
    raw: BlindPair
    folded: BlindPair | None
    """The same without case and punctuation, where their style would give a model away."""
    media: Mapping[Letter, ShownMedium]
    """Pictures and recordings that the outputs are."""
    check: Check | None = None
    """What is done here tells of the person and not of the item. No view may know."""
    confidence: Mapping[Letter, tuple[float | None, ...]] = field(default_factory=dict)
    """How sure each model was of its segments, once the person has given a verdict; else nothing."""
    models: Mapping[Letter, str] = field(default_factory=dict)
    """Which model each side is, where the person may know; else nothing."""
    tier_first: bool = True
    """The outputs stay hidden until the tier is set."""
    names: tuple[str, ...] = ()
    """What the item's medium is called, in the project and on this machine."""


def open_item(
    project: Project,
    release: Release,
    person: Person,
    item_id: str,
    why: Why | None,
    check: Check | None = None,
    *,
    prefilled: bool = False,
    named: bool = False,
) -> Opened:
    """Load an item of a release; `prefilled` with the gold answer as the project's settings want it, `named` with the
    models' names. Who looks up an item that they judged is shown more where the settings allow it.

    Raises LabelerError when the project has no such item or lacks an output.
    """
    found = steps.evidence(project.store, release, item_id)
    seed = project.settings.seed
    # An item that comes again is shuffled again: who remembers that A was right must look.
    again = "/again" if check is not None and check.kind is CheckKind.REPEAT else ""
    shows = sides(f"{item_id}{again}", person.id, seed)
    prefill = prefill_of(project.settings.checks, person.id, f"{item_id}{again}", seed, check)
    case = Case(found.old, found.new, found.comparison, shows, project.rubrics[found.item.modality])
    if prefilled and not case.says_regions_only:
        case = replace(case, prefill=prefill, seed=f"{seed}/{person.id}/{item_id}{again}")
    # Not of what comes in the queue: an item that comes again as a check must look as it did the first time.
    looked_up = why is None and check is None and _is_judged(project, release, person, item_id)
    shown = shown_item(project, found.item)
    return Opened(
        release=release,
        case=case,
        item=shown,
        names=(found.item.media or "", str(shown.media or "")),
        why=why,
        latest=project.store.latest_judgement(release.id, item_id, person.id),
        raw=blind_pair(found.old, found.new, found.comparison.differences, shows),
        folded=_folded(case) if folds(project.settings, found.item.modality) else None,
        media=_media(project, case),
        check=check,
        tier_first=project.settings.tier_first,
        confidence=_confidence(case) if looked_up else {},
        models=model_names(case) if named or (looked_up and project.settings.reveal_after) else {},
    )


def _is_judged(project: Project, release: Release, person: Person, item_id: str) -> bool:
    return project.store.verdict_of(release.id, item_id, person.id) is not None


def model_names(case: Case) -> dict[Letter, str]:
    """Which model each side is. For who has given a verdict, where the project allows it, and for nobody else."""
    named = {case.sides.letter(side): output.model for side, output in case.outputs.items()}
    return {letter: f"{named[letter].name} {named[letter].version}" for letter in LETTERS}


def _confidence(case: Case) -> dict[Letter, tuple[float | None, ...]]:
    return {
        case.sides.letter(side): tuple(segment.confidence for segment in output.segments)
        for side, output in case.outputs.items()
    }


def shown_item(project: Project, item: Item) -> ShownItem:
    path, problem = project.medium(item)
    return ShownItem(
        id=item.id,
        modality=item.modality,
        prompt=item.prompt,
        slices=item.slices,
        media=path,
        media_sha256=item.sha256,
        media_problem=problem,
        content=item.content,
    )


def upcoming(project: Project, release: Release, item_id: str) -> Upcoming | None:
    """The media of an item that comes next, or None where there is nothing to decode ahead."""
    item = project.store.item(item_id)
    path, problem = project.medium(item)
    pictures = _pictures(project, release, item)
    if (path is None or problem) and not pictures:
        return None
    shows = Modality.IMAGE if pictures and item.modality is Modality.TEXT else item.modality
    return Upcoming(item.id, shows, None if problem else path, item.sha256, pictures)


def _pictures(project: Project, release: Release, item: Item) -> tuple[Path, ...]:
    """Those that both models made of the item, as far as they are there; by content, so that no side comes first."""
    pair = release.pairs.get(item.modality)
    found: list[tuple[str, Path]] = []
    for model in (pair.old, pair.new) if pair else ():
        output = project.store.output(item.id, model)
        if output is not None and output.media is not None and made(output) is Modality.IMAGE:
            path, _ = project.file_of(output.media)
            if path is not None:
                found.append((output.media_sha256 or "", path))
    return tuple(path for _, path in sorted(found))


def folds(settings: ProjectSettings, modality: Modality) -> bool:
    """Whether texts are shown folded. By itself that is so for sound: one recogniser writes capitals and commas,
    another does not, while of a picture the capitals and commas are part of what is read.
    """
    if settings.fold_texts is FoldTexts.AUTO:
        return modality is Modality.AUDIO
    return settings.fold_texts is FoldTexts.ALWAYS


def _media(project: Project, case: Case) -> dict[Letter, ShownMedium]:
    """What is to be seen or heard of outputs that are pictures or recordings themselves."""
    found: dict[Letter, ShownMedium] = {}
    for side, output in case.outputs.items():
        if output.media is not None:
            path, problem = project.file_of(output.media)
            found[case.sides.letter(side)] = ShownMedium(made(output), path, output.media_sha256, problem)
    return found


def _folded(case: Case) -> BlindPair:
    old, old_text = fold_output(case.old)
    new, new_text = fold_output(case.new)
    folded = (fold_difference(d, old_text, new_text) for d in case.comparison.differences)
    differences = tuple(d for d in folded if not (d.cosmetic and _alike(d)))
    return blind_pair(old, new, differences, case.sides)


def _alike(difference: Difference) -> bool:
    """Folding took away what differed."""
    return (difference.old and difference.old.text) == (difference.new and difference.new.text)

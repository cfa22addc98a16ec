"""From a draft of the rubric to what the editor shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labeler.domain.items import Modality
from labeler.domain.people import Person
from labeler.domain.rubric import Crop, FailureCode, Rubric, TierDefinition, flaws
from labeler.domain.rubric_changes import Change, ChangeKind
from labeler.domain.rubric_draft import RubricDraft
from labeler.domain.rubric_rebase import Rebased
from labeler.errors import LabelerError
from labeler.sessions.project.rubric_state import (
    FIELDS,
    LookAgainLine,
    RubricEditorState,
    RubricForm,
    RubricLine,
    ShownCrop,
    VersionLine,
)
from labeler.steps.project import Project
from labeler.steps.rubric import LookAgain

_TEXTS = (*(name for name in FIELDS if name != "code"), "crop")
_OTHER = {"tier": "How the tiers are told apart", "right": "When an output is right", "other": "Something else"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is read beside the window: what old verdicts say of the rubric."""

    again: tuple[LookAgain, ...] = ()
    gaps: tuple[tuple[Modality, str, int], ...] = ()


def rebased_in_words(made: Rebased) -> str:
    """What to say where somebody else put a version in force while there were unfinished changes here."""
    version = next(iter(made.draft.base.values())).version
    said = [f"Version {version} came from another lead: your changes now stand on it"]
    if made.both:
        said.append(f"both of you changed {', '.join(made.both)}, and yours is here")
    if made.lost:
        said.append(f"not possible any more: {'; '.join(made.lost)}")
    return " · ".join(said)


def editor_state(
    project: Project, person: Person, draft: RubricDraft, modality: Modality, chosen: int, known: Known
) -> RubricEditorState:
    rubric = draft.rubrics[modality]
    every: tuple[FailureCode | TierDefinition, ...] = (*rubric.failures, *rubric.tiers)
    chosen = min(chosen, len(every) - 1)
    blamed = {code: count for of, code, count in known.gaps if of is modality}
    base = draft.base[modality]
    problems = _problems(rubric)
    flawed = next((f"{m}, {c}: {why}" for m, r in sorted(draft.rubrics.items()) for c, why in _problems(r).items()), "")
    return RubricEditorState(
        project=project.settings.name,
        person=person.name,
        version=next(iter(draft.base.values())).version,
        modalities=tuple(sorted(draft.rubrics)),
        modality=modality,
        lines=tuple(_line(one, base, blamed) for one in every),
        chosen=chosen,
        form=_form(project, draft, modality, every[chosen], problems),
        changes=(*_on_codes(draft.changes), *_on_texts(draft)),
        versions=_versions(project),
        touched=draft.touched,
        lacking=flawed or draft.lacking(),
        again=tuple(
            LookAgainLine(one.item_id, "; ".join(dict.fromkeys(d.change.in_words() for d in one.doubts)), one.resolved)
            for one in known.again
        ),
        other_gaps=tuple((words, blamed[code]) for code, words in _OTHER.items() if code in blamed),
    )


def _problems(rubric: Rubric) -> dict[str, str]:
    """By code, why people could not work with it."""
    return {rubric.failures[f.index].code: f.reason for f in flaws(rubric) if f.part == "failures"}


def _on_codes(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(f"{change.modality}: {change.in_words()}" for change in changes)


def _on_texts(draft: RubricDraft) -> Iterator[str]:
    """What is otherwise of lines that were there before, which lines are new, and whether they stand otherwise."""
    for modality, rubric in sorted(draft.rubrics.items()):
        before = draft.base[modality]
        changes = [change for change in draft.changes if change.modality is modality]
        codes, called = {one.code: one for one in before.failures}, _called_before(changes)
        kept = [(codes[was], one) for one in rubric.failures if (was := called.get(one.code, one.code)) in codes]
        lines: list[tuple[FailureCode | TierDefinition, FailureCode | TierDefinition]]
        lines = [*kept, *zip(before.tiers, rubric.tiers, strict=True)]
        for old, new in lines:
            fields = [name for name in _TEXTS if getattr(old, name, None) != getattr(new, name, None)]
            if fields:
                words = ", ".join("real example" if name == "crop" else name for name in fields)
                yield f"{modality}: another {words} of “{old.label}”"
        there = {old.code for old, _ in kept}
        said = {code for change in changes for code in change.to}
        new_ones = (one for one in rubric.failures if called.get(one.code, one.code) not in codes)
        yield from (f"{modality}: “{one.label}” is new" for one in new_ones if one.code not in said)
        if [old.code for old, _ in kept] != [code for code in codes if code in there]:
            yield f"{modality}: codes stand in another order"


def _called_before(changes: Iterable[Change]) -> dict[str, str]:
    """What codes that were renamed were called in what is in force."""
    called: dict[str, str] = {}
    for change in changes:
        if change.kind is ChangeKind.RENAME:
            called[change.to[0]] = called.pop(change.codes[0], change.codes[0])
    return called


def _versions(project: Project) -> tuple[VersionLine, ...]:
    """Every version that was in force, newest first."""
    found = project.store.rubric_history.versions
    made = [VersionLine(one.version, _on_codes(one.changes)) for one in found]
    return tuple(reversed(made)) if len(made) > 1 else ()


def _line(one: FailureCode | TierDefinition, base: Rubric, blamed: dict[str, int]) -> RubricLine:
    if isinstance(one, TierDefinition):
        return RubricLine(str(one.tier), one.label, "", "", 0, one not in base.tiers)
    gaps = blamed.get(one.code, 0)
    return RubricLine(one.code, one.label, one.key, str(one.severity), gaps, one not in base.failures)


def _form(
    project: Project,
    draft: RubricDraft,
    modality: Modality,
    one: FailureCode | TierDefinition,
    problems: dict[str, str],
) -> RubricForm:
    tier = one.tier if isinstance(one, TierDefinition) else None
    code = one.code if isinstance(one, FailureCode) else str(one.tier)
    again = any(
        change.kind is ChangeKind.RECONSIDER and change.codes == (code,) and change.tiers is (tier is not None)
        for change in draft.changes
        if change.modality is modality
    )
    return RubricForm(
        code=code,
        texts=tuple((field, getattr(one, field)) for field in FIELDS if hasattr(one, field)),
        severity=str(one.severity) if isinstance(one, FailureCode) else "",
        tier=tier,
        again=again,
        crop=_crop(project, one.crop) if isinstance(one, FailureCode) and one.crop else None,
        problem=problems.get(code, ""),
    )


def _crop(project: Project, crop: Crop) -> ShownCrop:
    try:
        item = project.store.item(crop.item)
    except LabelerError:
        return ShownCrop(f"{crop.item}, which is not in this project")
    path, problem = project.medium(item)
    if crop.time_s is not None:
        words = problem or f"{crop.item}, {crop.time_s[0]:.2f} to {crop.time_s[1]:.2f} s"
        return ShownCrop(words, path, span=crop.time_s, sha256=item.sha256)
    return ShownCrop(problem or crop.item, path, crop.box)

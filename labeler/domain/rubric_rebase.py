"""Unfinished changes of a rubric, made again on a version that somebody else put in force meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from labeler.domain.items import Modality
from labeler.domain.rubric import FailureCode, Rubric, Rubrics, Tier, TierDefinition
from labeler.domain.rubric_changes import Change, ChangeKind, codes_of
from labeler.domain.rubric_draft import RubricDraft

Today = Callable[[Modality, str], str]
"""What a code of the version that the changes were made on is called in the one that is in force."""
_OF_CODE = ("label", "definition", "example", "key", "severity", "crop", "proposed_by", "about")
_OF_TIER = ("label", "definition", "example")
_SEEN = {"proposed_by": "proposals", "about": "proposals", "crop": "real example"}


@dataclass(frozen=True, slots=True)
class Rebased:
    draft: RubricDraft
    lost: tuple[str, ...] = ()
    """What could not be made again, in words."""
    both: tuple[str, ...] = ()
    """What the other version changed as well, in words; the draft's word is the one that is there."""


def rebased(draft: RubricDraft, base: Rubrics, today: Today) -> Rebased:
    """The draft's changes on `base`: first what becomes of codes, then new codes, then texts, keys and order.

    Whatever the other version changed and the draft did not is as the other version has it.
    """
    made = _Made(RubricDraft.of(draft.base), RubricDraft.of(base), today)
    for change in draft.changes:
        made.change(change)
    for modality, rubric in draft.rubrics.items():
        if modality in base:
            made.codes(modality, rubric)
            made.tiers(modality, rubric)
    return Rebased(made.there, tuple(made.lost), tuple(made.both))


@dataclass(slots=True)
class _Made:
    """`here` is what the draft's changes alone make of its own base, `there` what they make of the new one."""

    here: RubricDraft
    there: RubricDraft
    today: Today
    lost: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)

    def change(self, change: Change) -> None:
        own = self.here.base[change.modality]
        added = [one for one in change.defined if one.code in change.codes and own.failure(one.code) is None]
        self.here = _again(_having(self.here, change.modality, added), change)
        called = replace(
            change,
            codes=tuple(self._called(change.modality, code) for code in change.codes),
            to=tuple(self._called(change.modality, code) for code in change.to),
        )
        try:
            self.there = _again(_having(self.there, change.modality, added), called)
        except ValueError as problem:
            self.lost.append(f"{change.in_words()} ({problem})")

    def codes(self, modality: Modality, wanted: Rubric) -> None:
        plain = {one.code: one for one in self.here.rubrics[modality].failures}
        for one in wanted.failures:
            if one.code not in plain:
                self._add(modality, one)
            else:
                self._texts(modality, plain[one.code], one)
        before = [code for code in plain if code in codes_of(wanted.failures)]
        order = [one.code for one in wanted.failures if one.code in plain]
        if order != before:
            self._put_in_order(modality, [self._called(modality, one.code) for one in wanted.failures])

    def tiers(self, modality: Modality, wanted: Rubric) -> None:
        before = {one.tier: one for one in self.here.base[modality].tiers}
        for mine, theirs in zip(wanted.tiers, self.there.rubrics[modality].tiers, strict=True):
            said = {name: getattr(mine, name) for name in _differing(before[mine.tier], mine, _OF_TIER)}
            if said:
                self._note_both(before[mine.tier], mine, theirs, _OF_TIER, str(mine.tier))
                self.there = self.there.tier_edited(modality, Tier(mine.tier), **said)

    def _called(self, modality: Modality, code: str) -> str:
        has = codes_of(self.there.rubrics[modality].failures)
        return code if code in has or self.here.base[modality].failure(code) is None else self.today(modality, code)

    def _add(self, modality: Modality, one: FailureCode) -> None:
        if self.there.rubrics[modality].failure(one.code) is not None:
            self.lost.append(f"“{one.label}” is new (there is another code {one.code} now)")
        else:
            self.there = _having(self.there, modality, [one])

    def _texts(self, modality: Modality, before: FailureCode, mine: FailureCode) -> None:
        names = _differing(before, mine, _OF_CODE)
        if not names:
            return
        called = self._called(modality, mine.code)
        theirs = next((one for one in self.there.rubrics[modality].failures if one.code == called), None)
        if theirs is None:
            words = ", ".join(dict.fromkeys(_SEEN.get(name, name) for name in names))
            self.lost.append(f"another {words} of “{before.label}” (the code is gone)")
            return
        self._note_both(before, mine, theirs, _OF_CODE, called)
        after = replace(theirs, **{name: getattr(mine, name) for name in names})
        failures = tuple(after if one is theirs else one for one in self.there.rubrics[modality].failures)
        self.there = _with(self.there, modality, failures)

    def _note_both(
        self,
        before: FailureCode | TierDefinition,
        mine: FailureCode | TierDefinition,
        theirs: FailureCode | TierDefinition,
        names: tuple[str, ...],
        called: str,
    ) -> None:
        for name in _differing(before, mine, names):
            if getattr(theirs, name) not in (getattr(before, name), getattr(mine, name)):
                self.both.append(f"{_SEEN.get(name, name)} of {called}")

    def _put_in_order(self, modality: Modality, order: list[str]) -> None:
        """What the draft does not know stays at the end."""
        place = {code: at for at, code in enumerate(order)}
        failures = self.there.rubrics[modality].failures
        self.there = _with(self.there, modality, sorted(failures, key=lambda one: place.get(one.code, len(place))))


def _again(draft: RubricDraft, change: Change) -> RubricDraft:
    """Raises ValueError where the change cannot be made."""
    modality, codes, to = change.modality, change.codes, change.to
    match change.kind:
        case ChangeKind.RENAME:
            return draft.renamed(modality, codes[0], to[0])
        case ChangeKind.MERGE:
            return draft.merged(modality, codes, to[0])
        case ChangeKind.SPLIT:
            return draft.split(modality, codes[0], to)
        case ChangeKind.REMOVE:
            return draft.removed(modality, codes[0])
        case ChangeKind.RECONSIDER if change.tiers:
            return draft.tier_reconsidered(modality, Tier(codes[0]))
        case ChangeKind.RECONSIDER:
            return draft.reconsidered(modality, codes[0])
        case ChangeKind.ADD:
            return draft  # a new code says so itself


def _having(draft: RubricDraft, modality: Modality, codes: list[FailureCode]) -> RubricDraft:
    """With these codes, where they are not there."""
    failures = draft.rubrics[modality].failures
    new = [one for one in codes if draft.rubrics[modality].failure(one.code) is None]
    return _with(draft, modality, [*failures, *new]) if new else draft


def _with(draft: RubricDraft, modality: Modality, failures: list[FailureCode] | tuple[FailureCode, ...]) -> RubricDraft:
    rubric = replace(draft.rubrics[modality], failures=tuple(failures))
    return replace(draft, rubrics={**draft.rubrics, modality: rubric})


def _differing(one: object, other: object, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(one, name) != getattr(other, name)]

"""A rubric that is being changed: what it would be, and what each step does to codes that verdicts name already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any

from labeler.domain.items import Modality
from labeler.domain.rubric import (
    RESERVED_FOR,
    RESERVED_KEYS,
    FailureCode,
    Rubric,
    Rubrics,
    Severity,
    Tier,
    TierDefinition,
)
from labeler.domain.rubric_changes import (
    Change,
    ChangeKind,
    change_from_json,
    change_to_json,
    code_from_json,
    code_to_json,
)

KEYS = "QWERTYAD56789L"
"""Keys for codes, in the order in which new codes get them."""


@dataclass(frozen=True, slots=True)
class RubricDraft:
    """Steps answer a new draft; they raise ValueError, in words, where a step cannot be."""

    base: Rubrics
    """What is in force."""
    rubrics: Rubrics
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, rubrics: Rubrics) -> RubricDraft:
        return cls(rubrics, rubrics)

    @property
    def touched(self) -> bool:
        return bool(self.changes) or self.rubrics != self.base

    def code(self, modality: Modality, code: str) -> FailureCode:
        found = next((one for one in self.rubrics[modality].failures if one.code == code), None)
        if found is None:
            raise ValueError(f"the rubric of {modality} has no code {code}")
        return found

    def edited(self, modality: Modality, code: str, **fields: Any) -> RubricDraft:
        """Other texts, another key or severity, a crop; `code` itself is changed with `renamed`.

        Another severity is a change of meaning: who named the code said something else of the output.
        """
        before = self.code(modality, code)
        after = replace(before, **fields)
        draft = _with(self, modality, [after if one is before else one for one in self.rubrics[modality].failures])
        return draft if after.severity is before.severity else draft.reconsidered(modality, code)

    def reconsidered(self, modality: Modality, code: str) -> RubricDraft:
        """The code means something else now: who named it is asked again. Twice is as once."""
        return _changed(self, Change(modality, ChangeKind.RECONSIDER, (code,), (), (self.code(modality, code),)))

    def renamed(self, modality: Modality, code: str, to: str) -> RubricDraft:
        before = self.code(modality, code)
        self._free(modality, to)
        after = replace(before, code=to)
        draft = _with(self, modality, [after if one is before else one for one in self.rubrics[modality].failures])
        if self.base[modality].failure(code) is None:  # made in this draft: nobody can have named it
            return replace(draft, changes=tuple(_calling(change, before, after) for change in self.changes))
        return _changed(draft, Change(modality, ChangeKind.RENAME, (code,), (to,), (before, after)))

    def merged(self, modality: Modality, codes: Sequence[str], into: str) -> RubricDraft:
        """Several codes become one of them."""
        every = [self.code(modality, code) for code in dict.fromkeys(codes)]
        kept = next((one for one in every if one.code == into), None)
        if kept is None or len(every) < 2:
            raise ValueError("name at least two codes, and the one of them that stays")
        draft = _with(self, modality, [f for f in self.rubrics[modality].failures if f not in every or f is kept])
        names = tuple(one.code for one in every)
        return _changed(draft, Change(modality, ChangeKind.MERGE, names, (into,), tuple(every)))

    def split(self, modality: Modality, code: str, into: Sequence[str]) -> RubricDraft:
        """One code becomes several; where it is not among them itself, nobody can give it any more."""
        before = self.code(modality, code)
        new = [name for name in dict.fromkeys(into) if name != code]
        if len({*into}) < 2:
            raise ValueError("a code is split into at least two")
        for name in new:
            self._free(modality, name)
        draft, keys = self, _free_keys(self.rubrics[modality], before.key if code not in into else "")
        made = [replace(before, code=name, label=_label(name), key=next(keys), crop=None) for name in new]
        kept = [before] if code in into else []
        failures = [n for one in self.rubrics[modality].failures for n in ([*kept, *made] if one is before else [one])]
        draft = _with(draft, modality, failures)
        change = Change(modality, ChangeKind.SPLIT, (code,), tuple(dict.fromkeys(into)), (before, *made))
        return _changed(draft, change)

    def removed(self, modality: Modality, code: str) -> RubricDraft:
        before = self.code(modality, code)
        failures = [one for one in self.rubrics[modality].failures if one is not before]
        if not failures:
            raise ValueError(f"the rubric of {modality} needs a code")
        draft = _with(self, modality, failures)
        if self.base[modality].failure(code) is None and all(code not in change.to for change in self.changes):
            return draft  # nobody can have named it
        return _changed(draft, Change(modality, ChangeKind.REMOVE, (code,), (), (before,)))

    def added(self, modality: Modality, code: str) -> RubricDraft:
        self._free(modality, code)
        key = next(_free_keys(self.rubrics[modality]))
        made = FailureCode(code, _label(code), "", "", key, Severity.MAJOR)
        return _with(self, modality, [*self.rubrics[modality].failures, made])

    def moved(self, modality: Modality, code: str, by: int) -> RubricDraft:
        """So many places down; codes are shown in the rubric's order."""
        failures = list(self.rubrics[modality].failures)
        at = failures.index(self.code(modality, code))
        one = failures.pop(at)
        failures.insert(max(0, min(at + by, len(failures))), one)
        return _with(self, modality, failures)

    def tier_edited(self, modality: Modality, tier: Tier, **fields: Any) -> RubricDraft:
        rubric = self.rubrics[modality]
        tiers = tuple(replace(one, **fields) if one.tier is tier else one for one in rubric.tiers)
        return replace(self, rubrics={**self.rubrics, modality: replace(rubric, tiers=tiers)})

    def tier_reconsidered(self, modality: Modality, tier: Tier) -> RubricDraft:
        """The tier means something else now: items that were given it are looked at again."""
        return _changed(self, Change(modality, ChangeKind.RECONSIDER, (str(tier),), tiers=True))

    def lacking(self) -> str:
        """The first text that a person could not work without, in words; empty when all are there."""
        for modality, rubric in sorted(self.rubrics.items()):
            named = [(f.code, f) for f in rubric.failures]
            for name, one in (*named, *((str(t.tier), t) for t in rubric.tiers)):
                for field in ("label", "definition", "example"):
                    if not getattr(one, field).strip():
                        return f"{modality}, {name}: the {field} is missing"
        return ""

    def _free(self, modality: Modality, code: str) -> None:
        if not code:
            raise ValueError("a code cannot be empty")
        if not code.replace("_", "").isalnum() or code != code.lower():
            raise ValueError(f"{code!r} is no code: small letters, digits and '_'")
        if any(one.code == code for one in self.rubrics[modality].every):
            raise ValueError(f"{code} is there already, or old verdicts name it")


def _with(draft: RubricDraft, modality: Modality, failures: Sequence[FailureCode]) -> RubricDraft:
    rubric = replace(draft.rubrics[modality], failures=tuple(failures))
    return replace(draft, rubrics={**draft.rubrics, modality: rubric})


def _changed(draft: RubricDraft, change: Change) -> RubricDraft:
    again = change.kind is ChangeKind.RECONSIDER and _key(change) in map(_key, draft.changes)
    return draft if again else replace(draft, changes=(*draft.changes, change))


def _calling(change: Change, before: FailureCode, after: FailureCode) -> Change:
    """The change with a code that it made called otherwise."""
    return replace(
        change,
        codes=tuple(after.code if code == before.code else code for code in change.codes),
        to=tuple(after.code if code == before.code else code for code in change.to),
        defined=tuple(after if one.code == before.code else one for one in change.defined),
    )


def _key(change: Change) -> tuple[ChangeKind, Modality, tuple[str, ...], bool]:
    return change.kind, change.modality, change.codes, change.tiers


def _label(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _free_keys(rubric: Rubric, also: str = "") -> Iterator[str]:
    """Keys that no code has, and then none: such a code is found in the palette."""
    taken = {one.key for one in rubric.failures} | RESERVED_KEYS | RESERVED_FOR.get(rubric.modality, frozenset())
    return chain([also] if also else [], (key for key in KEYS if key not in taken), repeat(""))


def draft_to_json(draft: RubricDraft) -> dict[str, Any]:
    """Also of a draft with texts that are still empty, which no rubric file can hold."""
    return {
        "base": _rubrics_to_json(draft.base),
        "rubrics": _rubrics_to_json(draft.rubrics),
        "changes": [change_to_json(change) for change in draft.changes],
    }


def _rubrics_to_json(rubrics: Rubrics) -> dict[str, Any]:
    return {
        str(modality): {
            "version": rubric.version,
            "failures": [code_to_json(code) for code in rubric.failures],
            "retired": [code_to_json(code) for code in rubric.retired],
            "tiers": [[str(one.tier), one.label, one.definition, one.example] for one in rubric.tiers],
        }
        for modality, rubric in rubrics.items()
    }


def draft_from_json(raw: Mapping[str, Any], base: Rubrics) -> RubricDraft:
    """A draft on what it was made on; `base` where it does not say that.

    Raises KeyError, TypeError or ValueError for what is not a draft.
    """
    on = _rubrics_from_json(raw["base"]) if "base" in raw else base
    changes = tuple(change_from_json(change) for change in raw["changes"])
    return RubricDraft(on, _rubrics_from_json(raw["rubrics"]), changes)


def _rubrics_from_json(raw: Mapping[str, Any]) -> Rubrics:
    return {
        Modality(name): Rubric(
            Modality(name),
            str(one["version"]),
            tuple(code_from_json(code) for code in one["failures"]),
            tuple(TierDefinition(Tier(tier), *map(str, texts)) for tier, *texts in one["tiers"]),
            tuple(code_from_json(code) for code in one["retired"]),
        )
        for name, one in raw.items()
    }

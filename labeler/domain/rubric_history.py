"""What became of failure codes from one version of a rubric to the next, so that every old verdict stays readable.

A verdict says in which version it was given. Its codes are followed through the changes made since: a code that was
renamed or merged is the new one for certain; of a code that was split or taken out nobody knows what its author
would say now, so it is kept as it was (`retired`) and the verdict is listed as to be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from labeler.domain.events import Event
from labeler.domain.items import Modality
from labeler.domain.people import Role
from labeler.domain.roles import Roles
from labeler.domain.rubric import FailureCode, Rubrics, Severity
from labeler.domain.rubric_changes import CERTAIN, Change, ChangeKind, change_from_json, change_to_json, codes_of
from labeler.domain.verdicts import Failure


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """A version that was put in force. `content` is the whole rubric file; empty where older programs wrote none."""

    version: str
    changes: tuple[Change, ...] = ()
    digest: str = ""
    content: str = ""
    codes: Mapping[Modality, frozenset[str]] = field(default_factory=dict)
    """The codes it has; empty where older programs did not say."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something that was said in an older version is to be looked at again."""

    change: Change
    version: str
    """The version that made the change."""
    code: str
    """As the rubric calls it now, or called it last."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a code is now, and which changes on the way leave it in doubt."""

    code: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)  # no slots: what was followed is kept
class RubricHistory:
    """Every version that was ever in force, oldest first."""

    versions: tuple[RubricVersion, ...] = ()

    @cached_property
    def changes_anything(self) -> bool:
        return any(version.changes for version in self.versions)

    @cached_property
    def _followed(self) -> dict[tuple[Modality, str, str], Followed]:
        return {}

    def follow(self, modality: Modality, version: str, code: str) -> Followed:
        """What a code that was given in a version is in the newest one."""
        key = (modality, version, code)
        if key not in self._followed:
            self._followed[key] = self._follow(*key)
        return self._followed[key]

    def _follow(self, modality: Modality, version: str, code: str) -> Followed:
        doubts = []
        for made_by, change in self._since(version):
            if change.modality is not modality or change.tiers or code not in change.codes:
                continue
            if change.kind in CERTAIN:
                code = change.to[0]
                continue
            doubts.append(Doubt(change, made_by, code))
            if code in change.retires:
                return Followed(code, tuple(doubts))  # what later versions call by this name is something else
        if not doubts and code in self._orphans(modality):
            newest = self.versions[-1].version
            doubts.append(Doubt(Change(modality, ChangeKind.REMOVE, (code,)), newest, code))
        return Followed(code, tuple(doubts))

    def _orphans(self, modality: Modality) -> frozenset[str]:
        """Codes that the newest version lacks although no change says so: it was made apart from the one that had
        them, on another machine.
        """
        newest = self.versions[-1].codes.get(modality) if self.versions else None
        return frozenset() if newest is None else frozenset(self._defined.get(modality, {})) - newest

    def failures(self, modality: Modality, version: str, given: Sequence[Failure]) -> tuple[Failure, ...]:
        """Failures in the words of the newest version. Those that are one code now are one failure with all places."""
        found: dict[tuple[str, str], Failure] = {}
        for failure in given:
            code = self.follow(modality, version, failure.code).code
            key = (failure.side, code)
            known = found.get(key)
            found[key] = replace(failure, code=code) if known is None else _joined(known, failure)
        return tuple(found.values())

    def doubts(self, modality: Modality, version: str, codes: Iterable[str], tier: str) -> tuple[Doubt, ...]:
        """Why a verdict with these codes and this tier, given in a version, is to be looked at again; mostly nothing.

        `codes` are as they were given.
        """
        found = {doubt: None for code in codes for doubt in self.follow(modality, version, code).doubts}
        for made_by, change in self._since(version):
            if change.modality is modality and change.tiers and tier in change.codes:
                found[Doubt(change, made_by, tier)] = None
        return tuple(found)

    def retired(self, modality: Modality) -> frozenset[str]:
        """Codes that old verdicts can still name, and that nobody can give any more."""
        return frozenset(
            code
            for version in self.versions
            for change in version.changes
            if change.modality is modality
            for code in change.retires
        )

    @cached_property
    def _defined(self) -> Mapping[Modality, Mapping[str, FailureCode]]:
        """Every code that a change names, as it was defined last."""
        found: dict[Modality, dict[str, FailureCode]] = {}
        for version in self.versions:
            for change in version.changes:
                found.setdefault(change.modality, {}).update((code.code, code) for code in change.defined)
        return found

    def read_with(self, rubrics: Rubrics) -> Rubrics:
        """The rubrics, with what older verdicts name and they do not have."""
        return {
            modality: replace(
                rubric,
                retired=tuple(
                    replace(code, key="", proposed_by=())
                    for code in self._defined.get(modality, {}).values()
                    if code.code not in codes_of(rubric.failures)
                ),
            )
            for modality, rubric in rubrics.items()
        }

    def _since(self, version: str) -> Iterator[tuple[str, Change]]:
        """Every change after a version, with the version that made it. Of a version that nobody knows: every change.

        Two machines may have made versions of one name apart from each other: then from the first of them on, since
        a change that does not apply changes nothing.
        """
        names = [known.version for known in self.versions]
        start = names.index(version) + 1 if version in names else 0
        for later in self.versions[start:]:
            for change in later.changes:
                yield later.version, change

    def next_version(self) -> str:
        """A name that no version had yet: one more than the greatest number."""
        numbers = [int(v.version) for v in self.versions if v.version.isdecimal()]
        return str(max(numbers, default=0) + 1)


def _joined(one: Failure, other: Failure) -> Failure:
    """Two failures that are one now: every place of both, the graver severity."""
    graver = Severity.MAJOR if Severity.MAJOR in (one.severity, other.severity) else Severity.MINOR
    return replace(one, severity=graver, at=tuple(dict.fromkeys((*one.at, *other.at))))


def version_body(version: RubricVersion) -> dict[str, Any]:
    """The body of the event that puts a version in force."""
    return {
        "kind": "rubric",
        "version": version.version,
        "digest": version.digest,
        "modalities": sorted(map(str, version.codes)),
        "codes": {str(modality): sorted(codes) for modality, codes in sorted(version.codes.items())},
        "content": version.content,
        "changes": [change_to_json(change) for change in version.changes],
    }


def version_from(event: Event) -> RubricVersion:
    """Raises KeyError, TypeError or ValueError for a body that is not a rubric's."""
    body = event.body
    return RubricVersion(
        version=str(body["version"]),
        changes=tuple(change_from_json(change) for change in body.get("changes", ())),
        digest=str(body["digest"]),
        content=str(body.get("content", "")),
        codes={Modality(key): frozenset(map(str, codes)) for key, codes in body.get("codes", {}).items()},
    )


def history_of(events: Iterable[Event], roles: Roles) -> RubricHistory:
    """The versions that these events put in force, in whatever order they come: a lead's, and the first one, which
    may be whoever's who brought the first items.
    """
    found: list[RubricVersion] = []
    for event in sorted(events, key=lambda e: (e.at, e.id)):
        if not found or roles.at(event.author, (event.at, event.id)) is Role.LEAD:
            found.append(version_from(event))
    return RubricHistory(tuple(found))

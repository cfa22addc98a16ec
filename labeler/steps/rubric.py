"""Putting versions of the rubric in force, and what became of verdicts that older versions were given under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Crop, Rubrics, flaws
from labeler.domain.rubric_changes import Change, added, codes_of, implied, unexplained
from labeler.domain.rubric_history import Doubt, RubricHistory, RubricVersion, version_body
from labeler.domain.verdicts import ResolvedBy
from labeler.errors import LabelerError
from labeler.formats.rubric import rubrics_from_toml, rubrics_to_toml, write_rubrics
from labeler.steps.project import RUBRIC_FILE, Now, Project, now_utc
from labeler.steps.rubric_in_force import rubric_digest
from labeler.store import Store
from labeler.store.verdict_state import StoredResolution


def record_rubrics(project: Project, author: Person, *, now: Now = now_utc) -> None:
    """Append which rubrics are in force, if the log does not say so: at first, and when the file was edited by hand.

    What an edit did to codes is taken from the difference, and the version gets a name that was not there before.
    """
    history = project.store.rubric_history
    digest = rubric_digest(project.rubrics)
    if any(version.digest == digest for version in history.versions):
        return
    if history.versions and author.role is not Role.LEAD:
        return  # whose word does not count; a lead's next import says it
    before, rubrics = _last_written(project), project.rubrics
    if _version(rubrics) in {version.version for version in history.versions}:
        rubrics = _called(rubrics, history.next_version())
        with suppress(OSError):  # the log says it anyhow
            write_rubrics(rubrics, project.folder / RUBRIC_FILE)
    changes = (*implied(before, rubrics), *added(before, rubrics, ())) if before else ()
    _append(project, author, rubrics, changes, now)


def publish_rubric(
    project: Project, lead: Person, rubrics: Rubrics, changes: Sequence[Change], *, now: Now = now_utc
) -> str:
    """Put a new version in force and say its name. `rubrics` are what it has, `changes` what became of old codes.

    Raises LabelerError when the person is no lead, when people could not work with it, or when an old code would be
    left without a meaning. The log comes first: what ends before the file is written is in force at the next start.
    """
    if lead.role is not Role.LEAD:
        raise LabelerError("only a lead changes the rubric", kept="your draft", remedy="ask a lead to put it in force")
    record_rubrics(project, lead, now=now)  # what is in force now has to be there to be left behind
    history = project.store.rubric_history
    for modality, rubric in sorted(rubrics.items()):
        for flaw in flaws(rubric):
            where = rubric.failures[flaw.index].code if flaw.part == "failures" else "tiers"
            raise LabelerError(f"{modality}, {where}: {flaw.reason}", kept="your draft", remedy="mend it")
    retired = {modality: history.retired(modality) for modality in rubrics}
    problem = unexplained(project.rubrics, rubrics, changes, retired)
    if problem:
        raise LabelerError(problem, kept="your draft", remedy="rename, merge, split or remove it")
    named = _called(rubrics, history.next_version())
    _append(project, lead, named, (*changes, *added(project.rubrics, named, changes)), now)
    try:
        write_rubrics(named, project.folder / RUBRIC_FILE)
    except OSError as refused:
        raise LabelerError(
            f"{RUBRIC_FILE} cannot be written: {refused.strerror or refused}",
            kept="the new version, which is in the log and in force",
            remedy="make room, or let the file be written to; it is written when the project is opened next",
        ) from None
    return _version(named)


def _append(project: Project, author: Person, rubrics: Rubrics, changes: Sequence[Change], now: Now) -> None:
    version = RubricVersion(
        version=_version(rubrics),
        changes=tuple(changes),
        digest=rubric_digest(rubrics),
        content=rubrics_to_toml(rubrics),
        codes={modality: codes_of(rubric.failures) for modality, rubric in rubrics.items()},
    )
    project.store.append(project.store.stream(author.id), EventKind.RUBRIC, version_body(version), now())


def _last_written(project: Project) -> Rubrics:
    """The newest version of the log; nothing where older programs wrote none."""
    versions = project.store.rubric_history.versions
    if not versions or not versions[-1].content:
        return {}
    return rubrics_from_toml(versions[-1].content, project.folder / RUBRIC_FILE)


def _version(rubrics: Rubrics) -> str:
    return next(iter(rubrics.values())).version


def _called(rubrics: Rubrics, version: str) -> Rubrics:
    return {modality: replace(rubric, version=version) for modality, rubric in rubrics.items()}


@dataclass(frozen=True, slots=True)
class LookAgain:
    """An item whose verdicts or resolution an older rubric leaves in doubt."""

    item_id: str
    doubts: tuple[Doubt, ...]
    resolved: bool


def look_again(store: Store, release: str) -> list[LookAgain]:
    """Items to look at again since the rubric changed, in order of id. A lead's newer decision settles an item."""
    if not store.rubric_history.changes_anything:
        return []
    decided = {stored.resolution.item_id: stored for stored in store.resolutions(release)}
    found = []
    for item_id in sorted({*store.judged_items(release), *decided}):
        doubts = dict.fromkeys(_doubts(store, release, item_id, decided.get(item_id)))
        if doubts:
            found.append(LookAgain(item_id, tuple(doubts), item_id in decided))
    return found


def _doubts(store: Store, release: str, item_id: str, decided: StoredResolution | None) -> Iterator[Doubt]:
    """A consensus is in doubt where the verdicts are that it follows from; a lead's decision stands for itself."""
    if decided is not None and decided.resolution.by is ResolvedBy.LEAD:
        said = [decided.event]
    else:
        said = [stored.event for stored in store.verdicts(release, item_id)]
    for event in said:
        codes = [failure["code"] for failure in event.body["failures"]]
        yield from store.doubts(item_id, event.body["rubric"], codes, event.body["tier"])


def gaps(store: Store, release: str) -> Counter[tuple[Modality, str]]:
    """How often leads found a line of the rubric to blame: a code of today, `tier`, `right` or `other`."""
    found: Counter[tuple[Modality, str]] = Counter()
    for stored in store.resolutions(release):
        said = stored.resolution
        if said.gap:
            modality = store.item(said.item_id).modality
            found[modality, store.rubric_history.follow(modality, said.rubric, said.gap).code] += 1
    return found


def gap_stands(history: RubricHistory, modality: Modality, version: str, line: str) -> bool:
    """Whether a line of the rubric (a code, `tier`, `right`) found to blame in a version says today what it said then.

    A lead who wrote it anew has closed the gap. What no code says is taken to be closed by any newer version.
    """
    if not history.versions or history.versions[-1].version == version:
        return True
    then = next((known.content for known in history.versions if known.version == version), "")
    today = history.versions[-1].content
    if not then or not today:
        return False
    before, after = _read_again(then).get(modality), _read_again(today).get(modality)
    if before is None or after is None:
        return False
    if line == "tier":
        return before.tiers == after.tiers
    followed = history.follow(modality, version, line)
    old, new = before.failure(line), after.failure(followed.code)
    return old is not None and new is not None and not followed.doubts and old.definition == new.definition


@lru_cache(maxsize=32)
def _read_again(content: str) -> Rubrics:
    return rubrics_from_toml(content, Path(RUBRIC_FILE))


def pinned_places(store: Store, release: str, modality: Modality, code: str, most: int = 60) -> list[Crop]:
    """Places on real items where people pinned a failure: what a rubric's example can show. In order of item."""
    found: dict[Crop, None] = {}
    for item_id in store.judged_items(release):
        if len(found) >= most:
            break
        if store.item(item_id).modality is modality:
            for stored in store.verdicts(release, item_id):
                places = [at for f in stored.verdict.failures if f.code == code for at in f.at]
                crops = [Crop(item_id, at.box, at.time_s) for at in places if at.box or at.time_s]
                found.update(dict.fromkeys(crops[:1]))
    return list(found)[:most]

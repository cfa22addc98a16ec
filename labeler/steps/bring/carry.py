"""The items of a release that nobody judged in it, since their outputs were judged in earlier releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import cast

import orjson

from labeler.domain.carried import Said, carried
from labeler.domain.differences.model import ItemClass
from labeler.domain.insights.rows import JudgedBefore, ResolvedRow
from labeler.domain.items import Side
from labeler.domain.queue import Why, draw, rank
from labeler.domain.verdicts import Right
from labeler.steps.project import Project


def carried_rows(project: Project, release: str) -> tuple[list[ResolvedRow], set[str]]:
    """As rows of resolutions, in order of item, and the items where a simulated annotator's word is behind one.

    Only items that the release's own draw would have put into its queue: each stands for as many as in the queue.
    """
    store, settings = project.store, project.settings
    rows, simulated = list[ResolvedRow](), set[str]()
    programs: dict[str, frozenset[str]] = {}
    follows, classes = _Follows(), {str(each): each for each in ItemClass}
    for item_id, found in _by_item(store.judged_before(release)):
        _, modality, item_class, old, new, *_ = found[0]
        if not _judged(found, old, new):
            continue  # most items of a release are new, and are passed over before anything is parsed
        drawn = draw(item_id, classes[item_class], settings.seed, settings.random_share)
        verdict = follows.from_rows(found, old, new) if drawn else None
        if drawn is None or verdict is None:
            continue
        tier, by_lead, at = found[-1][-3:]
        rows.append((item_id, modality, tier, *verdict, by_lead, drawn.p, str(drawn.why), at))
        for one in found:
            if one[5] not in programs:
                programs[one[5]] = frozenset(store.simulated_items(one[5]))
            if item_id in programs[one[5]]:
                simulated.add(item_id)
    return rows, simulated


def _judged(found: list[JudgedBefore], old: str, new: str) -> bool:
    if len(found) == 1:  # nearly always; a set for each of 100,000 items would show
        was = found[0][6:8]
        return old in was and new in was
    return {old, new} <= {digest for row in found for digest in row[6:8]}


class _Follows:
    """What follows from an item's rows, by what they say: of 100,000 items, most are alike but for their hashes."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[str, str] | None] = {}

    def from_rows(self, found: list[JudgedBefore], old: str, new: str) -> tuple[str, str] | None:
        """Outcome and failures as a resolution's row has them; None when an output was not judged."""
        if len(found) > 1:
            return _carried(found, old, new)
        was_old, was_new, outcome, failures = found[0][6:10]
        key = (outcome, failures, was_old == old, was_old == new, was_new == old, was_new == new)
        if key not in self._known:
            self._known[key] = _carried(found, old, new)
        return self._known[key]


def _carried(found: list[JudgedBefore], old: str, new: str) -> tuple[str, str] | None:
    verdict = carried(map(_said, found), {"old": old, "new": new})
    return None if verdict is None else (str(verdict.right), orjson.dumps(verdict.failures).decode())


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """An item of a release whose answer follows from what leads decided in earlier releases."""

    item_id: str
    why: Why
    """As the release's own draw would have had it."""
    right: Right
    """In terms of this release."""
    event: str
    """The newest of the resolutions that it follows from."""


def known_before(
    project: Project, release: str, most: int | None = None, *, only: str | None = None
) -> list[KnownBefore]:
    """What a release can check people with from its first day on: both outputs were judged before, each time by a lead.

    In an order that the seed draws, and that says nothing. So many items that leads settled are looked at, or the one
    that is named, if not all.
    """
    store, settings, known = project.store, project.settings, list[KnownBefore]()
    for item_id, found in _by_item(store.judged_before(release, most, item_id=only)):
        _, _, item_class, old, new, *_ = found[0]
        leads = [row for row in found if row[11]]
        if not _judged(leads, old, new):
            continue
        drawn = draw(item_id, ItemClass(item_class), settings.seed, settings.random_share)
        verdict = carried(map(_said, leads), {"old": old, "new": new})
        standing = store.resolution(leads[-1][5], item_id)
        if drawn is not None and verdict is not None and standing is not None:
            known.append(KnownBefore(item_id, drawn.why, verdict.right, standing.event.id))
    return sorted(known, key=lambda one: rank(one.item_id, settings.seed))


def _by_item(rows: list[JudgedBefore]) -> Iterator[tuple[str, list[JudgedBefore]]]:
    for item_id, group in groupby(rows, key=lambda row: row[0]):
        yield item_id, list(group)


def _said(row: JudgedBefore) -> Said:
    old, new, outcome, failures = row[6:10]
    pairs = tuple((cast(Side, side), str(code)) for side, code in orjson.loads(failures))
    return Said({"old": old, "new": new}, Right(outcome), pairs)

"""What comes next for a person: training first, then the queue with hidden checks among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from labeler.domain.assignment import Order
from labeler.domain.checks import Check, CheckKind, Schedule
from labeler.domain.events import in_utc
from labeler.domain.items import Item, Release
from labeler.domain.people import Person, Role
from labeler.domain.queue import QueueFilter, Why
from labeler.steps.assign import turn_of
from labeler.steps.bring.carry import KnownBefore, known_before
from labeler.steps.project import Project
from labeler.store.catalogue import slice_text

EVERYWHERE = QueueFilter()
MOST_BEFORE = 500
"""Earlier decisions that are looked at for hidden checks: enough for years, and read between two items."""


class Coming(NamedTuple):
    """An item that is next, why it is looked at, and whether it is a check."""

    item_id: str
    why: Why | None
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """How far someone new is: `agreed` of the last `answered` are as they were settled; `wanted` have to be judged."""

    answered: int
    agreed: int
    wanted: int
    needed: int
    """So many of them have to agree."""
    left: int
    """Settled items that can still be trained on."""
    judged: int = 0
    """All that were judged, those before the last `answered` among them."""
    more: int = 0
    """The fewest further items after which it can be enough: who did not qualify goes on, and the last ones count."""

    @property
    def enough(self) -> bool:
        """Whether items that count may come. Where nothing is settled yet, nobody can be trained."""
        judged_all = self.answered >= self.wanted or (self.answered == 0 and self.left == 0)
        return judged_all and (self.agreed >= self.needed or self.answered == 0)


class LineUp:
    """One person's items in one release, in order."""

    def __init__(self, project: Project, release: Release, person: Person) -> None:
        self._project, self._release, self._person = project, release.id, person
        self._before: list[KnownBefore] | None = None
        """What earlier releases tell, read when this release has no settled item left to check the person with."""
        self.training: Training | None = None
        """How far the person's training is; None when there is none to do."""
        self._take_rules()

    def _take_rules(self) -> None:
        """Rules may change while somebody works."""
        settings = self._rules = self._project.settings
        self._schedule = Schedule(settings.checks, self._person.id, settings.seed)
        self._checked = settings.checks.rate > 0
        self._read_training()

    def _read_training(self) -> None:
        found = training_of(self._project, self._release, self._person)
        self.training = None if found is None or found.enough else found

    @property
    def foreseeable(self) -> bool:
        """What `next` gives behind the first item is what comes once that is judged, unless the store changes."""
        return self.training is None and self._project.settings.assignment.order is not Order.INFORMATION

    def next(self, where: QueueFilter, now: datetime, count: int) -> list[Coming]:
        """The next `count` items."""
        if self._rules is not self._project.settings:
            self._take_rules()
        if self.training is not None:
            self._read_training()
        if self.training is not None:
            pool = training_pool(self._project, self._release, self._person, count)
            return [Coming(item, Why.FLIP, Check(CheckKind.TRAINING, event)) for item, event in pool]
        store, person = self._project.store, self._person.id
        number = store.turns_taken(self._release, person)
        turn = turn_of(self._project, self._person, now, number)
        entries = store.queue(self._release, person, where, count, turn=turn)
        coming: list[Coming] = []
        while entries and len(coming) < count:
            check = self._check(number + len(coming), where, {one.item_id for one in coming})
            if check is not None:
                coming.append(check)
            else:
                entry = entries.pop(0)
                coming.append(Coming(entry.item_id, entry.why))
        return coming

    def _check(self, number: int, where: QueueFilter, taken: set[str]) -> Coming | None:
        """The check at the person's item `number`, of the other kind where there is none of the one that is due."""
        if not self._checked or not self._schedule.holds(number):
            return None
        store, person = self._project.store, self._person.id
        due = self._schedule.kind(number)
        for kind in (due, CheckKind.KNOWN if due is CheckKind.REPEAT else CheckKind.REPEAT):
            if kind is CheckKind.KNOWN:
                found = store.known_for(self._release, person, where, 1 + len(taken))
                if not any(item_id not in taken for item_id, _ in found):
                    earlier = self._known_before(where, taken)
                    if earlier is not None:
                        return earlier
            else:
                found = store.own_for(self._release, person, where, self._project.settings.checks.repeat_after)
            for item_id, event in found:
                if item_id not in taken:
                    entry = store.entry(self._release, item_id)
                    return Coming(item_id, entry.why if entry else None, Check(kind, event))
        return None

    def _known_before(self, where: QueueFilter, taken: set[str]) -> Coming | None:
        """An item that leads settled in earlier releases, whose outputs are the same, and that the person never met."""
        store = self._project.store
        if self._before is None:
            self._before = known_before(self._project, self._release, MOST_BEFORE)
        for one in self._before:
            new = one.item_id not in taken and not store.has_met(self._person.id, one.item_id)
            if new and _is_in(store.item(one.item_id), where):
                return Coming(one.item_id, one.why, Check(CheckKind.KNOWN, one.event))
        return None

    def count(self, where: QueueFilter, now: datetime) -> tuple[int, int]:
        """How many items the person has done, and how many there are for the person in all; checks among both."""
        if self._rules is not self._project.settings:
            self._take_rules()
        if self.training is not None:
            self._read_training()
        if self.training is not None:
            done = self.training.judged
            return done, done + min(self.training.more, self.training.left)
        store, person = self._project.store, self._person.id
        turn = turn_of(self._project, self._person, now)
        found = store.progress(self._release, person, where, turn)
        if not self._checked:
            return found.done, found.total
        done = found.done + store.checks_done(self._release, person, where)
        outside = store.checks_outside_queue(self._release, person)
        done += sum(_is_in(store.item(item_id), where) for item_id in outside)
        number, left = store.turns_taken(self._release, person), found.total - found.done
        return done, done + left + self._schedule.among(number, left)

    def hold(self, item_id: str, now: datetime) -> None:
        """Keep the item from others while it is open, where there are others and the disk is free to note it."""
        store = self._project.store
        looks = self._person.role is Role.AUDITOR
        if looks or store.read_only or store.committing or not store.several_people:
            return
        until = now + timedelta(minutes=self._project.settings.assignment.hold_minutes)
        store.hold(self._release, item_id, self._person.id, in_utc(until))


def _is_in(item: Item, where: QueueFilter) -> bool:
    if where.modality not in (None, item.modality):
        return False
    return all(slice_text(item.slices.get(key, "")) == value for key, value in where.slices.items())


def training_of(project: Project, release: str, person: Person) -> Training | None:
    """How far the person's training is; None where the project trains nobody, or not this person."""
    settings = project.settings.onboarding
    if settings.items == 0 or person.role is not Role.ANNOTATOR or person.simulated:
        return None
    store = project.store
    if store.is_qualified(person.id):
        return None
    answers = store.training_answers(person.id)
    last = answers[-settings.items :]
    left = len(training_pool(project, release, person, settings.items))
    # Where fewer items are settled than wanted, those there are have to do.
    wanted = min(settings.items, len(last) + left)
    needed = -int(-settings.threshold * wanted // 1)
    more = next(m for m in range(wanted + 1) if _is_enough([*answers, *[True] * m], wanted, needed))
    return Training(len(last), sum(last), wanted, needed, left, len(answers), more)


def _is_enough(answers: Sequence[bool], wanted: int, needed: int) -> bool:
    return len(answers) >= wanted and sum(answers[len(answers) - wanted :]) >= needed


def training_pool(project: Project, release: str, person: Person, most: int) -> list[tuple[str, str]]:
    """Items to train someone on, each with the event of the lead's decision on it: of this release first, then of
    earlier ones, whose items stand settled and do not wait here.
    """
    pool = project.store.known_for(release, person.id, EVERYWHERE, most)
    if len(pool) < most:
        pool += project.store.known_earlier(release, person.id, most - len(pool))
    return pool


def shown_in(project: Project, release: Release, check: Check | None) -> Release:
    """The release whose outputs an item comes with: in training that in which it was settled, else the one at hand."""
    if check is None or check.kind is not CheckKind.TRAINING:
        return release
    settled = project.store.event(check.of)
    named = None if settled is None else settled.body["release"]
    return next((one for one in project.store.releases() if one.id == named), release)

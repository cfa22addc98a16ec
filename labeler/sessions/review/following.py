"""What leads change while somebody works: the rubric and the project's rules, taken in without losing any work."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from labeler.domain.people import Person
from labeler.domain.rubric import Rubric
from labeler.sessions.news import News, rules_changed
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.state import Message
from labeler.sessions.review.writing import Writing


class Following(Writing):
    """The part of a session that keeps up with the project.

    Whoever has begun with an item goes on by the rubric that they began with, since its keys are under their fingers:
    the verdict says by which. They can go over to the new one, with all that they did.
    """

    _person: Person

    def __init__(self) -> None:
        super().__init__()
        self._newer: Rubric | None = None
        """The rubric in force, where the item on the desk goes by another. Asked for once an item, not once a key."""

    def take_in(self, news: News) -> None:
        """Let what holds now hold here: rules from the next item on, the rubric at once where nothing is begun."""
        if not self._written_down():
            return
        said = [rules_changed(news.rules, self._project.settings, self._person)]
        if news.rubric:
            said.append(self._take_in_rubric())
        if news.problem:
            said.append(f"{news.problem}; the rules from before hold")
        words = " · ".join(filter(None, said))
        if words:
            self._message = Message(words, serious=bool(news.problem))
        if news.rules:
            self._inbox.forget()
        self._tell()
        self.look_for_more()

    def look_for_more(self) -> None:
        """Where nothing was left, show what came since: what somebody left behind, skipped or was asked for."""
        if self._desk is not None or self._ask is not None or not self._written_down():
            return
        self._open_next()
        if self._has_item:
            self._message = Message("There is something for you again")
            self._tell()

    @property
    def _has_item(self) -> bool:
        return self._desk is not None

    def _take_in_rubric(self) -> str:
        """Go by the rubric in force, if the person has not begun by another; what to say of it."""
        self._look_for_newer()
        desk, newer = self._desk, self._newer
        if desk is None or newer is None:
            return self._in_force
        before = desk.opened.case.rubric
        if _same_for_people(before, newer) or not desk.draft.touched:
            self._go_by(desk, newer)
            return self._in_force
        return f"{self._in_force}; this item is judged by version {before.version}"

    def judge_by_newer_rubric(self) -> None:
        """Go on with the item by the rubric in force: codes are called what they are today, undo leads back to all."""
        desk, newer = self._desk, self._newer
        if desk is not None and newer is not None:
            self._go_by(desk, newer)
            gone = [code.label for code in newer.retired if code.code in {pin.code for pin in desk.draft.added}]
            what = f"; nobody gives “{'”, “'.join(gone)}” any more: choose another failure" if gone else ""
            self._message = Message(f"Judged by version {newer.version} of the rubric{what}", serious=bool(gone))
            self._tell()

    @property
    def newer_rubric(self) -> str:
        """The version in force, where the item on the desk goes by another; else empty."""
        return "" if self._newer is None else self._newer.version

    def _look_for_newer(self) -> None:
        if self._desk is None:
            self._newer = None
            return
        opened = self._desk.opened
        in_force = self._project.rubrics[opened.item.modality]
        self._newer = None if in_force == opened.case.rubric else in_force

    def _go_by(self, desk: Desk, rubric: Rubric) -> None:
        follow = self._inbox.follow(desk.opened.item.modality)
        desk.go_by(rubric, partial(follow, desk.opened.case.rubric.version))
        self._newer = None

    @property
    def _in_force(self) -> str:
        return f"Version {next(iter(self._project.rubrics.values())).version} of the rubric is in force"


def _same_for_people(one: Rubric, other: Rubric) -> bool:
    return replace(one, version=other.version) == other

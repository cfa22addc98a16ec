"""The question which side was the new model, asked now and then once a verdict is saved.

It stands beside the next item and stops nothing: whoever does not answer it goes on, and the next save takes it away.
Nobody is told whether the guess was right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from labeler.domain.blind import Letter
from labeler.domain.guesses import is_asked
from labeler.domain.items import Release
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.desk_work import DeskWork
from labeler.sessions.review.inbox import Inbox
from labeler.sessions.review.outbox import Outbox
from labeler.sessions.review.state import Message
from labeler.steps.guesses import save_guess
from labeler.steps.project import Project
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class _Asked:
    item_id: str
    new: Letter


class Guessing(DeskWork):
    """The part of a session that asks for a guess."""

    _project: Project
    _store: Store
    _person: Person
    _release: Release
    _stream: str
    _inbox: Inbox
    outbox: Outbox
    _now: Callable[[], datetime]

    def __init__(self) -> None:
        super().__init__()
        self._asked: _Asked | None = None

    @property
    def guessing(self) -> bool:
        """A guess at the item saved last is asked for."""
        return self._asked is not None

    def _ask_for_guess(self, desk: Desk) -> None:
        """Ask, if it is this item's turn; whatever was asked before is asked no more."""
        self._asked = None
        settings, person, case = self._project.settings, self._person, desk.opened.case
        tells = settings.reveal_after or person.role is Role.AUDITOR or self._inbox.training is not None
        if tells or not case.walk or not self._is_turn(desk.opened.item.id):
            return
        self._asked = _Asked(desk.opened.item.id, case.sides.letter("new"))

    def _is_turn(self, item_id: str) -> bool:
        settings = self._project.settings
        return is_asked(self._person.id, item_id, settings.seed, settings.checks.guesses)

    def guess(self, said: Letter | None) -> None:
        """Which side was the new one; None: cannot tell."""
        asked, self._asked = self._asked, None
        if asked is None or not self._written_down():
            return

        def failed(problem: BaseException) -> None:
            if not isinstance(problem, LabelerError):
                raise problem
            self._message = Message(f"Not saved: {problem.what}", serious=True)
            self._tell()

        def save() -> None:
            where = (self._store, self._stream, self._release.id, asked.item_id)
            with self._store.handing_over(lambda commit: self.outbox.send(commit, lambda: None, failed)):
                save_guess(*where, asked.new, said, self._now())

        try:
            self._inbox.undisturbed(save)
            self._message = Message("Thank you")
        except LabelerError as problem:
            failed(problem)
        self._tell()

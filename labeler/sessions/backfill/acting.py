"""Appending events from the Backfill screen: a few at once, or thousands beside the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from labeler.domain.events import Event
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.sessions.backfill.state import BackfillState, Message
from labeler.sessions.told import Told
from labeler.steps.opening import open_project
from labeler.steps.project import Project

Done = TypeVar("Done")


class Acting(Told[BackfillState]):
    """What is written is followed by reading again."""

    def __init__(self, state: BackfillState, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        super().__init__(state)
        self._project, self._person, self._now = project, person, now
        self._acting = ""
        """What is being written beside the window."""

    def refresh(self) -> None:
        """Read everything again."""
        raise NotImplementedError

    def _do_many(self, busy: str, act: Callable[[Project], Done], said: Callable[[Done], Message]) -> None:
        """Append what may be thousands of events beside the window, then read again. What cannot be is said."""
        if self._must_wait():
            return
        folder = self._project.folder

        def work() -> Done:
            with open_project(folder) as project:
                return act(project)

        def done(made: Done) -> None:
            self._acting = ""
            self._set(message=said(made))
            self.refresh()

        def failed(problem: BaseException) -> None:
            self._acting = ""
            self._fail(problem)

        self._acting = busy
        self._set(ask=None, busy=busy, message=Message())
        self.beside("backfill act", work, done, failed)

    def _must_wait(self) -> bool:
        """Whether something is written beside the window, for whose lock the window would wait; says so."""
        if self._acting:
            self._set(message=Message(f"{self._acting}: once more when that is done", serious=True))
        return bool(self._acting)

    def _take_in(self, event: Event) -> None:
        """Show at once what was just done about a record; all figures follow when everything is read again."""
        raise NotImplementedError

    def _do(self, act: Callable[[], Event], said: str = "", *, closes: bool = False) -> bool:
        """Append an event, then read again. What cannot be is said; the answer is whether it could.

        `closes`: it was typed, and what it was typed in is done with.
        """
        if self._must_wait():
            return False
        try:
            event = act()
        except LabelerError as problem:
            self._set(ask=None, busy="", message=Message(str(problem), serious=True))
            return False
        done_with: dict[str, Any] = {"ask": None, "step": None, "disposal": None} if closes else {}
        self._set(message=Message(said), **done_with)
        self._take_in(event)
        self.refresh()
        return True

    def _say_failed(self, why: str) -> None:
        self._set(loading=False, busy="", message=Message(why, serious=True))

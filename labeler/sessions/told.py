"""Sessions whose state is one value: whoever listens is told the value before and the one now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from labeler import faults
from labeler.errors import LabelerError
from labeler.sessions.beside import Beside, at_once

State = TypeVar("State")


class Told(Generic[State]):
    """What the sessions of several screens have in common, and what the window asks of one that asks nothing itself and
    saves everything at once. `State` is a frozen dataclass."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.beside: Beside = at_once
        """Where long work is done; the window puts its threads in this place."""
        self._listeners: list[Callable[[State | None, State], None]] = []

    def listen(self, listener: Callable[[State | None, State], None]) -> None:
        self._listeners.append(listener)

    @property
    def asking(self) -> bool:
        return False

    def answer(self, number: int) -> None:
        """Nothing is asked here."""

    def close(self) -> None:
        """Everything is saved already."""

    def _set(self, **changes: Any) -> None:
        old: State = self.state
        self.state = replace(old, **changes)  # type: ignore[type-var]  # a dataclass, which a variable cannot say
        for listener in self._listeners:
            listener(old, self.state)

    def _tell(self, **changes: Any) -> None:
        """As `_set`, for a state with a message: a new one is not serious unless it says so."""
        self._set(**({"serious": False, **changes} if "message" in changes else changes))

    def _fail(self, problem: BaseException) -> None:
        """Say why work beside the window failed; a fault of the program goes on to where faults are shown."""
        self._say_failed(str(faults.explain(problem)))
        if not isinstance(problem, LabelerError):
            raise problem

    def _say_failed(self, why: str) -> None:
        raise NotImplementedError

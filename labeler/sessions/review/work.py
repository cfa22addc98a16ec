"""The draft that is worked on, and the steps that led to it: each can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from labeler.sessions.review.draft import Draft


class Work:
    """Holds the newest draft. Nothing is stored here."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._before: list[Draft] = []
        self._undone: list[Draft] = []
        self._on = ""
        """What the last step was made on: a text field, a pin."""
        self.over = False
        """The verdict is saved, and how the item was settled is told: what is clicked now changes nothing."""

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def step(self, draft: Draft, on: str = "") -> None:
        """Go on to this draft. Steps in a row on the same thing are one step: what is typed, a pin that is moved."""
        if self.over or draft == self.draft:
            return
        if not on or on != self._on:
            self._before.append(self.draft)
        self.draft, self._on = draft, on
        self._undone = []

    def pause(self) -> None:
        """What comes next is a step of its own, also on the same thing."""
        self._on = ""

    def note(self, draft: Draft) -> None:
        """Go on to a draft without a step: nobody takes back what was heard or seen."""
        self.draft = draft

    def rewrite(self, how: Callable[[Draft], Draft]) -> None:
        """Say this draft, and all that undo and redo lead to, in other words."""
        self.draft, self._on = how(self.draft), ""
        self._before, self._undone = [*map(how, self._before)], [*map(how, self._undone)]

    def undo(self) -> bool:
        """Take back the last step; False when there is none."""
        return self._go(self._before, self._undone)

    def redo(self) -> bool:
        """Do again what was taken back last; False when nothing was, or something else was done since."""
        return self._go(self._undone, self._before)

    def _go(self, source: list[Draft], other: list[Draft]) -> bool:
        if self.over or not source:
            return False
        other.append(self.draft)
        there, self._on = source.pop(), ""
        self.draft = replace(there, heard=self.draft.heard, heard_of=self.draft.heard_of, exposed=self.draft.exposed)
        return True

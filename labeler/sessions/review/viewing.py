"""How a session shows its item: layout, layers, zoom, and what a view is asked to do once."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from labeler.sessions.review.asking import AskingALead
from labeler.sessions.review.evidence import Layout, Request, ViewRequest, ViewSettings
from labeler.sessions.review.guessing import Guessing
from labeler.sessions.review.state import ReviewState


class Viewing(AskingALead, Guessing):
    """The part of a session that changes nothing but the view. It stays from item to item."""

    def __init__(self) -> None:
        super().__init__()
        self._view = ViewSettings()
        self._before_blink = self._view.layout
        self._request = ViewRequest()

    @property
    @abstractmethod
    def state(self) -> ReviewState: ...

    def change_view(self, **changes: object) -> None:
        """Set fields of `ViewSettings`. That the raw text was shown is recorded in the verdict."""
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]  # replace checks the names
        if self._desk is not None:
            self._desk.raw_text = self._view.raw_text
            if self._view.raw_text and self._desk.opened.folded is not None:
                self._desk.expose("raw_text")
        self._tell()

    def blink(self) -> None:
        """One pane with A, then with B, then the layout of before; of recordings, the other one."""
        if self.state.evidence.takes:
            self.change_view(blink_letter="B" if self._view.blink_letter == "A" else "A", hear_original=False)
        elif self._view.layout is not Layout.BLINK:
            self._before_blink = self._view.layout
            self.change_view(layout=Layout.BLINK, blink_letter="A")
        elif self._view.blink_letter == "A":
            self.change_view(blink_letter="B")
        else:
            self.change_view(layout=self._before_blink)

    def request(self, what: Request) -> None:
        self._request = ViewRequest(self._request.serial + 1, what)
        self._tell()

"""What keys ask of a recording: another stretch in view, another selection, another channel, and to hear it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.listening import Listening, heard_with
from labeler.gui.panels.audio.selection import KEY_STEP, Selection
from labeler.gui.panels.audio.view import TimeView
from labeler.modalities.player.player import Player
from labeler.sessions.review.evidence import Request, ShownEvidence

_ZOOM = 1.5
_DIFFERENCE_SHARE = 0.6
"""Of the axis, when it is zoomed to a difference."""


class Requests(QObject):
    channel_chosen = Signal(object)
    """The only channel to be heard, from 0, or None."""

    def __init__(
        self, view: TimeView, selection: Selection, listening: Listening, player: Player, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view, self._selection = view, selection
        self._listening, self._player = listening, player

    def do(self, request: Request, state: ShownEvidence, channels: int, edges_s: list[float]) -> None:
        """`channels` of the recording that is heard; `edges_s`: where words begin and end."""
        middle = self._view.start_s + self._view.length_s / 2
        match request:
            case Request.FIT:
                self._view.fit()
            case Request.ZOOM_IN:
                self._view.zoom(_ZOOM, middle)
            case Request.ZOOM_OUT:
                self._view.zoom(1 / _ZOOM, middle)
            case Request.ZOOM_TO_DIFFERENCE:
                self.zoom_to_difference(state)
            case _ if not self._listening.duration_s:
                pass
            case Request.NEXT_CHANNEL:
                self._hear_next_channel(state.view.channel, channels)
            case Request.SELECT_BACK | Request.SELECT_FORWARD:
                by = KEY_STEP / self._view.pixels_per_s
                self._stretch(lambda *at: self._selection.step(by if request is Request.SELECT_FORWARD else -by, *at))
            case Request.SELECT_WORD_BACK | Request.SELECT_WORD_FORWARD:
                direction = 1 if request is Request.SELECT_WORD_FORWARD else -1
                self._stretch(lambda *at: self._selection.step_to(edges_s, direction, *at))
            case _:
                self._listening.ask(request, state)

    def zoom_to_difference(self, state: ShownEvidence) -> None:
        """And back to the whole recording, when it is zoomed there already."""
        span = self.span_of_difference(state)
        if span is None:
            return
        before = (self._view.start_s, self._view.length_s)
        self._view.show_around(span, _DIFFERENCE_SHARE)
        if before == (self._view.start_s, self._view.length_s):
            self._view.fit()

    def bring_difference_into_view(self, state: ShownEvidence) -> None:
        span = self.span_of_difference(state)
        if span is not None:
            self._view.bring_into_view(span, closer=True)

    def span_of_difference(self, state: ShownEvidence) -> TimeSpan | None:
        """The current difference with its context, in seconds; None without one, or without its time."""
        if state.difference is None:
            return None
        return heard_with(state.difference, state.view.context_s, self._view.duration_s)

    def _hear_next_channel(self, now: int | None, channels: int) -> None:
        following = 0 if now is None or now >= channels else now + 1
        self.channel_chosen.emit(following if 1 < channels != following else None)

    def _stretch(self, step: Callable[[float, float], None]) -> None:
        step(self._player.position(), self._view.duration_s)
        if self._selection.span is not None:
            self._view.bring_into_view(self._selection.span)

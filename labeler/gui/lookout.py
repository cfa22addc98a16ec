"""Looks around now and then for what others do on the same project while a window is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1_000
_MORE_EVERY = 5


class Lookout(QObject):
    """Each second asks for news; each fifth time, where the window stays as it is, for more work as well."""

    def __init__(self, parent: QObject, news: Callable[[], bool], more: Callable[[], None]) -> None:
        """`news` answers False when another window takes the place of this one."""
        super().__init__(parent)
        self._news, self._more, self._looks = news, more, 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if self._news():
            self._looks += 1
            if self._looks % _MORE_EVERY == 0:
                self._more()

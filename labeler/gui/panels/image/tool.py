"""A mode of the picture (pinning a place, moving a region): it takes pointer and keys before the pane itself does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QTransform

from labeler.domain.blind import Letter


@dataclass(frozen=True, slots=True)
class PointerAt:
    """Where the pointer is on a pane."""

    point: QPointF
    """In pixels of the upright picture; beside the picture it lies outside of it."""
    letter: Letter | None
    """Whose pane; None where the pane shows no single output."""
    modifiers: Qt.KeyboardModifier
    reach: float
    """How many picture pixels are as long as a finger's breadth on the screen: nearer counts as on the spot."""


class ImageTool(Protocol):
    """What a pane asks while a tool is set. A drag that the tool takes at `press` is its own until `release`."""

    def press(self, at: PointerAt) -> bool:
        """The left button goes down. True: the drag is the tool's. False: the pane pans or clicks as ever."""
        ...

    def double_press(self, at: PointerAt) -> bool:
        """The left button goes down twice at one place; True as for `press`."""
        ...

    def drag(self, at: PointerAt) -> None: ...

    def release(self, at: PointerAt) -> None: ...

    def hover(self, at: PointerAt | None) -> None:
        """The pointer moves with no button down; None: it left the pane."""
        ...

    def cursor(self, at: PointerAt) -> Qt.CursorShape | None:
        """The pointer's shape there; None: the pane's own."""
        ...

    def key(self, name: str) -> bool:
        """A key that no command of the screen took, named as commands name theirs; True if it meant something."""
        ...

    def paint(self, painter: QPainter, to_screen: QTransform, letter: Letter | None) -> None:
        """Paint above the regions and differences, in screen pixels; `to_screen` maps picture pixels to them."""
        ...

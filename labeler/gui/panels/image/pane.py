"""What the pointer does on a pane of the picture: it pans, zooms and picks, moves divider and map, or is a tool's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from labeler.domain.items import Box
from labeler.gui.keys import key_name
from labeler.gui.panels.image.minimap import Minimap
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.pixels import GRID_FROM
from labeler.gui.panels.image.regions import DifferenceBox
from labeler.gui.panels.image.scene import Half, Scene
from labeler.gui.panels.image.tool import ImageTool, PointerAt
from labeler.gui.panels.image.view import View, Viewport
from labeler.sessions.review.evidence import Layers

_REACH = 6.0
"""How near to a place counts as on it, in screen pixels."""


class Pane(QWidget):
    """Says where the pointer is, in picture pixels. What there is to see is painted by `Canvas`."""

    hovered = Signal(object)
    """QPointF on the picture, or None."""
    clicked = Signal(QPointF)
    divider_moved = Signal(float)
    """To which share of the pane's width."""

    def __init__(self, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._picture: ShownPicture | None = None
        self._scene = Scene()
        self._boxes: Sequence[DifferenceBox] = ()
        self._box_array: NDArray[np.float64] = np.empty((0, 4))
        self._current: str | None = None
        self._overlay = True
        self._layers = Layers()
        self._divider = 0.5
        self._minimap: Minimap | None = Minimap()
        self._pointer: QPointF | None = None
        self._drag: QPointF | None = None
        self._dragged = False
        self._grip: str = ""
        """What a drag moves that began on it: `divider` or `minimap`."""
        self._tool: ImageTool | None = None
        self._tool_has_drag = False
        self.setMouseTracking(True)

    @property
    def view(self) -> View:
        return self._view

    @property
    def picture(self) -> ShownPicture | None:
        return self._picture

    @property
    def scene(self) -> Scene:
        return self._scene

    def set_tool(self, tool: ImageTool | None) -> None:
        """Let a mode take the pointer and keys of this pane, and paint on it; None: the pane alone again."""
        if self._tool is not None and tool is not self._tool:
            self._tool.hover(None)
        self._tool, self._tool_has_drag = tool, False
        # Without a tool a click must not take the keys away from the screen.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if tool is not None else Qt.FocusPolicy.NoFocus)
        self.update()

    def viewport(self) -> Viewport:
        return Viewport(self.width(), self.height(), self.devicePixelRatioF())

    def half_at(self, x: float) -> Half:
        """On which side of the divider a place of the pane lies (screen pixels); WHOLE without one."""
        if not self._scene.divided:
            return Half.WHOLE
        return Half.LEFT if x < self._divider * self.width() else Half.RIGHT

    def difference_at(self, point: QPointF) -> str | None:
        """The difference whose outline holds a point of the picture; the current one, then the smallest, wins."""
        if not self._overlay or not self._boxes or not self._layers.differences.shown:
            return None
        slack = 3 / self._view.scale(self.viewport())
        b, x, y = self._box_array, point.x(), point.y()
        inside = (b[:, 0] - slack <= x) & (x <= b[:, 2] + slack) & (b[:, 1] - slack <= y) & (y <= b[:, 3] + slack)
        found = np.flatnonzero(inside)
        if found.size == 0:
            return None
        if any(self._boxes[n].difference == self._current for n in found.tolist()):
            return self._current
        areas = (b[found, 2] - b[found, 0]) * (b[found, 3] - b[found, 1])
        return self._boxes[int(found[int(np.argmin(areas))])].difference

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._picture is not None and event.angleDelta().y():
            self._view.zoom_by(1.0016 ** event.angleDelta().y(), event.position(), self.viewport())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._tool_takes(event, again=False):
            return
        self._grip = self._grip_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else ""
        if self._grip:
            self._move_grip(event.position())
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag, self._dragged = event.position(), False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._tool_takes(event, again=True):
            self.mousePressEvent(event)

    def _tool_takes(self, event: QMouseEvent, *, again: bool) -> bool:
        if self._tool is None or self._picture is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        at = self._pointer_at(event)
        self._tool_has_drag = self._tool.double_press(at) if again else self._tool.press(at)
        return self._tool_has_drag

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._picture is None:
            return
        if self._tool is not None and self._tool_has_drag:
            self._tool.drag(self._pointer_at(event))
        elif self._grip:
            self._move_grip(event.position())
        elif self._drag is None:
            self._hover(event)
        else:
            self._pan_with(event)

    def _hover(self, event: QMouseEvent) -> None:
        at = self._pointer_at(event)
        shape = None
        if self._tool is not None:
            self._tool.hover(at)
            shape = self._tool.cursor(at)
        if shape is None and (grip := self._grip_at(event.position())):
            shape = Qt.CursorShape.SplitHCursor if grip == "divider" else Qt.CursorShape.CrossCursor
        if shape is None:
            clickable = self.difference_at(at.point) is not None
            shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self._point_at(at.point)
        self.hovered.emit(at.point)

    def _point_at(self, point: QPointF | None) -> None:
        """Say the pixel under the pointer where single pixels can be told apart."""
        self._pointer = point
        if self._view.scale(self.viewport()) >= GRID_FROM:
            self.update()

    def _grip_at(self, position: QPointF) -> str:
        """What of the pane's own a drag would move there."""
        if self._picture is None:
            return ""
        if self._scene.divided and abs(position.x() - self._divider * self.width()) <= _REACH + 2:
            return "divider"
        frame = self.map_frame()
        return "minimap" if frame is not None and frame.contains(position) else ""

    def map_frame(self) -> QRectF | None:
        """Where the small map stands on the pane; None while there is none."""
        if self._minimap is None or self._picture is None:
            return None
        self._minimap.keep_clear = self._current_places()
        return self._minimap.frame(self._picture, self._view.transform(self.viewport()), QSizeF(self.size()))

    def _current_places(self) -> list[Box]:
        return [box.box for box in self._boxes if box.difference == self._current]

    def _move_grip(self, position: QPointF) -> None:
        frame = self.map_frame()
        if self._grip == "divider":
            self.divider_moved.emit(min(max(position.x() / max(self.width(), 1), 0.0), 1.0))
        elif frame is not None and self._minimap is not None and self._picture is not None:
            self._view.centre_on(self._minimap.picture_point(frame, position, self._picture), self.viewport())

    def _pan_with(self, event: QMouseEvent) -> None:
        by = event.position() - (self._drag or event.position())
        if self._dragged or by.manhattanLength() >= QApplication.startDragDistance():
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._view.pan(by, self.viewport())
            self._drag = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._tool is not None and self._tool_has_drag and event.button() is Qt.MouseButton.LeftButton:
            self._tool_has_drag = False
            self._tool.release(self._pointer_at(event))
            return
        self._grip = ""
        pressed, self._drag = self._drag is not None, None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if pressed and not self._dragged and event.button() is Qt.MouseButton.LeftButton and self._picture is not None:
            self.clicked.emit(self._on_picture(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._tool is not None:
            self._tool.hover(None)
        self._point_at(None)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = key_name(event)
        if self._tool is None or not name or not self._tool.key(name):
            super().keyPressEvent(event)

    def _pointer_at(self, event: QMouseEvent) -> PointerAt:
        reach = _REACH / self._view.scale(self.viewport())
        return PointerAt(self._on_picture(event.position()), self._scene.letter, event.modifiers(), reach)

    def _on_picture(self, position: QPointF) -> QPointF:
        back, _ = self._view.transform(self.viewport()).inverted()
        return back.map(position)

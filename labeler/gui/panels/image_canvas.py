"""One pane of the picture: what is judged, and outlines around it. Nothing on it is ever tinted or covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from labeler.domain.blind import Letter
from labeler.domain.items import Box
from labeler.gui.keys import key_name
from labeler.gui.panels.image_minimap import Minimap
from labeler.gui.panels.image_paint import Outlines, ShownPicture
from labeler.gui.panels.image_pixels import GRID_FROM, in_words, paint_pixels, value
from labeler.gui.panels.image_regions import DifferenceBox
from labeler.gui.panels.image_scene import Boxes, Frame, Half, Part, Scene, paint_lit, paint_scene, paint_shadow
from labeler.gui.panels.image_tool import ImageTool, PointerAt
from labeler.gui.panels.image_view import View, Viewport
from labeler.gui.theme import Palette, Theme, colour, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review.evidence import Layer, Layers

_REACH = 6.0
"""How near to a place counts as on it, in screen pixels."""
_LAYER: dict[Letter, Layer] = {"A": Layer.A, "B": Layer.B}


class Canvas(QWidget):
    """Paints the picture through a view; says where the pointer is, in picture pixels."""

    hovered = Signal(object)
    """QPointF on the picture, or None."""
    clicked = Signal(QPointF)
    divider_moved = Signal(float)
    """To which share of the pane's width."""
    painted = Signal()
    """After each painting of a picture or a message; connect it queued."""

    def __init__(self, theme: Theme, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._picture: ShownPicture | None = None
        self._right: ShownPicture | None = None
        self._message = ""
        self._notice = ""
        self._scene = Scene()
        self._boxes: Sequence[DifferenceBox] = ()
        self._box_array: NDArray[np.float64] = np.empty((0, 4))
        self._current: str | None = None
        self._seen: frozenset[str] = frozenset()
        self._lit: Sequence[QPolygonF] = ()
        self._overlay = True
        self._layers = Layers()
        self._linked = True
        self._divider = 0.5
        self._minimap: Minimap | None = Minimap()
        self._pointer: QPointF | None = None
        self._drag: QPointF | None = None
        self._dragged = False
        self._grip: str = ""
        """What a drag moves that began on it: `divider` or `minimap`."""
        self._tool: ImageTool | None = None
        self._tool_has_drag = False
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        view.changed.connect(self.update)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(480, 520)

    @property
    def view(self) -> View:
        return self._view

    @property
    def picture(self) -> ShownPicture | None:
        return self._picture

    @property
    def scene(self) -> Scene:
        return self._scene

    @property
    def message(self) -> str:
        """What stands in the place of a picture that cannot be shown."""
        return self._message

    @property
    def notice(self) -> str:
        """What stands above the picture, for instance that the current difference has no place on it."""
        return self._notice

    def set_view(self, view: View, linked: bool) -> None:
        if view is not self._view:
            self._view.changed.disconnect(self.update)
            self._view = view
            view.changed.connect(self.update)
        self._linked = linked
        self.update()

    def set_picture(self, picture: ShownPicture | None, message: str = "", right: ShownPicture | None = None) -> None:
        """Another picture, and one of the same size for the right of a divider; or none, and words in its place."""
        self._picture, self._message, self._right = picture, message, right
        self._describe()
        self.update()

    def set_output(self, letter: Letter | None, outlines: Outlines | None, boxes: Sequence[DifferenceBox]) -> None:
        """Show one output's regions and differences."""
        parts = () if letter is None or outlines is None else (Part(outlines, letter.lower(), _LAYER[letter]),)
        name = f"Picture with the regions of output {letter}" if letter else "Picture"
        self.set_scene(Scene(letter, parts, (Boxes(tuple(boxes)),), name=name))

    def set_scene(self, scene: Scene) -> None:
        """Show what lies on the picture."""
        self._scene = scene
        self._boxes = [box for boxes in scene.boxes for box in boxes.boxes]
        self._box_array = np.array([b.box for b in self._boxes], np.float64).reshape(-1, 4)
        self.setAccessibleName(scene.name)
        self.update()

    def set_current(self, difference: str | None, seen: frozenset[str] = frozenset(), notice: str = "") -> None:
        """Which difference is current, which ones were, and what is to be said above the picture."""
        self._current, self._seen, self._notice = difference, seen, notice
        self._describe()
        self.update()

    def set_overlay(self, overlay: bool) -> None:
        self._overlay = overlay
        self.update()

    def set_look(self, layers: Layers, divider: float, minimap: bool) -> None:
        """How each layer is drawn, where the divider stands, and whether there is a small map."""
        self._layers, self._divider = layers, divider
        if minimap != (self._minimap is not None):
            self._minimap = Minimap() if minimap else None
        self.update()

    def set_lit(self, lit: Sequence[QPolygonF]) -> None:
        if lit or self._lit:
            self._lit = lit
            self.update()

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

    def _describe(self) -> None:
        self.setAccessibleDescription(self._message or self._notice)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None:
            painter.fillRect(event.rect(), QColor(self._theme.palette.canvas))
            self._paint_message(painter)
        else:
            self._paint_picture(painter, self._picture, QRectF(event.rect()))
        painter.end()
        self.painted.emit()

    def _paint_picture(self, painter: QPainter, shown: ShownPicture, window: QRectF) -> None:
        viewport = self.viewport()
        to_screen = self._view.transform(viewport)
        frame = Frame(to_screen, window, viewport.ratio, self._divider * self.width(), self._theme.palette)
        whole = QRectF(0, 0, *shown.size)
        if shown.picture.has_alpha or not to_screen.mapRect(whole).contains(window):
            painter.fillRect(window, QColor(self._theme.palette.canvas))
            paint_shadow(painter, frame, whole)
        shown.paint(painter, to_screen, window, viewport.ratio)
        if self._right is not None:
            painter.save()
            painter.setClipRect(frame.half(Half.RIGHT))
            self._right.paint(painter, to_screen, window, viewport.ratio)
            painter.restore()
        if shown.stretch == 1:
            paint_pixels(painter, shown.picture, to_screen, window)
        if self._overlay:
            paint_scene(painter, frame, self._scene, self._layers, self._current, self._seen)
        paint_lit(painter, frame, self._lit)
        if self._tool is not None:
            painter.save()
            self._tool.paint(painter, to_screen, self._scene.letter)
            painter.restore()
        self._paint_instruments(painter, shown, frame, viewport)

    def _paint_instruments(self, painter: QPainter, shown: ShownPicture, frame: Frame, viewport: Viewport) -> None:
        """The map, the scale with the pixel under the pointer, and what is to be said."""
        if self._minimap is not None:
            marks = [box.box for box in self._boxes] if self._overlay else []
            pane = QSizeF(self.size())
            self._minimap.keep_clear = self._current_places()
            self._minimap.paint(painter, shown, frame.to_screen, pane, frame.palette, marks, frame.ratio)
        scale = frame.to_screen.m11()
        text = f"{scale * viewport.ratio * 100:,.0f} %"
        if self._scene.letter is not None and self._linked:
            text += " · linked"
        if self._pointer is not None and scale >= GRID_FROM and shown.stretch == 1:
            x, y = math.floor(self._pointer.x()), math.floor(self._pointer.y())
            found = value(shown.picture, x, y)
            text = f"{x:,}, {y:,} · {in_words(found)} · {text}" if found is not None else text
        elif shown.coarse and shown.is_coarse(frame.to_screen.inverted()[0].mapRect(QRectF(self.rect()))):
            text = f"{shown.coarse} · {text}"
        pill = _pill(text, frame.palette, viewport.ratio)
        size = pill.deviceIndependentSize()
        painter.drawPixmap(QPointF(self.width() - size.width() - 10, self.height() - size.height() - 9), pill)
        if self._notice:
            pill = _pill(self._notice, frame.palette, viewport.ratio, "difference_text")
            painter.drawPixmap(QPointF((self.width() - pill.deviceIndependentSize().width()) / 2, 9), pill)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.palette.text))
        painter.setFont(sans(13, QFont.Weight.Medium))
        room = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        # A path has no spaces to break it at.
        message = visible(self._message).replace("/", "/\u200b").replace("\\", "\\\u200b")
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), message)

    # The pointer

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


@lru_cache(maxsize=16)
def _pill(text: str, palette: Palette, ratio: float, ink: str = "quiet") -> QPixmap:
    """Words on a rounded ground; kept, since its letters would cost more than a whole pan frame."""
    font = sans(12)
    width = math.ceil(QFontMetricsF(font).horizontalAdvance(text)) + 24
    pixmap = QPixmap(round(width * ratio), round(24 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(palette.border), 1))
    painter.setBrush(colour(palette.surface))
    frame = QRectF(0.5, 0.5, width - 1, 23)
    painter.drawRoundedRect(frame, 11.5, 11.5)
    painter.setPen(QColor(getattr(palette, ink)))
    painter.setFont(font)
    painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return pixmap

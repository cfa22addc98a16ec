"""One pane of the picture: what is judged, and outlines around it. Nothing on it is ever tinted or covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
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
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from labeler.domain.blind import Letter
from labeler.gui.keys import key_name
from labeler.gui.panels.image_paint import Outlines, ShownPicture, rectangle
from labeler.gui.panels.image_regions import DifferenceBox
from labeler.gui.panels.image_tool import ImageTool, PointerAt
from labeler.gui.panels.image_view import View, Viewport
from labeler.gui.theme import Palette, Theme, colour, sans
from labeler.modalities.image import Picture

_OUTSIDE = 1.5
"""How far a difference's outline stands off its box, in screen pixels: it must not cross the letters."""
_REACH = 6.0
"""How near to a place counts as on it, in screen pixels."""


class Canvas(QWidget):
    """Paints the picture through a view; says where the pointer is, in picture pixels."""

    hovered = Signal(object)
    """QPointF on the picture, or None."""
    clicked = Signal(QPointF)
    painted = Signal()
    """After each painting of a picture or a message; connect it queued."""

    def __init__(self, theme: Theme, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._picture: ShownPicture | None = None
        self._message = ""
        self._letter: Letter | None = None
        self._outlines: Outlines | None = None
        self._boxes: Sequence[DifferenceBox] = ()
        self._box_array: NDArray[np.float64] = np.empty((0, 4))
        self._current: str | None = None
        self._lit: Sequence[QPolygonF] = ()
        self._overlay = True
        self._linked = True
        self._drag: QPointF | None = None
        self._dragged = False
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
    def message(self) -> str:
        """What stands in the place of a picture that cannot be shown."""
        return self._message

    def set_view(self, view: View, linked: bool) -> None:
        if view is not self._view:
            self._view.changed.disconnect(self.update)
            self._view = view
            view.changed.connect(self.update)
        self._linked = linked
        self.update()

    def set_picture(self, picture: ShownPicture | None, message: str = "") -> None:
        """Another picture; or none, and words in its place."""
        self._picture, self._message = picture, message
        self.setAccessibleDescription(message)
        self.update()

    def set_output(self, letter: Letter | None, outlines: Outlines | None, boxes: Sequence[DifferenceBox]) -> None:
        self._letter, self._outlines, self._boxes = letter, outlines, boxes
        self._box_array = np.array([b.box for b in boxes], np.float64).reshape(-1, 4)
        self.setAccessibleName(f"Picture with the regions of output {letter}" if letter else "Picture")
        self.update()

    def set_current(self, difference: str | None) -> None:
        self._current = difference
        self.update()

    def set_overlay(self, overlay: bool) -> None:
        self._overlay = overlay
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

    def difference_at(self, point: QPointF) -> str | None:
        """The difference whose outline holds a point of the picture; the current one, then the smallest, wins."""
        if not self._overlay or not self._boxes:
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

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.palette.canvas))
        if self._picture is None:
            self._paint_message(painter)
        else:
            viewport = self.viewport()
            transform = self._view.transform(viewport)
            window = QRectF(event.rect())
            self._paint_shadow(painter, transform, self._picture.picture)
            self._picture.paint(painter, transform, window, viewport.ratio)
            if self._overlay:
                self._paint_regions(painter, transform, window)
                self._paint_differences(painter, transform)
            self._paint_lit(painter, transform)
            if self._tool is not None:
                painter.save()
                self._tool.paint(painter, transform, self._letter)
                painter.restore()
            self._paint_pill(painter, viewport)
        painter.end()
        self.painted.emit()

    def _paint_shadow(self, painter: QPainter, transform: QTransform, picture: Picture) -> None:
        frame = transform.mapRect(QRectF(0, 0, picture.width, picture.height))
        for distance, alpha in ((1, 18), (2, 12), (4, 6)):
            # Four bars each: stroking a rectangle with a see-through pen takes twenty times as long.
            ink = QColor(0, 0, 0, alpha)
            edge = frame.adjusted(-distance, 1 - distance, distance, distance + 1)
            painter.fillRect(QRectF(edge.left(), edge.top(), edge.width(), 1), ink)
            painter.fillRect(QRectF(edge.left(), edge.bottom() - 1, edge.width(), 1), ink)
            painter.fillRect(QRectF(edge.left(), edge.top() + 1, 1, edge.height() - 2), ink)
            painter.fillRect(QRectF(edge.right() - 1, edge.top() + 1, 1, edge.height() - 2), ink)

    def _paint_regions(self, painter: QPainter, transform: QTransform, window: QRectF) -> None:
        if self._outlines is None or self._letter is None:
            return
        seen = transform.inverted()[0].mapRect(window)
        visible = self._outlines.visible((seen.left(), seen.top(), seen.right(), seen.bottom()))
        if not visible:
            return
        # Opaque: blending a thin line takes Qt ten times as long.
        pen = QPen(QColor(self._theme.palette.letter(self._letter)), max(1, round(self.devicePixelRatioF())))
        pen.setCosmetic(True)  # its width counts pixels of the device
        painter.save()
        painter.setTransform(transform, combine=True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._outlines.draw(painter, visible)
        painter.restore()

    def _paint_differences(self, painter: QPainter, transform: QTransform) -> None:
        amber = QColor(self._theme.palette.difference)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        window = QRectF(self.rect()).adjusted(-8, -8, 8, 8)
        for box in sorted(self._boxes, key=lambda box: box.difference == self._current):
            frame = transform.mapRect(rectangle(box.box))
            if not window.intersects(frame.adjusted(-1, -1, 1, 1)):
                continue
            width = 3.0 if box.difference == self._current else 1.5
            pen = QPen(amber, width)
            if box.absent:
                pen.setDashPattern([2.2, 1.6])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            elif box.estimated:
                pen.setDashPattern([0.8, 1.4])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            off = _OUTSIDE + width / 2
            painter.drawRoundedRect(frame.adjusted(-off, -off, off, off), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_lit(self, painter: QPainter, transform: QTransform) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.palette.accent), 2))
        for shape in self._lit:
            painter.drawPolygon(transform.map(shape))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_pill(self, painter: QPainter, viewport: Viewport) -> None:
        text = f"{self._view.scale(viewport) * viewport.ratio * 100:,.0f} %"
        if self._letter is not None and self._linked:
            text += " · linked"
        pill = _pill(text, self._theme.palette, viewport.ratio)
        size = pill.deviceIndependentSize()
        painter.drawPixmap(QPointF(self.width() - size.width() - 10, self.height() - size.height() - 9), pill)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.palette.text))
        painter.setFont(sans(13, QFont.Weight.Medium))
        room = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        # A path has no spaces to break it at.
        message = self._message.replace("/", "/\u200b").replace("\\", "\\\u200b")
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), message)

    # The pointer

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._picture is not None and event.angleDelta().y():
            self._view.zoom_by(1.0016 ** event.angleDelta().y(), event.position(), self.viewport())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._tool_takes(event, again=False):
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
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
        if shape is None:
            clickable = self.difference_at(at.point) is not None
            shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.hovered.emit(at.point)

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
        pressed, self._drag = self._drag is not None, None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if pressed and not self._dragged and event.button() is Qt.MouseButton.LeftButton and self._picture is not None:
            self.clicked.emit(self._on_picture(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._tool is not None:
            self._tool.hover(None)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = key_name(event)
        if self._tool is None or not name or not self._tool.key(name):
            super().keyPressEvent(event)

    def _pointer_at(self, event: QMouseEvent) -> PointerAt:
        reach = _REACH / self._view.scale(self.viewport())
        return PointerAt(self._on_picture(event.position()), self._letter, event.modifiers(), reach)

    def _on_picture(self, position: QPointF) -> QPointF:
        back, _ = self._view.transform(self.viewport()).inverted()
        return back.map(position)


@lru_cache(maxsize=16)
def _pill(text: str, palette: Palette, ratio: float) -> QPixmap:
    """The zoom in words on a rounded ground; kept, since its letters would cost more than a whole pan frame."""
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
    painter.setPen(QColor(palette.quiet))
    painter.setFont(font)
    painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return pixmap

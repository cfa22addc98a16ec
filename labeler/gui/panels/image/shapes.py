"""A box or outline on the picture: drawn, moved or pulled at a corner by the pointer, and how it is painted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from labeler.domain.shapes import UNBOUNDED, Shape, Size, box_between
from labeler.gui.panels.image.tool import PointerAt

_HANDLE = 3.5
"""Half the width of a corner's handle, in screen pixels."""


class ShapeDrag:
    """One drag of the pointer from press to release, in whole pixels of the picture."""

    def __init__(self) -> None:
        self.size: Size = UNBOUNDED
        self.preview: Shape | None = None
        """The shape as it would be if the button were released now."""
        self._before: Shape | None = None
        self._corner: int | None = None
        self._from = QPointF()

    def draw(self, at: PointerAt) -> None:
        """Begin a new box here."""
        self._before, self._corner, self._from, self.preview = None, None, at.point, None

    def grab(self, shape: Shape, at: PointerAt) -> bool:
        """Begin to pull at a corner, or to move the shape; False where the pointer is not on it."""
        corner = shape.corner_near(at.point.x(), at.point.y(), at.reach)
        if corner is None and not shape.contains(at.point.x(), at.point.y()):
            return False
        self._before, self._corner, self._from, self.preview = shape, corner, at.point, shape
        return True

    def drag(self, at: PointerAt) -> None:
        here, start = at.point, self._from
        if self._before is None:
            self.preview = box_between(start.x(), start.y(), here.x(), here.y(), self.size)
        elif self._corner is not None:
            self.preview = self._before.with_corner(self._corner, here.x(), here.y(), self.size)
        else:
            by = here - start
            self.preview = self._before.moved(round(by.x()), round(by.y()), self.size)

    def release(self) -> Shape | None:
        """The new shape; None where nothing was drawn or moved."""
        done, self.preview = self.preview, None
        return None if done == self._before else done


def cursor_over(shape: Shape, at: PointerAt) -> Qt.CursorShape | None:
    """The pointer over a shape that can be moved."""
    if shape.corner_near(at.point.x(), at.point.y(), at.reach) is not None:
        return Qt.CursorShape.PointingHandCursor
    return Qt.CursorShape.SizeAllCursor if shape.contains(at.point.x(), at.point.y()) else None


def polygon_of(shape: Shape) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in shape.corners])


def paint_outline(painter: QPainter, to_screen: QTransform, shape: Shape, ink: QColor, *, dashed: bool = False) -> None:
    """An outline just outside of the shape's pixels: what is judged is never covered."""
    pen = QPen(ink, 2.0)
    if dashed:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    on_screen = to_screen.map(polygon_of(shape))
    if shape.box is not None:
        painter.drawRect(on_screen.boundingRect().adjusted(-1, -1, 1, 1))
    else:
        painter.drawPolygon(on_screen)


def paint_handles(
    painter: QPainter, to_screen: QTransform, corners: Iterable[tuple[float, float]], ink: QColor, chosen: int | None
) -> None:
    """A small square at each corner; the one that keys move is filled."""
    painter.setPen(QPen(ink, 1.5))
    for number, (x, y) in enumerate(corners):
        middle = to_screen.map(QPointF(x, y))
        painter.setBrush(ink if number == chosen else Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(middle.x() - _HANDLE, middle.y() - _HANDLE, 2 * _HANDLE, 2 * _HANDLE))

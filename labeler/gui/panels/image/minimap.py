"""The small map in a corner of a pane while only a part of the picture is in view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from labeler.domain.items import Box
from labeler.gui.panels.image.paint import ShownPicture, rectangle
from labeler.gui.theme import Palette

LONGEST = 128.0
"""Of the map's longer side, in screen pixels; on a small pane a quarter of it at most."""
_MARGIN = 10.0
_NEAR = 8.0
"""Pixels between the map and what it keeps clear of."""
_SMALLEST = 2.0
_SMALLEST_WINDOW = 6.0


class Minimap:
    """Draws the whole picture small, with the part in view framed and the differences as dots."""

    def __init__(self) -> None:
        self.keep_clear: Sequence[Box] = ()
        """Places on the picture that the map does not stand on: those of the current difference."""
        self._picture: ShownPicture | None = None
        self._thumbnail = QPixmap()

    def frame(self, picture: ShownPicture, to_screen: QTransform, pane: QSizeF) -> QRectF | None:
        """Where the map stands on the pane; None while the whole picture is in view."""
        size = QSizeF(*picture.size)
        whole = to_screen.mapRect(QRectF(QPointF(0, 0), size))
        if QRectF(QPointF(0, 0), pane).adjusted(-1, -1, 1, 1).contains(whole):
            return None
        longest = min(LONGEST, pane.width() / 4, pane.height() / 3)
        share = longest / max(size.width(), size.height())
        width, height = max(size.width() * share, _SMALLEST), max(size.height() * share, _SMALLEST)
        below = QRectF(_MARGIN, pane.height() - _MARGIN - round(height), round(width), round(height))
        above = below.translated(0, _MARGIN - below.top())
        clear = [to_screen.mapRect(rectangle(box)).adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR) for box in self.keep_clear]
        return next((corner for corner in (below, above) if not any(corner.intersects(c) for c in clear)), below)

    def paint(
        self,
        painter: QPainter,
        picture: ShownPicture,
        to_screen: QTransform,
        pane: QSizeF,
        palette: Palette,
        marks: Iterable[Box],
        ratio: float,
    ) -> None:
        frame = self.frame(picture, to_screen, pane)
        if frame is None:
            return
        self._take(picture, frame, ratio)
        painter.fillRect(frame.adjusted(-1, -1, 1, 1), QColor(palette.border))
        painter.drawPixmap(frame.topLeft(), self._thumbnail)
        share = frame.width() / picture.size[0]
        amber = QColor(palette.difference)
        for x0, y0, x1, y1 in marks:
            dot = QRectF(frame.x() + x0 * share, frame.y() + y0 * share, (x1 - x0) * share, (y1 - y0) * share)
            painter.fillRect(QRectF(dot.topLeft(), dot.size().expandedTo(QSizeF(3, 3))) & frame, amber)
        seen = to_screen.inverted()[0].mapRect(QRectF(QPointF(0, 0), pane))
        window = QRectF(
            frame.x() + seen.x() * share, frame.y() + seen.y() * share, seen.width() * share, seen.height() * share
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.accent), 2))
        window = window & frame
        # Seen from very near, the part in view would be less than a line.
        more = max(_SMALLEST_WINDOW - window.width(), 0) / 2, max(_SMALLEST_WINDOW - window.height(), 0) / 2
        painter.drawRect(window.adjusted(1 - more[0], 1 - more[1], more[0] - 1, more[1] - 1))

    def picture_point(self, frame: QRectF, position: QPointF, picture: ShownPicture) -> QPointF:
        """The point of the picture under a point of the map."""
        share = picture.size[0] / max(frame.width(), 1.0)
        return (position - frame.topLeft()) * share

    def _take(self, picture: ShownPicture, frame: QRectF, ratio: float) -> None:
        wanted = (frame.size() * ratio).toSize()
        if self._picture is picture and self._thumbnail.size() == wanted:
            return
        self._picture = picture
        self._thumbnail = picture.thumbnail(wanted)
        self._thumbnail.setDevicePixelRatio(ratio)

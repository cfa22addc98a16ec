"""What a pane draws: the picture, and the outlines of regions, fast enough to pan with ten thousand of them."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap, QPolygonF, QTransform

from labeler.domain.items import Box
from labeler.gui.panels.image.regions import Regions
from labeler.gui.panels.image.view import Viewport
from labeler.modalities.image.decoder import Picture

_AROUND = 0.2
"""How much more of the picture than is in view is kept scaled, as a share of the view, on each side."""


@dataclass(frozen=True, slots=True)
class _Tile:
    """A part of the picture, scaled; `x` and `y` are its place in the scaled picture, in pixels of the device."""

    covers: QRectF
    pixmap: QPixmap
    x: int
    y: int


class ShownPicture:
    """A decoded picture as Qt's images, one a level; they use the decoder's memory and copy nothing.

    From the second painting at a scale on, a scaled part is kept: panning then only copies it. Both panes share it.
    """

    def __init__(
        self, picture: Picture, frame: tuple[int, int] | None = None, *, coarse: str = "coarse, detail is being read"
    ) -> None:
        """`frame` (width, height): how large it is shown, corner on corner and in proportion, beside another picture.
        `coarse`: what is said of a picture that lacks its first levels.
        """
        self.picture = picture  # owns the memory
        self.size = frame or (picture.width, picture.height)
        self.stretch = min(self.size[0] / picture.width, self.size[1] / picture.height)
        wide, stretch = picture.width * self.stretch, self.stretch
        self.unread = [QRectF(0, top * stretch, wide, (until - top) * stretch) for top, until in picture.unread]
        """Where nothing of the picture is there yet."""
        if picture.patchy:
            left = sum(until - top for top, until in picture.unread) / picture.height
            coarse = f"being read, {1 - left:.0%} is there".replace("%", " %")
        self.coarse = coarse if picture.shrunk else ""
        form = QImage.Format.Format_ARGB32_Premultiplied if picture.has_alpha else QImage.Format.Format_RGB32
        self.images = [
            QImage(level.data, level.shape[1], level.shape[0], level.strides[0], form) for level in picture.levels
        ]
        self._bands: list[tuple[QRectF, QImage]] = []
        """Rows of a coarse picture that are there in full, and where they lie."""
        for band in picture.bands:
            (top, until), pixels = band.rows, band.pixels
            rows = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], form)
            self._bands.append((QRectF(0, top, picture.width, until - top), rows))
        self._whole = QRectF(0, 0, picture.width, picture.height)
        self._tiles: OrderedDict[tuple[float, float], _Tile | None] = OrderedDict()

    def paint(self, painter: QPainter, transform: QTransform, window: QRectF, ratio: float) -> None:
        """Paint the part that is in the window (screen pixels). `ratio`: pixels of the device per screen pixel."""
        if self.stretch != 1:
            transform = QTransform.fromScale(self.stretch, self.stretch) * transform
        seen = transform.inverted()[0].mapRect(window) & self._whole
        if seen.isEmpty():
            return
        # Whole picture pixels, or the edge of what is in view would be stretched.
        seen = QRectF(seen.toAlignedRect()) & self._whole
        key = (transform.m11(), ratio)
        if key not in self._tiles:
            # The first painting at a scale: while one zooms, no scale comes twice.
            self._tiles[key] = None
            if len(self._tiles) > 2:
                self._tiles.popitem(last=False)
            self._paint_part(painter, seen, transform.mapRect(seen), transform.m11() * ratio)
            return
        tile = self._tiles[key]
        if tile is None or not tile.covers.contains(seen):
            tile = self._tiles[key] = self._scaled(seen, transform.m11() * ratio)
        # Offsets are whole pixels of the device (see View.transform), so that nothing is resampled here.
        tile.pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(QPointF(transform.dx() + tile.x / ratio, transform.dy() + tile.y / ratio), tile.pixmap)

    def prepare(self, transform: QTransform, viewport: Viewport) -> None:
        """Scale what will be in view: the first painting through this transform then only copies it."""
        window = QRectF(0, 0, viewport.width, viewport.height)
        seen = QRectF((transform.inverted()[0].mapRect(window) & self._whole).toAlignedRect()) & self._whole
        key = (transform.m11(), viewport.ratio)
        tile = self._tiles.get(key)
        if not seen.isEmpty() and (tile is None or not tile.covers.contains(seen)):
            self._tiles[key] = self._scaled(seen, transform.m11() * viewport.ratio)

    def is_coarse(self, seen: QRectF) -> bool:
        """Not all of a part of the picture is there in full."""
        if not self.picture.shrunk:
            return False
        return not any(place.contains(seen & self._whole) for place, _ in self._bands)

    def thumbnail(self, size: QSize) -> QPixmap:
        """The whole picture, that many pixels large, on white."""
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fitting = [one for one in self.images if one.width() >= size.width() and one.height() >= size.height()]
        painter.drawImage(QRectF(image.rect()), (fitting or self.images)[-1 if fitting else 0])
        painter.end()
        return QPixmap.fromImage(image)

    def _scaled(self, seen: QRectF, scale: float) -> _Tile:
        more_x, more_y = seen.width() * _AROUND, seen.height() * _AROUND
        covers = QRectF(seen.adjusted(-more_x, -more_y, more_x, more_y).toAlignedRect()) & self._whole
        x, y = round(covers.left() * scale), round(covers.top() * scale)
        width = max(round(covers.right() * scale) - x, 1)
        height = max(round(covers.bottom() * scale) - y, 1)
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        target = QRectF(
            covers.left() * scale - x, covers.top() * scale - y, covers.width() * scale, covers.height() * scale
        )
        self._paint_part(painter, covers, target, scale)
        painter.end()
        return _Tile(covers, QPixmap.fromImage(image), x, y)

    def _paint_part(self, painter: QPainter, part: QRectF, target: QRectF, scale: float) -> None:
        """Nearest neighbour from 100 % on; below, from the level that is at most twice as large, smoothed."""
        target = _not_faint(target, target.width() / (part.width() * scale))
        coarsest = self.picture.shrunk + len(self.images) - 1
        level = min(max(math.floor(math.log2(1 / scale)), self.picture.shrunk), coarsest)
        share = 0.5**level
        if self.picture.has_alpha:
            painter.fillRect(target, Qt.GlobalColor.white)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale * 2**self.picture.shrunk < 1)
        source = QRectF(part.x() * share, part.y() * share, part.width() * share, part.height() * share)
        painter.drawImage(target, self.images[level - self.picture.shrunk], source)
        if scale * 2**self.picture.shrunk > 1:
            for place, rows in self._bands:
                self._paint_band(painter, place, rows, part, target, scale)

    def _paint_band(
        self, painter: QPainter, place: QRectF, rows: QImage, part: QRectF, target: QRectF, scale: float
    ) -> None:
        """Over what is coarse."""
        inside = place & part
        if inside.isEmpty():
            return
        share_x, share_y = target.width() / part.width(), target.height() / part.height()
        onto = QRectF(
            target.x() + (inside.x() - part.x()) * share_x,
            target.y() + (inside.y() - part.y()) * share_y,
            inside.width() * share_x,
            inside.height() * share_y,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(onto, rows, inside.translated(0, -place.y()))


def _not_faint(target: QRectF, pixel: float) -> QRectF:
    """A picture of one row or column is a pixel of the device high or wide at least: a share of one is hardly seen."""
    return QRectF(target.topLeft(), target.size().expandedTo(QSizeF(pixel, pixel)))


class Outlines:
    """The regions of one output, ready to be drawn in picture coordinates."""

    def __init__(self, regions: Regions) -> None:
        self.regions = regions
        self._rectangles = [rectangle(regions.box(number)) for number in range(len(regions))]
        self._polygons = {
            number: QPolygonF([QPointF(x, y) for x, y in (*region.polygon, region.polygon[0])])
            for number, region in enumerate(regions.regions)
            if region.polygon
        }
        self._all = QPainterPath()
        for number, bounds in enumerate(self._rectangles):
            if number in self._polygons:
                self._all.addPolygon(self._polygons[number])
            else:
                self._all.addRect(bounds)

    def visible(self, window: Box) -> Sequence[int]:
        """Numbers of the regions in a part of the picture."""
        numbers: list[int] = self.regions.within(window).tolist()
        return numbers

    def draw(self, painter: QPainter, visible: Sequence[int]) -> None:
        """Draw those regions with the painter's pen, in picture coordinates."""
        if len(visible) * 2 >= len(self.regions):
            # One path takes Qt half the time of a list of rectangles; it clips those that are out of view.
            painter.drawPath(self._all)
            return
        painter.drawRects([self._rectangles[number] for number in visible if number not in self._polygons])
        for number in visible:
            if number in self._polygons:
                painter.drawPolygon(self._polygons[number])

    def shape(self, number: int) -> QPolygonF:
        return self._polygons.get(number) or QPolygonF(self._rectangles[number])


def rectangle(box: Box) -> QRectF:
    x0, y0, x1, y1 = box
    return QRectF(x0, y0, x1 - x0, y1 - y0)

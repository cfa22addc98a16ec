"""What lies on the picture in one pane, and how it is painted: outlines only, nothing is tinted or covered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache, partial

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from labeler.domain.blind import Letter
from labeler.gui.panels.image.labels import LabelPlaces, paint_labels
from labeler.gui.panels.image.paint import Outlines, rectangle
from labeler.gui.panels.image.regions import DifferenceBox
from labeler.gui.theme import Palette, sans
from labeler.sessions.review.evidence import Layer, LayerLook, Layers

_OUTSIDE = 1.5
"""How far a difference's outline stands off its box, in screen pixels: it must not cross the letters."""

_ROOM_FOR_WORDS = 32
"""Pixels."""


class Half(Enum):
    """Which part of a pane something is drawn in."""

    WHOLE = auto()
    LEFT = auto()
    RIGHT = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """Regions that are drawn alike. `ink` is the name of a colour of the palette."""

    outlines: Outlines
    ink: str
    layer: Layer
    half: Half = Half.WHOLE
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Boxes:
    """Differences of one side; in a swipe layout in its half."""

    boxes: tuple[DifferenceBox, ...]
    half: Half = Half.WHOLE


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that lies on the picture in one pane."""

    letter: Letter | None = None
    """Whose pane it is; None where it shows no output or both."""
    parts: tuple[Part, ...] = ()
    boxes: tuple[Boxes, ...] = ()
    arrows: tuple[QLineF, ...] = ()
    """From where a region stands in A to where it stands in B, in picture pixels."""
    labels: LabelPlaces | None = None
    divided: bool = False
    """A swipe layout: A left of the divider, B right of it."""
    name: str = "Picture"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a frame is painted: the pane in screen pixels, and what maps picture pixels to them."""

    to_screen: QTransform
    window: QRectF
    ratio: float
    divider: float
    """In screen pixels from the left."""
    palette: Palette

    def half(self, half: Half) -> QRectF:
        match half:
            case Half.WHOLE:
                return self.window
            case Half.LEFT:
                return self.window & QRectF(-1e6, self.window.top(), 1e6 + self.divider, self.window.height())
            case Half.RIGHT:
                return self.window & QRectF(self.divider, self.window.top(), 1e6, self.window.height())


def paint_scene(
    painter: QPainter, frame: Frame, scene: Scene, layers: Layers, current: str | None, seen: frozenset[str]
) -> None:
    """Labels, which may have to stand on another region; over them regions, what moved where, and differences."""
    if scene.labels is not None and layers.labels.shown:
        painter.setOpacity(layers.labels.opacity)
        paint_labels(painter, scene.labels, frame.to_screen, frame.window, frame.palette, frame.ratio)
        painter.setOpacity(1.0)
    for part in scene.parts:
        look = layers.look(part.layer)
        if look.shown:
            _blended(painter, frame, look.opacity, partial(_paint_part, frame=frame, part=part, look=look))
    look = layers.differences
    if look.shown:
        for arrow in scene.arrows:
            _paint_arrow(painter, frame, arrow, look)
        for boxes in filter(lambda one: one.boxes, scene.boxes):
            paint = partial(_paint_boxes, frame=frame, boxes=boxes, look=look, current=current, seen=seen)
            _blended(painter, frame, look.opacity, paint)
    if scene.divided:
        _paint_divider(painter, frame)


def _blended(painter: QPainter, frame: Frame, opacity: float, paint: Callable[[QPainter], None]) -> None:
    """Paint a layer; a faint one beside and then at once, since blending thin lines takes Qt ten times as long."""
    if opacity >= 1:
        paint(painter)
        return
    size = (frame.window.size() * frame.ratio).toSize()
    sheet = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    sheet.setDevicePixelRatio(frame.ratio)
    sheet.fill(Qt.GlobalColor.transparent)
    beside = QPainter(sheet)
    beside.translate(-frame.window.topLeft())
    paint(beside)
    beside.end()
    painter.setOpacity(opacity)
    painter.drawImage(frame.window.topLeft(), sheet)
    painter.setOpacity(1.0)


def _paint_part(painter: QPainter, frame: Frame, part: Part, look: LayerLook) -> None:
    window = frame.half(part.half)
    seen = frame.to_screen.inverted()[0].mapRect(window)
    visible = part.outlines.visible((seen.left(), seen.top(), seen.right(), seen.bottom()))
    if not visible or window.isEmpty():
        return
    # Opaque, for the same reason.
    pen = QPen(QColor(getattr(frame.palette, part.ink)), look.width * max(1, round(frame.ratio)))
    pen.setCosmetic(True)  # its width counts pixels of the device
    if part.dashes:
        pen.setDashPattern(part.dashes)
    painter.save()
    if part.half is not Half.WHOLE:
        painter.setClipRect(window)
    painter.setTransform(frame.to_screen, combine=True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    part.outlines.draw(painter, visible)
    painter.restore()


def _paint_boxes(
    painter: QPainter, frame: Frame, boxes: Boxes, look: LayerLook, current: str | None, seen: frozenset[str]
) -> None:
    window = frame.half(boxes.half)
    painter.save()
    if boxes.half is not Half.WHOLE:
        painter.setClipRect(window)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    near = window.adjusted(-8, -8, 8, 8)
    for box in sorted(boxes.boxes, key=lambda box: box.difference == current):
        place = frame.to_screen.mapRect(rectangle(box.box))
        if near.intersects(place.adjusted(-1, -1, 1, 1)):
            _paint_box(painter, frame.palette, box, place, look, current=box.difference == current)
            if box.difference in seen and box.difference != current:
                _paint_tick(painter, frame.palette, place)
    painter.restore()


def _paint_box(
    painter: QPainter, palette: Palette, box: DifferenceBox, place: QRectF, look: LayerLook, *, current: bool
) -> None:
    width = (3.0 if current else 1.5) * look.width
    pen = QPen(QColor(palette.difference), width)
    if box.absent or box.estimated:
        pen.setDashPattern([2.2, 1.6] if box.absent else [0.8, 1.4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    off = _OUTSIDE + width / 2
    painter.drawRoundedRect(place.adjusted(-off, -off, off, off), 4, 4)


def _paint_tick(painter: QPainter, palette: Palette, place: QRectF) -> None:
    """At the upper right corner of a difference that was looked at."""
    x, y = place.right() + 4, place.top() - 4
    tick = QPolygonF([QPointF(x, y), QPointF(x + 3, y + 3), QPointF(x + 8, y - 4)])
    painter.setPen(QPen(QColor(palette.surface), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline(tick)
    painter.setPen(QPen(QColor(palette.difference_text), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline(tick)


def _paint_arrow(painter: QPainter, frame: Frame, arrow: QLineF, look: LayerLook) -> None:
    line = frame.to_screen.map(arrow)
    if line.length() < 12:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(frame.palette.difference), 1.5 * look.width, Qt.PenStyle.DashLine))
    painter.drawLine(line)
    for turn in (155, -155):
        head = QLineF.fromPolar(9, line.angle() + turn)
        painter.drawLine(head.translated(line.p2() - head.p1()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_lit(painter: QPainter, frame: Frame, shapes: Sequence[QPolygonF]) -> None:
    """What belongs to the place under the pointer."""
    if not shapes:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(frame.palette.accent), 2))
    for shape in shapes:
        painter.drawPolygon(frame.to_screen.map(shape))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_unread(painter: QPainter, frame: Frame, places: Iterable[QRectF]) -> None:
    """Where nothing of a big picture is there yet: hatched, so that nobody takes it for a part of the picture."""
    for place in places:
        seen = frame.to_screen.mapRect(place) & frame.window
        if seen.isEmpty():
            continue
        painter.fillRect(seen, QColor(frame.palette.canvas))
        painter.fillRect(seen, QBrush(QColor(frame.palette.border), Qt.BrushStyle.BDiagPattern))
        if seen.height() > _ROOM_FOR_WORDS:
            painter.setPen(QColor(frame.palette.text))
            painter.setFont(sans(12))
            painter.drawText(seen, int(Qt.AlignmentFlag.AlignCenter), "not read yet")


def paint_shadow(painter: QPainter, frame: Frame, picture: QRectF) -> None:
    """Around the picture, where its edge is in view."""
    place = frame.to_screen.mapRect(picture)
    if place.contains(frame.window.adjusted(-1, -1, 1, 1)):
        return
    for distance, alpha in ((1, 18), (2, 12), (4, 6)):
        # Four opaque bars each, as black would look on the canvas: see-through ones take Qt most of a whole frame.
        ink = _shaded(frame.palette.canvas, alpha)
        edge = place.adjusted(-distance, 1 - distance, distance, distance + 1).toRect()
        painter.fillRect(QRect(edge.left(), edge.top(), edge.width(), 1), ink)
        painter.fillRect(QRect(edge.left(), edge.bottom(), edge.width(), 1), ink)
        painter.fillRect(QRect(edge.left(), edge.top() + 1, 1, edge.height() - 2), ink)
        painter.fillRect(QRect(edge.right(), edge.top() + 1, 1, edge.height() - 2), ink)


@lru_cache(maxsize=16)
def _shaded(ground: str, alpha: int) -> QColor:
    """Black of so much alpha (0 to 255) on a ground."""
    colour = QColor(ground)
    share = 1 - alpha / 255
    return QColor(*(round(channel * share) for channel in (colour.red(), colour.green(), colour.blue())))


def _paint_divider(painter: QPainter, frame: Frame) -> None:
    """A line with A's and B's colour on its sides, and a grip in the middle."""
    x, top, bottom = round(frame.divider), frame.window.top(), frame.window.bottom()
    painter.fillRect(QRectF(x - 2, top, 2, bottom - top), QColor(frame.palette.a))
    painter.fillRect(QRectF(x, top, 2, bottom - top), QColor(frame.palette.b))
    middle = (top + bottom) / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(frame.palette.border), 1))
    painter.setBrush(QColor(frame.palette.surface))
    painter.drawRoundedRect(QRectF(x - 13, middle - 13, 26, 26), 13, 13)
    painter.setPen(QPen(QColor(frame.palette.text), 1.5))
    for way in (-1, 1):
        tip = QPointF(x + 8 * way, middle)
        painter.drawPolyline([QPointF(x + 4 * way, middle - 4), tip, QPointF(x + 4 * way, middle + 4)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

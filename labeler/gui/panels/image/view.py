"""Which part of a picture is in view, and how large: shared by both panes while they are linked.

Scales are screen pixels (device-independent) per picture pixel. "100 %" is one picture pixel on one of the device's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QTransform

PADDING = 16.0
"""Room around a picture that is shown whole, in screen pixels."""
LARGEST_FIT = 4.0
SMALLEST, LARGEST = 0.02, 64.0
LEGIBLE = 18.0
"""A difference whose shorter side is smaller than this on the screen is brought nearer: a box of 18 pixels holds
letters of the size of this window's own text, one of 11 was seen to hold digits that could only be guessed."""
COMFORTABLE, CLOSE = 28.0, 56.0
"""What the shorter side is brought to when a difference is zoomed to by itself, and when it is asked for."""
CONTEXT = 2.5
"""How much larger than at fit a small picture may become when a difference is zoomed to by itself."""
_STEPS = (0.02, 0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


class Zoom(Enum):
    """What decides the scale. The first three stay from item to item; DIFFERENCE ends with its item."""

    FIT = auto()
    ACTUAL = auto()
    FREE = auto()
    DIFFERENCE = auto()


@dataclass(frozen=True, slots=True)
class Viewport:
    """A pane's size in screen pixels, and how many pixels of the device one of them is."""

    width: float
    height: float
    ratio: float = 1.0

    @property
    def middle(self) -> QPointF:
        return QPointF(self.width / 2, self.height / 2)


class View(QObject):
    """The zoom mode, the scale and the centre of what is seen."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = QSizeF(1, 1)
        self._zoom = Zoom.FIT
        self._stays = Zoom.FIT
        self._scale = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._wanted: tuple[QRectF, bool] | None = None

    @property
    def zoom(self) -> Zoom:
        return self._zoom

    def take_over(self, other: View) -> None:
        """See what the other one sees."""
        self._size, self._zoom, self._stays = QSizeF(other._size), other._zoom, other._stays
        self._scale, self._centre, self._wanted = other._scale, QPointF(other._centre), other._wanted
        self.changed.emit()

    def show_picture(self, width: int, height: int) -> None:
        """Another picture: the mode stays, and a free scale; where one looked does not."""
        self._size = QSizeF(width, height)
        self._zoom = self._stays
        self._centre = QPointF(width / 2, height / 2)
        self._wanted = None
        self.changed.emit()

    def scale(self, viewport: Viewport) -> float:
        self._arrive(viewport)
        match self._zoom:
            case Zoom.FIT:
                return self._fit_scale(viewport)
            case Zoom.ACTUAL:
                return 1 / viewport.ratio
            case _:
                return self._scale

    def transform(self, viewport: Viewport) -> QTransform:
        """From picture to screen, moved to whole pixels of the device, so that nothing is blurred at 100 %."""
        scale = self.scale(viewport)
        centre = self._clamped(self._centre, scale, viewport)
        left = _whole(viewport.width / 2 - centre.x() * scale, viewport.ratio)
        top = _whole(viewport.height / 2 - centre.y() * scale, viewport.ratio)
        return QTransform(scale, 0, 0, scale, left, top)

    def seen(self, viewport: Viewport) -> QRectF:
        """The part of the picture that is in view, in pixels of it."""
        to_picture, _ = self.transform(viewport).inverted()
        whole = QRectF(0, 0, self._size.width(), self._size.height())
        return to_picture.mapRect(QRectF(0, 0, viewport.width, viewport.height)) & whole

    def fit(self) -> None:
        self._change(Zoom.FIT, self._scale, QPointF(self._size.width() / 2, self._size.height() / 2))

    def actual_size(self, viewport: Viewport) -> None:
        self._change(Zoom.ACTUAL, 1 / viewport.ratio, self._seen_centre(viewport))

    def step(self, direction: int, viewport: Viewport, around: QRectF | None = None) -> None:
        """To the next round scale, larger (+1) or smaller (-1), around a part of the picture if it is seen, which
        stays in view; else around the middle.
        """
        now = self.scale(viewport) * viewport.ratio
        if direction > 0:
            wanted = next((step for step in _STEPS if step > now * 1.01), LARGEST)
        else:
            wanted = next((step for step in reversed(_STEPS) if step < now * 0.99), SMALLEST)
        pane = QRectF(0, 0, viewport.width, viewport.height)
        at = None if around is None else self.transform(viewport).map(around.center())
        if around is None or at is None or not pane.contains(at):
            self.zoom_by(wanted / now, viewport.middle, viewport)
            return
        self.zoom_by(wanted / now, at, viewport)
        if not pane.contains(self.transform(viewport).mapRect(around)):
            self.centre_on(around.center(), viewport)

    def zoom_by(self, factor: float, at: QPointF, viewport: Viewport) -> None:
        """Enlarge by a factor; the picture's point at `at` (screen pixels) stays under it."""
        scale = self.scale(viewport)
        wanted = min(max(scale * factor, SMALLEST / viewport.ratio), LARGEST / viewport.ratio)
        centre = self._seen_centre(viewport)
        off = at - viewport.middle
        self._change(Zoom.FREE, wanted, centre + off / scale - off / wanted)

    def pan(self, by: QPointF, viewport: Viewport) -> None:
        """Move the picture along by screen pixels; it cannot be lost from view."""
        scale = self.scale(viewport)
        seen = self._clamped(self._centre, scale, viewport)
        centre = self._clamped(seen - by / scale, scale, viewport)
        if centre != seen:
            self._change(Zoom.FREE if self._zoom is Zoom.FIT else self._zoom, scale, centre)

    def centre_on(self, point: QPointF, viewport: Viewport) -> None:
        """Bring a point of the picture to the middle, as far as the edges let it."""
        scale = self.scale(viewport)
        centre = self._clamped(point, scale, viewport)
        self._change(Zoom.FREE if self._zoom is Zoom.FIT else self._zoom, scale, centre)

    def look_at(self, box: QRectF, *, close: bool = False) -> None:
        """Bring a difference into view at the next painting, when the pane's size is known.

        The scale stays where the difference can be read; `close` enlarges it anyway.
        """
        self._wanted = (box, close)
        self.changed.emit()

    def _arrive(self, viewport: Viewport) -> None:
        """Do what `look_at` was asked for."""
        if self._wanted is None:
            return
        (box, close), self._wanted = self._wanted, None
        now = self.scale(viewport)
        seen = QRectF(0, 0, viewport.width, viewport.height).contains(self.transform(viewport).mapRect(box))
        if seen and not close and min(box.width(), box.height()) * now >= LEGIBLE:
            return
        scale = _scale_for(box, now, self._fit_scale(viewport), viewport, close=close)
        if scale == now and self._zoom is not Zoom.FIT:
            self._centre = box.center()
        else:
            self._zoom, self._scale, self._centre = Zoom.DIFFERENCE, scale, box.center()

    def _change(self, zoom: Zoom, scale: float, centre: QPointF) -> None:
        self._zoom, self._scale, self._wanted = zoom, scale, None
        if zoom is not Zoom.DIFFERENCE:
            self._stays = zoom
        self._centre = centre
        self.changed.emit()

    def _fit_scale(self, viewport: Viewport) -> float:
        wide = max(viewport.width - 2 * PADDING, 1) / self._size.width()
        high = max(viewport.height - 2 * PADDING, 1) / self._size.height()
        return min(wide, high, LARGEST_FIT)

    def _seen_centre(self, viewport: Viewport) -> QPointF:
        return self._clamped(self._centre, self.scale(viewport), viewport)

    def _clamped(self, centre: QPointF, scale: float, viewport: Viewport) -> QPointF:
        """The middle of the picture along a side that fits; else its edge comes no further in than the padding."""

        def along(length: float, room: float, wanted: float) -> float:
            half = room / scale / 2 - PADDING / scale
            return length / 2 if half * 2 >= length else min(max(wanted, half), length - half)

        return QPointF(
            along(self._size.width(), viewport.width, centre.x()),
            along(self._size.height(), viewport.height, centre.y()),
        )


def _scale_for(box: QRectF, now: float, fit: float, viewport: Viewport, *, close: bool) -> float:
    """Large enough to read the box, small enough to see what is around it; as it is where that will do."""
    shorter = max(min(box.width(), box.height()), 1.0)
    scale = now
    if close:
        scale = min(max(CLOSE / shorter, now), LARGEST / 4)
    elif shorter * now < LEGIBLE:
        # A small picture is not enlarged so far that one no longer sees where in it one is.
        scale = max(min(COMFORTABLE / shorter, max(fit * CONTEXT, 1.5)), now)
    room = min(0.85 * viewport.width / max(box.width(), 1.0), 0.85 * viewport.height / max(box.height(), 1.0))
    return min(scale, room) if scale != now or scale > room / 0.85 else now


def _whole(offset: float, ratio: float) -> float:
    return round(offset * ratio) / ratio

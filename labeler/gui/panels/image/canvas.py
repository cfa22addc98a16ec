"""One pane of the picture: what is judged, and outlines around it. Nothing on it is ever tinted or covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.blind import Letter
from labeler.gui.panels.image.minimap import Minimap
from labeler.gui.panels.image.paint import Outlines, ShownPicture
from labeler.gui.panels.image.pane import Pane
from labeler.gui.panels.image.pixels import GRID_FROM, in_words, paint_pixels, value
from labeler.gui.panels.image.regions import DifferenceBox
from labeler.gui.panels.image.scene import (
    Boxes,
    Frame,
    Half,
    Part,
    Scene,
    paint_lit,
    paint_scene,
    paint_shadow,
    paint_unread,
)
from labeler.gui.panels.image.view import View, Viewport
from labeler.gui.theme import Palette, Theme, colour, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review.evidence import Layer, Layers

_LAYER: dict[Letter, Layer] = {"A": Layer.A, "B": Layer.B}


class Canvas(Pane):
    """Paints the picture through a view."""

    painted = Signal()
    """After each painting of a picture or a message; connect it queued."""

    def __init__(self, theme: Theme, view: View, parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self._theme = theme
        self._right: ShownPicture | None = None
        self._message = ""
        self._notice = ""
        self._seen: frozenset[str] = frozenset()
        self._lit: Sequence[QPolygonF] = ()
        self._linked = True
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        view.changed.connect(self.update)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(480, 520)

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
        paint_unread(painter, frame, shown.unread)
        if self._right is not None:
            painter.save()
            painter.setClipRect(frame.half(Half.RIGHT))
            self._right.paint(painter, to_screen, window, viewport.ratio)
            paint_unread(painter, frame, self._right.unread)
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
            # What does not fit is in the description, as all of it is.
            words = QFontMetricsF(sans(12)).elidedText(self._notice, Qt.TextElideMode.ElideRight, self.width() - 44)
            pill = _pill(words, frame.palette, viewport.ratio, "difference_text")
            painter.drawPixmap(QPointF((self.width() - pill.deviceIndependentSize().width()) / 2, 9), pill)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.palette.text))
        painter.setFont(sans(13, QFont.Weight.Medium))
        room = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        # A path has no spaces to break it at.
        message = visible(self._message).replace("/", "/\u200b").replace("\\", "\\\u200b")
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), message)


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

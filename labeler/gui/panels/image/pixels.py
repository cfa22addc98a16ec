"""Single pixels of a picture that is enlarged far: the lines between them, and their values."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTransform

from labeler.gui.theme import mono
from labeler.modalities.image.decoder import Picture

GRID_FROM, VALUES_FROM = 12.0, 44.0
"""Screen pixels per picture pixel from which the grid and the values are drawn."""

Value = tuple[int, int, int, int]


def value(picture: Picture, x: int, y: int) -> Value | None:
    """Red, green, blue and alpha (0 to 255) of an upright pixel, alpha not multiplied in; None beside the picture."""
    found = picture.pixel(x, y)
    if found is None:
        return None
    blue, green, red, alpha = found
    if 0 < alpha < 255:
        red, green, blue = (min(255, round(one * 255 / alpha)) for one in (red, green, blue))
    return red, green, blue, alpha


def in_words(found: Value) -> str:
    """`#1b2430`; with transparency `#1b2430 50 %`."""
    red, green, blue, alpha = found
    return f"#{red:02x}{green:02x}{blue:02x}" + (f" {alpha / 2.55:.0f} %" if alpha < 255 else "")


def paint_pixels(painter: QPainter, picture: Picture, to_screen: QTransform, window: QRectF) -> None:
    """The grid, and from further in each pixel's red, green and blue, inside it."""
    scale = to_screen.m11()
    if scale < GRID_FROM:
        return
    seen = to_screen.inverted()[0].mapRect(window) & QRectF(0, 0, picture.width, picture.height)
    columns = range(math.floor(seen.left()), math.ceil(seen.right()) + 1)
    rows = range(math.floor(seen.top()), math.ceil(seen.bottom()) + 1)
    left, top = to_screen.map(QPointF(columns[0], rows[0])).toTuple()
    right, bottom = to_screen.map(QPointF(columns[-1], rows[-1])).toTuple()
    lines = [QLineF(x, top, x, bottom) for x in (to_screen.dx() + column * scale for column in columns)]
    lines += [QLineF(left, y, right, y) for y in (to_screen.dy() + row * scale for row in rows)]
    painter.setPen(QPen(QColor(128, 128, 128, 110), 1))
    painter.drawLines(lines)
    if scale < VALUES_FROM:
        return
    painter.setFont(mono(10, QFont.Weight.Medium))
    for row in rows[:-1]:
        for column in columns[:-1]:
            _paint_value(
                painter, picture, column, row, QRectF(*to_screen.map(QPointF(column, row)).toTuple(), scale, scale)
            )


def _paint_value(painter: QPainter, picture: Picture, x: int, y: int, cell: QRectF) -> None:
    found = value(picture, x, y)
    if found is None:
        return
    red, green, blue, alpha = found
    # Pictures stand on white: what shines through counts for how light the ground is.
    light = (0.299 * red + 0.587 * green + 0.114 * blue) * alpha / 255 + 255 - alpha
    painter.setPen(QColor("black") if light > 140 else QColor("white"))
    painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), f"{red}\n{green}\n{blue}")

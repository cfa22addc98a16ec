"""Colours, fonts, icons and the style sheet: the palette of the design, light and dark, in one table.

A is violet, B is teal, differences are amber: no colour says good or bad before the verdict, and none is the only
carrier of a meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from labeler.shipped import RESOURCES


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of the window. Text colours have a contrast of at least 4.5 to 1 on what they stand on."""

    dark: bool
    body: str
    """Behind the cards."""
    surface: str
    """Cards, bars and the verdict panel."""
    field: str
    """Text fields and quiet buttons."""
    tag: str
    """Slice tags and key caps."""
    canvas: str
    """Around a picture."""
    wave_field: str
    """Behind a waveform."""
    border: str
    text: str
    quiet: str
    """Labels and secondary text."""
    accent: str
    accent_text: str
    """Text on `accent`."""
    accent_soft: str
    accent_border: str
    strong: str
    """The chosen tier."""
    strong_text: str
    a: str
    b: str
    letter_text: str
    """The letter on an A or B badge."""
    difference: str
    """Outline of the current difference."""
    difference_text: str
    difference_soft: str
    """Behind the current difference in a list."""
    wave: str
    playhead: str
    failure: str
    failure_soft: str
    failure_border: str
    good: str

    def letter(self, letter: str) -> str:
        return self.a if letter == "A" else self.b


LIGHT = Palette(
    dark=False,
    body="#f6f7f9",
    surface="#ffffff",
    field="#fcfcfd",
    tag="#eceff3",
    canvas="#e9ecf0",
    wave_field="#fafbfc",
    border="#dfe3e8",
    text="#1b2430",
    quiet="#5a6676",
    accent="#3454d1",
    accent_text="#ffffff",
    accent_soft="#e8ecfb",
    accent_border="#c3cdf5",
    strong="#1b2430",
    strong_text="#ffffff",
    a="#5b4bc4",
    b="#0f7f86",
    letter_text="#ffffff",
    difference="#c77700",
    difference_text="#9a5b00",
    difference_soft="#fdf3e0",
    wave="#727c8f",
    playhead="#b3261e",
    failure="#b3261e",
    failure_soft="#fbe9e7",
    failure_border="#f0b8b3",
    good="#187a3c",
)

DARK = Palette(
    dark=True,
    body="#14181e",
    surface="#1b2129",
    field="#222933",
    tag="#262d37",
    canvas="#0f1318",
    wave_field="#171c23",
    border="#2d3540",
    text="#e6eaf0",
    quiet="#a3aebc",
    accent="#7d96f5",
    accent_text="#10141a",
    accent_soft="#263054",
    accent_border="#7d96f5",
    strong="#e6eaf0",
    strong_text="#14181e",
    a="#8d7ff0",
    b="#2fb0b8",
    letter_text="#10141a",
    difference="#f0a83a",
    difference_text="#f0b45a",
    difference_soft="#46361a",
    wave="#8b96a8",
    playhead="#f28b82",
    failure="#f28b82",
    failure_soft="#472624",
    failure_border="#6b3a36",
    good="#5fca7f",
)

SANS = "Inter"
MONO = "JetBrains Mono"
READING = f"{SANS}, letters told apart"
"""A name for `metrics`: of the fonts that `reading` makes."""
TEXT_PX = 15


class Theme(QObject):
    """The palette in force; widgets that paint themselves read `palette` and repaint on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette = LIGHT
        self.text_px = TEXT_PX
        """Size of what is read: outputs, tables, the gold answer."""
        self._choice = "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> str:
        return self._choice

    def choose(self, choice: str) -> None:
        """`light`, `dark` or `system`."""
        self._choice = choice
        self._follow_system()

    def set_text_px(self, px: int) -> None:
        if px != self.text_px:
            self.text_px = px
            self._follow_system()

    def _follow_system(self) -> None:
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._choice == "dark" or (self._choice == "system" and system_dark)
        self.palette = DARK if dark else LIGHT
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setStyleSheet(style_sheet(self.palette, self.text_px))
        self.changed.emit()


def load_fonts() -> None:
    """Make the shipped fonts known to Qt; a missing file leaves the system's sans and mono in their place."""
    for path in sorted((RESOURCES / "fonts").rglob("*.[to]tf")):
        QFontDatabase.addApplicationFont(str(path))
    # A style sheet cannot say this; what it styles takes it from here.
    QApplication.setFont(letter_by_letter(QApplication.font()))


def letter_by_letter(font: QFont) -> QFont:
    """The font without contextual alternates: by default Inter draws `2x4` as `2×4` and `->` as `→`, JetBrains Mono
    `!=` as `≠`, and what one model read could not be told from what the other one did.
    """
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def sans(px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = letter_by_letter(QFont(SANS))
    font.setPixelSize(px)
    font.setWeight(weight)
    return font


def reading(px: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """For what models read: a zero is slashed, a small L has a tail and a capital i its serifs."""
    font = sans(px, weight)
    font.setFeature(QFont.Tag("ss02"), 1)
    return font


def mono(px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = letter_by_letter(QFont(MONO))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(px)
    font.setWeight(weight)
    return font


@lru_cache(maxsize=64)
def metrics(family: str, px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFontMetricsF:
    """The measures of a font of the window, made once a size and weight."""
    return QFontMetricsF({MONO: mono, READING: reading}.get(family, sans)(px, weight))


@lru_cache(maxsize=4096)
def advance(family: str, px: int, weight: QFont.Weight, text: str) -> float:
    """The width of a line of text in a font of the window, in logical pixels. For labels: the same few come again."""
    return metrics(family, px, weight).horizontalAdvance(text)


def colour(name: str, alpha: float = 1.0) -> QColor:
    made = QColor(name)
    made.setAlphaF(alpha)
    return made


@lru_cache(maxsize=256)
def icon(name: str, ink: str, size: int = 20) -> QIcon:
    """A shipped icon drawn in one colour, sharp at scale factors 1 to 3."""
    svg = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", ink)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    made = QIcon()
    for scale in (1, 2, 3):
        picture = QPixmap(size * scale, size * scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
        painter.end()
        picture.setDevicePixelRatio(scale)
        made.addPixmap(picture)
    return made


def style_sheet(palette: Palette, text_px: int) -> str:
    """The application's style sheet: the template with the palette's colours and the size of texts put in."""
    text = (RESOURCES / "themes" / "labeler.qss").read_text("utf-8")
    # Longest names first: `@accent` is the beginning of `@accent_soft`.
    for name in sorted((f.name for f in fields(palette) if f.name != "dark"), key=len, reverse=True):
        text = text.replace(f"@{name}", getattr(palette, name))
    return text.replace("@reading", f"{text_px}px").replace("@monospaced", f"{text_px - 1}px")

"""Both palettes can be read, and the style sheet knows every colour it names."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from labeler.gui.theme import DARK, LIGHT, Palette, load_fonts, mono, reading, sans, style_sheet

ON_SURFACES = ("text", "quiet", "accent", "failure", "difference_text", "good")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""

    def luminance(name: str) -> float:
        ink = QColor(name)
        channels = (ink.redF(), ink.greenF(), ink.blueF())
        parts: list[float] = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_four_and_a_half_to_one(palette: Palette) -> None:
    pairs = [(ink, ground) for ink in ON_SURFACES for ground in ("surface", "body", "field")]
    pairs += [
        ("text", "difference_soft"),
        ("quiet", "difference_soft"),
        ("text", "tag"),
        ("quiet", "tag"),
        ("failure", "failure_soft"),
        ("accent", "accent_soft"),
        ("accent_text", "accent"),
        ("strong_text", "strong"),
        ("letter_text", "a"),
        ("letter_text", "b"),
    ]
    weak = {pair: contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_names_only_colours_of_the_palette(palette: Palette, qtbot: QtBot) -> None:
    assert "@" not in style_sheet(palette, 15)


LOOK_ALIKE = (("2x4", "2×4"), ("a->b", "a→b"), ("a=>b", "a⇒b"), ("a!=b", "a≠b"), ("a<=b", "a≤b"), ("===", "≡"))


def test_no_sign_is_drawn_as_another_one(qtbot: QtBot) -> None:
    load_fonts()

    def drawn(text: str, font: QFont) -> QImage:
        picture = QImage(160, 40, QImage.Format.Format_Grayscale8)
        picture.fill(255)
        painter = QPainter(picture)
        painter.setFont(font)
        painter.drawText(10, 30, text)
        painter.end()
        return picture

    styled = QLabel()
    qtbot.addWidget(styled)
    styled.setStyleSheet(style_sheet(LIGHT, 15))
    styled.ensurePolished()
    fonts = {"sans": sans(20), "reading": reading(20), "mono": mono(20), "of the style sheet": styled.font()}
    same = [
        (name, one)
        for name, font in fonts.items()
        for one, other in LOOK_ALIKE
        if drawn(one, font) == drawn(other, font)
    ]
    assert same == []

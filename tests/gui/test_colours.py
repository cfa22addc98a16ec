"""The colours that lie on pictures, as people with a colour-vision deficiency see them.

Simulation: Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB. Distance: CIE 1976 in L*a*b*, where 2.3
is just noticeable.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.gui.theme import DARK, LIGHT, Palette

Colour = NDArray[np.float64]

DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(name: str) -> Colour:
    sign = np.array([int(name[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(sign <= 0.04045, sign / 12.92, ((sign + 0.055) / 1.055) ** 2.4)


def lab(rgb: Colour) -> Colour:
    x = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, deficiency: str) -> float:
    seen = [lab(DEFICIENCIES[deficiency] @ linear(name)) for name in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_b_and_differences_are_told_apart(palette: Palette, deficiency: str) -> None:
    colours = {"a": palette.a, "b": palette.b, "difference": palette.difference}
    for (one, ink), (other, other_ink) in combinations(colours.items(), 2):
        assert distance(ink, other_ink, deficiency) >= 12, f"{one} against {other}"


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_stand_out_from_a_white_page(palette: Palette, deficiency: str) -> None:
    for ink in (palette.a, palette.b, palette.difference):
        assert distance(ink, "#ffffff", deficiency) >= 25

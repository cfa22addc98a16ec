"""From the evidence to what each pane shows: which outputs sit on it, and the scene that they make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Box, Region
from labeler.gui.panels.image.fates import MARKS, Fate, fates, moves
from labeler.gui.panels.image.labels import Label, LabelPlaces
from labeler.gui.panels.image.paint import Outlines, rectangle
from labeler.gui.panels.image.regions import Regions, difference_boxes, text_of
from labeler.gui.panels.image.scene import Boxes, Half, Part, Scene
from labeler.sessions.review.evidence import Layer, Layout, ShownEvidence

INK: Mapping[Letter, str] = {"A": "a", "B": "b"}
LAYER: Mapping[Letter, Layer] = {"A": Layer.A, "B": Layer.B}
_HALF: Mapping[Letter, Half] = {"A": Half.LEFT, "B": Half.RIGHT}
_INKS = {Fate.MOVED: "difference", Fate.CHANGED: "difference", Fate.SAME: "quiet"}
_DASHES = {Fate.MOVED: (5.0, 3.0), Fate.SAME: (1.0, 2.0)}


@dataclass(frozen=True, slots=True)
class Sources:
    """Both outputs' regions, ready to be found and to be drawn."""

    regions: Mapping[Letter, Regions] = field(default_factory=lambda: {one: Regions("", ()) for one in LETTERS})
    outlines: Mapping[Letter, Outlines] = field(
        default_factory=lambda: {one: Outlines(Regions("", ())) for one in LETTERS}
    )
    page: int = 0

    @staticmethod
    def of(state: ShownEvidence, page: int) -> Sources:
        """Those that stand on a page of the picture; none before the outputs are shown."""
        pair = state.pair
        if pair is None:
            return Sources()
        regions = {one: Regions(text_of(pair.output(one)), pair.output(one).regions, page) for one in LETTERS}
        return Sources(regions, {one: Outlines(found) for one, found in regions.items()}, page)


def seats(state: ShownEvidence) -> dict[Letter, tuple[Letter, ...]]:
    """The outputs on each card; one that is not named is hidden, one without outputs shows the picture alone."""
    if state.pair is None:
        return {"A": ()}
    match state.view.layout:
        case Layout.BLINK:
            return {"A": (state.view.blink_letter,)}
        case Layout.SWIPE | Layout.BOTH:
            return {"A": LETTERS}
        case _:
            return {"A": ("A",), "B": ("B",)}


def page_of(state: ShownEvidence) -> int | None:
    """The page on which the current difference stands; None where it has no place."""
    if state.difference is None or state.pair is None:
        return None
    pages = [
        region.page
        for letter in LETTERS
        if (reading := state.difference.reading(letter)) is not None
        for region in state.pair.output(letter).regions
        if region.id in reading.regions
    ]
    return min(pages, default=None)


def scene(
    state: ShownEvidence,
    letters: tuple[Letter, ...],
    sources: Sources,
    differing: Sequence[Box] = (),
    width: float = math.inf,
) -> Scene:
    """What lies on the picture where those outputs sit.

    `differing`: where the pixels of both differ, if they are pictures. `width`: the picture's, in its pixels.
    """
    if not letters:
        return Scene()
    boxes = {one: tuple(difference_boxes(state.walk, one, sources.regions)) for one in letters}
    if len(letters) == 1:
        (letter,) = letters
        return Scene(
            letter,
            (Part(sources.outlines[letter], INK[letter], LAYER[letter]),),
            (Boxes(boxes[letter]),),
            labels=_names(letters, sources, width),
            name=f"Picture with the regions of output {letter}",
        )
    if state.view.layout is Layout.SWIPE:
        return Scene(
            parts=tuple(Part(sources.outlines[one], INK[one], LAYER[one], _HALF[one]) for one in letters),
            boxes=tuple(Boxes(boxes[one], _HALF[one]) for one in letters),
            divided=True,
            name="Picture with the regions of output A left and of output B right of a divider",
        )
    if state.media:
        spots = Outlines(Regions("", (Region(f"{n}", box) for n, box in enumerate(differing, 1))))
        name = f"Pixel difference of A and B, {len(differing)} places"
        return Scene(parts=(Part(spots, "difference_text", Layer.DIFFERENCES, dashes=(4.0, 3.0)),), name=name)
    return _both(state, sources, boxes=tuple(Boxes(boxes[one]) for one in letters), width=width)


def _both(state: ShownEvidence, sources: Sources, boxes: tuple[Boxes, ...], width: float) -> Scene:
    """Both outputs' regions, told apart by what became of each. Only the current difference keeps its outline."""
    found = fates(state.walk, sources.regions)
    parts, labels = [], []
    for letter in LETTERS:
        regions = sources.regions[letter]
        for fate in reversed(Fate):
            numbers = [number for number, one in enumerate(found[letter]) if one is fate]
            if not numbers:
                continue
            ink = _INKS.get(fate, INK[letter])
            drawn = Outlines(Regions("", (regions.regions[number] for number in numbers), sources.page))
            parts.append(Part(drawn, ink, LAYER[letter], dashes=_DASHES.get(fate, ())))
            if fate is not Fate.SAME:
                labels += [_fate_label(letter, number, fate, regions) for number in numbers]
    a, b = (sources.regions[one] for one in LETTERS)
    arrows = tuple(
        QLineF(rectangle(a.box(one)).center(), rectangle(b.box(other)).center())
        for one, other in moves(state.walk, sources.regions)
    )
    current = state.difference.id if state.difference is not None else None
    ringed = tuple(Boxes(tuple(box for box in one.boxes if box.difference == current)) for one in boxes)
    name = "Picture with the regions of both outputs"
    placed = LabelPlaces(labels, np.vstack([a.boxes, b.boxes]), width)
    return Scene(None, tuple(parts), ringed, arrows, placed, name=name)


def _fate_label(letter: Letter, number: int, fate: Fate, regions: Regions) -> Label:
    """The other sign beside the colour: `only A`, `A ≠ 14.40`, `A ↔`."""
    text = regions.regions[number].text if fate is Fate.CHANGED else ""
    words = f"only {letter}" if fate is Fate.ONLY else " ".join(filter(None, (letter, MARKS[fate], text)))
    return Label(f"{letter}{number}", regions.box(number), words, INK[letter])


def _names(letters: Iterable[Letter], sources: Sources, width: float) -> LabelPlaces | None:
    """The labels that regions have of their own; what they say stands on the picture itself."""
    labels = [
        Label(f"{letter}{number}", regions.box(number), region.label, INK[letter])
        for letter in letters
        for regions in (sources.regions[letter],)
        for number, region in enumerate(regions.regions)
        if region.label
    ]
    boxes = [sources.regions[letter].boxes for letter in letters]
    return LabelPlaces(labels, np.vstack(boxes), width) if labels else None

"""Where one looks: the current difference is brought into view, and what keys ask of zoom and place is done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QRectF, Signal

from labeler.domain.blind import LETTERS, Letter, ShownDifference
from labeler.domain.differences.model import Of
from labeler.domain.items import Box
from labeler.domain.verdicts import At
from labeler.gui.panels.image.card import ImageCard
from labeler.gui.panels.image.hanging import Hanging
from labeler.gui.panels.image.paint import rectangle
from labeler.gui.panels.image.regions import around, place
from labeler.gui.panels.image.seats import Sources, page_of
from labeler.gui.panels.image.view import View
from labeler.sessions.review.evidence import Request, ShownEvidence
from labeler.sessions.review.places import shape_of


class Looking(QObject):
    """Moves the views of an image panel."""

    place_picked = Signal(object)
    """At: where pixels differ, walked to."""
    place_drawn = Signal(object)
    """At: a box that a key drew."""

    def __init__(self, cards: Mapping[Letter, ImageCard], hanging: Hanging, parent: QObject) -> None:
        super().__init__(parent)
        self._cards, self._hanging = cards, hanging

    def at_current(self, state: ShownEvidence | None, sources: Sources, *, close: bool = False) -> None:
        """Bring the current difference into view in every pane, once there is a picture."""
        if state is None or state.difference is None or self._cards["A"].canvas.picture is None:
            return
        box = _place_of(state.difference, sources)
        if box is not None:
            self.at(box, close=close)

    def at(self, box: Box, *, close: bool = False) -> None:
        """Bring a place into view in every pane; `close`: as large as it goes with some of what is around it."""
        for view, _ in self._seen():
            view.look_at(rectangle(box), close=close)

    def act(self, state: ShownEvidence, sources: Sources) -> None:
        """Do what was asked for."""
        what = state.request.what
        if what is None:
            return
        self._hanging.act(what)
        match what:
            case Request.NEXT_PLACE:
                self._walk_places(+1)
            case Request.PREVIOUS_PLACE:
                self._walk_places(-1)
            case Request.ZOOM_TO_DIFFERENCE:
                self.at_current(state, sources, close=True)
            case Request.DRAW_BOX:
                self._draw_box(sources.page)
            case _:
                self._zoom(what, _of_interest(state, sources))

    def _zoom(self, what: Request, around: QRectF | None) -> None:
        for view, card in self._seen():
            viewport = card.canvas.viewport()
            match what:
                case Request.FIT:
                    view.fit()
                case Request.ACTUAL_SIZE:
                    view.actual_size(viewport)
                case Request.ZOOM_IN:
                    view.step(+1, viewport, around)
                case Request.ZOOM_OUT:
                    view.step(-1, viewport, around)

    def _seen(self) -> Iterable[tuple[View, ImageCard]]:
        """Each view in use once, with a card that shows it."""
        cards = {id(card.canvas.view): card for card in reversed([*self._cards.values()]) if not card.isHidden()}
        return [(card.canvas.view, card) for card in cards.values()]

    def _walk_places(self, by: int) -> None:
        """To the next place where pixels differ: failures that are pressed then are pinned there."""
        at = self._hanging.next_place(by)
        if at is not None and at.box is not None:
            self.place_picked.emit(at)
            self.at(at.box)

    def _draw_box(self, page: int) -> None:
        """In the middle of what is seen, for keys to move and to reshape."""
        view, card = next(iter(self._seen()))
        if card.canvas.picture is not None:
            seen = view.seen(card.canvas.viewport())
            self.place_drawn.emit(At(box=_middle_of(seen), page=page))


def _middle_of(seen: QRectF) -> Box:
    """A fifth of a part of a picture, in whole pixels of it, of which it has one at least."""
    width, height = max(round(seen.width() / 5), 1), max(round(seen.height() / 5), 1)
    left, top = math.floor(seen.center().x() - width / 2), math.floor(seen.center().y() - height / 2)
    return max(left, 0), max(top, 0), max(left, 0) + width, max(top, 0) + height


def without_a_place(state: ShownEvidence, sources: Sources) -> str:
    """What is said above the picture where the current difference is nowhere on it."""
    if state.difference is None or state.current is None or state.difference.of is Of.MEDIA:
        return ""
    if _place_of(state.difference, sources) is not None:
        return ""
    page = page_of(state)
    if page is not None and page != sources.page:
        return f"Difference {state.current + 1:,} is on page {page + 1:,}"
    return f"Difference {state.current + 1:,} has no place on the picture"


def _of_interest(state: ShownEvidence, sources: Sources) -> QRectF | None:
    """Where keys zoom to: the place in hand, else the current difference. Near an edge neither is in the middle."""
    in_hand = state.spot.at if state.spot is not None else None
    shape = None if in_hand is None or in_hand.page != sources.page else shape_of(in_hand)
    if shape is not None:
        return rectangle(shape.bounds)
    box = None if state.difference is None else _place_of(state.difference, sources)
    return None if box is None else rectangle(box)


def _place_of(difference: ShownDifference, sources: Sources) -> Box | None:
    """Around both readings of a difference; None where neither has a place on the picture."""
    places = (place(difference, letter, sources.regions[letter]) for letter in LETTERS)
    return around([found for found in places if found is not None])

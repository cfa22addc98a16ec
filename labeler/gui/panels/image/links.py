"""What belongs together under the pointer: a region, its words, and what stands against them on the other side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QPolygonF

from labeler.domain.blind import Letter, ShownDifference
from labeler.domain.items import Span
from labeler.gui.panels import marks
from labeler.gui.panels.image.card import ImageCard
from labeler.gui.panels.image.list import RegionRow
from labeler.gui.panels.image.paint import rectangle
from labeler.gui.panels.image.regions import differences_with, place
from labeler.gui.panels.image.scene import Half
from labeler.gui.panels.image.seats import Sources, seats
from labeler.gui.widgets.output_text import OutputText
from labeler.sessions.review.evidence import ShownEvidence
from labeler.sessions.review.grids.grid import Cell
from labeler.sessions.review.places import region_place


class Links(QObject):
    """Lights and finds, both ways, what the pointer or the list is at."""

    picked = Signal(str)
    """Id of a difference that was clicked."""
    place_picked = Signal(object)
    """At: a region that was clicked."""
    words_chosen = Signal(str, object)
    """Letter and span of words that were clicked or selected."""
    region_hovered = Signal(str, object)
    """Letter, and the id of the region under the pointer or None."""
    wanted = Signal(object)
    """A box (picture pixels) that should come into view."""

    def __init__(self, cards: Mapping[Letter, ImageCard], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._state = ShownEvidence()
        self._sources = Sources()

    def take(self, state: ShownEvidence, sources: Sources) -> None:
        """What is on the screen from now on."""
        self._state, self._sources = state, sources

    def _letters(self, place_letter: Letter) -> tuple[Letter, ...]:
        return seats(self._state).get(place_letter, ())

    def _region_at(self, place_letter: Letter, point: QPointF) -> tuple[Letter, int] | None:
        """The smallest region of what sits there; on a divided pane of the output on that side."""
        canvas, letters = self._cards[place_letter].canvas, self._letters(place_letter)
        half = canvas.half_at(canvas.view.transform(canvas.viewport()).map(point).x())
        if half is not Half.WHOLE:
            letters = ("A",) if half is Half.LEFT else ("B",)
        regions = self._sources.regions
        found = [(one, number) for one in letters if (number := regions[one].at(point.x(), point.y())) is not None]
        return min(found, key=lambda each: regions[each[0]].area(each[1]), default=None)

    def click(self, place_letter: Letter, point: QPointF) -> None:
        difference = self._cards[place_letter].canvas.difference_at(point)
        found = self._region_at(place_letter, point)
        if difference is not None:
            self.picked.emit(difference)
        elif found is not None:
            regions = self._sources.regions[found[0]]
            self.place_picked.emit(region_place(regions.regions[found[1]]))
            if (span := regions.spans[found[1]]) is not None:
                self.texts()[found[0]].bring_into_view(span)

    def click_text(self, place_letter: Letter, number: int, character: int) -> None:
        letter = self._letters(place_letter)[number]
        regions = self._sources.regions[letter]
        saying = regions.saying(character)
        if saying:
            self.wanted.emit(regions.box(saying[0]))

    def choose_words(self, place_letter: Letter, number: int, span: Span) -> None:
        letters = self._letters(place_letter)
        if number < len(letters):
            self.words_chosen.emit(letters[number], span)

    def pick_region(self, letter: Letter, name: str) -> None:
        """The region that a clicked cell of a table comes from."""
        regions = self._sources.regions[letter]
        number = regions.number(name)
        if number is not None:
            self.place_picked.emit(region_place(regions.regions[number]))

    def hover_cell(self, letter: Letter, cell: Cell | None) -> None:
        """The region that a cell of a table or a value comes from, and what stands against it."""
        number = None if cell is None or cell.region is None else self._sources.regions[letter].number(cell.region)
        together = [] if cell is None else [d for d in self._state.walk if d.id == cell.difference]
        self.light({} if number is None else {letter: [number]}, {}, together)

    def hover_picture(self, place_letter: Letter, point: QPointF | None) -> None:
        found = None if point is None else self._region_at(place_letter, point)
        if found is None or self._state.pair is None:
            self.light({}, {})
            self.region_hovered.emit("A", None)
            return
        letter, number = found
        regions = self._sources.regions[letter]
        self.region_hovered.emit(letter, regions.regions[number].id)
        span = regions.spans[number]
        together = differences_with(self._state.pair, letter, regions.regions[number])
        self.light({letter: [number]}, {letter: [] if span is None else [span]}, together)

    def light_row(self, row: RegionRow) -> None:
        """What the list is at: lit in picture and text, and in view."""
        regions = self._sources.regions[row.letter]
        span = regions.spans[row.number]
        self.light({row.letter: [row.number]}, {row.letter: [] if span is None else [span]})
        self.wanted.emit(regions.box(row.number))
        if span is not None and row.letter in (texts := self.texts()):
            texts[row.letter].bring_into_view(span)

    def hover_text(self, place_letter: Letter, place_number: int, character: int | None) -> None:
        letters = self._letters(place_letter)
        if character is None or place_number >= len(letters) or self._state.pair is None:
            self.light({}, {})
            return
        letter = letters[place_number]
        regions = self._sources.regions[letter]
        numbers = regions.saying(character)
        together = [
            difference
            for difference in self._state.pair.differences
            if (span := marks.place(difference, letter)) is not None
            and span[0] <= character < max(span[1], span[0] + 1)
        ]
        spans = [span for number in numbers if (span := regions.spans[number]) is not None]
        self.light({letter: numbers}, {letter: spans}, together)

    def texts(self) -> dict[Letter, OutputText]:
        """The text of each output that is shown."""
        return {
            letter: text
            for place_letter, letters in seats(self._state).items()
            for letter, text in zip(letters, self._cards[place_letter].texts, strict=False)
        }

    def light(
        self,
        regions: Mapping[Letter, list[int]],
        spans: Mapping[Letter, list[Span]],
        differences: Iterable[ShownDifference] = (),
    ) -> None:
        """Light regions and characters, and what stands against them on the other side."""
        texts = self.texts()
        differences = list(differences)
        for place_letter, letters in seats(self._state).items():
            shapes: list[QPolygonF] = []
            for letter in letters:
                shapes += [self._sources.outlines[letter].shape(number) for number in regions.get(letter, [])]
                lit = list(spans.get(letter, []))
                if letter not in regions:
                    boxes = (place(difference, letter, self._sources.regions[letter]) for difference in differences)
                    shapes += [QPolygonF(rectangle(box)) for box in boxes if box is not None]
                    lit += [span for one in differences if (span := marks.place(one, letter)) is not None]
                texts[letter].set_lit(lit)
            self._cards[place_letter].canvas.set_lit(shapes)

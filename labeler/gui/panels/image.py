"""An image item: the picture with each output's regions on it, both texts below, differences marked on both.

The picture is decoded once and shared by both panes. Only what changed between two states is drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from labeler.domain.blind import LETTERS, Letter, ShownDifference
from labeler.domain.items import Modality, Span
from labeler.errors import LabelerError
from labeler.gui.panels import marks
from labeler.gui.panels.image_card import ImageCard
from labeler.gui.panels.image_paint import Outlines, ShownPicture, rectangle
from labeler.gui.panels.image_regions import Regions, around, difference_boxes, differences_with, place, text_of
from labeler.gui.panels.image_tool import ImageTool
from labeler.gui.panels.image_view import View
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.image import Picture, PictureDecoder
from labeler.sessions.review.evidence import Layout, Request, ShownEvidence, ShownItem, Upcoming


class ImagePanel(QWidget):
    """Before the tier is set, the picture alone; then A and B side by side, or one at a time to compare by blink."""

    difference_picked = Signal(str)
    painted = Signal(str)
    """Id of an item, after its picture (or why there is none) was painted for the first time."""
    problem = Signal(str)
    """Why the picture cannot be shown, in words; the pane shows it, too."""

    def __init__(
        self,
        theme: Theme,
        tasks: Tasks,
        decoder: PictureDecoder,
        keys: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme, self._tasks, self._decoder = theme, tasks, decoder
        self._skip_key = keys.get("skip", "")
        self._views: dict[Letter, View] = {letter: View(self) for letter in LETTERS}
        self.cards: dict[Letter, ImageCard] = {}
        self._state: ShownEvidence | None = None
        self._to_paint: str | None = None
        self._regions: dict[Letter, Regions] = {letter: Regions("", ()) for letter in LETTERS}
        self._outlines: dict[Letter, Outlines] = {letter: Outlines(self._regions[letter]) for letter in LETTERS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(11)
        for letter in LETTERS:
            card = self.cards[letter] = ImageCard(theme, self._views["A"], keys.get("view.overlay", ""))
            row.addWidget(card, 1)
            card.canvas.painted.connect(self._first_painting, Qt.ConnectionType.QueuedConnection)
            card.canvas.clicked.connect(lambda point, letter=letter: self._click(letter, point))
            card.canvas.hovered.connect(lambda point, letter=letter: self._hover_picture(letter, point))
            card.text.hovered.connect(lambda at, letter=letter: self._hover_text(letter, at))
            card.text.picked.connect(self.difference_picked)
        self.cards["A"].split.connect(self.cards["B"].split_like)
        self.cards["B"].split.connect(self.cards["A"].split_like)

    def show_state(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        self._state = new
        if new.item is None or new.item.modality is not Modality.IMAGE:
            return
        fresh = old is None or old.item != new.item
        if fresh:
            self._open(new.item)
        outputs_changed = fresh or old is None or (old.pair is not new.pair and old.pair != new.pair)
        if outputs_changed:
            self._take_outputs(new)
        if outputs_changed or old is None or old.view != new.view:
            self._arrange(old, new)
        if outputs_changed or old is None or old.current != new.current or old.walk != new.walk or old.view != new.view:
            self._mark(new)
        if outputs_changed or old is None or old.current != new.current:
            self._look_at_current()
        if old is not None and old.request.serial != new.request.serial and new.request.what is not None:
            self._act(new.request.what)

    def set_tool(self, tool: ImageTool | None) -> None:
        """Let a mode take pointer and keys of every pane of the picture; None ends it."""
        for card in self.cards.values():
            card.canvas.set_tool(tool)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the next items' pictures beside the window."""
        paths = [item.media for item in upcoming]
        self._tasks.run("image.prefetch", lambda: self._decoder.prefetch(paths), lambda _: None, self._fail)

    # The picture

    def _open(self, item: ShownItem) -> None:
        self._to_paint = item.id
        self._tasks.drop("image")
        if item.media is None:
            self._show_problem(item.media_problem or "This item has no picture.")
            return
        path = item.media
        at_hand = self._decoder.cached(path)
        if at_hand is not None:
            self._show_picture(at_hand)
            return
        self._show_nothing("")
        self._tasks.run("image", lambda: self._decoder.decode(path), self._show_picture, self._fail)

    def _show_picture(self, picture: Picture) -> None:
        for view in self._views.values():
            view.show_picture(picture.width, picture.height)
        shown = ShownPicture(picture)
        for card in self.cards.values():
            card.canvas.set_picture(shown)
        self._look_at_current()

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._show_problem(f"{problem.what}.")

    def _show_problem(self, words: str) -> None:
        skip = f" ({self._skip_key})" if self._skip_key else ""
        self._show_nothing(f"{words}\n\nThe item can be skipped{skip} with this as the reason.")
        self.problem.emit(words)

    def _show_nothing(self, message: str) -> None:
        for card in self.cards.values():
            card.canvas.set_picture(None, message)

    def _first_painting(self) -> None:
        canvas = self.cards["A"].canvas
        if self._to_paint is not None and (canvas.picture is not None or canvas.message):
            item, self._to_paint = self._to_paint, None
            self.painted.emit(item)

    # Outputs and differences

    def _take_outputs(self, state: ShownEvidence) -> None:
        for letter in LETTERS:
            if state.pair is None:
                self._regions[letter] = Regions("", ())
            else:
                output = state.pair.output(letter)
                self._regions[letter] = Regions(text_of(output), output.regions)
            self._outlines[letter] = Outlines(self._regions[letter])

    def _seat(self, state: ShownEvidence) -> dict[Letter, Letter | None]:
        """Which output each card shows; a card that is not named is hidden."""
        if state.pair is None:
            return {"A": None}
        if state.view.layout is Layout.BLINK:
            return {"A": state.view.blink_letter}
        return {"A": "A", "B": "B"}

    def _arrange(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        seats = self._seat(new)
        if old is not None and old.view.linked and not new.view.linked:
            self._views["B"].take_over(self._views["A"])
        for place_letter, card in self.cards.items():
            card.setVisible(place_letter in seats)
            letter = seats.get(place_letter)
            card.show_output(letter, new.pair.output(letter) if new.pair is not None and letter else None)
            card.show_overlay(new.view.overlay)
            linked = new.view.linked and len(seats) > 1
            card.canvas.set_view(self._views["A" if new.view.linked else place_letter], linked)

    def _mark(self, state: ShownEvidence) -> None:
        current = state.difference.id if state.difference is not None else None
        for place_letter, letter in self._seat(state).items():
            card = self.cards[place_letter]
            card.canvas.set_lit(())
            if letter is None or state.pair is None:
                card.canvas.set_output(None, None, ())
                continue
            boxes = difference_boxes(state.walk, letter, self._regions)
            card.canvas.set_output(letter, self._outlines[letter], boxes)
            card.canvas.set_current(current)
            card.text.set_text(text_of(state.pair.output(letter)), marks.marks(state, letter))

    def _look_at_current(self) -> None:
        """Bring the current difference into view in every pane, once there is a picture."""
        state = self._state
        if state is None or state.difference is None or self.cards["A"].canvas.picture is None:
            return
        self._look(state.difference, close=False)

    def _look(self, difference: ShownDifference, *, close: bool) -> None:
        places = {letter: place(difference, letter, self._regions[letter]) for letter in LETTERS}
        box = around([found for found in places.values() if found is not None])
        if box is None:
            return
        for view, _ in self._seen():
            view.look_at(rectangle(box), close=close)

    def _seen(self) -> Iterable[tuple[View, ImageCard]]:
        """Each view in use once, with a card that shows it."""
        cards = {id(card.canvas.view): card for card in reversed(self.cards.values()) if not card.isHidden()}
        return [(card.canvas.view, card) for card in cards.values()]

    def _act(self, what: Request) -> None:
        for view, card in self._seen():
            viewport = card.canvas.viewport()
            match what:
                case Request.FIT:
                    view.fit()
                case Request.ACTUAL_SIZE:
                    view.actual_size(viewport)
                case Request.ZOOM_IN:
                    view.step(+1, viewport)
                case Request.ZOOM_OUT:
                    view.step(-1, viewport)
        if what is Request.ZOOM_TO_DIFFERENCE and self._state is not None and self._state.difference is not None:
            self._look(self._state.difference, close=True)

    # The pointer

    def _letter(self, place_letter: Letter) -> Letter | None:
        return None if self._state is None else self._seat(self._state).get(place_letter)

    def _click(self, place_letter: Letter, point: QPointF) -> None:
        difference = self.cards[place_letter].canvas.difference_at(point)
        if difference is not None:
            self.difference_picked.emit(difference)

    def _hover_picture(self, place_letter: Letter, point: QPointF | None) -> None:
        letter = self._letter(place_letter)
        number = None if point is None or letter is None else self._regions[letter].at(point.x(), point.y())
        if letter is None or number is None or self._state is None or self._state.pair is None:
            self._light({}, {})
            return
        regions = self._regions[letter]
        span = regions.spans[number]
        together = differences_with(self._state.pair, letter, regions.regions[number])
        self._light({letter: [number]}, {letter: [] if span is None else [span]}, together)

    def _hover_text(self, place_letter: Letter, character: int | None) -> None:
        letter = self._letter(place_letter)
        if letter is None or character is None or self._state is None or self._state.pair is None:
            self._light({}, {})
            return
        regions = self._regions[letter]
        numbers = regions.saying(character)
        together = [
            difference
            for difference in self._state.pair.differences
            if (span := marks.place(difference, letter)) is not None
            and span[0] <= character < max(span[1], span[0] + 1)
        ]
        spans = [span for number in numbers if (span := regions.spans[number]) is not None]
        self._light({letter: numbers}, {letter: spans}, together)

    def _light(
        self,
        regions: Mapping[Letter, list[int]],
        spans: Mapping[Letter, list[Span]],
        differences: Iterable[ShownDifference] = (),
    ) -> None:
        """Light regions and characters, and what stands against them on the other side."""
        seats = {} if self._state is None else self._seat(self._state)
        for place_letter, letter in seats.items():
            if letter is None:
                continue
            shapes: list[QPolygonF] = [self._outlines[letter].shape(number) for number in regions.get(letter, [])]
            lit = list(spans.get(letter, []))
            if letter not in regions:
                for difference in differences:
                    box = place(difference, letter, self._regions[letter])
                    span = marks.place(difference, letter)
                    shapes += [] if box is None else [QPolygonF(rectangle(box))]
                    lit += [] if span is None else [span]
            self.cards[place_letter].canvas.set_lit(shapes)
            self.cards[place_letter].text.set_lit(lit)

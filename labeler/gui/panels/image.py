"""An image item: the picture with each output's regions on it, both texts below, differences marked on both.

The picture is decoded once and shared by both panes. Only what changed between two states is drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from labeler.domain.blind import LETTERS, Letter, ShownDifference, ShownOutput
from labeler.domain.differences.model import Of
from labeler.domain.items import Box, Modality
from labeler.domain.verdicts import At
from labeler.gui.panels import marks
from labeler.gui.panels.grid_pair import GridPair
from labeler.gui.panels.image_card import ImageCard
from labeler.gui.panels.image_fates import counted, fates
from labeler.gui.panels.image_hanging import Hanging
from labeler.gui.panels.image_layers import LayerStrip
from labeler.gui.panels.image_links import Links
from labeler.gui.panels.image_list import EvidenceList
from labeler.gui.panels.image_pages import PageStrip
from labeler.gui.panels.image_paint import rectangle
from labeler.gui.panels.image_pins import PinTool
from labeler.gui.panels.image_regions import around, place, text_of
from labeler.gui.panels.image_seats import Sources, page_of, scene, seats
from labeler.gui.panels.image_tool import ImageTool
from labeler.gui.panels.image_view import View
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.image import PictureDecoder
from labeler.sessions.review.evidence import Layer, Layout, Request, ShownEvidence, Upcoming


class ImagePanel(QWidget):
    """Before the tier is set, the picture alone; then A and B side by side, or one at a time to compare by blink."""

    difference_picked = Signal(str)
    words_chosen = Signal(str, object)
    """Letter and span of words that a failure can be pinned to."""
    place_picked = Signal(object)
    """At: a region that was clicked, or the place in hand moved elsewhere."""
    place_drawn = Signal(object)
    """At: a box that was drawn."""
    drawn_to = Signal(float, float)
    """One more corner of an outline, in picture pixels."""
    pin_picked = Signal(object)
    """A pin that was clicked."""
    gold_region_picked = Signal(int)
    """Number of a region of the gold answer that was clicked while they are edited."""
    turned = Signal(int)
    """Another page is shown, from 0."""
    measured = Signal(object)
    """Width and height of the upright picture, once it is known."""
    painted = Signal(str)
    """Id of an item, after its picture (or why there is none) was painted for the first time."""
    asked = Signal(str)
    """Id of a command that a click stands for."""
    view_changed = Signal(dict)
    """Fields of the view's settings that the mouse set."""
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
        self._views: dict[Letter, View] = {letter: View(self) for letter in LETTERS}
        self.cards: dict[Letter, ImageCard] = {}
        self._state: ShownEvidence | None = None
        self._to_paint: str | None = None
        self._sources = Sources()
        self._hanging = Hanging(theme, tasks, decoder, self.cards, self._views, keys.get("skip", ""), self)
        self._hanging.sized.connect(self._take_size)
        self._hanging.turned.connect(self._take_page)
        self._hanging.paged.connect(self._show_pages)
        self._hanging.marked.connect(self._mark_again)
        self._hanging.problem.connect(self.problem)
        self._pins = PinTool(theme, self)
        self._pins.moved.connect(self.place_picked)
        self._pins.drawn.connect(self.place_drawn)
        self._pins.drawn_to.connect(self.drawn_to)
        self._pins.held.connect(self.pin_picked)
        self._pins.region_held.connect(self.gold_region_picked)
        self._pins.changed.connect(self._repaint)
        self._grids = GridPair(theme, self)
        self._grids.difference_picked.connect(self.difference_picked)
        self._links = Links(self.cards, self)
        self._links.picked.connect(self.difference_picked)
        self._links.wanted.connect(self._look_at)
        self._links.place_picked.connect(self.place_picked)
        self._links.words_chosen.connect(self.words_chosen)
        self._links.region_hovered.connect(self._grids.light)
        self._grids.region_picked.connect(self._links.pick_region)
        self._grids.hovered.connect(self._links.hover_cell)
        self._build(theme, keys)

    def _build(self, theme: Theme, keys: Mapping[str, str]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._strip = LayerStrip(theme, keys)
        self._strip.asked.connect(self.asked)
        self._strip.taken.connect(self._take_layer)
        self._pages = PageStrip(theme, keys)
        self._pages.asked.connect(self.asked)
        column.addWidget(self._strip)
        column.addWidget(self._pages)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(11)
        self.listed = EvidenceList(theme)
        self.listed.difference_chosen.connect(self.difference_picked)
        self.listed.region_chosen.connect(self._links.light_row)
        self.listed.left.connect(lambda: self._links.light({}, {}))
        beside = QHBoxLayout()
        beside.setSpacing(11)
        beside.addLayout(self._row, 1)
        beside.addWidget(self.listed)
        column.addLayout(beside, 1)
        for place_letter in LETTERS:
            card = self.cards[place_letter] = ImageCard(theme, self._views["A"], keys.get("view.overlay", ""))
            self._row.addWidget(card, 1)
            self._connect(place_letter, card)
        self.cards["A"].split.connect(self.cards["B"].split_like)
        self.cards["B"].split.connect(self.cards["A"].split_like)

    def _connect(self, place_letter: Letter, card: ImageCard) -> None:
        canvas = card.canvas
        canvas.painted.connect(self._first_painting, Qt.ConnectionType.QueuedConnection)
        canvas.clicked.connect(lambda point: self._links.click(place_letter, point))
        canvas.hovered.connect(lambda point: self._links.hover_picture(place_letter, point))
        canvas.divider_moved.connect(lambda share: self.view_changed.emit({"divider": share}))
        for number, text in enumerate(card.texts):
            text.hovered.connect(lambda at, number=number: self._links.hover_text(place_letter, number, at))
            text.clicked.connect(lambda at, number=number: self._links.click_text(place_letter, number, at))
            text.picked.connect(self.difference_picked)
            text.chosen.connect(lambda span, number=number: self._links.choose_words(place_letter, number, span))

    def _take_layer(self, layer: Layer) -> None:
        if self._state is not None:
            self.view_changed.emit({"layers": replace(self._state.view.layers, in_hand=layer)})

    def show_state(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        self._state = new
        if new.item is None or new.shows is not Modality.IMAGE:
            return
        fresh = old is None or old.item != new.item
        if fresh:
            self._to_paint = new.item.id
            self._hanging.open(new, new.item)
        elif old is None or old.current != new.current or old.pair is not new.pair:
            self._hanging.turn_to(page_of(new))
        if not fresh and old is not None and _at(old) != _at(new):
            self._hanging.turn_to(_page_in_hand(new))
        self._hanging.show_state(new)
        outputs_changed = fresh or old is None or (old.pair is not new.pair and old.pair != new.pair)
        if outputs_changed:
            self._take_outputs(new)
        if old is None or old.view != new.view or seats(old) != seats(new):
            self._arrange(old, new)
        if outputs_changed or old is None or old.view != new.view:
            self._hanging.hang()
        if outputs_changed or old is None or _marks_differ(old, new):
            self._mark(new)
        if outputs_changed or old is None or _in_hand(old) != _in_hand(new):
            self._show_pins(new)
        if outputs_changed or old is None or _grids_of(old) != _grids_of(new):
            self._show_grids(new)
        if outputs_changed or old is None or old.current != new.current:
            self._look_at_current()
        if old is not None and old.request.serial != new.request.serial and new.request.what is not None:
            self._act(new.request.what)

    def set_tool(self, tool: ImageTool | None) -> None:
        """Let a mode take pointer and keys of every pane of the picture; None ends it."""
        for card in self.cards.values():
            card.canvas.set_tool(tool)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the next items' pictures, and those that models made of them, beside the window."""
        paths = [path for item in upcoming for path in (item.media, *item.pictures) if path is not None]
        self._tasks.run("image.prefetch", lambda: self._decoder.prefetch(paths), lambda _: None, _raise)

    # The picture

    def _take_size(self) -> None:
        """A picture is there for the first time, or of another size."""
        self.measured.emit(self._hanging.size)
        self.turned.emit(self._hanging.source.page)
        if self._state is not None:
            self._show_pins(self._state)
        self._look_at_current()

    def _take_page(self) -> None:
        state = self._state
        if state is None:
            return
        page = self._hanging.source.page
        self._take_outputs(state)
        self._mark(state)
        self._show_pins(state)
        self.turned.emit(page)
        if page_of(state) == page:
            self._look_at_current()

    def _mark_again(self) -> None:
        if self._state is not None:
            self._mark(self._state)

    def _show_pages(self) -> None:
        source = self._hanging.source
        regions = sum(len(found) for found in self._sources.regions.values())
        self._pages.show_page(source.page, source.pages, moves=source.moves, playing=source.playing, regions=regions)

    def _first_painting(self) -> None:
        canvas = self.cards["A"].canvas
        if self._to_paint is not None and (canvas.picture is not None or canvas.message):
            item, self._to_paint = self._to_paint, None
            self.painted.emit(item)

    # Outputs and differences

    def _take_outputs(self, state: ShownEvidence) -> None:
        self._sources = Sources.of(state, self._hanging.source.page)
        self._show_pages()

    def _arrange(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        seated = seats(new)
        if old is not None and old.view.linked and not new.view.linked:
            self._views["B"].take_over(self._views["A"])
        stacked = new.view.layout is Layout.STACKED
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self._strip.show_layers(new.view.layers)
        for place_letter, card in self.cards.items():
            card.setVisible(place_letter in seated)
            card.set_wide(stacked)
            card.show_overlay(new.view.overlay)
            card.canvas.set_look(new.view.layers, new.view.divider, new.view.minimap)
            linked = new.view.linked and len(seated) > 1
            card.canvas.set_view(self._views["A" if new.view.linked else place_letter], linked)

    def _mark(self, state: ShownEvidence) -> None:
        current = state.difference.id if state.difference is not None else None
        self._links.take(state, self._sources)
        self.listed.show_list(state, self._sources, listed=state.view.listed)
        notice = self._hanging.notice or _notice(state, self._sources)
        texts = state.pair is not None and any(_says(state.pair.output(letter)) for letter in LETTERS)
        for place_letter, letters in seats(state).items():
            card = self.cards[place_letter]
            outputs = {one: state.pair.output(one) for one in letters} if state.pair is not None else {}
            card.show_outputs(outputs, self._facts(state, letters), texts=texts)
            card.canvas.set_lit(())
            card.canvas.set_scene(scene(state, letters, self._sources, self._hanging.made.places))
            card.canvas.set_current(current, state.seen, notice)
            for text, letter in zip(card.texts, letters, strict=False):
                said = text_of(outputs[letter])
                if said.strip():
                    text.set_text(said, marks.marks(state, letter))
                else:
                    text.set_text("", [])  # of regions that have labels alone, empty lines would be left

    def _facts(self, state: ShownEvidence, letters: tuple[Letter, ...]) -> str:
        """What stands in a card's head beside the counts of its outputs."""
        both = state.view.layout is Layout.BOTH and len(letters) > 1
        if self._hanging.made.active:
            return self._hanging.made.compared() if both else " / ".join(map(self._hanging.made.facts, letters))
        return counted(fates(state.walk, self._sources.regions)) if both else ""

    def _repaint(self) -> None:
        for card in self.cards.values():
            card.canvas.update()

    def _show_grids(self, state: ShownEvidence) -> None:
        """Tables and values in place of the texts, where both outputs are such."""
        shown = self._grids.show_state(state)
        for place_letter, letters in seats(state).items():
            self.cards[place_letter].show_grids([self._grids.views[one] for one in letters] if shown else [])

    def _show_pins(self, state: ShownEvidence) -> None:
        self._pins.show(state, self._hanging.size, self._hanging.source.page)
        self.set_tool(self._pins if state.revealed else None)
        for card in self.cards.values():
            # Nothing lies in the way of the regions that are edited.
            card.show_overlay(state.view.overlay and state.gold_regions is None)
        for letter, text in self._links.texts().items():
            text.set_pins(marks.pinned_words(state, letter), marks.chosen_words(state, letter))

    def _look_at_current(self) -> None:
        """Bring the current difference into view in every pane, once there is a picture."""
        state = self._state
        if state is None or state.difference is None or self.cards["A"].canvas.picture is None:
            return
        self._look(state.difference, close=False)

    def _look(self, difference: ShownDifference, *, close: bool) -> None:
        box = _place_of(difference, self._sources)
        if box is not None:
            self._look_at(box, close=close)

    def _look_at(self, box: Box, *, close: bool = False) -> None:
        for view, _ in self._seen():
            view.look_at(rectangle(box), close=close)

    def _seen(self) -> Iterable[tuple[View, ImageCard]]:
        """Each view in use once, with a card that shows it."""
        cards = {id(card.canvas.view): card for card in reversed(self.cards.values()) if not card.isHidden()}
        return [(card.canvas.view, card) for card in cards.values()]

    def _act(self, what: Request) -> None:
        self._hanging.act(what)
        match what:
            case Request.NEXT_PLACE:
                self._walk_places(+1)
            case Request.PREVIOUS_PLACE:
                self._walk_places(-1)
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

    def _walk_places(self, by: int) -> None:
        """To the next place where pixels differ: failures that are pressed then are pinned there."""
        at = self._hanging.next_place(by)
        if at is not None and at.box is not None:
            self.place_picked.emit(at)
            self._look_at(at.box)


def _raise(problem: BaseException) -> None:
    raise problem


def _marks_differ(old: ShownEvidence, new: ShownEvidence) -> bool:
    return (old.current, old.view, old.seen) != (new.current, new.view, new.seen) or old.walk != new.walk


def _place_of(difference: ShownDifference, sources: Sources) -> Box | None:
    """Around both readings of a difference; None where neither has a place on the picture."""
    places = (place(difference, letter, sources.regions[letter]) for letter in LETTERS)
    return around([found for found in places if found is not None])


def _says(output: ShownOutput) -> bool:
    """The output has something to be read; of regions that have labels alone, empty lines are left."""
    return bool(text_of(output).strip() or output.table or output.values or output.error)


def _notice(state: ShownEvidence, sources: Sources) -> str:
    if state.difference is None or state.current is None or state.difference.of is Of.MEDIA:
        return ""
    if _place_of(state.difference, sources) is not None:
        return ""
    return f"Difference {state.current + 1:,} has no place on the picture"


def _at(state: ShownEvidence) -> At | None:
    """The place that is in hand."""
    return None if state.spot is None else state.spot.at


def _page_in_hand(state: ShownEvidence) -> int | None:
    at = _at(state)
    return at.page if at is not None and (at.box is not None or at.polygon is not None) else None


def _grids_of(state: ShownEvidence) -> tuple[object, ...]:
    """What tables and values show of a state."""
    return state.pins, state.current, state.view


def _in_hand(state: ShownEvidence) -> tuple[object, ...]:
    """What the tool and the texts show of pins and places."""
    return state.pins, state.spot, state.gold_regions, state.view

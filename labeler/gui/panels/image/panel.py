"""An image item: the picture with each output's regions on it, both texts below, differences marked on both.

The picture is decoded once and shared by both panes. Only what changed between two states is drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality
from labeler.gui.panels import marks
from labeler.gui.panels.grid_pair import GridPair
from labeler.gui.panels.image.card import ImageCard
from labeler.gui.panels.image.changes import (
    Anew,
    Gathering,
    grids_differ,
    marks_differ,
    outputs_differ,
    page_in_hand,
    pins_differ,
    place_in_hand,
)
from labeler.gui.panels.image.hanging import Hanging
from labeler.gui.panels.image.layers import LayerStrip
from labeler.gui.panels.image.links import Links
from labeler.gui.panels.image.list import EvidenceList
from labeler.gui.panels.image.looking import Looking
from labeler.gui.panels.image.marking import mark_cards
from labeler.gui.panels.image.pages import PageStrip
from labeler.gui.panels.image.pins import PinTool
from labeler.gui.panels.image.seats import Sources, page_of, seats
from labeler.gui.panels.image.tool import ImageTool
from labeler.gui.panels.image.view import View
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.image.decoder import PictureDecoder
from labeler.sessions.review.evidence import Layer, Layout, ShownEvidence, Upcoming


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
        self._gathering = Gathering()
        self._sources = Sources()
        self._hanging = Hanging(theme, tasks, decoder, self.cards, self._views, keys.get("skip", ""), self)
        self._hanging.sized.connect(self._take_size)
        self._hanging.turned.connect(self._take_page)
        self._hanging.paged.connect(self._show_pages)
        self._hanging.marked.connect(self._mark_again)
        self._hanging.problem.connect(self.problem)
        self._looking = Looking(self.cards, self._hanging, self)
        # They come of a state that is being shown: the next one is not to be shown before that one is, everywhere.
        self._looking.place_picked.connect(self.place_picked, Qt.ConnectionType.QueuedConnection)
        self._looking.place_drawn.connect(self.place_drawn, Qt.ConnectionType.QueuedConnection)
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
        self._links.wanted.connect(self._looking.at)
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
        with self._gathering as anew:
            self._bring_picture(old, new, fresh=fresh)
        outputs_changed = fresh or old is None or Anew.OUTPUTS in anew or outputs_differ(old, new)
        if outputs_changed:
            self._sources = Sources.of(new, self._hanging.source.page)
        if old is None or old.view != new.view or seats(old) != seats(new):
            self._arrange(old, new)
        if outputs_changed or old is None or old.view != new.view:
            self._hanging.hang()
        if outputs_changed or Anew.PAGES in anew:
            self._show_pages()
        if outputs_changed or old is None or Anew.MARKS in anew or marks_differ(old, new):
            self._mark(new)
        if outputs_changed or old is None or Anew.PINS in anew or pins_differ(old, new):
            self._show_pins(new)
        if outputs_changed or old is None or grids_differ(old, new):
            self._show_grids(new)
        if outputs_changed or old is None or Anew.PINS in anew or old.current != new.current:
            self._looking.at_current(self._state, self._sources)
        if old is not None and old.request.serial != new.request.serial:
            self._looking.act(new, self._sources)

    def _bring_picture(self, old: ShownEvidence | None, new: ShownEvidence, *, fresh: bool) -> None:
        """Open the item's picture, or turn to the page that belongs to a state."""
        if fresh and new.item is not None:
            self._to_paint = new.item.id
            self._hanging.open(new, new.item)
        elif old is None or old.current != new.current or old.pair is not new.pair:
            self._hanging.turn_to(page_of(new))
        if not fresh and old is not None and place_in_hand(old) != place_in_hand(new):
            self._hanging.turn_to(page_in_hand(new))
        self._hanging.show_state(new)

    def set_tool(self, tool: ImageTool | None) -> None:
        """Let a mode take pointer and keys of every pane of the picture; None ends it."""
        for card in self.cards.values():
            card.canvas.set_tool(tool)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the next items' pictures, and those that models made of them, beside the window."""
        paths = [path for item in upcoming for path in (item.media, *item.pictures) if path is not None]
        self._tasks.run(
            "image.prefetch", lambda: self._decoder.prefetch(paths), lambda _: self._prepare(upcoming), _raise
        )

    def _prepare(self, upcoming: Sequence[Upcoming]) -> None:
        following = next((item.media for item in upcoming if item.media is not None), None)
        if following is not None:
            self._hanging.ahead.prepare(following, self._views["A"])

    # The picture

    def _take_size(self) -> None:
        """A picture is there for the first time, or of another size."""
        self.measured.emit(self._hanging.size)
        self.turned.emit(self._hanging.source.page)
        if self._state is not None and self._state.revealed:
            self._mark_again()  # labels stay on the picture, as wide as it is
        if not self._gathering.takes(Anew.PINS) and self._state is not None:
            self._show_pins(self._state)
            self._looking.at_current(self._state, self._sources)

    def _take_page(self) -> None:
        state = self._state
        if state is None:
            return
        page = self._hanging.source.page
        self.turned.emit(page)
        if self._gathering.takes(Anew.OUTPUTS):
            return
        self._sources = Sources.of(state, page)
        self._show_pages()
        self._mark(state)
        self._show_pins(state)
        if page_of(state) == page:
            self._looking.at_current(self._state, self._sources)

    def _mark_again(self) -> None:
        if not self._gathering.takes(Anew.MARKS) and self._state is not None:
            self._mark(self._state)

    def _show_pages(self) -> None:
        if self._gathering.takes(Anew.PAGES):
            return
        source = self._hanging.source
        regions = sum(len(found) for found in self._sources.regions.values())
        self._pages.show_page(source.page, source.pages, moves=source.moves, playing=source.playing, regions=regions)

    def _first_painting(self) -> None:
        canvas = self.cards["A"].canvas
        if self._to_paint is not None and (canvas.picture is not None or canvas.message):
            item, self._to_paint = self._to_paint, None
            if self._state is not None and not self._state.revealed:
                self._hanging.ahead.see(canvas)
            self.painted.emit(item)

    # Outputs and differences

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
        self._make_even()

    def _make_even(self) -> None:
        """Side by side both panes are equally wide: at fit, a pixel more in one makes its picture a bit larger."""
        if self._state is None:
            return
        view = self._state.view
        beside = self.listed.maximumWidth() + self._row.spacing() if view.listed else 0
        odd = (self.width() - beside - self._row.spacing()) % 2 if view.layout is Layout.SIDE_BY_SIDE else 0
        if self._row.contentsMargins().right() != odd:
            self._row.setContentsMargins(0, 0, odd, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_even()

    def _mark(self, state: ShownEvidence) -> None:
        self._links.take(state, self._sources)
        self.listed.show_list(state, self._sources, listed=state.view.listed)
        mark_cards(self.cards, self._hanging, state, self._sources)

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


def _raise(problem: BaseException) -> None:
    raise problem

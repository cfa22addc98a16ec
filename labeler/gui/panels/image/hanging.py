"""Which picture hangs in which pane: the item's own page by page, those that the models made, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRectF, Signal

from labeler.domain.blind import Letter
from labeler.domain.items import Modality
from labeler.domain.shapes import UNBOUNDED, Size
from labeler.domain.verdicts import At
from labeler.gui.panels.image.ahead import Ahead
from labeler.gui.panels.image.card import ImageCard
from labeler.gui.panels.image.made import MadePictures, OnPane, on_pane
from labeler.gui.panels.image.seats import page_of, seats
from labeler.gui.panels.image.source import PictureSource
from labeler.gui.panels.image.view import View
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.image.decoder import Picture, PictureDecoder
from labeler.sessions.review.evidence import Request, ShownEvidence, ShownItem
from labeler.sessions.review.not_shown import not_shown


class Hanging(QObject):
    """Decodes what an item needs and puts it on the cards."""

    sized = Signal()
    """The first picture of an item is there, or one of another size."""
    turned = Signal()
    """Another page is shown."""
    paged = Signal()
    """Something about the pages is new: how many there are, which one is asked for, whether they are played."""
    marked = Signal()
    """What stands about the pictures on the cards is new."""
    problem = Signal(str)
    """Why the picture cannot be shown, in words; the pane shows it, too."""

    def __init__(
        self,
        theme: Theme,
        tasks: Tasks,
        decoder: PictureDecoder,
        cards: Mapping[Letter, ImageCard],
        views: Mapping[Letter, View],
        skip_key: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._cards, self._views, self._skip_key = cards, views, skip_key
        self._state: ShownEvidence | None = None
        self._fresh = True
        """The item's picture has not been shown yet."""
        self.short = ""
        """Why a big picture is not shown in full."""
        self.size: Size = UNBOUNDED
        self._own = OnPane()
        """The item's own picture, or why there is none."""
        self._page = 0
        self._place = -1
        """Number of the place of the pixel difference that was walked to."""
        self.ahead = Ahead(decoder)
        self.source = PictureSource(tasks, decoder, self)
        self.source.arrived.connect(self._take)
        self.source.waiting.connect(self._show_nothing)
        self.source.failed.connect(self._show_problem)
        self.made = MadePictures(theme, tasks, decoder, self)
        self.made.changed.connect(self._take_made)
        for view in views.values():
            view.changed.connect(self._tell_rows)

    @property
    def notice(self) -> str:
        """Why something of the item is not to be seen here, or not in full."""
        media = self._state.media if self._state is not None and self._state.revealed else {}
        return self.short or not_shown(media, Modality.IMAGE, self._skip_key)

    def open(self, state: ShownEvidence, item: ShownItem) -> None:
        """Another item."""
        self._state = state
        self._fresh, self.short, self.size = True, "", UNBOUNDED
        self._own, self._place, self._page = OnPane(), -1, page_of(state) or 0
        self.source.open(item.media, self._page)
        self.paged.emit()
        if item.modality is Modality.TEXT:
            self._show_nothing(item.content or "")
        elif item.media is None:
            self._show_problem(item.media_problem or "This item has no picture.")

    def show_state(self, state: ShownEvidence) -> None:
        self._state = state
        self.made.show_state(state)

    def hang(self) -> None:
        """Put on each pane the picture that belongs there."""
        if self._state is None:
            return
        seated = seats(self._state)
        for place_letter, card in self._cards.items():
            wanted = on_pane(self._state, seated.get(place_letter, ()), self._own, self.made)
            card.canvas.set_picture(wanted.picture, wanted.message, wanted.right)
        shown = self._cards["A"].canvas.picture or self._cards["B"].canvas.picture
        if shown is None:
            return
        size: Size = shown.size
        if size == self.size and not self._fresh:
            return
        for view in self._views.values():
            view.show_picture(*shown.size)
        self.size, self._fresh = size, False
        self.sized.emit()

    def turn_to(self, page: int | None) -> None:
        """A still page that was asked for; where one looks stays. None: what is asked for is on no page."""
        if page is not None:
            self.source.turn_to(page)
            self.paged.emit()

    def act(self, what: Request) -> None:
        """Do what was asked for, where it is about pages."""
        match what:
            case Request.NEXT_PAGE:
                self.turn_to(self.source.page + 1)
            case Request.PREVIOUS_PAGE:
                self.turn_to(self.source.page - 1)
            case Request.PLAY_PICTURE:
                self.source.toggle_play()
                self.paged.emit()

    def next_place(self, by: int) -> At | None:
        """Where pixels differ, after the place walked to last; None where they do not, or nobody compares them."""
        places = self.made.places
        if not places:
            return None
        self._place = (self._place + by) % len(places) if self._place >= 0 else min(by, 0) % len(places)
        return At(box=places[self._place])

    def _take(self, picture: Picture) -> None:
        self._own = OnPane(self.ahead.take(picture))
        turned, self._page = self._page != self.source.page, self.source.page
        self.hang()
        if turned:
            self.turned.emit()
        self.paged.emit()

    def _take_made(self) -> None:
        self.hang()
        self.marked.emit()

    def _tell_rows(self) -> None:
        """While a big picture is read: the rows in view, and some around them, are wanted first."""
        shown, canvas = self._own.picture, self._cards["A"].canvas
        if shown is None or not shown.picture.shrunk:
            return
        seen = canvas.view.transform(canvas.viewport()).inverted()[0].mapRect(QRectF(canvas.rect()))
        more = seen.height() / 4
        self.source.look((int(seen.top() - more), int(seen.bottom() + more)))

    def _show_problem(self, words: str) -> None:
        shown = self._own.picture
        if shown is not None and shown.picture.shrunk and not self._fresh:
            self.short = f"Only a coarse picture: {words}"
            self.marked.emit()
        else:
            skip = f" ({self._skip_key})" if self._skip_key else ""
            self._show_nothing(f"{words}\n\nThe item can be skipped{skip} with this as the reason.")
        self.problem.emit(words)

    def _show_nothing(self, message: str = "") -> None:
        self._own = OnPane(message=message)
        self.hang()

"""The picture of an item, page by page: coarse first where it is big, then in full; pictures that move are played."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from labeler.errors import LabelerError
from labeler.gui.tasks import Tasks
from labeler.modalities.image.decoder import Picture, PictureDecoder
from labeler.modalities.image.pixel_layout import Rows


class PictureSource(QObject):
    """Asks the decoder for one page at a time; the latest question wins."""

    arrived = Signal(object)
    """A Picture of the page that is wanted. After a coarse one come the rows that are looked at, then all of it."""
    waiting = Signal()
    """Another file was opened, and nothing of it is at hand."""
    failed = Signal(str)
    """Why the page cannot be shown, or not in full."""
    _coarse = Signal(int, object)

    def __init__(
        self, tasks: Tasks, decoder: PictureDecoder, parent: QObject | None = None, *, slot: str = "image"
    ) -> None:
        """`slot`: of the tasks; every source needs one of its own."""
        super().__init__(parent)
        self._tasks, self._decoder, self._slot = tasks, decoder, slot
        self._name = ""
        self._path: Path | None = None
        self._asked = 0
        self._page, self._pages = 0, 1
        self._playing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._play_on)
        self._moves = False
        self._coarse.connect(self._take_coarse, Qt.ConnectionType.QueuedConnection)

    @property
    def page(self) -> int:
        """Of the pages of the file, from 0."""
        return self._page

    @property
    def pages(self) -> int:
        return self._pages

    @property
    def moves(self) -> bool:
        """The pages are the frames of a moving picture."""
        return self._moves

    @property
    def playing(self) -> bool:
        return self._playing

    def open(self, path: Path | None, page: int = 0, *, name: str = "") -> None:
        """Show a page of another file, or of none. `name` stands for a path that nobody may see."""
        self._stop()
        self._name = name
        self._path, self._page, self._pages, self._moves = path, page, 1, False
        self._tasks.drop(self._slot)
        self._decoder.wait_for(self, path)
        if path is not None:
            self._ask(wait=True)

    def turn_to(self, page: int) -> None:
        """Show another page of the same file; beyond the last comes the first."""
        page %= self._pages
        if page != self._page and self._path is not None:
            self._page = page
            self._ask(wait=False)

    def look(self, rows: Rows) -> None:
        """Say which rows of the page are looked at: of a big picture they come first."""
        if self._path is not None:
            self._decoder.look(self._path, self._page, rows)

    def toggle_play(self) -> None:
        """Let a moving picture move, or stand still."""
        if self._playing:
            self._stop()
        elif self._moves:
            self._playing = True
            self._play_on()

    def _stop(self) -> None:
        self._playing = False
        self._timer.stop()

    def _play_on(self) -> None:
        self.turn_to(self._page + 1)

    def _ask(self, *, wait: bool) -> None:
        path, page, decoder = self._path, self._page, self._decoder
        if path is None:
            return
        self._asked += 1
        asked = self._asked
        at_hand = decoder.cached(path, page)
        if at_hand is not None:
            self._take(at_hand)
            if not at_hand.shrunk:
                self._tasks.drop(self._slot)
                return
        elif wait:
            self.waiting.emit()
        self._tasks.run(
            self._slot,
            lambda: decoder.decode(path, page, on_coarse=lambda coarse: self._coarse.emit(asked, coarse)),
            self._take,
            self._fail,
        )

    def _take_coarse(self, asked: int, picture: Picture) -> None:
        if asked == self._asked:
            self._take(picture)

    def _take(self, picture: Picture) -> None:
        self._pages = picture.pages
        self._moves = picture.duration_s > 0
        self.arrived.emit(picture)
        if self._playing:
            self._timer.start(round(picture.duration_s * 1000))

    def _fail(self, problem: BaseException) -> None:
        self._stop()
        if not isinstance(problem, LabelerError):
            raise problem
        words = problem.what
        if self._name and self._path is not None:
            for written in (str(self._path), str(self._path.absolute())):
                words = words.replace(written, self._name)
        self.failed.emit(f"{words}.")

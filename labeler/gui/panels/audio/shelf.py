"""Recordings as they are opened: those of the item on the desk, and ahead of time those of the next items."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from labeler.errors import LabelerError
from labeler.gui.panels.audio.picture import WavePicture
from labeler.gui.panels.audio.takes import Take, open_takes, sources_of
from labeler.gui.tasks import Tasks
from labeler.modalities.audio.recording import Recording, RecordingDecoder
from labeler.sessions.review.evidence import ShownEvidence, Upcoming

_AHEAD = 8
"""Recordings kept open for the next items; each is a few numbers and two mapped files."""


class Shelf(QObject):
    """Decodes beside the window; what was asked for last is what it answers."""

    opened = Signal(object)
    """The takes of the item that was asked for; at least one has a recording."""
    failed = Signal(str)
    """Why none of its recordings can be shown, in words."""

    def __init__(self, tasks: Tasks, cache_dir: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._cache_dir = tasks, cache_dir
        self._decoder = RecordingDecoder()
        self._decoder.warm()
        parent.destroyed.connect(self._decoder.close)
        self._ahead: dict[str, Recording] = {}

    def open_now(self, state: ShownEvidence) -> tuple[Take, ...]:
        """The item's takes, where its recording was decoded ahead; else none."""
        ahead = self._ahead.pop(state.item.id, None) if state.item is not None and not state.takes else None
        try:
            if ahead is None or not self._decoder.goes_on(ahead):
                return ()
            return (Take(None, WavePicture(ahead)),)
        except (OSError, ValueError):
            return ()  # the cache was deleted meanwhile

    def open(self, state: ShownEvidence) -> None:
        """Begin to open the item's recordings; `opened` or `failed` answers."""
        item_id = state.item.id if state.item is not None else ""
        work = partial(open_takes, self._decoder, self._cache_dir, item_id, sources_of(state))
        self._tasks.run("audio", work, self.opened.emit, self._fail)

    def give_up(self) -> None:
        """Whatever is being opened is not wanted any more."""
        self._tasks.drop("audio")

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the recordings of the next items into the cache.

        One at a time: the spectrogram needs a thread as well. What goes wrong here will go wrong again when the item is
        opened, and be said then.
        """
        wanted = [(item, item.media) for item in upcoming[:_AHEAD] if item.media and item.item_id not in self._ahead]
        if wanted:
            (item, media), rest = wanted[0], [item for item, _ in wanted[1:]]
            self._tasks.run(
                "audio ahead",
                partial(self._decoder.open, media, self._cache_dir, item.sha256),
                partial(self._keep, item.item_id, rest),
                lambda _: self.prefetch(rest),
            )

    def _keep(self, item_id: str, rest: Sequence[Upcoming], recording: Recording) -> None:
        self._ahead[item_id] = recording
        while len(self._ahead) > _AHEAD:
            del self._ahead[next(iter(self._ahead))]
        self.prefetch(rest)

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self.failed.emit(str(problem))

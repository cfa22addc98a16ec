"""The next item's picture is scaled while there is time, for the pane in which it will be seen first."""

from __future__ import annotations

from pathlib import Path

from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.view import View, Viewport
from labeler.modalities.image.decoder import Picture, PictureDecoder


class Ahead:
    """Keeps one picture. It takes a millisecond or two of a turn of the event loop in which nobody waits."""

    def __init__(self, decoder: PictureDecoder) -> None:
        self._decoder = decoder
        self._viewport: Viewport | None = None
        self._kept: ShownPicture | None = None

    def see(self, canvas: Canvas) -> None:
        """The pane on which an item's picture has just been painted for the first time."""
        self._viewport = canvas.viewport()

    def prepare(self, path: Path, view: View) -> None:
        """Scale a picture that is decoded already, as `view` will show it."""
        picture = self._decoder.cached(path)
        if picture is None or picture.shrunk or self._viewport is None:
            return
        if self._kept is None or self._kept.picture is not picture:
            self._kept = ShownPicture(picture)
        coming = View()
        coming.take_over(view)
        coming.show_picture(*self._kept.size)
        self._kept.prepare(coming.transform(self._viewport), self._viewport)

    def take(self, picture: Picture) -> ShownPicture:
        """A decoded picture to be shown, scaled if it was prepared."""
        kept, self._kept = self._kept, None
        return kept if kept is not None and kept.picture is picture else ShownPicture(picture)

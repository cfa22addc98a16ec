"""Rows of a picture are converted and handed over while the rest of it is still being decompressed.

Pillow decompresses without Python's lock, so that a second thread has what is there ready when the last row comes.
Runs in the decoder's process only.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PIL import Image

from labeler.modalities.image import upright
from labeler.modalities.image.band_writer import BandWriter
from labeler.modalities.image.pixel_layout import PixelLayout, chain

StartWriter = Callable[[PixelLayout, int], BandWriter]
"""Takes the layout of the whole, and of how many rows a band must be a multiple."""
ToSrgb = Callable[[Image.Image], Image.Image]


class RowsAsTheyCome:
    """Watches Pillow read a JPEG or PNG whose rows lie in their order."""

    def __init__(self, start: StartWriter) -> None:
        self._start = start
        self._next = 0
        self._writer: BandWriter | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._under_way: list[Future[None]] = []

    def watch(self, picture: Any, to_srgb: ToSrgb) -> None:
        """Before Pillow reads the picture. Others than those are taken when all of their rows are there."""
        in_order = picture.format in ("JPEG", "PNG") and not picture.info.get("interlace")
        # A profile is converted at once in half the time that it takes band by band: only a PNG takes so long to read
        # that it is worth it.
        slow = picture.format == "JPEG" and picture.info.get("icc_profile")
        if not in_order or slow or getattr(picture, "n_frames", 1) > 1:
            return
        self._writer = self._start(layout_of(picture.size, picture.has_transparency_data), 1)
        self._beside = ThreadPoolExecutor(1)
        read = picture.load_read

        def load_read(length: int) -> bytes:
            self._take(picture, to_srgb)
            found: bytes = read(length)
            return found

        picture.load_read = load_read

    def finish(self, opened: upright.Upright) -> PixelLayout:
        """Write what is missing once the picture is read; how its pixels lie then."""
        self.close()
        for done in self._under_way:
            done.result()
        picture = opened.picture
        layout = PixelLayout(
            chain(picture.size), opened.pages, picture.mode == "RGBA", opened.full, opened.shrunk, opened.duration_s
        )
        # What turns a PNG may stand behind its pixels.
        writer = self._start(layout, 1) if self._writer is None or opened.turned else self._writer
        writer.write(Loaded(picture))
        return layout

    def close(self) -> None:
        """Wait for what is under way."""
        if self._beside is not None:
            self._beside.shutdown()

    def _take(self, picture: Any, to_srgb: ToSrgb) -> None:
        """Have each band written below which a row has begun; one of zeros only cannot be told from none, and waits."""
        writer, beside = self._writer, self._beside
        if writer is None or beside is None:
            return
        width, height = picture.size
        while (after := self._next + writer.rows) < height:
            so_far = picture._new(picture.im)  # noqa: SLF001 - no public way leads to a picture that is being loaded
            if so_far.crop((0, after, width, after + 1)).getbbox(alpha_only=False) is None:
                return
            self._under_way.append(beside.submit(_write, writer, so_far, self._next, after, to_srgb))
            self._next = after


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of a picture that is in memory, as sRGB in mode RGB or RGBA."""

    picture: Image.Image
    in_order: bool = False

    def read(self, top: int, until: int) -> bytes:
        return upright.pixel_bytes(self.picture.crop((0, top, self.picture.width, until)))


def layout_of(size: tuple[int, int], has_alpha: bool, pages: int = 1) -> PixelLayout:
    """Of a whole page that does not move."""
    return PixelLayout(chain(size), pages, has_alpha, size)


def _write(writer: BandWriter, picture: Image.Image, top: int, until: int, to_srgb: ToSrgb) -> None:
    writer.put(top, upright.pixel_bytes(to_srgb(picture.crop((0, top, picture.width, until)))))

"""All pixels of a big picture, in the order in which they are wanted, as far as its format lets one choose.

| read | format | order of rows |
| --- | --- | --- |
| by tiles or strips, never all of it | TIFF | those that are looked at first |
| as it is decompressed | PNG | from first to last, each shown when it is there |
| whole, then band by band | every other that Pillow reads | those that are looked at first |
| by libvips | more pixels than Pillow is let near | see `huge` |

Runs in the decoder's process only.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from labeler.modalities import upright
from labeler.modalities.band_writer import BandWriter, Tell
from labeler.modalities.pixel_layout import PixelLayout, chain
from labeler.modalities.tiff_rows import TiffRows, tiff_rows

StartWriter = Callable[[PixelLayout, int], BandWriter]
"""Takes the layout of the whole, and of how many rows a band must be a multiple."""


def write_all(path: Path, page: int, shelf: upright.Shelf, start: StartWriter) -> PixelLayout:
    """Write a page. Raises UnreadableError, and TooLargeError above MAX_PIXELS."""
    by_tiles = _write_by_tiles(path, page, start)
    if by_tiles is not None:
        return by_tiles
    rows = _RowsOfPng(start)
    opened = upright.open_upright(path, page, shelf=shelf, before_load=rows.watch)
    layout = _layout(opened.picture.size, opened.picture.mode == "RGBA", opened.pages, opened.duration_s)
    # What turns a PNG may stand behind its pixels.
    writer = start(layout, 1) if rows.writer is None or opened.turned else rows.writer
    return writer.write(_Loaded(opened.picture))


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Rows of a picture that is in memory, as sRGB in mode RGB or RGBA."""

    picture: Image.Image
    in_order: bool = False

    def read(self, top: int, until: int) -> bytes:
        return _bytes_of(self.picture.crop((0, top, self.picture.width, until)))


class _RowsOfPng:
    """Takes what Pillow has decompressed already whenever it reads on."""

    def __init__(self, start: StartWriter) -> None:
        self._start = start
        self._next = 0
        self.writer: BandWriter | None = None

    def watch(self, picture: Any, to_srgb: Callable[[Image.Image], Image.Image]) -> None:
        """Of a PNG whose rows lie in their order; others come when all of them are read."""
        if picture.format != "PNG" or picture.info.get("interlace") or getattr(picture, "is_animated", False):
            return
        layout = _layout(picture.size, picture.has_transparency_data, 1)
        writer = self.writer = self._start(layout, 1)
        read = picture.load_read

        def load_read(length: int) -> bytes:
            self._take(writer, picture, to_srgb)
            found: bytes = read(length)
            return found

        picture.load_read = load_read

    def _take(self, writer: BandWriter, picture: Any, to_srgb: Callable[[Image.Image], Image.Image]) -> None:
        """Write each band below which a row has begun. Rows of zeros only may be missing: they wait for the next."""
        width, height = picture.size
        after = self._next + writer.rows
        if after >= height:
            return
        so_far = picture._new(picture.im)  # noqa: SLF001 - no public way leads to a picture that is being loaded
        if so_far.crop((0, after, width, after + 1)).getbbox(alpha_only=False) is not None:
            writer.put(self._next, _bytes_of(to_srgb(so_far.crop((0, self._next, width, after)))))
            self._next = after


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Rows of a TIFF as sRGB."""

    rows: TiffRows
    profile: bytes | None
    in_order: bool = False

    def read(self, top: int, until: int) -> bytes:
        return _bytes_of(upright.to_srgb(self.rows.read(top, until), self.profile))


def _write_by_tiles(path: Path, page: int, start: StartWriter) -> PixelLayout | None:
    """None: this is no such TIFF, or something is wrong with it, which reading all of it puts into words."""
    shelf = upright.Shelf()
    try:
        with closing(shelf), path.open("rb") as file, upright.quiet(), shelf.picture(path, page) as picture:
            pages = upright.turn_to(picture, page)
            rows = tiff_rows(picture, file)
            if rows is None:
                return None
            layout = _layout(picture.size, picture.has_transparency_data, pages)
            return start(layout, rows.unit).write(_Tiles(rows, picture.info.get("icc_profile")))
    except (upright.UnreadableError, *upright.PILLOW_PROBLEMS, *upright.BOMBS):
        return None


def _layout(size: tuple[int, int], has_alpha: bool, pages: int, duration_s: float = 0.0) -> PixelLayout:
    return PixelLayout(chain(size), pages, has_alpha, size, 0, duration_s)


def _bytes_of(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    upright.write_pixels(upright.premultiplied(picture), written)
    return written.getvalue()


def start_in(file: BinaryIO, rows_at: int, tell: Tell, *, small: bool) -> StartWriter:
    """What starts writing into a file; see BandWriter."""

    def start(layout: PixelLayout, unit: int) -> BandWriter:
        return BandWriter(file, layout, rows_at, tell, small=small, unit=unit)

    return start

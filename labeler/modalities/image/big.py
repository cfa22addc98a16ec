"""The pixels of a page into the file that the window maps; those of a big one in the order in which they are wanted.

| read | format | order of a big picture's rows |
| --- | --- | --- |
| by tiles or strips, never all of it | TIFF | those that are looked at first |
| as it is decompressed | PNG | from first to last, each shown when it is there |
| whole, then band by band | every other that Pillow reads | those that are looked at first |
| by libvips | more pixels than Pillow is let near | see `huge` |

Runs in the decoder's process only.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labeler.modalities.image import upright
from labeler.modalities.image.band_writer import BandWriter, Tell
from labeler.modalities.image.pixel_layout import PixelLayout
from labeler.modalities.image.rows_as_they_come import RowsAsTheyCome, StartWriter, layout_of
from labeler.modalities.image.srgb import to_srgb
from labeler.modalities.image.tiff_rows import TiffRows, tiff_rows


def write_first(path: Path, page: int, shelf: upright.Shelf, start: StartWriter) -> PixelLayout:
    """Write a page, or a coarse form of a big one. Raises UnreadableError and NothingCoarseError (see `upright`)."""
    with closing(RowsAsTheyCome(start)) as rows:
        return rows.finish(upright.open_upright(path, page, coarse=True, shelf=shelf, before_load=rows.watch))


def write_all(path: Path, page: int, shelf: upright.Shelf, start: StartWriter) -> PixelLayout:
    """Write a page. Raises UnreadableError, and TooLargeError above MAX_PIXELS."""
    by_tiles = _write_by_tiles(path, page, start)
    if by_tiles is not None:
        return by_tiles
    with closing(RowsAsTheyCome(start)) as rows:
        return rows.finish(upright.open_upright(path, page, shelf=shelf, before_load=rows.watch))


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Rows of a TIFF as sRGB."""

    rows: TiffRows
    profile: bytes | None
    in_order: bool = False

    def read(self, top: int, until: int) -> bytes:
        return upright.pixel_bytes(to_srgb(self.rows.read(top, until), self.profile))


def _write_by_tiles(path: Path, page: int, start: StartWriter) -> PixelLayout | None:
    """None: this is no such TIFF, or something is wrong with it, which reading all of it puts into words."""
    shelf = upright.Shelf()
    try:
        with closing(shelf), path.open("rb") as file, upright.quiet(), shelf.picture(path, page) as picture:
            pages = upright.turn_to(picture, page)
            rows = tiff_rows(picture, file)
            if rows is None:
                return None
            layout = layout_of(picture.size, picture.has_transparency_data, pages)
            return start(layout, rows.unit).write(_Tiles(rows, picture.info.get("icc_profile")))
    except (upright.UnreadableError, *upright.PILLOW_PROBLEMS, *upright.BOMBS):
        return None


def start_in(file: BinaryIO, rows_at: int, tell: Tell | None, *, small: bool) -> StartWriter:
    """What starts writing into a file; see BandWriter."""

    def start(layout: PixelLayout, unit: int) -> BandWriter:
        return BandWriter(file, layout, rows_at, tell, small=small, unit=unit)

    return start

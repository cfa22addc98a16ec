"""Rows of a TIFF from the tiles (or strips) that hold them alone, without reading the rest of the file.

Pillow reads a whole page or nothing. So the wanted tiles, as they are, become a small TIFF in memory, which it reads.
Runs in the decoder's process only.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import ExifTags, Image, TiffImagePlugin, TiffTags

_TAGS = TiffImagePlugin
_WIDTH, _HEIGHT = _TAGS.IMAGEWIDTH, _TAGS.IMAGELENGTH
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_STRIP_ROWS, _STRIP_OFFSETS, _STRIP_BYTES = _TAGS.ROWSPERSTRIP, _TAGS.STRIPOFFSETS, _TAGS.STRIPBYTECOUNTS
_PLANAR, _COMPRESSION, _ICC = _TAGS.PLANAR_CONFIGURATION, _TAGS.COMPRESSION, _TAGS.ICCPROFILE
_OLD_JPEG = 6
_HIGHEST = 2048
"""Of taller tiles and strips a page is read whole."""
_COPIED = (258, 259, 262, 266, 277, 284, 317, 320, 332, 338, 339, 347, 529, 530, 531, 532)
"""How pixels are stored: everything that does not say where they are or how many."""
_MODES = ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "LAB", "I;16", "I;16B")
"""Those whose numbers mean the same in every part of a picture."""


@dataclass(frozen=True, slots=True)
class TiffRows:
    """The rows of one page."""

    file: BinaryIO
    tags: Any
    size: tuple[int, int]
    unit: int
    """Rows of a tile."""
    tiled: bool

    def read(self, top: int, until: int) -> Image.Image:
        """Some rows as Pillow reads them; `top` is a multiple of `unit`. Raises what Pillow raises."""
        width = self.size[0]
        across = -(-width // self.tags[_TILE_WIDTH]) if self.tiled else 1
        first, last = top // self.unit * across, -(-until // self.unit) * across
        offsets, counts = self._places()
        tiles = []
        for offset, count in zip(offsets[first:last], counts[first:last], strict=True):
            self.file.seek(offset)
            tiles.append(self.file.read(count))
        picture = Image.open(io.BytesIO(self._small_tiff(tiles, width, until - top)), formats=("TIFF",))
        picture.load()
        return picture

    def _places(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if self.tiled:
            return self.tags[_TILE_OFFSETS], self.tags[_TILE_BYTES]
        return self.tags[_STRIP_OFFSETS], self.tags[_STRIP_BYTES]

    def _small_tiff(self, tiles: list[bytes], width: int, height: int) -> bytes:
        prefix = b"MM" if self.tags.prefix == b"MM" else b"II"
        directory = TiffImagePlugin.ImageFileDirectory_v2(prefix=prefix)
        for tag in _COPIED:
            if tag in self.tags:
                directory.tagtype[tag] = self.tags.tagtype[tag]
                directory[tag] = self.tags[tag]
        starts, at = [], 0
        for tile in tiles:
            starts.append(at)
            at += len(tile)
        own: dict[int, Any] = {_WIDTH: width, _HEIGHT: height}
        sizes = tuple(len(tile) for tile in tiles)
        if self.tiled:
            own |= {_TILE_WIDTH: self.tags[_TILE_WIDTH], _TILE_HEIGHT: self.unit}
            own |= {_TILE_OFFSETS: tuple(starts), _TILE_BYTES: sizes}
        else:
            own |= {_STRIP_ROWS: self.unit, _STRIP_OFFSETS: tuple(starts), _STRIP_BYTES: sizes}
        for tag, value in own.items():
            directory.tagtype[tag] = TiffTags.LONG
            directory[tag] = value
        head = prefix + struct.pack("<HL" if prefix == b"II" else ">HL", 42, 8)
        written = directory.tobytes(len(head))
        if (
            self.tiled
        ):  # Pillow itself adds to the offsets of strips where the directory ends, and not to those of tiles
            begin = len(head) + len(written)
            directory[_TILE_OFFSETS] = tuple(begin + start for start in starts)
            written = directory.tobytes(len(head))
        return b"".join((head, written, *tiles))


def tiff_rows(picture: Image.Image, file: BinaryIO) -> TiffRows | None:
    """How to read an opened TIFF, at the page it is turned to, by rows; None where only all of it can be read."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile) or picture.mode not in _MODES:
        return None
    tags: Any = picture.tag_v2
    upright = tags.get(ExifTags.Base.Orientation, 1) == 1
    if not upright or tags.get(_PLANAR, 1) != 1 or tags.get(_COMPRESSION, 1) == _OLD_JPEG:
        return None
    tiled = _TILE_OFFSETS in tags
    unit = tags.get(_TILE_HEIGHT if tiled else _STRIP_ROWS, 2**32)
    wanted = (_TILE_WIDTH, _TILE_BYTES) if tiled else (_STRIP_OFFSETS, _STRIP_BYTES)
    if unit > min(_HIGHEST, picture.height) or any(tag not in tags for tag in wanted):
        return None
    return TiffRows(file, tags, picture.size, unit, tiled)

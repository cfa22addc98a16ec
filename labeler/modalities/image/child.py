"""A decoder process for pictures: pixels come back in shared memory, or in a file on disk where they are many."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from labeler.errors import LabelerError
from labeler.modalities.decoder_child import DecoderChild
from labeler.modalities.image.picture import Band, Picture
from labeler.modalities.image.pixel_layout import ROWS, PixelLayout, Rows, chain, length

BIG_TIMEOUT_S = 300.0
"""For the pixels of a picture that is shown coarse meanwhile."""
_SPARE_BYTES = 200 * 2**20


class PictureChild(DecoderChild):
    """A decoder process that hands pixels over in shared memory, or in a file where they are many."""

    def decode(self, path: Path, page: int, timeout_s: float) -> Picture:
        """The page; coarse where it is big, and without any level if its format has nothing coarse.

        Raises LabelerError; after a crash or a timeout the process is dead.
        """
        with _shared_memory() as (file, name):
            layout = self._ask(path, page, name, coarse=True, timeout_s=timeout_s)
            return _picture(layout, file, on_disk=False)

    @contextmanager
    def decode_big(
        self, path: Path, page: int, coarse: Picture, folder: Path | None, on_rows: Callable[[Picture], None]
    ) -> Iterator[BigDecode]:
        """All pixels of a page that came coarse. `on_rows` gets it with the rows that are looked at, as they come."""
        total = length(chain((coarse.width, coarse.height)))
        with _file_on_disk(folder, total) as (file, name):
            yield BigDecode(self, path, page, coarse, file, name, total, on_rows)

    def _ask(self, path: Path, page: int, into: str, *, coarse: bool, timeout_s: float) -> PixelLayout:
        request: dict[str, str | int | bool] = {
            "into": into,
            "page": page,
            "coarse": coarse,
            "rows_at": 0,
            "small": False,
        }
        return PixelLayout.from_json(self.ask(path, request, timeout_s=timeout_s))


@dataclass(frozen=True, slots=True)
class BigDecode:
    """One decode of all pixels into a file. Behind them stand the rows that are looked at."""

    child: PictureChild
    path: Path
    page: int
    coarse: Picture
    file: IO[bytes]
    name: str
    total: int
    on_rows: Callable[[Picture], None]

    def look(self, rows: Rows) -> None:
        """Have these rows handed over before those that are not there yet; harmless when all are."""
        os.pwrite(self.file.fileno(), struct.pack(ROWS, *rows), self.total)

    def run(self) -> Picture:
        request: dict[str, str | int | bool] = {"into": self.name, "page": self.page, "coarse": False}
        request |= {"rows_at": self.total, "small": not self.coarse.levels}
        answer = self.child.ask(self.path, request, timeout_s=BIG_TIMEOUT_S, on_part=self._take_part)
        return _picture(PixelLayout.from_json(answer), self.file, on_disk=True)

    def _take_part(self, answer: dict[str, Any]) -> None:
        layout = PixelLayout.from_json(answer)
        found = _picture(layout, self.file, on_disk=True)
        # Copied, so that a coarse picture that is kept does not keep the file.
        levels = self.coarse.levels or tuple(level.copy() for level in found.levels[layout.shrunk :])
        bands = tuple(Band((top, until), found.levels[0][top:until]) for top, until in layout.bands or ())
        shrunk = self.coarse.shrunk if self.coarse.levels else layout.shrunk
        patchy = not self.coarse.levels
        told = Picture(levels, found.pages, found.has_alpha, shrunk, layout.full, found.duration_s)
        self.on_rows(replace(told, bands=bands, patchy=patchy))


@contextmanager
def _shared_memory() -> Iterator[tuple[IO[bytes], str]]:
    """An empty file in memory and a name under which the decoder can open it."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("labeler-picture", os.MFD_CLOEXEC), "r+b") as file:
            yield file, f"/proc/{os.getpid()}/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile(prefix="labeler-picture-") as file:
            yield file.file, file.name


@contextmanager
def _file_on_disk(folder: Path | None, length: int) -> Iterator[tuple[IO[bytes], str]]:
    """An empty file with room for so many bytes; it is gone with the last that reads it. Raises LabelerError."""
    where = folder or Path(tempfile.gettempdir())
    where.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(where).free
    if free < length + _SPARE_BYTES:
        raise LabelerError(
            f"in full the picture needs {length / 1e9:.1f} GB of disk, and {where} has {free / 1e9:.1f} GB free",
            kept="the coarse picture",
            remedy="make room there and open the item again",
        )
    with tempfile.NamedTemporaryFile(prefix="labeler-picture-", dir=where) as file:
        yield file.file, file.name


def _picture(layout: PixelLayout, file: IO[bytes], *, on_disk: bool) -> Picture:
    """The levels lie one after the other. The arrays keep the mapping alive, and the mapping the pixels."""
    # Not populated here: a pane at fit touches a small level only, and mapping 48 MB takes as long as a repaint may.
    if not layout.sizes:
        return Picture((), layout.pages, layout.has_alpha, layout.shrunk, layout.full)
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if on_disk and hasattr(mapped, "madvise"):
        mapped.madvise(mmap.MADV_RANDOM)  # rows of what is in view are far apart: nothing between them is wanted
    levels, offset = [], 0
    for width, height in layout.sizes:
        level = np.frombuffer(mapped, np.uint8, width * height * 4, offset).reshape(height, width, 4)
        levels.append(level)
        offset += level.nbytes
    return Picture(
        tuple(levels), layout.pages, layout.has_alpha, layout.shrunk, layout.full, layout.duration_s, on_disk
    )

"""The evidence of a record in its dossier: the part of the picture where the outputs differ, or the recording."""

from __future__ import annotations

import struct
import zlib
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from labeler.domain.backfill.records import Record
from labeler.domain.differences.model import Comparison
from labeler.domain.items import SIDES, Box, Item, Modality, Release
from labeler.errors import LabelerError
from labeler.formats.dossier_html import Exhibit
from labeler.modalities.image.decoder import Picture, PictureDecoder, Pixels
from labeler.steps.project import Project

MOST_BYTES = 8 * 2**20
"""A longer recording is named by its hash and not put into the dossier."""
_MARGIN = 24
_SOUNDS = {".flac": "audio/flac", ".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg"}


class Exhibits:
    """Makes exhibits; its decoder is a process of its own, started for the first picture."""

    def __init__(self, project: Project, release: Release) -> None:
        self._project, self._release = project, release
        self._pictures: PictureDecoder | None = None
        self._open = ExitStack()

    def of(self, record: Record) -> Exhibit:
        """The evidence, or why there is none to show. What is marked as personal or bound to a place stays here."""
        item = self._project.store.item(record.decision.item_id)
        if item.pii or item.residency:
            return Exhibit(caption="The medium is marked as personal, or may not leave its region, and is not shown.")
        if item.modality is Modality.TEXT:
            return Exhibit(caption=item.content or "")
        path, problem = self._project.medium(item)
        if path is None:
            return Exhibit(caption=problem)
        return self._crop(item, path) if item.modality is Modality.IMAGE else _sound(path)

    def _crop(self, item: Item, path: Path) -> Exhibit:
        try:
            picture = self._decoder().decode(path)
        except LabelerError as problem:
            return Exhibit(caption=problem.what)
        comparison = self._project.store.comparison(self._release.id, item.id)
        box = _around(comparison, picture) if comparison else None
        x0, y0, x1, y1 = box or (0, 0, picture.width, picture.height)
        where = f"pixels {x0}, {y0} to {x1}, {y1} of {picture.width} × {picture.height}, where the outputs differ"
        return Exhibit(png(picture.pixels[y0:y1, x0:x1]), "image/png", where if box else "the whole picture")

    def _decoder(self) -> PictureDecoder:
        if self._pictures is None:
            self._pictures = self._open.enter_context(PictureDecoder())
        return self._pictures

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def _around(comparison: Comparison, picture: Picture) -> tuple[int, int, int, int] | None:
    """The smallest part of the picture that holds every difference with a place, and a margin; None without any."""
    readings = [d.reading(side) for d in comparison.differences for side in SIDES]
    boxes: list[Box] = [reading.box for reading in readings if reading is not None and reading.box is not None]
    if not boxes:
        return None
    x0, y0 = (max(0, int(min(box[axis] for box in boxes)) - _MARGIN) for axis in (0, 1))
    x1 = min(picture.width, int(max(box[2] for box in boxes)) + _MARGIN)
    y1 = min(picture.height, int(max(box[3] for box in boxes)) + _MARGIN)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _sound(path: Path) -> Exhibit:
    kind = _SOUNDS.get(path.suffix.lower())
    if kind is None or path.stat().st_size > MOST_BYTES:
        return Exhibit(caption=f"{path.name} is too long for a dossier, or no page can play it")
    return Exhibit(path.read_bytes(), kind, path.name)


def png(pixels: Pixels) -> bytes:
    """A PNG of pixels (height, width, 4) in the order blue, green, red, alpha, on white (RFC 2083)."""
    alpha = pixels[:, :, 3:].astype(np.uint16)
    colours = pixels[:, :, 2::-1].astype(np.uint16) + (255 - alpha)  # alpha is multiplied in already
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = colours.clip(0, 255).astype(np.uint8).reshape(height, -1)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )

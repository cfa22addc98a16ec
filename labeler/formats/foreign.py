"""Outputs as other programs write them: a file an item, or many items in one. FOREIGN has one line a format.

None of these formats names the model as outputs files do; hOCR alone says which system wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from labeler.errors import LabelerError
from labeler.formats.row import Refusal, Row

Foreign = Callable[[Path], Iterator[Row | Refusal]]
"""path -> outputs without `model`. A file that holds one item names it by its own name without the ending."""


def _hocr(path: Path) -> Iterator[Row | Refusal]:
    from labeler.formats.hocr import read_hocr

    return read_hocr(path)


def _whisper(path: Path) -> Iterator[Row | Refusal]:
    from labeler.formats.whisper import read_whisper

    return read_whisper(path)


def _ctm(path: Path) -> Iterator[Row | Refusal]:
    from labeler.formats.ctm import read_ctm

    return read_ctm(path)


def _textgrid(path: Path) -> Iterator[Row | Refusal]:
    from labeler.formats.textgrid import read_textgrid

    return read_textgrid(path)


FOREIGN: Mapping[str, Foreign] = {
    ".hocr": _hocr,
    ".html": _hocr,
    ".json": _whisper,
    ".ctm": _ctm,
    ".textgrid": _textgrid,
}


def open_foreign(path: Path) -> Iterator[Row | Refusal]:
    """The outputs of a file. Raises LabelerError for one that is not there or whose ending says nothing."""
    reader = FOREIGN.get(path.suffix.lower())
    if reader is None:
        endings = ", ".join(dict.fromkeys(FOREIGN))
        raise LabelerError(
            f"{path}: files ending in {path.suffix or 'nothing'} are not converted", remedy=f"use {endings}"
        )
    if not path.is_file():
        raise LabelerError(f"{path}: there is no such file")
    return reader(path)

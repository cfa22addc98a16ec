"""CSV pairs: one line an item with both models' texts. Columns `id`, `media` or `content`, `old`, `new`.

`prompt` and `reference` are taken as they are; `modality` is told from the medium's ending where it is not given; every
other column is a slice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from labeler.domain.items import Modality
from labeler.formats import checks
from labeler.formats.row import Refusal, RefusedError
from labeler.formats.rows_csv import CsvRows

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".bmp"})
_RECORDINGS = frozenset({".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".webm", ".amr"})
_NO_SLICES = frozenset({"id", "media", "content", "modality", "prompt", "reference", "sha256", "old", "new", "slices"})


@dataclass(frozen=True, slots=True)
class PairRow:
    """A line: an item, and what both models answered; None for an output that never came (an empty cell)."""

    line: int
    item: dict[str, Any]
    old: str | None
    new: str | None


def is_pairs(path: Path) -> bool:
    """Whether a CSV file has the columns of pairs. False for one that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            columns = {name.strip().strip('"') for name in file.readline().split(",")}
    except OSError:
        return False
    return {"id", "old", "new"} <= columns


def read_pairs(path: Path) -> Iterator[PairRow | Refusal]:
    """The lines of a CSV file of pairs."""
    for row in CsvRows(path):
        if isinstance(row, Refusal):
            yield row
            continue
        try:
            item = _item(row.raw)
        except RefusedError as refused:
            yield Refusal(row.line, str(refused))
        else:
            yield PairRow(row.line, item, row.raw.get("old"), row.raw.get("new"))


def _item(raw: dict[str, Any]) -> dict[str, Any]:
    checks.identifier(raw, "id")
    item: dict[str, Any] = {key: raw[key] for key in ("id", "media", "content", "prompt", "sha256") if key in raw}
    item["modality"] = raw.get("modality") or _modality(raw)
    if "reference" in raw:
        item["reference"] = {"text": raw["reference"]}
    slices = {**raw.get("slices", {}), **{key: value for key, value in raw.items() if key not in _NO_SLICES}}
    if slices:
        item["slices"] = slices
    return item


def _modality(raw: dict[str, Any]) -> Modality:
    if "media" not in raw:
        return Modality.TEXT
    ending = PurePosixPath(str(raw["media"])).suffix.lower()
    if ending in _PICTURES:
        return Modality.IMAGE
    if ending in _RECORDINGS:
        return Modality.AUDIO
    raise RefusedError(f"media: {raw['media']!r} ends like neither picture nor recording; add a column modality")

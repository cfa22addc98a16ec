"""A sample of the traffic: an items file of which only modality, slices and (where it has one) the tier are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labeler.domain.gold.drift import Mix
from labeler.domain.items import Modality, Scalar
from labeler.errors import LabelerError
from labeler.formats import checks
from labeler.formats.row import Refusal, RefusedError
from labeler.formats.rows import open_rows

TIER = "tier"
"""The tier counts as a slice of that name where the sample has it."""


def read_traffic(path: Path) -> Mix:
    """The mix of a JSONL, CSV or Parquet file. Raises LabelerError with the line of a record that cannot be read."""
    mix = Mix()
    for row in open_rows(path):
        if isinstance(row, Refusal):
            raise _bad(path, row.line, row.reason)
        try:
            mix.add(*_item(row.raw))
        except (RefusedError, ValueError) as problem:
            raise _bad(path, row.line, str(problem)) from None
    if not mix.items.total():
        raise LabelerError(f"{path} holds no item", remedy="give a sample of the traffic as an items file")
    return mix


def _item(raw: dict[str, Any]) -> tuple[Modality, dict[str, Scalar]]:
    checks.scalars(raw, "slices")
    modality = Modality(raw.get("modality") or "")
    slices = dict(raw.get("slices") or {})
    if isinstance(raw.get(TIER), str):
        slices[TIER] = raw[TIER]
    return modality, slices


def _bad(path: Path, line: int, reason: str) -> LabelerError:
    return LabelerError(f"{path}:{line}: {reason}", remedy="give every item a modality, and slices as an object")

"""Praat's TextGrid, as forced aligners write it: the intervals of the tier of words become segments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labeler.errors import LabelerError
from labeler.formats.row import Refusal, Row

# What aligners call the tier of words, best first; `Ada - words` is Montreal Forced Aligner's for one speaker.
_WORDS = ("words", "word", "orthography", "ort", "ort-mau")


def read_textgrid(path: Path) -> Iterator[Row | Refusal]:
    """The one output of a file. Raises LabelerError where praatio is not installed."""
    try:
        from praatio import textgrid
        from praatio.utilities.errors import PraatioException
    except ImportError:
        raise LabelerError(
            f"{path}: reading TextGrid needs praatio, which is not installed",
            remedy="pip install 'labeler[speech]'",
        ) from None
    try:
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="silence")
    except (PraatioException, ValueError, IndexError, KeyError, AttributeError, OSError) as problem:
        yield Refusal(1, f"not a TextGrid: {problem}")
        return
    tiers = [tier for name in _WORDS for tier in grid.tiers if tier.name.lower().split(" - ")[-1] == name]
    tiers = [tier for tier in tiers or grid.tiers if isinstance(tier, textgrid.IntervalTier)]
    if not tiers:
        yield Refusal(1, "it has no tier of intervals")
        return
    several = len(tiers) > 1 and all(" - " in tier.name for tier in tiers)
    parts = [
        (entry.start, entry.end, entry.label.strip(), tier.name.split(" - ")[0] if several else None)
        for tier in (tiers if several else tiers[:1])
        for entry in tier.entries
        if entry.label.strip()
    ]
    yield Row(1, _output(path.stem, sorted(parts, key=lambda part: part[:2])))


def _output(item_id: str, parts: list[tuple[float, float, str, str | None]]) -> dict[str, Any]:
    segments: list[dict[str, Any]] = []
    text = ""
    for start_s, end_s, said, speaker in parts:
        start = len(text) + (1 if text else 0)
        text += (" " if text else "") + said
        segment: dict[str, Any] = {"start_s": start_s, "end_s": end_s, "text": said, "span": [start, len(text)]}
        if speaker is not None:
            segment["speaker"] = speaker
        segments.append(segment)
    return {"item_id": item_id, "text": text, "segments": segments}

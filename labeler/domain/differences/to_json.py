"""A comparison as one line of JSON, and back without loss.

Absent fields of a reading are left out: `{"text": "292.80", "span": [41, 47], "box": [374, 125, 448, 151]}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.differences.model import Comparison, Difference, ItemClass, Kind, Of, Reading


def comparison_to_json(item_id: str, comparison: Comparison) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "class": str(comparison.item_class),
        "differences": [difference_to_json(d) for d in comparison.differences],
    }


def comparison_from_json(raw: Mapping[str, Any]) -> Comparison:
    """Raises KeyError, TypeError or ValueError for what is not a comparison."""
    return Comparison(ItemClass(raw["class"]), tuple(difference_from_json(d) for d in raw["differences"]))


def difference_to_json(difference: Difference) -> dict[str, Any]:
    return {
        "id": difference.id,
        "of": str(difference.of),
        "kind": str(difference.kind),
        "cosmetic": difference.cosmetic,
        "old": reading_to_json(difference.old),
        "new": reading_to_json(difference.new),
        "place": difference.place,
        "gap": difference.gap,
        "weight": difference.weight,
    }


def difference_from_json(raw: Mapping[str, Any]) -> Difference:
    """Raises KeyError, TypeError or ValueError for what is not a difference."""
    return Difference(
        id=raw["id"],
        of=Of(raw["of"]),
        kind=Kind(raw["kind"]),
        cosmetic=bool(raw["cosmetic"]),
        old=reading_from_json(raw["old"]),
        new=reading_from_json(raw["new"]),
        place=raw.get("place", ""),
        gap=raw.get("gap"),
        weight=float(raw.get("weight", 1.0)),
    )


def reading_to_json(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    written: dict[str, Any] = {"text": reading.text}
    for name in ("span", "box", "time_s", "cell"):
        if (place := getattr(reading, name)) is not None:
            written[name] = list(place)
    if reading.regions:
        written["regions"] = list(reading.regions)
    if reading.estimated:
        written["estimated"] = True
    if reading.page:
        written["page"] = reading.page
    for name in ("key", "elsewhere", "speaker"):
        if (value := getattr(reading, name)) is not None:
            written[name] = value
    return written


def reading_from_json(raw: Mapping[str, Any] | None) -> Reading | None:
    """Raises KeyError, TypeError or ValueError for what is not a reading."""
    if raw is None:
        return None
    span, box, time_s, cell = (raw.get(name) for name in ("span", "box", "time_s", "cell"))
    return Reading(
        text=raw["text"],
        span=span and (span[0], span[1]),
        box=box and (box[0], box[1], box[2], box[3]),
        time_s=time_s and (time_s[0], time_s[1]),
        estimated=bool(raw.get("estimated", False)),
        regions=tuple(raw.get("regions", ())),
        cell=cell and (cell[0], cell[1]),
        key=raw.get("key"),
        elsewhere=raw.get("elsewhere"),
        page=raw.get("page", 0),
        speaker=raw.get("speaker"),
    )

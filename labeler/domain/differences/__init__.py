"""Two outputs of one item, compared: where they disagree, of what kind, and where that stands on the medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labeler.domain.differences.model import Comparator, Comparison, Difference, ItemClass, Kind, Of, Reading
from labeler.domain.differences.regions import compare_regions, has_places
from labeler.domain.differences.segments import compare_segments
from labeler.domain.differences.text import compare_text
from labeler.domain.items import Output

COMPARATORS: Mapping[Of, Comparator] = {
    Of.TEXT: compare_text,
    Of.REGIONS: compare_regions,
    Of.SEGMENTS: compare_segments,
}


def compare(old: Output, new: Output) -> Comparison:
    """Compare two outputs of one item. Differences are numbered d1, d2, … in the order in which a person walks them."""
    if has_places(old) and has_places(new):
        found = compare_regions(old, new)
    elif old.segments or new.segments:
        found = compare_segments(old, new)
    else:
        found = compare_text(old, new)
    differences = tuple(replace(d, id=f"d{n}") for n, d in enumerate(found, 1))
    return Comparison(item_class(differences), differences)


def item_class(differences: tuple[Difference, ...]) -> ItemClass:
    if not differences:
        return ItemClass.SAME
    return ItemClass.COSMETIC if all(d.cosmetic for d in differences) else ItemClass.FLIP


__all__ = ["COMPARATORS", "Comparison", "Difference", "ItemClass", "Kind", "Of", "Reading", "compare", "item_class"]

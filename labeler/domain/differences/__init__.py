"""Two outputs of one item, compared: where they disagree, of what kind, and where that stands on the medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.domain.differences.label import compare_label
from labeler.domain.differences.media import compare_media, medium_of
from labeler.domain.differences.model import Comparator, Comparison, Difference, ItemClass, Kind, Of, Reading
from labeler.domain.differences.placing import in_text_order, on_the_picture
from labeler.domain.differences.regions import compare_regions, has_places
from labeler.domain.differences.segments import compare_segments
from labeler.domain.differences.sides import text_of
from labeler.domain.differences.structured import tables_of, values_of
from labeler.domain.differences.table import compare_table
from labeler.domain.differences.text import compare_text
from labeler.domain.differences.values import compare_values
from labeler.domain.items import Output

COMPARATORS: Mapping[Of, Comparator] = {
    Of.MEDIA: compare_media,
    Of.LABEL: compare_label,
    Of.TABLE: compare_table,
    Of.VALUES: compare_values,
    Of.REGIONS: compare_regions,
    Of.SEGMENTS: compare_segments,
    Of.TEXT: compare_text,
}


def compare(old: Output, new: Output) -> Comparison:
    """Compare two outputs of one item. Differences are numbered d1, d2, … in the order in which a person walks them."""
    failed = old.error is not None or new.error is not None
    found = _failed(old, new) if failed else _found(old, new)
    differences = tuple([_numbered(difference, n) for n, difference in enumerate(found, 1)])
    return Comparison(item_class(differences), differences)


def _found(old: Output, new: Output) -> list[Difference]:
    lists = {of: COMPARATORS[of](old, new) for of in compared(old, new)}
    whole = [*lists.pop(Of.MEDIA, []), *lists.pop(Of.LABEL, [])]
    if Of.TABLE in lists or Of.VALUES in lists:
        structured = [*lists.pop(Of.TABLE, []), *lists.pop(Of.VALUES, [])]
        return [*whole, *on_the_picture(in_text_order(structured, *lists.values()), old, new)]
    return [*whole, *(difference for differences in lists.values() for difference in differences)]


def _numbered(difference: Difference, number: int) -> Difference:
    return Difference._make((f"d{number}", *difference[1:]))  # `_replace` takes three times as long


def compared(old: Output, new: Output) -> list[Of]:
    """What of two outputs is compared, and in which order it is walked.

    Regions carry the text where both outputs have them, segments where one has them; a table is not compared as
    regions or text again.
    """
    of = [Of.MEDIA] if medium_of(old) is not None or medium_of(new) is not None else []
    of += [Of.LABEL] if old.label is not None or new.label is not None else []
    structured = [Of.TABLE] if tables_of(old, new) else []
    structured += [Of.VALUES] if values_of(old, new) else []
    if not structured and has_places(old) and has_places(new):
        return [*of, Of.REGIONS]
    return [*of, *structured, Of.SEGMENTS if old.segments or new.segments else Of.TEXT]


def item_class(differences: Sequence[Difference]) -> ItemClass:
    if not differences:
        return ItemClass.SAME
    return ItemClass.COSMETIC if all(d.cosmetic for d in differences) else ItemClass.FLIP


def _failed(old: Output, new: Output) -> list[Difference]:
    """One difference if one output never came; two that never came are the same."""
    if old.error is not None and new.error is not None:
        return []
    a, b = _what_came(old), _what_came(new)
    return [Difference("", Of.TEXT, Kind.ERROR, False, a, b, "no output")]


def _what_came(output: Output) -> Reading:
    if output.error is not None:
        return Reading(output.error)
    text = text_of(output)
    return Reading(text, (0, len(text)) if text else None)


__all__ = [
    "COMPARATORS",
    "Comparison",
    "Difference",
    "ItemClass",
    "Kind",
    "Of",
    "Reading",
    "compare",
    "compared",
    "item_class",
    "text_of",
]

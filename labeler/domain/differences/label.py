"""Two labels of one item."""

from __future__ import annotations

from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.words import key_of
from labeler.domain.items import Output


def compare_label(old: Output, new: Output) -> list[Difference]:
    """One difference if the labels differ; cosmetic if only in case or Unicode form."""
    if old.label == new.label:
        return []
    a, b = (None if label is None else Reading(label) for label in (old.label, new.label))
    cosmetic = a is not None and b is not None and key_of(a.text) == key_of(b.text)
    return [Difference("", Of.LABEL, Kind.LABEL, cosmetic, a, b, weight=0.0 if cosmetic else 1.0)]

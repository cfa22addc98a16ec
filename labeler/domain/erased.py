"""What is left of an item whose content was erased: that it was there, by which models, and every hash."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.differences.model import Comparison, Reading
from labeler.domain.items import Item, Output

ERASED = "erased"
"""The error of an output whose content is gone. Its hash stands beside it, as verdicts and ledgers name it."""


def erased_item(item: Item) -> Item:
    """Without what it shows and asks. Slices stay: what was counted by them stays counted."""
    return replace(item, content=None, prompt="", reference=None, extra={})


def erased_output(output: Output) -> Output:
    """Without what it says."""
    return Output(output.item_id, output.model, error=ERASED, sample=output.sample, config=output.config)


def erased_comparison(comparison: Comparison) -> Comparison:
    """Its differences without what they read: verdicts name them by id."""
    return replace(
        comparison,
        differences=tuple(d._replace(old=_unread(d.old), new=_unread(d.new)) for d in comparison.differences),
    )


def _unread(reading: Reading | None) -> Reading | None:
    return None if reading is None else reading._replace(text="")

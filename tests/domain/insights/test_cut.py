from __future__ import annotations

from labeler.domain.insights.columns import Became, columns_from, date_of, day_of
from labeler.domain.insights.cut import Cut, chosen, items_of
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from tests.domain.insights.rows import columns, many, row

HELD = (
    columns(
        row("a", "old", failures=[("new", "misread")], at="2026-09-01T23:59:59.000Z"),
        row("b", "both", modality="audio", tier="hard", at="2026-09-02T00:00:00.000Z"),
        row("c", "neither", tier="frontier", failures=[("new", "missing"), ("old", "misread")]),
    )
    .with_slices({"kind": [("chart", "a"), ("null", "c"), ("table", "b")]})
    .with_people([("ann", "a"), ("ann", "c"), ("bob", "b"), ("bob", "nobody resolved this")])
)


def test_each_condition_leaves_the_items_that_it_says() -> None:
    assert items_of(HELD, Cut()) == ["a", "b", "c"]
    assert items_of(HELD, Cut(modality=Modality.AUDIO)) == ["b"]
    assert items_of(HELD, Cut(tiers=frozenset({Tier.HARD, Tier.FRONTIER}))) == ["b", "c"]
    assert items_of(HELD, Cut(slices=(("kind", "chart"),))) == ["a"]
    assert items_of(HELD, Cut(person="ann")) == ["a", "c"]
    assert items_of(HELD, Cut(became=Became.REGRESSED)) == ["a"]
    assert items_of(HELD, Cut(failure=("new", "misread"))) == ["a"]
    assert items_of(HELD, Cut(failure=("old", "misread"))) == ["c"]


def test_days_are_those_of_utc_and_both_ends_belong_to_the_cut() -> None:
    second = day_of("2026-09-02")
    assert items_of(HELD, Cut(since=second)) == ["b"]
    assert items_of(HELD, Cut(until=second - 1)) == ["a", "c"]
    assert date_of(second) == "2026-09-02"


def test_what_nobody_has_leaves_nothing() -> None:
    for cut in (Cut(slices=(("kind", "poem"),)), Cut(slices=(("colour", "red"),)), Cut(person="eve")):
        assert items_of(HELD, cut) == []
    assert items_of(HELD, Cut(slices=(("kind", "null"),))) == []  # a slice without a value is no slice


def test_conditions_narrow_each_other() -> None:
    rows, kinds, _ = many(300)
    held = columns_from(rows).with_slices({"kind": kinds})
    both = Cut(modality=Modality.TEXT).of_slice("kind", "table")
    one, other = chosen(held, Cut(modality=Modality.TEXT)), chosen(held, Cut(slices=(("kind", "table"),)))
    assert (chosen(held, both) == (one & other)).all()

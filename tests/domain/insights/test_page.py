from __future__ import annotations

import pytest

from labeler.domain.gate.policy import STANDARD
from labeler.domain.gate.tally import Tally
from labeler.domain.insights.columns import columns_from
from labeler.domain.insights.cut import Cut, chosen, items_of
from labeler.domain.insights.failures import heat_map
from labeler.domain.insights.page import insights, over_time
from labeler.domain.insights.rates import change, flipped
from labeler.domain.insights.residual import residual, with_missed_since
from labeler.domain.items import Modality, ModelVersion, Pair, Release
from labeler.domain.statistics.intervals import Interval, wilson
from tests.domain.insights.rows import columns, many, row

ONE, TWO, THREE = (ModelVersion("reader", version) for version in "123")
FIRST = Release("r-1", {Modality.IMAGE: Pair(ONE, TWO)})
SECOND = Release("r-2", {Modality.IMAGE: Pair(TWO, THREE)})


def test_without_items_a_rate_is_undefined_and_any_change_is_possible() -> None:
    none = change(Tally())
    assert (none.old, none.new, none.delta) == (None, None, None)
    assert none.interval == Interval(-1, 1)
    assert not none.distinguishable


def test_one_item_that_both_get_right_leaves_room_for_doubt() -> None:
    held = columns(row("a"))
    only = insights(held, FIRST, STANDARD, Cut(), "new", "kind").modalities[0].whole
    assert only.old is not None
    assert (only.n, only.old.value, only.delta) == (1, 1.0, 0.0)
    assert only.old.interval == wilson(1, 1)
    assert only.old.interval.low < 0.5
    assert -0.9 < only.interval.low < 0 < only.interval.high < 0.9


def test_what_flipped_is_counted_and_tested_exactly() -> None:
    found = flipped(Tally(items=[125, 58, 23, 701], weights=[125, 58, 23, 701], squares=[125, 58, 23, 701]), 4)
    assert (found.kept, found.regressed, found.fixed, found.residual, found.undecidable) == (701, 23, 58, 125, 4)
    assert found.discordant == 81
    assert found.p == pytest.approx(0.000127, abs=1e-6)  # twice the lower tail of 23 in 81 fair coins


def test_rates_are_weighted_by_how_items_were_drawn() -> None:
    flips = [row(f"f{n}", "new", why="flip") for n in range(10)]
    others = [row(f"r{n}", "both", p=0.1) for n in range(10)]
    found = insights(columns(*flips, *others), FIRST, STANDARD, Cut(), "new", "").modalities[0].whole
    assert found.old is not None
    assert found.old.value == pytest.approx(100 / 110)
    assert not found.flips_alone
    alone = insights(columns(*flips), FIRST, STANDARD, Cut(), "new", "").modalities[0].whole
    assert alone.flips_alone


def test_failures_stand_by_slice_and_the_most_frequent_come_first() -> None:
    held = columns(
        row("a", "old", failures=[("new", "misread"), ("new", "missing")]),
        row("b", "old", failures=[("new", "misread")]),
        row("c", "old", failures=[("new", "misread"), ("old", "missing")]),
        row("d", "both"),
    ).with_slices({"kind": [("chart", "a"), ("table", "b"), ("table", "d")]})
    found = heat_map(held, chosen(held, Cut()), Modality.IMAGE, "new", "kind")
    assert (found.codes, found.values) == (("misread", "missing"), ("table", "chart"))
    assert found.counts == ((1, 1), (0, 1))
    assert (found.totals, found.of) == ((3, 1), (2, 1))
    assert heat_map(held, chosen(held, Cut()), Modality.IMAGE, "new", "colour").key == "kind"  # it has no colour
    assert heat_map(held, chosen(held, Cut()), Modality.AUDIO, "new", "kind").codes == ()


def test_a_heat_maps_counts_are_the_items_behind_them() -> None:
    rows, kinds, _ = many(500)
    held = columns_from(rows).with_slices({"kind": kinds})
    found = heat_map(held, chosen(held, Cut()), Modality.IMAGE, "new", "kind")
    for code, line in zip(found.codes, found.counts, strict=True):
        for value, count in zip(found.values, line, strict=True):
            assert (
                len(items_of(held, Cut(modality=Modality.IMAGE, failure=("new", code)).of_slice("kind", value)))
                == count
            )


def test_the_residual_says_since_which_version_an_item_is_missed() -> None:
    before = columns(
        row("always", "neither"), row("fixed once", "new"), row("since two", "old"), row("unsure", "undecidable")
    )
    now = columns(
        *(row(item, "neither", failures=[("new", "misread")]) for item in ("always", "since two", "unsure", "new one")),
        row("fixed once", "neither"),
        row("right", "both"),
    )
    held = with_missed_since(now, SECOND, [(FIRST, before)])
    found = residual(held, chosen(held, Cut()))
    assert (found.items, found.of) == (5, 6)
    assert found.failures == (("misread", 4),)
    assert found.since == (("reader 2", 4), ("reader 1", 1))
    assert items_of(held, Cut(missed_since="reader 1")) == ["always"]
    assert "fixed once" in items_of(
        held, Cut(missed_since="reader 2")
    )  # right in release 1 with version 2 by other words


def test_releases_stand_beside_each_other_in_their_order() -> None:
    history = [(FIRST, columns(row("a", "new"))), (SECOND, columns(row("a", "old", tier="hard")))]
    found = over_time(history, Cut())
    assert [(one.number, one.tier, one.change.delta) for one in found] == [
        (1, None, 1.0),
        (1, "easy", 1.0),
        (2, None, -1.0),
        (2, "hard", -1.0),
    ]


def test_an_empty_page_is_a_page() -> None:
    empty = insights(columns(), FIRST, STANDARD, Cut(), "new", "kind")
    assert (empty.items, empty.tiers, empty.watch, empty.cliffs) == (0, (), (), ())
    assert empty.modalities[0].whole.old is None
    assert empty.flipped.p == 1
    assert over_time([(FIRST, columns())], Cut())[0].change.n == 0

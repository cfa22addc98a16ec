from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import STANDARD
from labeler.domain.gate.tally import Outcome, Tallies, Tally
from labeler.domain.insights.columns import columns_from
from labeler.domain.insights.counting import cuts_of, in_bins, tallies_of, tally_of
from labeler.domain.insights.cut import Cut, chosen
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from tests.domain.insights.rows import columns, many, row

POLICY = replace(STANDARD, slices=("kind", "snr"), bins={"snr": (10, 20)})


def test_columns_are_counted_as_the_gate_counts_records_one_by_one() -> None:
    rows, kinds, numbers = many(600)
    held = in_bins(columns_from(rows).with_slices({"kind": kinds, "snr": numbers}), POLICY)
    ours = tallies_of(held, chosen(held, Cut()), cuts_of(held, POLICY))
    theirs = Tallies()
    kind, snr = ({item: value for value, item in pairs} for pairs in (kinds, numbers))
    for item, modality, tier, outcome, _, _, p, why, _ in rows:
        old, new = (Right(outcome).holds_for(side) for side in ("old", "new"))
        if old is None or new is None:
            continue
        slices = {"kind": kind.get(item), "snr": float(snr[item])}
        judged = Outcome(float(old), float(new), weight=1 / p, flip=why == "flip")
        theirs.add(Modality(modality), Tier(tier), tuple(POLICY.cells(slices)), judged)
    assert ours.nodes.keys() == theirs.nodes.keys()
    for key, tally in theirs.nodes.items():
        _assert_same(ours.nodes[key], tally)
    _assert_same(ours.whole, theirs.whole)
    assert [(n.key, n.state, n.needs) for n in decide(ours, POLICY).nodes] == [
        (n.key, n.state, n.needs) for n in decide(theirs, POLICY).nodes
    ]


def _assert_same(ours: Tally, theirs: Tally) -> None:
    assert (ours.n, ours.items, ours.flips) == (theirs.n, theirs.items, theirs.flips)
    assert ours.weights == pytest.approx(theirs.weights)
    assert ours.squares == pytest.approx(theirs.squares)


def test_a_tier_names_the_items_that_got_worse() -> None:
    held = columns(row("a", "old"), row("b", "new"), row("c", "old", tier="hard"))
    tallies = tallies_of(held, chosen(held, Cut()), ())
    assert [tally.newly_wrong for tally in tallies.nodes.values()] == [["a"], ["c"]]


def test_an_undecidable_item_is_in_no_table() -> None:
    held = columns(row("a", "undecidable"), row("b", "both"))
    assert tally_of(held, chosen(held, Cut())).n == 1


def test_no_item_makes_an_empty_tally() -> None:
    held = columns()
    assert tally_of(held, np.ones(0, np.bool_)).n == 0
    assert tallies_of(held, np.ones(0, np.bool_), ()).nodes == {}


def test_a_word_that_no_column_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'odd' is not one of"):
        columns(row("a", "odd"))

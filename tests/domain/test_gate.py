from __future__ import annotations

from dataclasses import replace

import pytest

from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import PILOT, STANDARD, Policy, bin_names
from labeler.domain.gate.report import Decision, GateReport, Lack, Node, NodeState
from labeler.domain.gate.tally import MatchAgreement, NodeKey, Outcome, Tallies, Tally, remember
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.domain.statistics.paired import tango_interval

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)


def fill(
    tallies: Tallies,
    tier: Tier,
    *counts: int,
    weight: float = 1,
    flip: bool = False,
    accent: str = "us",
    policy: Policy = STANDARD,
    critical: bool = False,
    by: str = "people",
) -> None:
    """Add items: neither right, only new, only old, both."""
    cells = tuple(policy.cells({"accent": accent}))
    for cell, count in enumerate(counts):
        old, new = float(bool(cell & 2)), float(bool(cell & 1))
        outcome = Outcome(old, new, by_match=2.0 if by == "match" else 0.0, weight=weight, flip=flip)
        for _ in range(count):
            item_id = f"{tier}-{tallies.whole.n}"
            tallies.add(Modality.IMAGE, tier, cells, outcome)
            if critical:
                tallies.add_critical(item_id, right=new == 1)
            if new < old:
                for tally in tallies.tallies_of(Modality.IMAGE, tier, cells):
                    remember(tally.newly_wrong, [item_id])


def alike(items: int = 1500) -> Tallies:
    """Three tiers on which both models say the same, with items enough for everyone."""
    tallies = Tallies()
    for tier in TIERS:
        fill(tallies, tier, items // 10, 1, 1, items)
    return tallies


def node(report: GateReport, tier: Tier, cell: str | None = None) -> Node:
    key = NodeKey(Modality.IMAGE, tier, ("accent", cell) if cell else None)
    return next(found for found in report.nodes if found.key == key)


def test_cells_of_numbers_stand_by_size() -> None:
    tallies = Tallies()
    values = ("10–20", "<10", "≥20", "9", "b", "10", "a", "-5")
    tallies.add(Modality.TEXT, Tier.EASY, [("size", value) for value in values], Outcome(1, 1))
    found = [node.key.slice[1] for node in decide(tallies, STANDARD).nodes if node.key.slice]
    assert found == ["<10", "-5", "a", "b", "9", "10", "10–20", "≥20"]


def test_a_model_that_says_the_same_ships() -> None:
    report = decide(alike(), STANDARD)
    assert report.decision is Decision.SHIP
    assert report.grounds == ()
    assert {found.state for found in report.nodes} == {NodeState.PASSES}


def test_a_tier_without_items_is_not_enough_evidence() -> None:
    tallies = Tallies()
    fill(tallies, Tier.EASY, 0, 0, 0, 1500)
    report = decide(tallies, STANDARD)
    assert report.decision is Decision.INSUFFICIENT
    assert (node(report, Tier.HARD).n, node(report, Tier.HARD).needs) == (0, 60)
    assert node(report, Tier.EASY).state is NodeState.PASSES
    assert all(found.key.tier is not Tier.FRONTIER for found in report.nodes)


def test_a_gold_set_of_nothing_is_not_enough_evidence() -> None:
    report = decide(Tallies(), STANDARD)
    assert (report.decision, report.nodes) == (Decision.INSUFFICIENT, ())
    assert report.aggregate.n == 0


def test_all_right_on_too_few_items_never_ships() -> None:
    tallies = Tallies()
    for tier in TIERS:
        fill(tallies, tier, 0, 0, 0, 50)
    report = decide(tallies, STANDARD)
    assert report.decision is Decision.INSUFFICIENT
    assert node(report, Tier.EASY).needs == 10


def test_more_items_are_asked_for_where_the_models_disagree_more() -> None:
    tallies = alike()
    fill(tallies, Tier.EASY, 0, 300, 300, 0)
    found = node(decide(tallies, STANDARD), Tier.EASY)
    assert (found.state, found.lack) == (NodeState.INSUFFICIENT, Lack.ITEMS)
    assert found.needs > 1000


def test_a_loss_in_one_slice_blocks_though_the_average_rises() -> None:
    policy = replace(STANDARD, slices=("accent",))
    tallies = alike(3000)
    fill(tallies, Tier.EASY, 0, 200, 0, 0, accent="us", policy=policy)
    fill(tallies, Tier.MEDIUM, 5, 2, 22, 70, accent="india", policy=policy)
    report = decide(tallies, policy)
    assert report.decision is Decision.BLOCK
    assert node(report, Tier.MEDIUM, "india").state is NodeState.REGRESSED
    assert report.aggregate.new_rate > report.aggregate.old_rate
    assert "22 items newly wrong, 2 newly right" in report.grounds[1]
    assert len(node(report, Tier.MEDIUM, "india").newly_wrong) == 22


def test_a_cell_without_a_loss_is_watched_and_a_required_cell_is_tested() -> None:
    policy = replace(STANDARD, slices=("accent",))
    tallies = alike()
    fill(tallies, Tier.EASY, 0, 0, 0, 20, accent="india", policy=policy)
    assert node(decide(tallies, policy), Tier.EASY, "india").state is NodeState.WATCHED
    assert decide(tallies, policy).decision is Decision.SHIP
    strict = replace(policy, required_cells=frozenset({"image/easy/accent=india"}))
    report = decide(tallies, strict)
    assert (report.decision, node(report, Tier.EASY, "india").needs) == (Decision.INSUFFICIENT, 40)


def test_a_wrong_critical_record_blocks() -> None:
    tallies = alike()
    fill(tallies, Tier.EASY, 0, 0, 1, 0, critical=True)
    report = decide(tallies, STANDARD)
    assert report.decision is Decision.BLOCK
    assert report.grounds[0].startswith("critical: 1 of 1 records are wrong (easy-")


def test_a_floor_blocks_only_with_evidence() -> None:
    tallies = alike()
    rate = tallies.nodes[NodeKey(Modality.IMAGE, Tier.HARD)].rate("new")
    for floor, decision in ((rate - 0.05, Decision.SHIP), (rate, Decision.INSUFFICIENT), (rate + 0.05, Decision.BLOCK)):
        policy = replace(STANDARD, floors={(Modality.IMAGE, Tier.HARD): floor})
        assert decide(tallies, policy).decision is decision


def test_flips_alone_are_not_enough_evidence_and_can_still_block() -> None:
    tallies = Tallies()
    for tier in TIERS:
        fill(tallies, tier, 0, 5, 5, 1500, flip=True)
    report = decide(tallies, replace(STANDARD, floors={(Modality.IMAGE, Tier.EASY): 0.999}))
    assert report.decision is Decision.INSUFFICIENT
    assert {found.lack for found in report.nodes} == {Lack.RANDOM_ITEMS}
    assert report.cliffs == ()
    fill(tallies, Tier.HARD, 0, 0, 40, 0, flip=True)
    assert decide(tallies, STANDARD).decision is Decision.BLOCK


def test_a_match_that_errs_takes_from_the_margin() -> None:
    tallies = alike()
    tallies.compare_match(Modality.IMAGE, "", MatchAgreement(both=100, agree=90))
    assert node(decide(tallies, STANDARD), Tier.EASY).margin == pytest.approx(0.02)  # people judged everything here
    fill(tallies, Tier.EASY, 0, 0, 0, 1800, by="match")
    matched = tallies.nodes[NodeKey(Modality.IMAGE, Tier.EASY)]
    share = matched.by_match / (2 * matched.n)
    assert node(decide(tallies, STANDARD), Tier.EASY).margin == pytest.approx(0.02 * (1 - 2 * 0.1 * share))


def test_a_match_no_better_than_a_coin_says_nothing() -> None:
    tallies = Tallies()
    for tier in TIERS:
        fill(tallies, tier, 0, 0, 0, 1500, by="match")
    tallies.compare_match(Modality.IMAGE, "", MatchAgreement(both=10, agree=5))
    assert {found.lack for found in decide(tallies, STANDARD).nodes} == {Lack.JUDGEMENTS}


def test_a_cliff_is_named_with_what_each_tier_adds() -> None:
    tallies = Tallies()
    fill(tallies, Tier.EASY, 0, 90, 2, 1500)
    fill(tallies, Tier.MEDIUM, 0, 90, 2, 1500)
    fill(tallies, Tier.HARD, 600, 10, 14, 900)
    report = decide(tallies, STANDARD)
    (cliff,) = report.cliffs
    assert cliff.alarm
    assert report.decision is Decision.BLOCK
    assert "capability cliff" in report.grounds[-1]
    assert sum(tier.contribution for tier in cliff.tiers) == pytest.approx(cliff.delta)
    assert cliff.mix == pytest.approx(0)  # the gold set's own weights are the traffic here
    shifted = replace(STANDARD, traffic={Modality.IMAGE: {Tier.EASY: 0.8, Tier.MEDIUM: 0.1, Tier.HARD: 0.1}})
    (other,) = decide(tallies, shifted).cliffs
    plain = (tallies.whole.b - tallies.whole.c) / tallies.whole.n
    assert other.delta + other.mix == pytest.approx(plain)


def test_equal_weights_count_as_the_items_themselves() -> None:
    for weight in (1.0, 4.0):
        tallies = Tallies()
        fill(tallies, Tier.EASY, 10, 7, 3, 80, weight=weight)
        tally = tallies.nodes[NodeKey(Modality.IMAGE, Tier.EASY)]
        paired = tally.paired()
        assert (paired.n, paired.b, paired.c) == pytest.approx((100, 7, 3))
        assert tally.discordant() == pytest.approx((7, 3))
        assert tally.passes("new") == pytest.approx((87, 100))


def test_over_represented_flips_are_weighted_down() -> None:
    tallies = Tallies()
    fill(tallies, Tier.EASY, 0, 10, 30, 60, weight=1, flip=True)
    fill(tallies, Tier.EASY, 5, 0, 0, 45, weight=18)
    tally = tallies.nodes[NodeKey(Modality.IMAGE, Tier.EASY)]
    paired = tally.paired()
    assert paired.delta == pytest.approx((10 - 30) / 1000)
    assert tally.rate("new") == pytest.approx((10 + 60 + 45 * 18) / 1000)
    assert paired.n <= tally.n
    interval = tango_interval(paired.b, paired.c, paired.n)
    unweighted = tango_interval(10, 30, 150)
    assert interval.high - interval.low < unweighted.high - unweighted.low
    assert tally.discordant() == pytest.approx((10, 30))


def test_an_empty_tally_has_no_rate_and_every_possibility() -> None:
    tally = Tally()
    assert (tally.n, tally.rate("old"), tally.passes("new")) == (0, 0.0, (0.0, 0.0))
    assert (tally.paired().n, tally.discordant(), tally.flips_alone) == (0, (0.0, 0.0), False)


def test_numbers_are_binned_and_fractions_need_bins() -> None:
    policy = replace(STANDARD, slices=("snr_db", "rate", "clean"), bins={"snr_db": (10.0, 20.0)})
    assert bin_names((10.0, 20.0)) == ["<10", "10–20", "≥20"]
    cells = dict(policy.cells({"snr_db": 10, "rate": 16000, "clean": True, "other": "x"}))
    assert cells == {"snr_db": "10–20", "rate": "16000", "clean": "true"}
    assert dict(policy.cells({"snr_db": None})) == {}
    with pytest.raises(ValueError, match="bins"):
        list(policy.cells({"rate": 0.5}))


def test_the_pilot_asks_for_less() -> None:
    tallies = Tallies()
    for tier in TIERS:
        fill(tallies, tier, 5, 1, 1, 93)
    assert decide(tallies, STANDARD).decision is Decision.INSUFFICIENT
    assert decide(tallies, PILOT).decision is Decision.SHIP


@pytest.mark.parametrize("p", [1, 0.25, 0.1, 1 / 3, 0.05])
def test_items_that_count_alike_count_as_many_as_they_are(p: float) -> None:
    """By rounding, 60 of them counted as a hair fewer than the 60 that are asked for."""
    for only_new, only_old in ((0, 0), (1, 0), (0, 1), (3, 2), (5, 7)):
        for items in range(60, 75):
            tallies = Tallies()
            fill(tallies, Tier.EASY, 7, only_new, only_old, items - 7 - only_new - only_old, weight=1 / p)
            found = node(decide(tallies, STANDARD), Tier.EASY)
            assert found.effective_n == items
            assert "of at least 60" not in found.reason

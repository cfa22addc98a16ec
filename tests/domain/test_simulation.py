"""Simulated annotators: they know the truth from the reference, and miss it as often as is stated."""

from __future__ import annotations

from collections import Counter
from functools import cache
from statistics import fmean

import orjson
import pytest
from scipy.stats import binom

from labeler.domain.blind import sides
from labeler.domain.differences import compare
from labeler.domain.differences.model import Kind
from labeler.domain.item_json import item_from_json, output_from_json
from labeler.domain.items import SIDES, Answer, Item, Modality, ModelVersion, Output, Segment, Side
from labeler.domain.rubric import Tier
from labeler.domain.simulation.annotators import ANNOTATORS, SimulatedAnnotator
from labeler.domain.simulation.chance import chosen, uniform
from labeler.domain.simulation.judging import Task, simulated_verdict
from labeler.domain.simulation.mistakes import chances_of_mistake, fault_to_see
from labeler.domain.simulation.tiers import neighbour, tier_by_slices
from labeler.domain.simulation.truth import truth_of
from labeler.domain.verdicts import Checked, Right, Verdict
from labeler.formats.rubric import shipped_rubrics
from labeler.shipped import DEMO_PROJECT

RUBRICS = shipped_rubrics()
each_annotator = pytest.mark.parametrize("annotator", ANNOTATORS, ids=[a.manner for a in ANNOTATORS])


def lines(name: str) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in (DEMO_PROJECT / name).read_bytes().splitlines()]


@cache
def tasks() -> dict[str, Task]:
    """Every item of the demo, to be judged."""
    old = {output.item_id: output for output in map(output_from_json, lines("outputs-old.jsonl"))}
    new = {output.item_id: output for output in map(output_from_json, lines("outputs-new.jsonl"))}
    found = {}
    for item in map(item_from_json, lines("items.jsonl")):
        outputs: dict[Side, Output] = {"old": old[item.id], "new": new[item.id]}
        comparison = compare(outputs["old"], outputs["new"])
        truth = truth_of(item, outputs, comparison)
        found[item.id] = Task(item, outputs, comparison, truth, RUBRICS[item.modality], "r-1")
    return found


@cache
def verdicts(annotator: SimulatedAnnotator, seed: int) -> dict[str, Verdict]:
    """What an annotator says of all items of the demo in a project of this seed."""
    work = list(tasks().values())
    wrong = chances_of_mistake(annotator.wrong, [fault_to_see(t.truth, t.comparison) for t in work])
    return {t.item.id: simulated_verdict(annotator, t, seed, w) for t, w in zip(work, wrong, strict=True)}


def heard(reference: str, old: str, new: str) -> Task:
    """A recording that two recognisers heard."""
    item = Item("call", Modality.AUDIO, media="call.flac", reference=Answer(text=reference))
    outputs: dict[Side, Output] = {"old": _spoken(old, "old"), "new": _spoken(new, "new")}
    comparison = compare(outputs["old"], outputs["new"])
    return Task(item, outputs, comparison, truth_of(item, outputs, comparison), RUBRICS[Modality.AUDIO], "r-1")


def _spoken(text: str, model: str) -> Output:
    segments = tuple(Segment(n, n + 0.9, word) for n, word in enumerate(text.split()))
    return Output("call", ModelVersion(model, "1"), text, segments=segments)


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("send it to glasgow", "Send it to Glasgow.", Right.BOTH),
        ("send it to glasgow", "Send it to glass go.", Right.OLD),
        ("send it to last go", "Send it to Glasgow.", Right.NEW),
        ("send it to last go", "Send it to glass go.", Right.NEITHER),
        ("send it glasgow", "Send it to to Glasgow.", Right.NEITHER),
    ],
)
def test_right_is_what_says_what_the_reference_says(old: str, new: str, right: Right) -> None:
    assert heard("Send it to Glasgow.", old, new).truth.right is right


def test_each_reading_is_judged_where_it_stands() -> None:
    task = heard(
        "Send the blue box to Glasgow with the driver on Monday",
        "send the new box to glasgow with the driver monday",
        "Send the blue box to glass go with the driver on Monday",
    )
    # Without those that say that all after “Glasgow” comes a second later where it is two words.
    told = [d for d in task.comparison.differences if not d.cosmetic and d.kind is not Kind.TIMING]
    truth = [task.truth.readings[d.id] for d in told]
    assert truth == [{"old": False, "new": True}, {"old": True, "new": False}, {"old": False, "new": True}]


def test_numbers_in_words_and_in_digits_are_the_same_truth() -> None:
    task = heard("four hundred and fifty pounds", "four hundred and fifty pounds", "£450.")
    assert task.truth.right is Right.BOTH


def test_without_a_reference_nobody_can_simulate() -> None:
    task = heard("one", "one", "two")
    with pytest.raises(ValueError, match="no reference text"):
        truth_of(Item("call", Modality.AUDIO, media="call.flac"), task.outputs, task.comparison)


def test_a_right_output_has_no_wrong_reading_on_any_item() -> None:
    for task in tasks().values():
        for side in SIDES:
            if task.truth.outputs[side]:
                assert all(holds[side] for holds in task.truth.readings.values()), task.item.id


@each_annotator
def test_an_annotator_errs_as_often_as_stated(annotator: SimulatedAnnotator) -> None:
    said = [
        verdict.right is tasks()[item].truth.right
        for seed in range(12)
        for item, verdict in verdicts(annotator, seed).items()
    ]
    wrong = len(said) - sum(said)
    low, high = binom.interval(0.999, len(said), annotator.wrong)
    assert low <= wrong <= high, f"{wrong} of {len(said)} wrong, {annotator.wrong:.0%} stated"


@each_annotator
def test_a_tier_is_off_by_one_as_often_as_stated(annotator: SimulatedAnnotator) -> None:
    tiers, off = list(Tier), 0
    for seed in range(12):
        for item, verdict in verdicts(annotator, seed).items():
            steps = abs(tiers.index(verdict.tier) - tiers.index(tier_by_slices(tasks()[item].item)))
            assert steps <= 1
            off += steps
    low, high = binom.interval(0.999, 12 * len(tasks()), annotator.tier_off)
    assert low <= off <= high


def test_small_faults_are_missed_more_often_than_large_ones() -> None:
    small, large = chances_of_mistake(0.1, [1.0, 20.0])
    assert small > large
    assert fmean([small, large]) == pytest.approx(0.1)


def test_the_hasty_one_leans_to_a_and_the_careful_one_does_not() -> None:
    def share_of_a(annotator: SimulatedAnnotator) -> tuple[int, int]:
        chose = Counter(
            sides(item, annotator.id, seed).letter("old" if verdict.right is Right.OLD else "new")
            for seed in range(12)
            for item, verdict in verdicts(annotator, seed).items()
            if verdict.right in (Right.OLD, Right.NEW) and tasks()[item].truth.right is Right.NEITHER
        )
        return chose["A"], chose.total()

    hasty = share_of_a(ANNOTATORS[2])
    assert binom.sf(hasty[0] - 1, hasty[1], 0.5) < 0.01


@each_annotator
def test_a_verdict_holds_together(annotator: SimulatedAnnotator) -> None:
    """As the Review screen would have it: who is wrong has a failure, who is right has none and no wrong reading."""
    for item, verdict in verdicts(annotator, 0).items():
        task = tasks()[item]
        material = [d.id for d in task.comparison.differences if not d.cosmetic]
        assert [d.id for d in verdict.differences] == material, item
        for side in SIDES:
            failed = any(f.side == side for f in verdict.failures)
            assert failed is not verdict.right.holds_for(side), item
            if not failed:
                assert all(d.right.holds_for(side) for d in verdict.differences), item
        assert all(task.rubric.failure(f.code) for f in verdict.failures)
        assert verdict.tier_before_outputs
        assert verdict.duration_ms > 1000
        assert verdict.checked is Checked.WHOLE or material


def test_the_gold_answer_of_who_is_not_mistaken_is_what_the_reference_says() -> None:
    careful = SimulatedAnnotator("s", "S", "flawless", 0.0, 0.5, 0.0, 0.0, 0.0, 1.0, 1.0)
    for item, verdict in verdicts(careful, 0).items():
        reference = tasks()[item].item.reference
        assert verdict.gold is not None
        assert reference is not None
        if verdict.gold.edits:
            assert verdict.gold.answer.text == reference.text
        assert verdict.right is tasks()[item].truth.right


def test_chance_is_uniform_and_the_same_again() -> None:
    draws = [uniform("test", n) for n in range(2_000)]
    assert fmean(draws) == pytest.approx(0.5, abs=0.02)
    assert draws == [uniform("test", n) for n in range(2_000)]
    picked = Counter(chosen({"a": 3.0, "b": 0.0, "c": 1.0}, n) for n in range(2_000))
    assert picked["b"] == 0
    assert picked["a"] / 2_000 == pytest.approx(0.75, abs=0.03)
    with pytest.raises(ValueError, match="nothing to choose"):
        chosen({"a": 0.0}, 1)


def test_beyond_the_end_of_the_scale_the_neighbour_is_on_the_other_side() -> None:
    assert neighbour(Tier.EASY, harder=False) is Tier.MEDIUM
    assert neighbour(Tier.FRONTIER, harder=True) is Tier.HARD
    assert neighbour(Tier.MEDIUM, harder=True) is Tier.HARD

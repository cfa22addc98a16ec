"""Dawid and Skene's model gives the paper's figures, and finds who is careless without knowing what is right."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from labeler.domain import quality

# Dawid and Skene (1979), table 1: 45 patients, five anaesthetists, of whom the first judged three times.
PATIENTS = (
    "111 1 1 1 1/333 4 3 3 4/112 2 1 2 2/222 3 1 2 1/222 3 2 2 2/222 3 3 2 2/122 2 1 1 1/333 3 4 3 3/222 2 2 2 3/"
    "232 2 2 2 3/444 4 4 4 4/222 3 3 4 3/111 1 1 1 1/222 3 2 1 2/121 1 1 1 1/111 2 1 1 1/111 1 1 1 1/111 1 1 1 1/"
    "222 2 2 2 1/222 1 3 2 2/222 2 2 2 2/222 2 2 2 1/222 3 2 2 2/221 2 2 2 2/111 1 1 1 1/111 1 1 1 1/232 2 2 2 2/"
    "111 1 1 1 1/111 1 1 1 1/112 1 1 2 1/111 1 1 1 1/333 3 2 3 3/111 1 1 1 1/222 2 2 2 2/222 3 2 3 2/433 4 3 4 3/"
    "221 2 2 3 2/232 3 2 3 3/333 3 4 3 2/111 1 1 1 1/111 1 1 1 1/121 2 1 1 1/232 2 2 2 2/121 1 1 1 1/222 2 2 2 2"
)


def anaesthetists() -> list[dict[str, list[str]]]:
    return [{str(n): [*said] for n, said in enumerate(line.split(), 1)} for line in PATIENTS.split("/")]


def test_dawid_and_skenes_anaesthetists_to_the_printed_digits() -> None:
    found = quality.dawid_skene(anaesthetists(), "1234", prior=0.0)
    assert found.converged
    assert [f"{share:.2f}" for share in found.shares] == ["0.40", "0.42", "0.11", "0.07"]
    first = [[f"{rate:.2f}" for rate in row] for row in found.tables[0]]
    assert first == [
        ["0.89", "0.11", "0.00", "0.00"],
        ["0.07", "0.88", "0.05", "0.00"],
        ["0.00", "0.34", "0.66", "0.00"],
        ["0.00", "0.00", "0.56", "0.44"],
    ]
    # Patient 3: two of the first one's three verdicts and one other say 1, and yet it is class 2.
    assert np.round(found.posterior[2], 2).tolist() == [0.0, 1.0, 0.0, 0.0]


def test_em_ends_where_the_likelihood_no_longer_grows() -> None:
    counts, _ = quality._counts(anaesthetists(), "1234")
    found, once = quality.dawid_skene(anaesthetists(), "1234", prior=0.0), np.ones(len(counts), dtype=np.int64)
    _, likelihood = quality._expect(counts, once, found.shares, found.tables)
    shares = found.posterior.mean(axis=0)
    tables = np.einsum("ij,ikl->kjl", found.posterior, counts)
    tables /= tables.sum(axis=2, keepdims=True)
    _, after = quality._expect(counts, once, shares, tables)
    assert after == pytest.approx(likelihood, rel=1e-8)


def test_items_of_which_the_same_was_said_may_be_counted_together() -> None:
    _, labels = simulated({"ann": 0.05, "bea": 0.1, "cal": 0.3}, 300, seed=3)
    counts, people = quality._counts(labels, "abc")
    each = quality._run(counts, np.ones(len(counts), dtype=np.int64), people, quality.PRIOR)
    together = quality.dawid_skene(labels, "abc")
    patterns, which, times = quality._patterns(counts)
    assert len(patterns) <= 27
    assert times.sum() == len(which) == 300
    assert np.array_equal(patterns[which], counts)
    assert together.rounds == each.rounds
    assert np.allclose(together.posterior, each.posterior, rtol=1e-9, atol=1e-12)
    assert np.allclose(together.tables, each.tables, rtol=1e-9, atol=1e-12)


def simulated(wrong: dict[str, float], items: int, seed: int) -> tuple[list[str], list[dict[str, list[str]]]]:
    chance, truths, labels = Random(seed), [], []
    for _ in range(items):
        truth = chance.choice("abc")
        said = {
            person: [truth if chance.random() >= rate else chance.choice([c for c in "abc" if c != truth])]
            for person, rate in wrong.items()
        }
        truths.append(truth)
        labels.append(said)
    return truths, labels


def test_the_careless_one_is_found_without_knowing_what_is_right() -> None:
    _, labels = simulated({"ann": 0.05, "bea": 0.1, "cal": 0.5}, 150, seed=3)
    found = quality.dawid_skene(labels, "abc")
    intervals = quality.accuracy_intervals(labels, "abc", resamples=40, seed=1)
    assert found.accuracy("cal") < 0.65 < found.accuracy("bea")
    assert 0.5 in intervals["cal"]
    assert intervals["cal"].high < intervals["bea"].low


def test_weighing_annotators_beats_counting_votes() -> None:
    truths, labels = simulated({"ann": 0.05, "bea": 0.1, "cal": 0.55, "dan": 0.55, "eve": 0.55}, 300, seed=4)
    found = quality.dawid_skene(labels, "abc")
    chosen = ["abc"[n] for n in found.posterior.argmax(axis=1)]
    weighed = sum(c == t for c, t in zip(chosen, truths, strict=True))
    votes = [max("abc", key=[v for (v,) in said.values()].count) for said in labels]
    counted = sum(v == t for v, t in zip(votes, truths, strict=True))
    assert weighed > counted + 15


def test_a_dozen_verdicts_are_no_certainty() -> None:
    _, labels = simulated({"ann": 0.0, "bea": 0.0}, 6, seed=1)
    assert quality.dawid_skene(labels, "abc").accuracy("ann") < 0.97


def test_without_items_nothing_is_claimed() -> None:
    found = quality.dawid_skene([], "abc")
    assert found.posterior.shape[0] == 0
    assert quality.accuracy_intervals([], "abc") == {}
    assert quality.Share(0, 0).rate is None


@pytest.mark.parametrize(("a", "b", "p"), [(0, 0, 1.0), (5, 5, 1.0), (10, 0, 2 / 1024), (9, 1, 22 / 1024)])
def test_position_bias_is_the_exact_binomial(a: int, b: int, p: float) -> None:
    assert quality.position_bias_p(a, b) == pytest.approx(p)


@pytest.mark.parametrize(("shares", "bits"), [((1.0, 0.0), 0.0), ((0.5, 0.5), 1.0), ((0.25,) * 4, 2.0)])
def test_entropy_is_in_bits(shares: tuple[float, ...], bits: float) -> None:
    assert quality.entropy(shares) == pytest.approx(bits)

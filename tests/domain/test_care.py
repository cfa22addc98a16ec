"""Everything that tells of care together: who is named, how often by mistake, and what checks alone can do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import combine_pvalues, fisher_exact

from labeler.domain.care import STANDS_OUT, Care, care, check_power, power
from labeler.domain.check_report import CheckFigures
from labeler.domain.quality import Share
from labeler.domain.quality_report import AnnotatorQuality

NONE = Share(0, 0)


def work(person: str, with_others: Share, hasty: Share) -> AnnotatorQuality:
    return AnnotatorQuality(person, 100, 100, None, None, NONE, 0, 0, 1.0, None, hasty, with_others)


def checks(person: str, known: Share, repeats: Share = NONE) -> CheckFigures:
    return CheckFigures(person, known, repeats, NONE, NONE, NONE)


def drawn(chance: np.random.Generator, passes: float, agrees: float, hurries: float) -> dict[str, Share]:
    return {
        "checks": Share(int(chance.binomial(21, passes)), 21),
        "with": Share(int(chance.binomial(95, agrees)), 95),
        "hasty": Share(int(chance.binomial(95, hurries)), 95),
    }


def found(people: dict[str, dict[str, Share]]) -> dict[str, Care]:
    return care(
        {one: work(one, said["with"], said["hasty"]) for one, said in people.items()},
        {one: checks(one, said["checks"]) for one, said in people.items()},
    )


def test_the_combination_is_fishers_method_of_exact_tests() -> None:
    people = {
        "ada": {"checks": Share(20, 21), "with": Share(90, 95), "hasty": Share(2, 95)},
        "eve": {"checks": Share(15, 21), "with": Share(80, 95), "hasty": Share(9, 95)},
    }
    eve = found(people)["eve"]
    exact = [
        fisher_exact(np.array([[hits, n - hits], [others, n - others]]), "less").pvalue
        for hits, n, others in ((15, 21, 20), (80, 95, 90), (86, 95, 93))
    ]
    assert [one.p for one in eve.told] == pytest.approx(exact)
    together = combine_pvalues(exact, "fisher").pvalue
    assert eve.p == pytest.approx(min(1.0, 2 * together))


def test_little_of_each_is_enough_together_where_none_is_alone() -> None:
    usual = {"checks": Share(20, 21), "with": Share(90, 95), "hasty": Share(2, 95)}
    off = {"checks": Share(15, 21), "with": Share(80, 95), "hasty": Share(9, 95)}
    people = {"ada": usual, "bob": usual, "eve": off}
    eve = found(people)["eve"]
    assert all(one.p > STANDS_OUT for one in eve.told)
    assert eve.warning.startswith("works less carefully than the others (hidden checks passed 15 of 21, the others 95%")
    assert found(people)["ada"].warning == ""


def test_what_is_not_known_takes_no_part() -> None:
    alone = care({"ada": work("ada", Share(50, 90), NONE)}, {})
    assert (alone["ada"].told, alone["ada"].p) == ((), 1.0)
    no_times = care({p: work(p, Share(n, 90), NONE) for p, n in (("ada", 88), ("eve", 40))}, {})
    assert [one.words for one in no_times["eve"].told] == ["said as most others"]
    assert no_times["eve"].warning


def test_a_careless_one_is_found_and_among_equals_nobody_is() -> None:
    chance, careful, named, blamed = np.random.default_rng(3), ("ada", "bob", "cy"), 0, 0
    for _ in range(200):
        people = {one: drawn(chance, 0.9, 0.85, 0.05) for one in careful}
        blamed += any(one.warning for one in found(people | {"dan": drawn(chance, 0.9, 0.85, 0.05)}).values())
        told = found(people | {"eve": drawn(chance, 0.65, 0.65, 0.2)})
        named += bool(told["eve"].warning)
        assert not any(told[one].warning for one in careful)
    assert named >= 190
    assert blamed <= 2  # a thousandth of 200 is expected


def test_the_power_of_checks_alone_is_what_a_simulation_finds() -> None:
    chance, level = np.random.default_rng(9), 0.01 / 4
    hits = []
    for _ in range(2_000):
        mine, others = Share(int(chance.binomial(21, 0.6)), 21), Share(int(chance.binomial(63, 0.9)), 63)
        table = [[mine.hits, 21 - mine.hits], [others.hits, 63 - others.hits]]
        hits.append(fisher_exact(np.array(table), "less").pvalue < level)
    assert power(21, 4, 0.9, level) == pytest.approx(np.mean(hits), abs=0.035)


def test_a_lead_is_told_how_many_checks_it_takes() -> None:
    figures = [checks(person, Share(19, 21)) for person in ("ada", "bob", "cy", "eve")]
    told = check_power(figures, 0.01)
    assert told is not None
    assert 0.3 < told.finds < 0.6
    assert told.needed is not None
    assert power(told.needed, 4, 0.9, 0.01 / 4) >= 0.9 > power(told.needed - 5, 4, 0.9, 0.01 / 4)
    assert f"{told.needed} each find one in 90%" in told.words
    assert check_power(figures[:1], 0.01) is None
    assert check_power([checks("ada", NONE), checks("bob", NONE)], 0.01) is None

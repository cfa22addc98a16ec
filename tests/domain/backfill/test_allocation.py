from __future__ import annotations

import math

import pytest

from labeler.domain.backfill.allocation import (
    Allocation,
    Spread,
    margin_of,
    simple_random_size,
    sizes_for,
    spread_of_share,
    variance_of_total,
)

# Cochran (1977), section 5.5 and 5.6: 64 large cities, numbers of inhabitants in thousands; 16 of them are much larger.
CITIES = Spread(16, math.sqrt(53_843)), Spread(48, math.sqrt(5_581))
ALL_CITIES = Spread(64, math.sqrt(52_448))
Z = 1.959963984540054


def test_the_cities_of_cochran_have_his_standard_errors() -> None:
    assert round(math.sqrt(variance_of_total([ALL_CITIES], [24]))) == 2365
    assert round(math.sqrt(variance_of_total(CITIES, [6, 18]))) == 1372
    assert round(math.sqrt(variance_of_total(CITIES, [12, 12]))) == 1044


def test_his_24_cities_come_back_from_the_margin_that_they_keep() -> None:
    """Simple random, proportional (6 and 18) and optimum (12 and 12, from 12.21 and 11.79)."""
    assert simple_random_size(ALL_CITIES, Z * 2365.3) == pytest.approx(24, abs=0.01)
    assert sizes_for(CITIES, Z * 1372.0, Allocation.PROPORTIONAL) == [6, 18]
    assert sizes_for(CITIES, Z * 1044.2, Allocation.NEYMAN) == [13, 12]


def test_the_islanders_of_cochran_are_356_of_3200() -> None:
    """Section 4.4: half have a blood group, within 5 points, t = 2: 400 before and 356 after the finite correction."""
    islanders = Spread(3200, 0.5)
    assert simple_random_size(islanders, 3200 * 0.05 * Z / 2) == pytest.approx(3200 * 400 / 3600, rel=1e-9)


def test_a_stratum_that_asks_for_more_than_it_has_is_taken_whole_and_the_rest_keeps_the_margin() -> None:
    strata = [Spread(5, 1000.0), Spread(500, 1.0)]
    sizes = sizes_for(strata, 20.0, Allocation.NEYMAN)
    assert sizes[0] == 5
    assert 2 <= sizes[1] < 500
    assert margin_of(strata, sizes) <= 20.0


@pytest.mark.parametrize("allocation", list(Allocation))
@pytest.mark.parametrize("margin", [3.0, 20.0, 60.0])
def test_whatever_the_allocation_the_margin_is_kept(allocation: Allocation, margin: float) -> None:
    strata = [spread_of_share(n, p) for n, p in ((400, 0.5), (90, 0.1), (1200, 0.03), (1, 0.5))]
    sizes = sizes_for(strata, margin, allocation)
    assert margin_of(strata, sizes) <= margin
    assert all(size <= stratum.n for size, stratum in zip(sizes, strata, strict=True))


def test_neyman_needs_fewer_reviews_than_proportional_where_strata_differ() -> None:
    strata = [spread_of_share(300, 0.5), spread_of_share(3000, 0.01)]
    by = {allocation: sum(sizes_for(strata, 25.0, allocation)) for allocation in Allocation}
    assert by[Allocation.NEYMAN] < by[Allocation.PROPORTIONAL]

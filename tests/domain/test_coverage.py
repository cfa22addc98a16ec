"""What is thin comes first; what holds enough, or nothing at all anywhere, changes no order."""

from __future__ import annotations

from labeler.domain.coverage import BANDS, ENOUGH, Coverage, cells_of
from labeler.domain.items import Modality
from labeler.domain.queue import rank
from labeler.domain.rubric import Tier


def test_the_thinnest_cell_decides_how_early_an_item_comes() -> None:
    coverage = Coverage()
    for _ in range(ENOUGH):
        coverage.add(cells_of(Modality.IMAGE, Tier.EASY, {"kind": "table"}))
    coverage.add(cells_of(Modality.IMAGE, Tier.HARD, {"kind": "chart"}))
    enough, thin, unseen, elsewhere = (
        coverage.band(cells_of(modality, tier, {"kind": kind}))
        for modality, tier, kind in (
            (Modality.IMAGE, Tier.EASY, "table"),
            (Modality.IMAGE, None, "chart"),
            (Modality.IMAGE, None, "receipt"),
            (Modality.AUDIO, None, "table"),
        )
    )
    assert enough == BANDS - 1
    assert unseen == elsewhere == 0 <= thin < enough


def test_an_item_without_known_cells_is_not_thin() -> None:
    assert Coverage().band(cells_of(Modality.TEXT, None, {"snr_db": "null"})) == BANDS - 1


def test_bands_keep_their_order_and_are_shuffled_within() -> None:
    ids = [f"i{n}" for n in range(300)]
    ranks = {band: sorted(rank(item, 7, band) for item in ids) for band in range(BANDS)}
    assert all(ranks[band][-1] < ranks[band + 1][0] for band in range(BANDS - 1))
    assert 0 <= ranks[0][0] <= ranks[BANDS - 1][-1] < 2**62
    assert sorted(ids, key=lambda i: rank(i, 7, 3)) == sorted(ids, key=lambda i: rank(i, 7))

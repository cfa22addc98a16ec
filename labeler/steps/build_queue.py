"""Building the queue of a release: every flip, and a known share of the rest, what is thin first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.domain.coverage import BANDS, Coverage, cells_of
from labeler.domain.items import Modality
from labeler.domain.project import ProjectSettings
from labeler.domain.queue import QueueEntry, Why, draw, rank
from labeler.domain.rubric import Tier
from labeler.store import Store

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Queued:
    """What came into the queue. `spared` had their very outputs judged in other releases: those verdicts stand."""

    flips: int
    drawn: int
    spared: int
    thin: int = 0
    """Of those that came in, items that come first since their tier or a slice holds few resolved ones."""


def build_queue(store: Store, release: str, settings: ProjectSettings) -> Queued:
    """Add what is not in the queue yet; what is there stays, with its place and probability."""
    flips = drawn = spared = thin = 0
    bands: Mapping[str, int] | None = None
    after = ""
    while candidates := store.undrawn(release, after, _BATCH):
        if not after:
            bands = bands_of(store)
        after = candidates[-1].item_id
        entries = []
        for candidate in candidates:
            chosen = draw(candidate.item_id, candidate.item_class, settings.seed, settings.random_share)
            if chosen is None:
                continue
            if candidate.judged:
                spared += 1
                continue
            flips += chosen.why is Why.FLIP
            drawn += chosen.why is Why.RANDOM
            band = None if bands is None else bands.get(candidate.item_id, BANDS - 1)
            thin += band is not None and band < BANDS - 1
            place = rank(candidate.item_id, settings.seed, band)
            entries.append(QueueEntry(candidate.item_id, candidate.modality, chosen.why, chosen.p, place))
        store.store_queue(release, entries)
    return Queued(flips, drawn, spared, thin)


def put_thin_first(store: Store, release: str, settings: ProjectSettings) -> int:
    """Order what still waits in a release's queue by what is thin now; the answer is how many items come first."""
    bands = bands_of(store)
    if bands is None:
        return 0
    waiting = store.open_items(release)
    store.rerank(release, ((item, rank(item, settings.seed, bands.get(item, BANDS - 1))) for item in waiting))
    return sum(item in bands for item in waiting)


def bands_of(store: Store) -> dict[str, int] | None:
    """How early each item of a thin tier or slice comes; None while nothing is resolved and all is thin alike.

    Slices with few values count (see `store.telling_slices`), and the tier that an earlier release's people gave.
    """
    resolved = {item: (Modality(modality), Tier(tier)) for item, modality, tier in store.resolved_tiers()}
    if not resolved:
        return None
    slices: dict[str, dict[str, str]] = {}
    for key in store.telling_slices():
        for value, item in store.slice_rows(key):
            slices.setdefault(item, {})[key] = value
    coverage = Coverage()
    for item, (modality, tier) in resolved.items():
        coverage.add(cells_of(modality, tier, slices.get(item, {})))
    bands = {}
    for item, modality in store.modalities():
        known = resolved.get(item)
        band = coverage.band(cells_of(modality, known[1] if known else None, slices.get(item, {})))
        if band < BANDS - 1:
            bands[item] = band
    return bands

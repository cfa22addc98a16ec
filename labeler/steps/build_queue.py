"""Building the queue of a release: every flip, and a known share of the rest."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.project import ProjectSettings
from labeler.domain.queue import QueueEntry, Why, draw, rank
from labeler.store import Store

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Queued:
    """What came into the queue. `spared` had their very outputs judged in another release: those verdicts stand."""

    flips: int
    drawn: int
    spared: int


def build_queue(store: Store, release: str, settings: ProjectSettings) -> Queued:
    """Add what is not in the queue yet; what is there stays, with its place and probability."""
    flips = drawn = spared = 0
    after = ""
    while candidates := store.undrawn(release, after, _BATCH):
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
            place = rank(candidate.item_id, settings.seed)
            entries.append(QueueEntry(candidate.item_id, candidate.modality, chosen.why, chosen.p, place))
        store.store_queue(release, entries)
    return Queued(flips, drawn, spared)

"""Comparing the outputs of a release, or of two files: which items flipped, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from labeler.domain.differences import compare
from labeler.domain.differences.model import ItemClass
from labeler.domain.differences.to_json import comparison_to_json
from labeler.domain.item_json import output_from_json
from labeler.domain.items import Modality, Release
from labeler.steps.executor import Executor, executor_for
from labeler.steps.progress import Tell, silent
from labeler.store import Compared, Store, ToCompare

CHUNK = 250
"""Pairs handed to an executor at once."""


@dataclass(slots=True)
class Classes:
    """How many items are same, cosmetic and flips, and how many differences of each kind they have."""

    items: Counter[ItemClass] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, item_class: ItemClass, kinds: Iterable[str]) -> None:
        self.items[item_class] += 1
        self.kinds.update(kinds)


@dataclass(frozen=True, slots=True)
class Answered:
    """A comparison made by an executor: what the store keeps, and the kinds of its differences."""

    stored: Compared
    kinds: tuple[str, ...]


def compare_release(
    store: Store, release: Release, *, executor: Executor | None = None, tell: Tell = silent
) -> dict[Modality, Classes]:
    """Compare what is not compared yet, in transactions of a few hundred items; the answer counts these alone."""
    found: dict[Modality, Classes] = {}
    for modality, pair in release.pairs.items():
        classes = found.setdefault(modality, Classes())
        total = store.output_count(pair.new)
        running = executor or executor_for(total)
        done = 0
        for answers in running.map(compare_chunk, _chunks(store, release, modality)):
            store.store_comparisons(release.id, [answer.stored for answer in answers])
            for answer in answers:
                classes.add(answer.stored.item_class, answer.kinds)
            done += len(answers)
            tell(f"Comparing {modality}", done, total)
        tell(f"Comparing {modality}", total, total)
    return found


def _chunks(store: Store, release: Release, modality: Modality) -> Iterator[list[ToCompare]]:
    after = ""
    while chunk := store.to_compare(release, modality, after, CHUNK):
        after = chunk[-1].item_id
        yield chunk


def compare_chunk(pairs: Sequence[ToCompare]) -> list[Answered]:
    """Compare some pairs of outputs; runs wherever the executor is."""
    return [_compared(pair) for pair in pairs]


def _compared(pair: ToCompare) -> Answered:
    old, new = (output_from_json(orjson.loads(data)) for data in (pair.old, pair.new))
    comparison = compare(old, new)
    stored = Compared(
        item_id=pair.item_id,
        item_class=comparison.item_class,
        differences=len(comparison.differences),
        weight=comparison.weight,
        data=orjson.dumps(comparison_to_json(pair.item_id, comparison)),
        old_sha256=pair.old_sha256,
        new_sha256=pair.new_sha256,
    )
    return Answered(stored, tuple(str(difference.kind) for difference in comparison.differences))

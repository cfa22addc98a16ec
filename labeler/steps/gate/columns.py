"""Counting by columns: where gold set and outputs hold the same items in the same order and the outputs are text.

Whole stretches are parsed in one call, and no step runs per record but the hash of what was said, its look-up among
what people judged, and one entry in a list that is counted at the end. Anything else is left to the walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from labeler.domain.items import Modality
from labeler.formats.gate.frames import Ids
from labeler.formats.gate.hashes import digest_bytes, digest_of_judged
from labeler.formats.gate.lines import GoldLine, all_gold, model_of
from labeler.formats.gate.texts import Texts, read_texts
from labeler.formats.row import RefusedError
from labeler.steps.gate.counts import Counts, Group, SideSeen, Task, Version
from labeler.steps.gate.judging import Judge, Judgement
from labeler.steps.gate.outputs import bytes_of, pieces_of
from labeler.steps.uncollected import without_collection

AT_ONCE = 32 << 20
"""Bytes of an outputs file that are parsed in one call at most."""


def count_columns(task: Task, grouped: Callable[[GoldLine], Group]) -> Counts | None:
    """None, with nothing counted, when it takes a walk."""
    with without_collection():
        return _columns(task, grouped)


def _columns(task: Task, grouped: Callable[[GoldLine], Group]) -> Counts | None:
    if "old" not in task.files or any(stretch.end - stretch.start > AT_ONCE for stretch in task.files.values()):
        return None
    golds = all_gold(bytes_of(task.records))
    if golds is None:
        return None
    ids = [gold.id for gold in golds]
    if any(before >= after for before, after in pairwise(ids)):
        return None
    ids_there = Ids(ids)
    columns: dict[Version, Texts] = {}
    for version, stretch in task.files.items():
        side = read_texts(pieces_of(stretch), ids_there)
        if side is None:
            return None
        columns[version] = side
    return _count(golds, list(map(grouped, golds)), columns, Judge(task.thin))


def _count(golds: list[GoldLine], groups: list[Group], columns: dict[Version, Texts], judge: Judge) -> Counts | None:
    counts = Counts(records=len(golds))
    judged: dict[Version, list[Judgement]] = {}
    for version, side in columns.items():
        models = _models(groups, side.models)
        if models is None:
            return None
        judged[version] = _judged(golds, side.texts, columns, judged, judge)
        hashes = digest_bytes([digest for digest, _, _ in judged[version]])
        counts.sides[version] = SideSeen(models, digest_of_judged([gold.id for gold in golds], hashes), [])
    for against in counts.compared.keys() & judged.keys():
        _compare(counts, against, golds, groups, judged)
    for gold, (_, right, _) in zip(golds, judged["new"], strict=True):
        if gold.critical:
            counts.add_critical(gold.id, right)
    counts.agreement = judge.agreement
    return counts


def _judged(
    golds: list[GoldLine],
    texts: list[bytes],
    columns: dict[Version, Texts],
    judged: dict[Version, list[Judgement]],
    judge: Judge,
) -> list[Judgement]:
    """One model often says what another said: then that one's judgement holds, without hashing it again."""
    earlier = [(columns[version].texts, known) for version, known in judged.items()]
    return [
        next((known[row] for others, known in earlier if others[row] == text), None) or judge.judge_plain(gold, text)
        for row, (gold, text) in enumerate(zip(golds, texts, strict=True))
    ]


def _compare(
    counts: Counts, against: Version, golds: list[GoldLine], groups: list[Group], judged: dict[Version, list[Judgement]]
) -> None:
    keys = []
    for gold, group, (_, old, old_alone), (_, new, new_alone) in zip(
        golds, groups, judged[against], judged["new"], strict=True
    ):
        drawn, by_match = gold.drawn, old_alone + new_alone
        p, why = (drawn.p, drawn.why) if drawn else (1.0, "")
        keys.append((group, old, new, by_match, p, why))
        if old != new:
            counts.group(against, group).decided(gold.id, old, new, by_match)
    for (group, old, new, by_match, p, why), times in Counter(keys).items():
        key = (float(old), float(new), float(by_match), 1 / p, why == "flip")
        counted = counts.group(against, group).times
        counted[key] = counted.get(key, 0) + times


def _models(groups: list[Group], models: list[bytes]) -> dict[Modality, set[str]] | None:
    """The models of each modality; None when one of them is not as it should be, which the walk puts into words."""
    found: dict[Modality, set[str]] = {}
    try:
        for modality, model in {(group.modality, model) for group, model in zip(groups, models, strict=True)}:
            found.setdefault(modality, set()).add(model_of(model))
    except RefusedError:
        return None
    return found

"""Counting by a gold set's own columns: what is said is hashed, and who is right is looked up in arrays.

No record is parsed but those of outputs that nobody judged, and the share by which the match is measured. Outputs that
are not plain text, or not of just the items of the block in its order, are left to the other ways.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import eq

import numpy as np
from numpy.typing import NDArray

from labeler.domain.gate.tally import EXAMPLES, remember
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.formats.gate.frames import Ids
from labeler.formats.gate.hashes import (
    CAME,
    DIGEST_WORDS,
    Digests,
    digest_of_judged,
    digests_from,
    same_digests,
    text_digests,
    whole_of,
)
from labeler.formats.gate.lines import GoldLine, gold_line, model_of
from labeler.formats.gate.texts import Texts, read_texts
from labeler.formats.gate.wholes import read_wholes
from labeler.formats.gold.columns import Block, numbers, read_block
from labeler.formats.row import RefusedError
from labeler.steps.gate.counts import Counts, Group, SideSeen, Task, Version, cells_of
from labeler.steps.gate.judging import Judge
from labeler.steps.gate.outputs import bytes_of, pieces_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One side's outputs: their hashes, which are right, and which only the match says so of."""

    digests: Digests
    right: Bools
    alone: Bools

    def take(self, other: _Judged, rows: Ints) -> None:
        """What another side's judgement says of these rows."""
        for mine, theirs in ((self.digests, other.digests), (self.right, other.right), (self.alone, other.alone)):
            mine[rows] = theirs[rows]


def count_block(task: Task) -> Counts | None:
    """None, with nothing counted, where the gold set has no columns or the outputs take another way."""
    if task.columns is None or "old" not in task.files:
        return None
    was_on = gc.isenabled()
    gc.disable()  # parsed lines refer to nothing in circles
    try:
        return _count(task, read_block(bytes_of(task.columns)))
    finally:
        if was_on:
            gc.enable()


def _count(task: Task, block: Block) -> Counts | None:
    sides: dict[Version, Texts] = {}
    held: dict[Version, dict[Modality, set[str]]] = {}
    ids = Ids(block.ids)
    for version, stretch in task.files.items():
        side = read_texts(pieces_of(stretch), ids) or read_wholes(pieces_of(stretch), ids)
        named = _models(block, side.models) if side else None
        if side is None or named is None:
            return None
        sides[version], held[version] = side, named
    if any(side.whole for side in sides.values()):
        # Told alike, so that it shows where one model says what another said.
        for side in sides.values():
            if not side.whole:
                side.texts, side.whole = list(map(whole_of, side.texts)), True
    counts = Counts(records=len(block.ids))
    judge = _BlockJudge(task, block)
    judged: dict[Version, _Judged] = {}
    for version, side in sides.items():
        judged[version] = judge.judge(side)
        digest = digest_of_judged(block.ids, judged[version].digests.tobytes())
        counts.sides[version] = SideSeen(held[version], digest, [])
    groups = _groups(task, block)
    for against in counts.compared.keys() & judged.keys():
        _compare(counts, against, block, groups, judged)
    critical = np.array([kind.critical for kind in block.kinds])[numbers(block.kind)]
    for row in np.flatnonzero(critical).tolist():
        counts.add_critical(block.ids[row], float(judged["new"].right[row]))
    counts.agreement = judge.judge_lines.agreement
    return counts


class _BlockJudge:
    """Looks up what people said of each output, by hash; what they did not judge is matched, by its record."""

    def __init__(self, task: Task, block: Block) -> None:
        self.judge_lines = Judge(task.thin)
        self._task = task
        counts = numbers(block.judged)
        self._rows = np.repeat(np.arange(len(counts)), counts)
        self._known = digests_from(block.hashes)
        self._rights = np.frombuffer(block.rights, np.bool_)
        self._earlier: list[tuple[list[bytes], _Judged]] = []
        lines = numbers(block.lines)
        self._line_starts = task.records.start + np.cumsum(lines) - lines

    def judge(self, side: Texts) -> _Judged:
        """One model often says what another said: then that one's judgement holds, without being computed again."""
        texts = side.texts
        # No output has the hash 0.
        nothing = np.zeros((len(texts), DIGEST_WORDS), np.uint64)
        judged = _Judged(nothing, np.zeros(len(texts), np.bool_), np.ones(len(texts), np.bool_))
        new = np.ones(len(texts), np.bool_)
        for others, known in self._earlier:
            same = np.flatnonzero(new & np.fromiter(map(eq, texts, others), np.bool_, len(texts)))
            judged.take(known, same)
            new[same] = False
        self._judge_rows(side, np.flatnonzero(new), judged)
        self._earlier.append((texts, judged))
        return judged

    def _judge_rows(self, side: Texts, rows: Ints, judged: _Judged) -> None:
        texts = side.texts
        if len(rows) == len(texts):
            digests = judged.digests[:] = text_digests(texts, whole=side.whole)
        else:
            digests = np.zeros_like(judged.digests)
            said = [texts[row] for row in rows.tolist()]
            digests[rows] = judged.digests[rows] = text_digests(said, whole=side.whole)
        # Of two judgements of one output the first counts.
        found = same_digests(self._known, digests, self._rows)[::-1]
        judged.right[self._rows[found]] = self._rights[found]
        judged.alone[self._rows[found]] = False
        if side.whole:  # an output that never came is wrong, whatever people said of one
            failed = np.array([row for row in rows.tolist() if not texts[row].startswith(CAME)], np.int64)
            judged.right[failed] = judged.alone[failed] = False
        by_record = judged.alone[rows] | (_last_digits(digests)[rows] % self._task.thin == 0)
        some = rows[by_record].tolist()
        judge = self.judge_lines.judge_whole if side.whole else self.judge_lines.judge_plain
        for row, gold in zip(some, self._records(some), strict=True):
            _, judged.right[row], judged.alone[row] = judge(gold, texts[row])

    def _records(self, rows: list[int]) -> Iterator[GoldLine]:
        """The records of these rows, which are mostly few."""
        with self._task.records.path.open("rb") as file:
            for start in self._line_starts[rows].tolist():
                file.seek(start)
                yield gold_line(file.readline())


def _last_digits(hashes: Digests) -> NDArray[np.uint32]:
    """The last eight hexadecimal digits of each hash, as a number."""
    return hashes.view(">u4")[:, -1].astype(np.uint32)


def _groups(task: Task, block: Block) -> tuple[Ints, list[tuple[Group, float, bool]]]:
    """A code for each row, and what it stands for: where the record counts, its weight, and whether it is a flip."""
    cut = numbers(block.slice) if task.policy.slices else np.zeros(len(block.ids), np.int64)
    codes, back = np.unique(cut * len(block.kinds) + numbers(block.kind), return_inverse=True)
    named, known = [], dict[tuple[str, str, int], Group]()
    for code in codes.tolist():
        at, number = divmod(code, len(block.kinds))
        kind = block.kinds[number]
        key = kind.modality, kind.tier, at
        if key not in known:
            cells = cells_of(task.policy, block.slices[at] if task.policy.slices else b"")
            known[key] = Group(Modality(kind.modality), Tier(kind.tier), cells)
        named.append((known[key], 1 / kind.p, kind.why == "flip"))
    return back, named


def _compare(
    counts: Counts,
    against: Version,
    block: Block,
    groups: tuple[Ints, list[tuple[Group, float, bool]]],
    judged: dict[Version, _Judged],
) -> None:
    codes, named = groups
    old, new = judged[against], judged["new"]
    alone = old.alone.astype(np.int64) + new.alone
    keys = ((codes * 2 + old.right) * 2 + new.right) * 3 + alone
    for key, times in zip(*(part.tolist() for part in np.unique(keys, return_counts=True)), strict=True):
        outcome, by_match = divmod(key, 3)
        code, sides = divmod(outcome, 4)
        group, weight, flip = named[code]
        told = (float(sides // 2), float(sides % 2), float(by_match), weight, flip)
        counted = counts.group(against, group).times
        counted[told] = counted.get(told, 0) + times
    differ = np.flatnonzero(old.right != new.right)
    numbered = {group: number for number, group in enumerate(dict.fromkeys(group for group, _, _ in named))}
    group_of = np.array([numbered[group] for group, _, _ in named])[codes]
    for rows in _by_code(differ, group_of):
        compared = counts.group(against, named[int(codes[rows[0]])][0])
        for ids, decided in ((compared.newly_wrong, rows[old.right[rows]]), (compared.unjudged, rows[alone[rows] > 0])):
            remember(ids, [block.ids[row] for row in decided[:EXAMPLES].tolist()])


def _by_code(rows: Ints, codes: Ints) -> list[Ints]:
    """The rows of each code, in order."""
    if not len(rows):
        return []
    sorted_rows = rows[np.argsort(codes[rows], kind="stable")]
    return np.split(sorted_rows, np.flatnonzero(np.diff(codes[sorted_rows])) + 1)


def _models(block: Block, models: list[bytes]) -> dict[Modality, set[str]] | None:
    """The models of each modality; None when one is not as it should be, which the walk puts into words."""
    whose = set(models)
    if len(whose) == 1:
        pairs = {(kind.modality, model) for kind in block.kinds for model in whose}
    else:
        modalities: Callable[[int], str] = [kind.modality for kind in block.kinds].__getitem__
        pairs = set(zip(map(modalities, numbers(block.kind).tolist()), models, strict=True))
    found: dict[Modality, set[str]] = {}
    try:
        for modality, model in pairs:
            found.setdefault(Modality(modality), set()).add(model_of(model))
    except RefusedError:
        return None
    return found

"""Counting by a gold set's own columns: what is said is hashed, and who is right is looked up in arrays.

No record is parsed but those of outputs that nobody judged, and the share by which the match is measured. Outputs that
are not plain text, or not of just the items of the block in its order, are left to the other ways.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from operator import eq

import numpy as np
from numpy.typing import NDArray

from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.formats.gate_lines import (
    GoldLine,
    PlainLine,
    all_plain,
    gold_line,
    model_of,
    models_in,
    no_doubled_keys,
    texts_sha256,
)
from labeler.formats.gold_columns import HASH_BYTES, Block, numbers, read_block
from labeler.formats.rows import RefusedError
from labeler.steps.gate_counts import Counts, Group, SideSeen, Task, Version, cells_of, what_was_judged
from labeler.steps.gate_judging import Judge
from labeler.steps.gate_outputs import bytes_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One side's outputs: their hashes, which are right, and which only the match says so of."""

    hashes: list[str]
    right: Bools
    alone: Bools

    def take(self, other: _Judged, rows: Ints) -> None:
        """What another side's judgement says of these rows."""
        if len(rows) == len(self.hashes):
            self.hashes[:] = other.hashes
        else:
            for row in rows.tolist():
                self.hashes[row] = other.hashes[row]
        self.right[rows], self.alone[rows] = other.right[rows], other.alone[rows]


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
    sides: dict[Version, list[PlainLine]] = {}
    held: dict[Version, dict[Modality, set[str]]] = {}
    for version, stretch in task.files.items():
        data = bytes_of(stretch)
        lines = all_plain(data)
        if lines is None or [line.item_id for line in lines] != block.ids:
            return None
        models = models_in(lines)
        named = _models(block, lines, models) if no_doubled_keys(data, lines, models) else None
        if named is None:
            return None
        sides[version], held[version] = lines, named
    counts = Counts(records=len(block.ids))
    judge = _BlockJudge(task, block)
    judged: dict[Version, _Judged] = {}
    for version, lines in sides.items():
        judged[version] = judge.judge(lines)
        counts.sides[version] = SideSeen(held[version], what_was_judged(block.ids, judged[version].hashes), [])
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
        self._task, self._block = task, block
        counts = numbers(block.judged)
        self._rows = np.repeat(np.arange(len(counts)), counts)
        self._known = _words(block.hashes)
        self._rights = np.frombuffer(block.rights, np.bool_)
        self._earlier: list[tuple[list[str], _Judged]] = []
        self._record_bytes: bytes | None = None
        self._line_starts: list[int] = []

    def judge(self, lines: list[PlainLine]) -> _Judged:
        """One model often says what another said: then that one's judgement holds, without being computed again."""
        texts = [line.text for line in lines]
        judged = _Judged([""] * len(texts), np.zeros(len(texts), np.bool_), np.ones(len(texts), np.bool_))
        new = np.ones(len(texts), np.bool_)
        for others, known in self._earlier:
            same = np.flatnonzero(new & np.fromiter(map(eq, texts, others), np.bool_, len(texts)))
            judged.take(known, same)
            new[same] = False
        self._judge_rows(lines, texts, np.flatnonzero(new), judged)
        self._earlier.append((texts, judged))
        return judged

    def _judge_rows(self, lines: list[PlainLine], texts: list[str], rows: Ints, judged: _Judged) -> None:
        hashes = texts_sha256([texts[row] for row in rows.tolist()])
        for row, digest in zip(rows.tolist(), hashes, strict=True):
            judged.hashes[row] = digest
        digests = np.zeros((len(texts), HASH_BYTES // 8), np.uint64)
        digests[rows] = _words(bytes.fromhex("".join([digest[7:] for digest in hashes])))
        # Of two judgements of one output the first counts. No output has the hash 0.
        found = np.flatnonzero((self._known == digests[self._rows]).all(axis=1))[::-1]
        judged.right[self._rows[found]] = self._rights[found]
        judged.alone[self._rows[found]] = False
        by_record = judged.alone[rows] | (_last_digits(digests)[rows] % self._task.thin == 0)
        for row in rows[by_record].tolist():
            _, judged.right[row], judged.alone[row] = self.judge_lines.judge_plain(self._record(row), lines[row])

    def _record(self, row: int) -> GoldLine:
        if self._record_bytes is None:
            self._record_bytes = bytes_of(self._task.records)
            self._line_starts = [0, *accumulate(numbers(self._block.lines).tolist())]
        return gold_line(self._record_bytes[self._line_starts[row] : self._line_starts[row + 1]])


def _words(hashes: bytes) -> NDArray[np.uint64]:
    """Each hash as four numbers, which compare faster than bytes do."""
    return np.frombuffer(hashes, np.uint64).reshape(-1, HASH_BYTES // 8)


def _last_digits(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The last eight hexadecimal digits of each hash, as a number."""
    return hashes.view(">u4")[:, -1].astype(np.uint32)


def _groups(task: Task, block: Block) -> tuple[Ints, list[tuple[Group, float, bool]]]:
    """A code for each row, and what it stands for: where the record counts, its weight, and whether it is a flip."""
    cut = numbers(block.slice) if task.policy.slices else np.zeros(len(block.ids), np.int64)
    codes, back = np.unique(cut * len(block.kinds) + numbers(block.kind), return_inverse=True)
    named = []
    for code in codes.tolist():
        kind = block.kinds[code % len(block.kinds)]
        cells = cells_of(task.policy, block.slices[code // len(block.kinds)] if task.policy.slices else b"")
        group = Group(Modality(kind.modality), Tier(kind.tier), cells)
        named.append((group, 1 / kind.p, kind.why == "flip"))
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
    for row in np.flatnonzero(old.right != new.right).tolist():
        group = named[int(codes[row])][0]
        was, now, by_match = float(old.right[row]), float(new.right[row]), float(alone[row])
        counts.group(against, group).decided(block.ids[row], was, now, by_match)


def _models(block: Block, lines: list[PlainLine], models: Counter[bytes]) -> dict[Modality, set[str]] | None:
    """The models of each modality; None when one is not as it should be, which the walk puts into words."""
    if len(models) == 1:
        pairs = {(kind.modality, model) for kind in block.kinds for model in models}
    else:
        modalities: Callable[[int], str] = [kind.modality for kind in block.kinds].__getitem__
        pairs = set(
            zip(map(modalities, numbers(block.kind).tolist()), [bytes(line.model) for line in lines], strict=True)
        )
    found: dict[Modality, set[str]] = {}
    try:
        for modality, model in pairs:
            found.setdefault(Modality(modality), set()).add(model_of(model))
    except RefusedError:
        return None
    return found

"""Comparing two outputs files without a project: streamed, on all cores, one line of report an item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from labeler.formats.items import check_item
from labeler.formats.outputs import check_output, judged_sha256
from labeler.formats.row import RecordFile, Refusal, RefusedError, Row
from labeler.formats.rows import open_rows
from labeler.steps.bring.media import MediaSource
from labeler.steps.bring.records import sha256_of
from labeler.steps.compare import CHUNK, Classes, compare_chunk
from labeler.steps.executor import Executor, Here, Processes, cores
from labeler.steps.progress import OnProblem, Problem, Tell, ignore, silent
from labeler.store import ToCompare

_SMALL_FILE = 4 * 1024 * 1024
"""Bytes. Below, child processes take longer to start than the comparison."""


@dataclass(slots=True)
class FilesCompared:
    """What two files differ in, per modality (or `all` without an items file)."""

    classes: dict[str, Classes] = field(default_factory=dict)
    only_old: int = 0
    only_new: int = 0
    refused: int = 0


def compare_files(
    old: Path,
    new: Path,
    items: Path | None = None,
    *,
    write: Callable[[bytes], object] | None = None,
    executor: Executor | None = None,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
) -> FilesCompared:
    """Compare the outputs of the same item and sample in both files; `write` gets a JSON line for each.

    Lines come in the order in which both sides of a pair were read. Memory grows only with how far the orders of the
    two files differ. Raises LabelerError when a file cannot be read at all.
    """
    found = FilesCompared()

    def refuse(problem: Problem) -> None:
        found.refused += 1
        on_problem(problem)

    modalities = _modalities(items, refuse) if items is not None else None
    pairing = _Pairing(open_rows(old), open_rows(new), (old, new), refuse)
    running = executor or _executor(old, new)
    for answers in running.map(compare_chunk, _chunks(pairing, tell)):
        for answered in answers:
            stored = answered.stored
            group = "all" if modalities is None else modalities.get(stored.item_id, "not among the items")
            found.classes.setdefault(group, Classes()).add(stored.item_class, answered.kinds)
            if write is not None:
                write(stored.data + b"\n")
    found.only_old, found.only_new = (len(waiting) for waiting in pairing.waiting)
    return found


def _executor(old: Path, new: Path) -> Executor:
    large = old.stat().st_size + new.stat().st_size > _SMALL_FILE
    return Processes() if large and cores() > 1 else Here()


def _modalities(items: Path, refuse: OnProblem) -> dict[str, str]:
    found = {}
    for row in open_rows(items):
        try:
            if isinstance(row, Refusal):
                raise RefusedError(row.reason)
            check_item(row.raw)
        except RefusedError as refused:
            refuse(Problem(items, row.line, "refused", str(refused)))
        else:
            found[row.raw["id"]] = row.raw["modality"]
    return found


def _chunks(pairing: _Pairing, tell: Tell) -> Iterator[list[ToCompare]]:
    chunk: list[ToCompare] = []
    for pair in pairing:
        chunk.append(pair)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
            tell("Comparing", pairing.done, pairing.total)
    if chunk:
        yield chunk
    tell("Comparing", pairing.total, pairing.total)


Key = tuple[str, int]


class _Pairing:
    """Reads both files in step, and holds what waits for its other side."""

    def __init__(self, old: RecordFile, new: RecordFile, paths: tuple[Path, Path], refuse: OnProblem) -> None:
        self.files = (old, new)
        self.paths = paths
        self.refuse = refuse
        self.waiting: tuple[dict[Key, tuple[bytes, str]], dict[Key, tuple[bytes, str]]] = ({}, {})
        self.total = old.total + new.total

    @property
    def done(self) -> int:
        return self.files[0].done + self.files[1].done

    def __iter__(self) -> Iterator[ToCompare]:
        running = {0: iter(self.files[0]), 1: iter(self.files[1])}
        while running:
            for side in tuple(running):
                row = next(running[side], None)
                if row is None:
                    del running[side]
                elif (pair := self._match(side, row)) is not None:
                    yield pair

    def _match(self, side: int, row: Row | Refusal) -> ToCompare | None:
        try:
            key, data, digest = _checked(row, self.paths[side].parent)
            if key in self.waiting[side]:
                raise RefusedError(f"item {key[0]} is in this file twice")
        except RefusedError as refused:
            self.refuse(Problem(self.paths[side], row.line, "refused", str(refused)))
            return None
        other = self.waiting[1 - side].pop(key, None)
        if other is None:
            self.waiting[side][key] = (data, digest)
            return None
        (old, old_digest), (new, new_digest) = ((data, digest), other) if side == 0 else (other, (data, digest))
        return ToCompare(key[0], old, new, old_digest, new_digest)


def _checked(row: Row | Refusal, folder: Path) -> tuple[Key, bytes, str]:
    if isinstance(row, Refusal):
        raise RefusedError(row.reason)
    raw: dict[str, Any] = row.raw
    data = row.data
    check_output(raw)
    media = raw.get("media")
    if media is not None and raw.get("sha256") is None and "://" not in media:
        # Two files of one name in two folders need not be the same.
        found = MediaSource(folder, folder, frozenset()).find(media)
        raw, data = {**raw, "sha256": sha256_of(found)}, None
    return (raw["item_id"], raw.get("sample") or 0), data or orjson.dumps(raw), judged_sha256(raw)

"""gate.columns of a gold set: what a gate needs of its records, by columns, in blocks that are read by themselves.

It is written with the records and its hash stands in the manifest, so that a gate over a million records parses none of
them but those that a match has to be computed for. A block begins with a header that says which bytes of records.jsonl
it stands for and the id of its first record.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import orjson
from msgspec import Struct
from numpy.typing import NDArray

from labeler.domain.gold.records import GoldRecord
from labeler.formats.gold.records import in_order

RECORDS_A_BLOCK = 16_384
HASH_BYTES = 32
_HEADER = struct.Struct("<QQII")
"""First byte of the records and first one behind them, bytes of the first id, bytes of the block."""
_PREFIX = "sha256:"


class Kind(Struct, array_like=True, frozen=True, gc=False):
    """What many records have in common."""

    modality: str
    tier: str
    p: float
    why: str
    critical: bool


class Block(Struct, array_like=True, gc=False):
    """Columns of equal length, but those of the judged outputs. Numbers are little-endian."""

    ids: list[str]
    kinds: list[Kind]
    kind: bytes
    """uint32: index into `kinds`."""
    slices: list[bytes]
    slice: bytes
    """uint32: index into `slices`, which are JSON objects."""
    lines: bytes
    """uint32: bytes of each record's line, its end included."""
    judged: bytes
    """uint32: how many outputs of each record people judged."""
    hashes: bytes
    """32 bytes an output that was judged."""
    rights: bytes
    """One byte an output: 1 when it is right."""


@dataclass(frozen=True, slots=True)
class BlockAt:
    """Where a block lies in its file, and which bytes of the records it stands for."""

    start: int
    end: int
    records_start: int
    records_end: int
    first_id: str


class Sink(Protocol):
    """Where blocks go."""

    def write(self, data: bytes, /) -> object: ...


class ColumnsWriter:
    """Collects records and writes them block by block."""

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._at = 0
        self._start_anew()

    def _start_anew(self) -> None:
        self._from = self._at
        self._ids = list[str]()
        self._kinds = dict[Kind, int]()
        self._slices = dict[bytes, int]()
        self._codes: tuple[list[int], ...] = ([], [], [], [])
        self._hashes, self._rights = bytearray(), bytearray()

    def add(self, record: GoldRecord, line: bytes) -> None:
        """`line` is what stands for the record in records.jsonl."""
        known = [(bytes.fromhex(j.output_sha256[7:]), j.right) for j in record.judged if _is_hash(j.output_sha256)]
        kind = Kind(str(record.modality), str(record.tier), record.drawn.p, record.drawn.why, record.critical)
        slices = orjson.dumps(in_order(record.slices))
        numbers = (
            self._kinds.setdefault(kind, len(self._kinds)),
            self._slices.setdefault(slices, len(self._slices)),
            len(line),
            len(known),
        )
        for column, number in zip(self._codes, numbers, strict=True):
            column.append(number)
        for digest, right in known:
            self._hashes += digest
            self._rights.append(right)
        self._ids.append(record.id)
        self._at += len(line)
        if len(self._ids) == RECORDS_A_BLOCK:
            self.flush()

    def flush(self) -> None:
        """Write what was collected."""
        if not self._ids:
            return
        kind, slices, lines, judged = (np.array(column, "<u4").tobytes() for column in self._codes)
        block = Block(
            self._ids,
            list(self._kinds),
            kind,
            list(self._slices),
            slices,
            lines,
            judged,
            bytes(self._hashes),
            bytes(self._rights),
        )
        packed, first = msgspec.msgpack.encode(block), self._ids[0].encode()
        self._file.write(_HEADER.pack(self._from, self._at, len(first), len(packed)) + first + packed)
        self._start_anew()


def _is_hash(text: str) -> bool:
    """Anything else is no output's hash, and so the same as none."""
    if not text.startswith(_PREFIX) or len(text) != len(_PREFIX) + 2 * HASH_BYTES:
        return False
    try:
        bytes.fromhex(text[len(_PREFIX) :])
    except ValueError:
        return False
    return text == text.lower()


def blocks_of(path: Path) -> Iterator[BlockAt]:
    """The blocks of a file, in order. Raises ValueError where it ends too early."""
    with path.open("rb") as file:
        at = 0
        while header := file.read(_HEADER.size):
            try:
                start, end, name, size = _HEADER.unpack(header)
            except struct.error:
                raise ValueError(f"{path} ends within a block") from None
            first = file.read(name).decode()
            at += _HEADER.size + name
            yield BlockAt(at, at + size, start, end, first)
            at += size
            file.seek(at)


_decode = msgspec.msgpack.Decoder(Block).decode


def read_block(data: bytes) -> Block:
    """Raises msgspec.MsgspecError for what is no block."""
    return _decode(data)


def numbers(column: bytes) -> NDArray[np.int64]:
    """A column of numbers."""
    return np.frombuffer(column, "<u4").astype(np.int64)

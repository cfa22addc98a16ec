"""Outputs files for the gate: in order of item, a stretch at a time, and never held whole in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson
from msgspec import Raw

from labeler.domain.items import Modality
from labeler.errors import LabelerError
from labeler.formats.gate.lines import OutputLine, model_of, output_line
from labeler.formats.row import Refusal, RefusedError
from labeler.formats.rows import open_rows

RUN = 50_000
"""Lines that are sorted in memory at a time."""
_BLOCK = 1 << 20
PIECE = 1 << 17
"""Bytes that are read at a time where what comes of them should still be in the processor's cache."""
_BOM = b"\xef\xbb\xbf"


class OutOfOrderError(Exception):
    """The file is not sorted by item: put it in order with `in_order` first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole lines of a file: the bytes from `start` to before `end`."""

    path: Path
    start: int
    end: int
    original: Path | None = None
    """What the path is a sorted copy of."""

    @property
    def name(self) -> Path:
        return self.original or self.path


def lines_of(stretch: Stretch) -> Iterator[bytes]:
    """The lines without their ends; the last one may be empty."""
    left, tail = stretch.end - stretch.start, b""
    with stretch.path.open("rb") as file:
        file.seek(stretch.start)
        while left > 0:
            block = file.read(min(_BLOCK, left))
            if not block:
                break
            left -= len(block)
            lines = (tail + block).split(b"\n")
            tail = lines.pop()
            yield from lines
    yield tail


def pieces_of(stretch: Stretch) -> Iterator[bytes]:
    """The stretch in pieces of whole lines, about `PIECE` bytes of them; the last line may have no end."""
    left, tail = stretch.end - stretch.start, list[bytes]()
    with stretch.path.open("rb", buffering=0) as file:
        file.seek(stretch.start)
        while left > 0 and (block := file.read(min(PIECE, left))):
            left -= len(block)
            if end := block.rfind(b"\n") + 1:
                yield b"".join((*tail, block[:end]))
                tail = [block[end:]]
            else:
                tail.append(block)
    if last := b"".join(tail):
        yield last


def bytes_of(stretch: Stretch) -> bytes:
    with stretch.path.open("rb") as file:
        file.seek(stretch.start)
        return file.read(stretch.end - stretch.start)


class OutputsOf:
    """One outputs file, walked along with a gold set that is in the same order.

    Raises OutOfOrderError where it is not in order, LabelerError at a line that is no output.
    """

    def __init__(self, stretch: Stretch, first: str = "", behind: str | None = None) -> None:
        """`stretch` must hold items from `first` to before `behind` only."""
        self._stretch = stretch
        self._behind = behind
        self._lines = lines_of(stretch)
        self._number = 0
        self._models: dict[tuple[str, bytes], str] = {}
        self.models: dict[Modality, set[str]] = {}
        self._next: OutputLine | None = OutputLine(first, Raw(b""))
        self._advance()

    def find(self, item_id: str) -> list[OutputLine]:
        """The item's outputs, one a sample, in order of sample; none when it has none."""
        line = self._next
        while line is not None and line.item_id < item_id:
            self._advance()
            line = self._next
        if line is None or line.item_id != item_id:
            return []
        number = self._number
        self._advance()
        if self._next is None or self._next.item_id != item_id:
            return [line]
        return self._samples(line, number)

    def finish(self) -> None:
        """Read what is left, so that a bad line behind the last record is found."""
        while self._next is not None:
            self._advance()

    def name_model(self, modality: Modality, line: OutputLine) -> None:
        """Note whose output it is."""
        raw = bytes(line.model)
        if (modality, raw) not in self._models:
            self._models[modality, raw] = model_of(line.model)
            self.models.setdefault(modality, set()).add(self._models[modality, raw])

    def _samples(self, first: OutputLine, number: int) -> list[OutputLine]:
        found = {first.sample or 0: (first, number)}
        while (line := self._next) is not None and line.item_id == first.item_id:
            sample = line.sample or 0
            if sample in found:
                raise self._twice(line.item_id, found[sample][1])
            found[sample] = (line, self._number)
            self._advance()
        return [found[sample][0] for sample in sorted(found)]

    def _twice(self, item_id: str, number: int) -> LabelerError:
        here, there = f":{self._line(self._number)}", f" in line {self._line(number)}"
        if self._stretch.original is not None:  # lines of the sorted copy say nothing to people
            here = there = ""
        return LabelerError(
            f"{self._stretch.name}{here}: {item_id} has an output{there} already",
            remedy="give several answers of a model to one item different numbers in `sample`",
        )

    def _advance(self) -> None:
        before = self._next
        for line in self._lines:
            self._number += 1
            if line and not line.isspace():
                break
        else:
            self._next = None
            if self._behind is not None and before is not None and before.item_id >= self._behind:
                raise OutOfOrderError
            return
        try:
            read = self._next = output_line(line)
        except RefusedError as refused:
            if line.startswith(_BOM):
                raise OutOfOrderError from None
            raise bad_line(self._stretch.name, self._line(self._number), str(refused)) from None
        if before is not None and read.item_id < before.item_id:
            raise OutOfOrderError

    def _line(self, number: int) -> int:
        """The number in the file of the stretch's line; reads what is before it, so for errors only."""
        before = Stretch(self._stretch.path, 0, self._stretch.start)
        return number + (sum(1 for _ in lines_of(before)) - 1 if before.end else 0)


def in_order(path: Path, scratch: Path) -> Path:
    """A copy of an outputs file of any format as JSONL in order of item, sorted in runs that lie in `scratch`."""
    rows = _checked(path)
    runs = list[Path]()
    while part := sorted(islice(rows, RUN)):
        runs.append(scratch / f"run-{len(runs)}")
        with runs[-1].open("wb") as file:
            file.writelines(part)
    target = scratch / f"{path.stem}.jsonl"
    with ExitStack() as stack, target.open("wb") as file:
        opened = [stack.enter_context(run.open("rb")) for run in runs]
        # The bytes of UTF-8 sort as the characters do; a null is less than any character of an id.
        file.writelines(keyed.partition(b"\0")[2] for keyed in heapq.merge(*opened))
    for run in runs:
        run.unlink()
    return target


def _checked(path: Path) -> Iterator[bytes]:
    """Each output's id, a null and the line."""
    for row in open_rows(path):
        if isinstance(row, Refusal):
            raise bad_line(path, row.line, row.reason)
        data = row.data or orjson.dumps(row.raw)
        try:
            read = output_line(data)
        except RefusedError as refused:
            raise bad_line(path, row.line, str(refused)) from None
        yield b"%b\0%b\n" % (read.item_id.encode(), data)


def bad_line(path: Path, line: int, reason: str) -> LabelerError:
    return LabelerError(
        f"{path}:{line}: {reason}", remedy="mend the line: a gate does not pass over what it cannot read"
    )

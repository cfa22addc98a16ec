"""Lines of outputs that differ in nothing but their item and their text, as most programs write them.

What stands around the two is then found once and cut out of all lines at a time, which is several times quicker than
to parse each. Nothing is guessed: the bytes of every line are compared, so that a line is just what was parsed but for
its item and its text, and a file with any other line is parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
import numpy as np
import orjson
from msgspec import UNSET, Raw, Struct, UnsetType

from labeler.formats.rows_jsonl import may_hold_doubled_keys

_END = b"\n"
_ID, _TEXT = (re.compile(rb'"%b"[ \t]*:[ \t]*"((?:[^"\\]|\\.)*)"' % key) for key in (b"item_id", b"text"))


class PlainLine(Struct, gc=False, forbid_unknown_fields=True):
    """An output that is text and nothing else."""

    item_id: str
    model: Raw
    text: str
    sample: int | UnsetType | None = UNSET
    seed: float | UnsetType | None = UNSET
    latency_ms: float | UnsetType | None = UNSET
    cost: float | UnsetType | None = UNSET


_decode_line = msgspec.json.Decoder(PlainLine).decode


def in_json(text: str) -> bytes:
    """A text as JSON, without its quotes."""
    return orjson.dumps(text)[1:-1]


def from_json(said: bytes) -> str:
    """The text again. Raises ValueError for what is no text of JSON."""
    return str(orjson.loads(b'"%b"' % said))


def all_in_json(texts: list[str]) -> list[bytes]:
    """The same of each."""
    at_once = orjson.dumps(texts)[2:-2].split(b'","')
    # Where a text holds the very bytes that part them, there are more.
    return at_once if len(at_once) == len(texts) else list(map(in_json, texts))


class Ids:
    """Items in the order in which lines must be of them."""

    def __init__(self, ids: list[str]) -> None:
        self.in_json = all_in_json(ids)
        """Each without its quotes."""
        self.lengths = np.fromiter(map(len, self.in_json), np.int64, len(ids))


@dataclass(frozen=True, slots=True)
class Frame:
    """A line without its item and its text, and whose output it is."""

    before: bytes
    between: bytes
    behind: bytes
    """With the end of the line."""
    text_first: bool
    model: bytes

    def texts(self, lines: bytes, ids: Ids, at: int) -> list[bytes] | None:
        """What each line says, in JSON without quotes; the first line must be of the item `at` that place.

        None where a line is framed otherwise, or its item is another one.
        """
        data = np.frombuffer(lines, np.uint8)
        ends = np.flatnonzero(data == ord(_END))
        items, lengths = ids.in_json[at : at + len(ends)], ids.lengths[at : at + len(ends)]
        if len(items) != len(ends) or not len(ends) or ends[-1] != len(data) - 1:
            return None
        starts = np.concatenate(([0], ends[:-1] + 1)) + len(self.before)
        stops = ends + 1 - len(self.behind)
        around = lengths + len(self.between)
        starts, stops = (starts, stops - around) if self.text_first else (starts + around, stops)
        if (starts > stops).any():
            return None
        texts = [lines[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
        return _valid(texts, lines, self._quotes) if self._around(items, texts) == lines else None

    def _around(self, items: list[bytes], texts: list[bytes]) -> bytes:
        """The lines of these items with these texts."""
        parts = [self.behind + self.before, b"", self.between, b""] * len(items)
        parts[0] = self.before
        parts[1::4], parts[3::4] = (texts, items) if self.text_first else (items, texts)
        parts.append(self.behind)
        return b"".join(parts)

    @property
    def _quotes(self) -> int:
        return (self.before + self.between + self.behind).count(b'"')


def frame_of(line: bytes) -> Frame | None:
    """The frame of a line with its end; None where that does not say surely which bytes are item and text."""
    try:
        read = _decode_line(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    found = [list(key.finditer(line)) for key in (_ID, _TEXT)]
    if any(len(places) != 1 for places in found) or may_hold_doubled_keys(line):
        return None
    if any(from_json(at[1]) != value for (at,), value in zip(found, (read.item_id, read.text), strict=True)):
        return None
    spans = [at.span(1) for (at,) in found]
    text_first = spans[1] < spans[0]
    first, second = sorted(spans)
    around = line[: first[0]], line[first[1] : second[0]], line[second[1] :]
    if any(b"\\" in part for part in around) or not around[2].endswith(_END):
        return None
    return Frame(*around, text_first, bytes(read.model))


def _valid(texts: list[bytes], lines: bytes, quotes: int) -> list[bytes] | None:
    """The texts of `lines`, with so many quotes around each, as this program writes them; None where one is no
    text of JSON: a quote ends it too early, an escape is none, or it has a control character."""
    data = np.frombuffer(lines, np.uint8)
    if np.count_nonzero(data < ord(" ")) != len(texts) or not _is_utf8(lines):
        return None
    if np.count_nonzero(data == ord('"')) == quotes * len(texts) and b"\\" not in lines:
        return texts
    try:
        return [in_json(from_json(text)) if b'"' in text or b"\\" in text else text for text in texts]
    except ValueError:
        return None


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True

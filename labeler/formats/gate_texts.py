"""Many outputs at once that are text and nothing else: the most frequent ones, and the quickest to read.

Bytes are parsed a piece at a time, small enough that what comes of it is still in the processor's cache when it is
looked at. A stretch with a line of any other kind is not read here at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import numpy as np
from msgspec import Raw, Struct

from labeler.formats.rows_jsonl import may_hold_doubled_keys

PIECE = 1 << 17
"""Bytes that are parsed at a time, and those up to the end of the line."""
_OPTIONAL = ("sample", "seed", "latency_ms", "cost")


class _PlainLine(Struct, gc=False, forbid_unknown_fields=True):
    item_id: str
    model: Raw
    text: str
    sample: int | None = None
    seed: float | None = None
    latency_ms: float | None = None
    cost: float | None = None


_decode_lines = msgspec.json.Decoder(_PlainLine).decode_lines


@dataclass(slots=True)
class Texts:
    """What each of some lines says, and whose it is: its model, as JSON."""

    texts: list[str] = field(default_factory=list)
    models: list[bytes] = field(default_factory=list)


def read_texts(data: bytes, ids: list[str]) -> Texts | None:
    """None where the lines are not just one text each of just these items, in this order, and each key once."""
    found, at = Texts(), 0
    for piece in _pieces(data):
        try:
            lines = _decode_lines(piece)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        if [line.item_id for line in lines] != ids[at : at + len(lines)]:
            return None
        at += len(lines)
        texts, models = [line.text for line in lines], _models([line.model for line in lines])
        if not _no_doubled_keys(piece, lines, texts, models):
            return None
        found.texts += texts
        found.models += models
    return found if at == len(ids) else None


def _pieces(data: bytes) -> Iterator[bytes]:
    """Whole lines, about `PIECE` bytes of them."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + PIECE) + 1 or len(data)
        yield data[start:end]
        start = end


def _models(models: list[Raw]) -> list[bytes]:
    """Mostly all are the same one, which is then one object: to make as many takes longer than to compare them."""
    if models and models.count(models[0]) == len(models):
        return [bytes(models[0])] * len(models)
    return [bytes(model) for model in models]


def _no_doubled_keys(data: bytes, lines: list[_PlainLine], texts: list[str], models: list[bytes]) -> bool:
    """Whether surely no key stands twice in these lines, of which the parser would take the last value.

    A doubled key brings a colon of its own; so all colons are counted against those of keys and texts. Escaped ones
    could hide that, and make the lines be looked at one by one, as do keys that are there and null.
    """
    times = Counter(models)
    colons = 3 * len(lines) + sum(model.count(b":") * count for model, count in times.items())
    there = np.count_nonzero(np.frombuffer(data, np.uint8) == ord(":"))
    if there > colons:
        colons += "".join(texts).count(":") + "".join([line.item_id for line in lines]).count(":")
    if there > colons:
        colons += sum(getattr(line, key) is not None for key in _OPTIONAL for line in lines)
    if there != colons or (b"\\" in data and b"\\u003" in data):
        return False
    return not any(map(may_hold_doubled_keys, times))

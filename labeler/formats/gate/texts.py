"""Many outputs at once that are text and nothing else: the most frequent ones, and the quickest to read.

Bytes are read a piece at a time, small enough that what comes of it is still in the processor's cache when it is
looked at. A stretch with a line of any other kind is not read here at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from msgspec import Raw

from labeler.formats.gate.frames import Frame, Ids, PlainLine, all_in_json, frame_of
from labeler.formats.gate.shapes import ShapedLines
from labeler.formats.rows_jsonl import may_hold_doubled_keys

_TRIES = 3
"""In so many pieces of a stretch a frame is looked for in vain; then all are parsed."""


@dataclass(slots=True)
class Texts:
    """What each of some lines says, as JSON without its quotes, and whose it is: its model, as JSON."""

    texts: list[bytes] = field(default_factory=list)
    models: list[bytes] = field(default_factory=list)
    whole: bool = False
    """What is said is no text but all of an output, as the JSON that is hashed."""


def read_texts(pieces: Iterable[bytes], ids: Ids) -> Texts | None:
    """`pieces` are whole lines, of which only the last may have no end.

    None where the lines are not just one text each of just these items, in this order, and each key once.
    """
    found, tries, shaped = Texts(), _TRIES, ShapedLines(PlainLine)
    frame: Frame | None = None
    for piece in pieces:
        at = len(found.texts)
        texts = frame.texts(piece, ids, at) if frame else None
        if texts is None and tries:
            frame = frame_of(piece[: piece.find(b"\n") + 1])
            texts = frame.texts(piece, ids, at) if frame else None
            tries = _TRIES if texts is not None else tries - 1
        if texts is not None and frame is not None:
            found.texts += texts
            found.models += [frame.model] * len(texts)
        elif not _parse(piece, ids, found, shaped):
            return None
    return found if len(found.texts) == len(ids.in_json) else None


def _parse(piece: bytes, ids: Ids, found: Texts, shaped: ShapedLines) -> bool:
    """Whether the lines of the piece are such as `read_texts` wants; they are added then."""
    try:
        lines = shaped.decode(piece)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    at, behind = len(found.texts), len(found.texts) + len(lines)
    items = all_in_json([line.item_id for line in lines])
    if items != ids.in_json[at:behind]:
        return False
    texts, models = all_in_json([line.text for line in lines]), models_of([line.model for line in lines])
    if not shaped.each_key_once(piece, lines, (items, texts, models)):
        return False
    found.texts += texts
    found.models += models
    return not any(map(may_hold_doubled_keys, set(models)))


def models_of(models: list[Raw]) -> list[bytes]:
    """Mostly all are the same one, which is then one object: to make as many takes longer than to compare them."""
    if models and models.count(models[0]) == len(models):
        return [bytes(models[0])] * len(models)
    return [bytes(model) for model in models]

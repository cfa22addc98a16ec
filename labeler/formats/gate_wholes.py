"""Many outputs at once that say more than text: tables, values, regions, segments and labels, or that never came.

They are parsed a piece at a time, and made into what is hashed. A stretch with a medium or a key that this program does
not know is not read here at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import orjson
from msgspec import UNSET, Raw, Struct, UnsetType

from labeler.formats.gate_frames import Ids
from labeler.formats.gate_lines import OutputLine
from labeler.formats.gate_texts import Texts, models_of
from labeler.formats.rows_jsonl import may_hold_doubled_keys

_Text = str | UnsetType | None
_Number = float | UnsetType | None
_Span = tuple[int, int] | UnsetType | None


class _Region(Struct, gc=False, forbid_unknown_fields=True):
    box: tuple[float, float, float, float] | UnsetType | None = UNSET
    polygon: list[tuple[float, float]] | UnsetType | None = UNSET
    text: _Text = UNSET
    span: _Span = UNSET
    label: _Text = UNSET
    page: int | UnsetType | None = UNSET
    id: _Text = UNSET
    confidence: _Number = UNSET


class _Segment(Struct, gc=False, forbid_unknown_fields=True):
    start_s: float
    end_s: float
    text: _Text = UNSET
    span: _Span = UNSET
    speaker: _Text = UNSET
    confidence: _Number = UNSET


class _Line(Struct, gc=False, forbid_unknown_fields=True):
    """A key that is not there is told from one that is null: both must be written again as they were."""

    item_id: str
    model: Raw
    text: _Text = UNSET
    table: list[list[str]] | UnsetType | None = UNSET
    values: dict[str, Any] | UnsetType | None = UNSET
    regions: list[_Region] | UnsetType | None = UNSET
    segments: list[_Segment] | UnsetType | None = UNSET
    label: _Text = UNSET
    error: _Text = UNSET
    media: UnsetType | None = UNSET
    sha256: UnsetType | None = UNSET
    sample: int | UnsetType | None = UNSET
    seed: _Number = UNSET
    latency_ms: _Number = UNSET
    cost: _Number = UNSET


_decode_lines = msgspec.json.Decoder(_Line).decode_lines
_encode = msgspec.json.Encoder().encode


def read_wholes(pieces: Iterable[bytes], ids: Ids) -> Texts | None:
    """As `read_texts`; what each line says is the JSON that is hashed (`judged_sha256`)."""
    found = Texts(whole=True)
    for piece in pieces:
        try:
            lines = _decode_lines(piece)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        at = len(found.texts)
        if Ids([line.item_id for line in lines]).in_json != ids.in_json[at : at + len(lines)]:
            return None
        models = models_of([line.model for line in lines])
        if _may_hold_doubled_keys(piece, lines, models):
            return None
        said = [one for one in map(_said, lines) if one is not None]
        if len(said) != len(lines):
            return None
        # What orjson gives holds 4 kB each, however short it is; lines that are cut hold what they need.
        found.texts += b"\n".join(said).split(b"\n")
        found.models += models
    return found if len(found.texts) == len(ids.in_json) else None


def _may_hold_doubled_keys(data: bytes, lines: list[_Line], models: list[bytes]) -> bool:
    """Of a doubled key the parser takes one, so that a colon is lost; an escaped one could hide that."""
    if b"\\u003" in data or _encode(lines).count(b":") != data.count(b":"):
        return True
    return any(map(may_hold_doubled_keys, set(models)))


def _said(line: _Line) -> bytes | None:
    """None where the line says nothing at all, or what the walk has to look at."""
    text, table, values, label, error = line.text, line.table, line.values, line.label, line.error
    judged = {
        "error": None if error is UNSET else error,
        "label": None if label is UNSET else label,
        "media": None,
        # Calls would take as long as all else, so often is it done.
        "regions": [
            [
                region.box or None,
                None if region.polygon is UNSET else region.polygon,
                region.text or "",
                region.span or None,
                None if region.label is UNSET else region.label,
                region.page or 0,
            ]
            for region in line.regions or ()
        ],
        "segments": [
            [
                segment.start_s,
                segment.end_s,
                segment.text or "",
                segment.span or None,
                None if segment.speaker is UNSET else segment.speaker,
            ]
            for segment in line.segments or ()
        ],
        "table": None if table is UNSET else table,
        "text": None if text is UNSET else text,
        "values": None if values is UNSET else values,
    }
    if judged["text"] is None and all(judged[key] is None for key in _SAYING):
        return None
    return _with_values(judged, values) if values else orjson.dumps(judged)


def _with_values(judged: dict[str, Any], values: dict[str, Any]) -> bytes | None:
    """None for numbers that would be rounded and for values within values, at which the walk looks closely."""
    if any(isinstance(value, dict | list) for value in values.values()):
        return None
    try:
        return orjson.dumps(judged, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except TypeError:
        return None


_SAYING = ("table", "values", "label", "error")
_REGION = ("box", "polygon", "text", "span", "label", "page")
_SEGMENT = ("start_s", "end_s", "text", "span", "speaker")


def line_that_says(item_id: str, said: bytes) -> OutputLine:
    """The line again, whosever it is."""
    judged = orjson.loads(said)
    judged["regions"] = [dict(zip(_REGION, region, strict=True)) for region in judged["regions"]]
    judged["segments"] = [dict(zip(_SEGMENT, segment, strict=True)) for segment in judged["segments"]]
    return msgspec.convert({"item_id": item_id, "model": Raw(b"{}"), **judged}, OutputLine)

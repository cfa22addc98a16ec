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

from labeler.formats.gate.frames import Ids, all_in_json
from labeler.formats.gate.lines import OutputLine
from labeler.formats.gate.shapes import ShapedLines
from labeler.formats.gate.texts import Texts, models_of
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


def read_wholes(pieces: Iterable[bytes], ids: Ids) -> Texts | None:
    """As `read_texts`; what each line says is the JSON that is hashed (`judged_sha256`)."""
    found, shaped = Texts(whole=True), ShapedLines(_Line)
    for piece in pieces:
        try:
            lines = shaped.decode(piece)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        at, behind = len(found.texts), len(found.texts) + len(lines)
        items = all_in_json([line.item_id for line in lines])
        if items != ids.in_json[at:behind]:
            return None
        models = models_of([line.model for line in lines])
        said = [one for one in map(_said, lines) if one is not None]
        if len(said) != len(lines) or any(map(may_hold_doubled_keys, set(models))):
            return None
        # What orjson gives holds 4 kB each, however short it is; lines that are cut hold what they need.
        said = b"\n".join(said).split(b"\n")
        if not shaped.each_key_once(piece, lines, (items, said, models), _HASHED_KEYS):
            return None
        found.texts += said
        found.models += models
    return found if len(found.texts) == len(ids.in_json) else None


def _said(line: Any) -> bytes | None:
    """None where the line says nothing at all, or what the walk has to look at."""
    judged = {
        "error": line.error,
        "label": line.label,
        "media": None,
        # Calls would take as long as all else, so often is it done.
        "regions": [
            (region.box, region.polygon, region.text or "", region.span, region.label, region.page or 0)
            for region in line.regions
        ]
        if line.regions
        else (),
        "segments": [
            (segment.start_s, segment.end_s, segment.text or "", segment.span, segment.speaker)
            for segment in line.segments
        ]
        if line.segments
        else (),
        "table": line.table,
        "text": line.text,
        "values": line.values,
    }
    if not judged["text"] and all(judged[key] in (None, UNSET) for key in ("text", *_SAYING)):
        return None
    return _with_values(judged, line.values) if line.values else orjson.dumps(judged, _null)


def _null(missing: object) -> None:
    """A key that is not there says as much as null. A line of a shape has None for it, which is quicker."""
    if missing is not UNSET:
        raise TypeError


def _with_values(judged: dict[str, Any], values: dict[str, Any]) -> bytes | None:
    """None for numbers that would be rounded and for values within values, at which the walk looks closely."""
    if any(isinstance(value, dict | list) for value in values.values()):
        return None
    try:
        return orjson.dumps(judged, _null, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except TypeError:
        return None


_HASHED_KEYS = 8
"""Of what is hashed, which are not in the line."""
_SAYING = ("table", "values", "label", "error")
_REGION = ("box", "polygon", "text", "span", "label", "page")
_SEGMENT = ("start_s", "end_s", "text", "span", "speaker")


def line_that_says(item_id: str, said: bytes) -> OutputLine:
    """The line again, whosever it is."""
    judged = orjson.loads(said)
    judged["regions"] = [dict(zip(_REGION, region, strict=True)) for region in judged["regions"]]
    judged["segments"] = [dict(zip(_SEGMENT, segment, strict=True)) for segment in judged["segments"]]
    return msgspec.convert({"item_id": item_id, "model": Raw(b"{}"), **judged}, OutputLine)

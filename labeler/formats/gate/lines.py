"""The lines of a gold set and of outputs files as a gate reads them: only what it needs, at the speed of the parser.

Types are checked while the bytes are parsed. A line that this refuses is read once more by the checks that imports
use, which give the reason in words; as there, a key that stands twice is refused.
"""

from __future__ import annotations

from typing import Any

import msgspec
import orjson
from msgspec import Raw, Struct

from labeler.domain.gold.records import GoldRecord
from labeler.domain.item_json import answer_from_json
from labeler.domain.items import Answer, ModelVersion, Output, Region, Segment
from labeler.domain.match import Match
from labeler.formats.gold.records import match_from_json, record_from_json
from labeler.formats.outputs import check_output
from labeler.formats.row import RefusedError
from labeler.formats.rows_jsonl import may_hold_doubled_keys, parse_object

_Box = tuple[float, float, float, float]
_Polygon = list[tuple[float, float]]
_Span = tuple[int, int]


class Model(Struct):
    name: str
    version: str


class _Region(Struct):
    box: _Box | None = None
    polygon: _Polygon | None = None
    text: str | None = None
    span: _Span | None = None
    label: str | None = None
    page: int | None = None


class _Segment(Struct):
    start_s: float
    end_s: float
    text: str | None = None
    span: _Span | None = None
    speaker: str | None = None


class OutputLine(Struct):
    """What a person would judge of an output, and whose it is. `model` is parsed once a file (see `model_of`)."""

    item_id: str
    model: Raw
    text: str | None = None
    table: list[list[str]] | None = None
    values: dict[str, Any] | None = None
    regions: list[_Region] | None = None
    segments: list[_Segment] | None = None
    label: str | None = None
    media: str | None = None
    sha256: str | None = None
    error: str | None = None
    sample: int | None = None


class JudgedLine(Struct, gc=False):
    output_sha256: str
    right: bool


class _Drawn(Struct, gc=False):
    why: str = "random"
    p: float = 1.0


class _Provenance(Struct, gc=False):
    answer_from: str | None = None


class GoldLine(Struct, gc=False):
    """What a gate needs of a gold record. `answer`, `match` and `slices` stay bytes until somebody asks."""

    id: str
    modality: str
    tier: str
    answer: Raw
    match: Raw
    judged: list[JudgedLine]
    accept: list[str] | None = None
    slices: Raw = Raw(b"{}")
    drawn: _Drawn | None = None
    critical: bool | None = None
    provenance: _Provenance | None = None


class AnswerText(Struct):
    """The text of an answer, which is all that a word for word comparison needs."""

    text: str | None = None
    media_sha256: str | None = None


_decode_output = msgspec.json.Decoder(OutputLine).decode
_decode_gold = msgspec.json.Decoder(GoldLine).decode
_gold_lines = msgspec.json.Decoder(GoldLine).decode_lines
_decode_model = msgspec.json.Decoder(Model).decode
_decode_text = msgspec.json.Decoder(AnswerText).decode


def output_line(line: bytes) -> OutputLine:
    """Raises RefusedError with the reason for a line that is not an output."""
    try:
        read = _decode_output(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        read = None
    if read is not None and read.item_id and (read.text is not None or _says_something(read)):
        # Values hold what a struct does not check: numbers that would be rounded, nesting without end.
        if read.values is not None or may_hold_doubled_keys(line):
            parse_object(line)
        return read
    raw, _ = parse_object(line)
    check_output(raw)
    try:
        return msgspec.convert(raw, OutputLine, strict=False)
    except msgspec.ValidationError as problem:
        raise RefusedError(str(problem)) from None


def _says_something(read: OutputLine) -> bool:
    said = (read.table, read.values, read.label, read.media, read.error)
    return any(value is not None for value in said)


def gold_line(line: bytes) -> GoldLine:
    """Raises KeyError, TypeError or ValueError for what is not a gold record."""
    try:
        read = _decode_gold(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        whole_record(line)  # says what is wrong in words
        raise ValueError("not as a gold set is written") from None
    if read.drawn is not None and not 0 < read.drawn.p <= 1:
        raise ValueError(f"drawn.p is {read.drawn.p}, a probability lies above 0 and up to 1")
    return read


def whole_record(line: bytes) -> GoldRecord:
    """All of a gold record. Raises KeyError, TypeError or ValueError for what is not one."""
    return record_from_json(orjson.loads(line))


def model_of(raw: Raw | bytes) -> str:
    """`name version`. Raises RefusedError for what is not a model."""
    try:
        model = _decode_model(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise RefusedError("model: give an object with name and version") from None
    if not model.name or not model.version:
        raise RefusedError(f"model.{'version' if model.name else 'name'}: '' is not text")
    return f"{model.name} {model.version}"


def answer_text(raw: Raw) -> str | None:
    """None where the text is not all that is asked for."""
    answer = _decode_text(raw)
    return answer.text if answer.media_sha256 is None else None


def answer_of(raw: Raw) -> Answer:
    return answer_from_json(msgspec.json.decode(raw))


def match_of(raw: Raw) -> Match:
    """Raises KeyError or ValueError for an unknown kind."""
    return match_from_json(msgspec.json.decode(raw))


def all_gold(lines: bytes) -> list[GoldLine] | None:
    """Many gold records at once; None when one of them is not as a gold set is written."""
    try:
        read = _gold_lines(lines)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    good = all(one.drawn is None or 0 < one.drawn.p <= 1 for one in read)
    return read if good else None


def plain_line(item_id: str, text: str) -> OutputLine:
    """An output that is text and nothing else, whosever it is."""
    return OutputLine(item_id, Raw(b""), text)


def output_of(line: OutputLine) -> Output:
    """The output as a match takes it; the model does not matter to it."""
    return Output(
        item_id=line.item_id,
        model=ModelVersion("", ""),
        text=line.text,
        table=None if line.table is None else tuple(map(tuple, line.table)),
        values=line.values,
        regions=tuple(
            Region(
                f"r{n}",
                r.box,
                tuple(r.polygon) if r.polygon else None,
                r.text or "",
                None,
                r.span,
                r.label,
                r.page or 0,
            )
            for n, r in enumerate(line.regions or (), 1)
        ),
        segments=tuple(Segment(s.start_s, s.end_s, s.text or "", None, s.span, s.speaker) for s in line.segments or ()),
        label=line.label,
        media=line.media,
        media_sha256=line.sha256,
        error=line.error,
    )

"""Transcripts as the Whisper family writes them in JSON: OpenAI's, faster-whisper's and WhisperX's, and whisper.cpp's.

Words become segments where the file has word times; else its own segments do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from labeler.formats.row import Refusal, RefusedError, Row
from labeler.formats.text_file import text_of_file


def read_whisper(path: Path) -> Iterator[Row | Refusal]:
    """The one output of a file."""
    try:
        raw = orjson.loads(text_of_file(path))
    except orjson.JSONDecodeError as problem:
        yield Refusal(problem.lineno, f"not JSON: {problem.msg}")
        return
    try:
        yield Row(1, {"item_id": path.stem, **_output(raw)})
    except RefusedError as refused:
        yield Refusal(1, str(refused))


def _output(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise RefusedError("this is no transcript of Whisper: it is not an object")
    if isinstance(raw.get("transcription"), list):
        return _of_parts([_of_cpp(part, n) for n, part in enumerate(raw["transcription"])])
    if isinstance(raw.get("segments"), list):
        return _of_parts(list(_words(raw["segments"])))
    raise RefusedError("this is no transcript of Whisper: it has neither segments nor transcription")


def _of_cpp(part: Any, n: int) -> dict[str, Any]:
    """whisper.cpp: times in milliseconds under `offsets`."""
    try:
        start, end, said = part["offsets"]["from"], part["offsets"]["to"], part["text"]
        return {"start_s": start / 1000, "end_s": end / 1000, "text": said.strip()}
    except (KeyError, TypeError, AttributeError):
        raise RefusedError(f"transcription[{n}] has no offsets and text") from None


def _words(segments: list[Any]) -> Iterator[dict[str, Any]]:
    """Words in order; a segment without word times as a whole."""
    for n, segment in enumerate(segments):
        where = f"segments[{n}]"
        if not isinstance(segment, dict):
            raise RefusedError(f"{where} is not an object")
        words = [word for word in segment.get("words") or () if isinstance(word, dict)]
        if words and all("start" in word and "end" in word for word in words):
            for k, word in enumerate(words):
                yield _part(word, f"{where}.words[{k}]", segment.get("speaker"))
        else:
            yield _part(segment, where, None)


def _part(raw: Mapping[str, Any], where: str, speaker: object) -> dict[str, Any]:
    said = raw.get("word", raw.get("text"))
    if not isinstance(said, str):
        raise RefusedError(f"{where} has no text")
    part: dict[str, Any] = {"start_s": raw.get("start"), "end_s": raw.get("end"), "text": said.strip()}
    confidence = raw.get("probability", raw.get("score"))
    if confidence is not None:
        part["confidence"] = confidence
    if who := raw.get("speaker", speaker):
        part["speaker"] = who
    return part


def _of_parts(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Joined by spaces, so that every part has its place in the text."""
    text = ""
    for part in parts:
        start = len(text) + (1 if text else 0)
        text += (" " if text else "") + part["text"]
        part["span"] = [start, len(text)]
    return {"text": text, "segments": parts}

"""Asking an OpenAI-compatible endpoint: `POST …/chat/completions` with the medium as a data URL or audio part."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from mimetypes import guess_type
from pathlib import Path
from ssl import SSLError
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson

from labeler.modalities.audio.wav import as_wav
from labeler.steps.replay.question import Answer, AskError, Question

KEY_VARIABLE = "LABELER_API_KEY"
"""The environment variable that holds the key; it is never written anywhere."""
_MOST_BYTES = 64 << 20
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class ChatEndpoint:
    """`base` ends in `/v1` at most servers."""

    base: str
    model: str

    def ask(self, question: Question, timeout_s: float) -> Answer:
        body = orjson.dumps(self.request(question))
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY_VARIABLE):
            headers["Authorization"] = f"Bearer {key}"
        request = Request(f"{self.base}/chat/completions", body, headers)  # noqa: S310  # http or https, by adapter_from
        until = time.monotonic() + timeout_s
        try:
            with build_opener(_Stay).open(request, timeout=timeout_s) as answer:
                return _answer(orjson.loads(_read(answer, until)))
        except HTTPError as problem:
            with problem:
                again = _pause(problem.headers.get("Retry-After", "0")) if problem.code in _AGAIN else None
                raise AskError("other", f"HTTP {problem.code} {problem.reason}", again) from None
        except orjson.JSONDecodeError:
            raise AskError("other", "the answer is no JSON") from None
        except (OSError, HTTPException) as problem:
            raise _unanswered(problem, timeout_s) from None

    def request(self, question: Question) -> dict[str, Any]:
        """The body of the request. Raises AskError for a medium that cannot be sent."""
        parts: list[dict[str, Any]] = []
        if text := "\n\n".join(filter(None, (question.prompt, question.content))):
            parts.append({"type": "text", "text": text})
        if question.media is not None:
            parts += _medium(Path(question.media), question.modality)
        body = {"model": self.model, "messages": [{"role": "user", "content": parts}], **question.params}
        return body if question.seed is None else {**body, "seed": question.seed}

    def describe(self) -> dict[str, Any]:
        return {"kind": "chat", "endpoint": self.base}


class _Stay(HTTPRedirectHandler):
    """Another address would get the key and the medium: whoever wants that names it."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _read(answer: HTTPResponse, until: float) -> bytes:
    """The whole answer. Raises TimeoutError when it is not all there in time, however steadily it comes."""
    parts: list[bytes] = []
    while part := answer.read1(1 << 16):
        parts.append(part)
        if time.monotonic() > until:
            raise TimeoutError
        if len(parts) * (1 << 16) > _MOST_BYTES and sum(map(len, parts)) > _MOST_BYTES:
            raise AskError("other", f"the answer has more than {_MOST_BYTES >> 20} MB", again_s=None)
    return b"".join(parts)


def _unanswered(problem: OSError | HTTPException, timeout_s: float) -> AskError:
    reason = problem.reason if isinstance(problem, URLError) else problem
    if isinstance(reason, TimeoutError):
        return AskError("timeout", f"no answer within {timeout_s:g} s")
    if isinstance(reason, SSLError):
        return AskError("other", f"the connection is not safe: {reason.reason or reason}", again_s=None)
    return AskError("other", str(reason) or type(reason).__name__)


_SOUND = ("wav", "mp3")
_PICTURES = ("png", "jpg", "jpeg", "webp", "gif")
"""What the protocol knows; recordings of other kinds are sent as WAV, pictures as PNG, page by page."""


def _medium(path: Path, modality: str) -> list[dict[str, Any]]:
    form = path.suffix.lstrip(".").lower()
    try:
        if modality == "audio":
            kept = form in _SOUND
            data = path.read_bytes() if kept else as_wav(path)
            return [{"type": "input_audio", "input_audio": {"data": _text(data), "format": form if kept else "wav"}}]
        kind = guess_type(path.name)[0] or "application/octet-stream"
        shown = [(kind, path.read_bytes())] if form in _PICTURES else _pages(path)
        return [
            {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{_text(data)}"}} for kind, data in shown
        ]
    except OSError as problem:
        raise AskError("other", f"{path.name}: {problem.strerror or problem}", again_s=None) from None


def _pages(path: Path) -> Iterator[tuple[str, bytes]]:
    from labeler.modalities.image.png import pages_as_png

    return (("image/png", page) for page in pages_as_png(path))


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _answer(said: Any) -> Answer:
    try:
        choice = said["choices"][0]
        content, reason = choice["message"].get("content"), choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise AskError("other", "the answer has no choices") from None
    if reason == "content_filter" or choice["message"].get("refusal"):
        raise AskError("refusal", "the model refused", again_s=None)
    if reason == "length":
        raise AskError("truncated", "the answer was cut off", again_s=None)
    if not isinstance(content, str):
        raise AskError("other", "the answer has no text")
    return {"text": content}


def _pause(written: str) -> float:
    """Seconds that the server asks to wait, as a number or as a date (RFC 9110, 10.2.3); at most two minutes."""
    try:
        asked = float(written)
    except ValueError:
        try:
            asked = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(120.0, max(0.0, asked))

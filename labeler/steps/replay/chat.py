"""Asking an OpenAI-compatible endpoint: `POST …/chat/completions` with the medium as a data URL or audio part."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import orjson

from labeler.modalities.wav import as_wav
from labeler.steps.replay.adapters import Answer, AskError, Question

KEY_VARIABLE = "LABELER_API_KEY"
"""The environment variable that holds the key; it is never written anywhere."""
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
        try:
            with urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
                return _answer(orjson.loads(answer.read()))
        except HTTPError as problem:
            with problem:
                again = _pause(problem.headers.get("Retry-After", "0")) if problem.code in _AGAIN else None
                raise AskError("other", f"HTTP {problem.code} {problem.reason}", again) from None
        except TimeoutError:
            raise AskError("timeout", f"no answer within {timeout_s:g} s") from None
        except (URLError, OSError) as problem:
            raise AskError("other", str(problem)) from None
        except orjson.JSONDecodeError:
            raise AskError("other", "the answer is no JSON") from None

    def request(self, question: Question) -> dict[str, Any]:
        """The body of the request. Raises AskError for a medium that cannot be sent."""
        parts: list[dict[str, Any]] = []
        if text := "\n\n".join(filter(None, (question.prompt, question.content))):
            parts.append({"type": "text", "text": text})
        if question.media is not None:
            parts.append(_medium(Path(question.media), question.modality))
        body = {"model": self.model, "messages": [{"role": "user", "content": parts}], **question.params}
        return body if question.seed is None else {**body, "seed": question.seed}

    def describe(self) -> dict[str, Any]:
        return {"kind": "chat", "endpoint": self.base}


_SOUND = ("wav", "mp3")
"""What the protocol knows; recordings of other kinds are sent as WAV."""


def _medium(path: Path, modality: str) -> dict[str, Any]:
    form = path.suffix.lstrip(".").lower()
    try:
        turned = modality == "audio" and form not in _SOUND
        data = b64encode(as_wav(path) if turned else path.read_bytes()).decode()
    except OSError as problem:
        raise AskError("other", f"{path.name}: {problem.strerror or problem}", again_s=None) from None
    if modality == "audio":
        return {"type": "input_audio", "input_audio": {"data": data, "format": "wav" if turned else form}}
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{data}"}}


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
    """Seconds that the server asks to wait; a date in their place is not read."""
    try:
        return min(120.0, max(0.0, float(written)))
    except ValueError:
        return 0.0

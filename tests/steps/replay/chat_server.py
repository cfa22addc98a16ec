"""An OpenAI-compatible endpoint of this machine: real HTTP, and every way in which such servers fail."""

from __future__ import annotations

import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import soundfile
from PIL import Image


@dataclass(slots=True)
class Asked:
    """One request: its path, body, key, and when it came."""

    path: str
    body: dict[str, Any]
    key: str | None
    at: float


@dataclass(slots=True)
class Reply:
    """`slow_s` passes before each byte of the body; `length` is what the header says of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    slow_s: float = 0.0
    length: int | None = None


Answering = Callable[[list[Asked]], Reply | None]
"""From all that was asked so far: a reply of its own; None for what the model of this server says."""


@dataclass(slots=True)
class ChatServer:
    address: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def chat_server(answering: Answering = lambda _asked: None, certificate: Path | None = None) -> Iterator[ChatServer]:
    """Run a server, with TLS when a file with certificate and key is given."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        http.socket = context.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
    made = ChatServer(f"http{'s' if certificate else ''}://127.0.0.1:{http.server_port}/v1")
    http.told = made, answering  # type: ignore[attr-defined]  # what the handler reads
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def says(body: Mapping[str, Any]) -> str:
    """A text is said again; of a recording, how long it is; of pictures, how large they are."""
    parts = body["messages"][0]["content"]
    if parts[-1]["type"] == "text":
        return str(parts[-1]["text"])
    if parts[-1]["type"] == "input_audio":
        sound = parts[-1]["input_audio"]
        assert sound["format"] in ("wav", "mp3"), "what the protocol knows"
        with soundfile.SoundFile(BytesIO(b64decode(sound["data"]))) as file:
            assert file.format.lower() == sound["format"]
            return f"{file.format} of {file.frames / file.samplerate:.2f} s"
    return ", ".join(_of_picture(part["image_url"]["url"]) for part in parts if part["type"] == "image_url")


def _of_picture(url: str) -> str:
    kind, _, data = url.partition(";base64,")
    with Image.open(BytesIO(b64decode(data))) as picture:
        assert kind == f"data:{Image.MIME[picture.format or '']}"
        return f"{picture.format} of {picture.width} by {picture.height}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self._answer(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        """Where a client lands that follows a redirection."""
        self._answer({})

    def _answer(self, body: dict[str, Any]) -> None:
        made, answering = self.server.told  # type: ignore[attr-defined]  # set by chat_server
        made.asked.append(Asked(self.path, body, self.headers.get("Authorization"), time.monotonic()))
        reply = answering(made.asked) or Reply(
            body=orjson.dumps({"choices": [{"message": {"content": says(body)}, "finish_reason": "stop"}]})
        )
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        self.end_headers()
        try:
            for byte in [reply.body] if not reply.slow_s else [reply.body[n : n + 1] for n in range(len(reply.body))]:
                time.sleep(reply.slow_s)
                self.wfile.write(byte)
        except OSError:
            pass  # who asked has gone

    def log_message(self, *_: object) -> None:
        """Quiet."""

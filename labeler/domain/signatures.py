"""What a device's key says of a stream: a signature over its newest event, whose hash covers all before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_DOMAIN = "labeler/stream/1"


@dataclass(frozen=True, slots=True)
class StreamSignature:
    """`key` is the public Ed25519 key, `signature` what it says of `signed_bytes`; both in hex, as `hash` is."""

    stream: str
    seq: int
    hash: str
    key: str
    signature: str

    @property
    def signed(self) -> bytes:
        return signed_bytes(self.stream, self.seq, self.hash)


def signed_bytes(stream: str, seq: int, event_hash: str) -> bytes:
    return f"{_DOMAIN}\0{stream}\0{seq}\0{event_hash}".encode()


def signature_to_json(signature: StreamSignature) -> dict[str, Any]:
    return asdict(signature)


def signature_from_json(raw: Mapping[str, Any]) -> StreamSignature:
    """Raises KeyError, TypeError or ValueError for what is not a signature."""
    texts = {name: raw[name] for name in ("stream", "hash", "key", "signature")}
    if not all(isinstance(value, str) for value in texts.values()) or not isinstance(raw["seq"], int):
        raise TypeError("not a signature")
    for name, length in (("hash", 32), ("key", 32), ("signature", 64)):
        if len(bytes.fromhex(texts[name])) != length:
            raise ValueError(f"{name} has another length")
    return StreamSignature(seq=raw["seq"], **texts)

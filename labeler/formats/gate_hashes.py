"""Hashes of what outputs say, as `domain.items.output_sha256` gives them, of lines that were made no `Output`."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import orjson
from numpy.typing import NDArray

from labeler.formats.gate_lines import OutputLine

_HASH_BYTES = 32
DIGEST_WORDS = _HASH_BYTES // 8
"""Numbers of 64 bits in a hash: they compare faster than bytes do."""
Digests = NDArray[np.uint64]
"""A hash a row, as `DIGEST_WORDS` numbers whose bytes are the hash's own."""
_PREFIX = b"sha256:"
_BEFORE_TEXT = b'{"error":null,"label":null,"media":null,"regions":[],"segments":[],"table":null,"text":'
_AFTER_TEXT = b',"values":null}'


def text_sha256(text: str) -> str:
    """The hash of an output that is text and nothing else."""
    return "sha256:" + _of_text(text).hex()


def text_digests(texts: list[str]) -> Digests:
    """The same of each; a text that stands there several times is hashed once."""
    known = {text: _of_text(text) for text in dict.fromkeys(texts)}
    return digests_from(b"".join(map(known.__getitem__, texts)))


def _of_text(text: str) -> bytes:
    return sha256(_BEFORE_TEXT + orjson.dumps(text) + _AFTER_TEXT).digest()


def digests_from(hashes: bytes) -> Digests:
    """Hashes that stand one behind the other."""
    return np.frombuffer(hashes, np.uint64).reshape(-1, DIGEST_WORDS)


def digest_lines(digests: Digests) -> bytes:
    """Each hash in the words of the log, and an end of line behind it."""
    figures = np.frombuffer(digests.tobytes().hex().encode(), np.uint8).reshape(-1, 2 * _HASH_BYTES)
    prefix = np.broadcast_to(np.frombuffer(_PREFIX, np.uint8), (len(digests), len(_PREFIX)))
    ends = np.full((len(digests), 1), ord("\n"), np.uint8)
    return np.hstack((prefix, figures, ends)).tobytes()


def judged_sha256(output: OutputLine) -> str:
    """The hash of what the line says."""
    judged = {
        "error": output.error,
        "label": output.label,
        "media": output.sha256 or output.media,
        "regions": [[r.box, r.polygon, r.text or "", r.span, r.label, r.page or 0] for r in output.regions or ()],
        "segments": [[s.start_s, s.end_s, s.text or "", s.span, s.speaker] for s in output.segments or ()],
        "table": output.table,
        "text": output.text,
        "values": output.values,
    }
    return "sha256:" + sha256(orjson.dumps(judged, option=orjson.OPT_SORT_KEYS)).hexdigest()

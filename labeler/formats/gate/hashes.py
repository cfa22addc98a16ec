"""Hashes of what outputs say, as `domain.items.output_sha256` gives them, of lines that were made no `Output`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

import numpy as np
import orjson
from numpy.typing import NDArray

from labeler.formats.gate.lines import OutputLine

_HASH_BYTES = 32
DIGEST_WORDS = _HASH_BYTES // 8
"""Numbers of 64 bits in a hash: they compare faster than bytes do."""
Digests = NDArray[np.uint64]
"""A hash a row, as `DIGEST_WORDS` numbers whose bytes are the hash's own."""
_PREFIX = "sha256:"
_BEFORE_TEXT = b'{"error":null,"label":null,"media":null,"regions":[],"segments":[],"table":null,"text":"'
_AFTER_TEXT = b'","values":null}'
CAME = b'{"error":null,'
"""How the JSON that is hashed begins where there is an output."""
_SOME = 64
"""So many texts tell whether the same ones come again and again."""


def text_sha256(text: bytes) -> str:
    """The hash of an output that is text and nothing else, which is given as JSON without its quotes."""
    return _PREFIX + next(_of_texts((text,))).hex()


def text_digests(texts: list[bytes], *, whole: bool = False) -> Digests:
    """The same of each; where texts stand there several times they are hashed once. `whole`: each is all that is hashed
    of an output."""
    digests = _of_wholes if whole else _of_texts
    if len(set(texts[:_SOME])) > _SOME // 2:
        return digests_from(b"".join(digests(texts)))
    once = list(dict.fromkeys(texts))
    known = dict(zip(once, digests(once), strict=True))
    return digests_from(b"".join(map(known.__getitem__, texts)))


def whole_of(text: bytes) -> bytes:
    """The JSON that is hashed of an output that is text and nothing else."""
    return _BEFORE_TEXT + text + _AFTER_TEXT


def whole_sha256(output: bytes) -> str:
    """The hash of an output, which is given as the JSON that is hashed."""
    return _PREFIX + sha256(output).hexdigest()


def _of_wholes(outputs: Iterable[bytes]) -> Iterator[bytes]:
    return (sha256(output).digest() for output in outputs)


def _of_texts(texts: Iterable[bytes]) -> Iterator[bytes]:
    begun = sha256(_BEFORE_TEXT)
    for text in texts:
        digest = begun.copy()
        digest.update(text + _AFTER_TEXT)
        yield digest.digest()


def digests_from(hashes: bytes) -> Digests:
    """Hashes that stand one behind the other."""
    return np.frombuffer(hashes, np.uint64).reshape(-1, DIGEST_WORDS)


def same_digests(known: Digests, digests: Digests, rows: NDArray[np.int64]) -> NDArray[np.intp]:
    """Which of the known ones is the one that stands in its row of `digests`."""
    # Most are told apart by their first word, and numpy compares one word of all many times faster than all of one.
    found = np.flatnonzero(known[:, 0] == digests[:, 0][rows])
    for word in range(1, DIGEST_WORDS):
        found = found[known[found, word] == digests[rows[found], word]]
    return found


def digest_of_judged(ids: list[str], digests: bytes) -> bytes:
    """One digest of all that was judged: the items, one a sample, and the hashes of what was said of them in turn.

    Where a gold set is cut counts too: it is always cut at the same records.
    """
    digest = sha256("\n".join((*ids, "", "")).encode())
    digest.update(digests)
    return digest.digest()


def digest_bytes(hashes: list[str]) -> bytes:
    """Hashes in the words of the log, one behind the other."""
    return bytes.fromhex("".join(one.removeprefix(_PREFIX) for one in hashes))


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

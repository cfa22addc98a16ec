"""The decoder's own process: one request a line on standard input, one answer a line on standard output.

A request for a picture is `{"path": …, "into": …}`; the pixels go into the file `into`. One for a recording is
`{"path": …, "folder": …, "key": …}`; samples and peaks go into that folder, of a long one while the window shows it
already: after it the process ends. An answer is their layout or
`{"problem": …}`. What is decoded here is untrusted: the process has a limit of memory, knows nothing of the project,
and is killed by the window when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from labeler.modalities import audio_decode, upright

MEMORY_LIMIT = 3 * 2**30
"""Bytes of address space: a picture at the limit of pixels stands in it twice while it is turned, plus libraries."""


def decode(path: Path, into: Path) -> dict[str, Any]:
    """Decode one file and say how the pixels lie in `into`: sizes of all levels, one after the other."""
    try:
        picture, pages = upright.open_upright(path)
    except upright.UnreadableError as problem:
        return {"problem": str(problem)}
    with into.open("wb") as file:
        sizes = []
        for level in upright.levels(picture):
            upright.write_pixels(level, file)
            sizes.append(level.size)
    return {"sizes": sizes, "pages": pages, "alpha": picture.mode == "RGBA"}


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a C library prints must not be taken for an answer
    _limit_resources()

    def tell(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    for line in sys.stdin.buffer:
        request = json.loads(line)
        path = Path(request["path"])
        try:
            if "folder" in request:
                answer = audio_decode.decode(path, Path(request["folder"]), request["key"], tell)
            else:
                answer = decode(path, Path(request["into"]))
        except MemoryError:
            answer = {"problem": "needs more memory than the decoder may take"}
        if answer is None:
            return  # a long recording was told of when it began; another process serves the window since
        tell(answer)


if __name__ == "__main__":
    main()

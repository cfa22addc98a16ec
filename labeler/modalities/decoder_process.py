"""The decoder's own process: one request a line on standard input, one answer a line on standard output.

A request for a picture is `{"path": …, "into": …, "page": …, "coarse": …}`; the pixels go into the file `into`. One for
a recording is `{"path": …, "folder": …, "key": …}`; samples and peaks go into that folder, of a long one while the
window shows it already: after it the process ends. An answer is their layout or
`{"problem": …}`. What is decoded here is untrusted: the process has a limit of memory, knows nothing of the project,
and is killed by the window when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from labeler.modalities import audio_decode, huge, upright
from labeler.modalities.pixel_layout import PixelLayout

MEMORY_LIMIT = 3 * 2**30
"""Bytes of address space: a picture at the limit of pixels stands in it twice while it is turned, plus libraries."""


def decode(path: Path, into: Path, page: int, *, coarse: bool) -> dict[str, Any]:
    """Decode a page and say how its pixels lie in `into`."""
    try:
        return _with_pillow(path, into, page, coarse=coarse).to_json()
    except upright.NothingCoarseError as big:
        return PixelLayout((), big.pages, False, big.full, shrunk=1).to_json()
    except upright.TooLargeError as problem:
        if page == 0 and huge.available():
            return _with_libvips(path, into, coarse=coarse)
        return {"problem": str(problem)}
    except upright.UnreadableError as problem:
        return {"problem": str(problem)}


def _with_pillow(path: Path, into: Path, page: int, *, coarse: bool) -> PixelLayout:
    opened = upright.open_upright(path, page, coarse=coarse)
    with into.open("wb") as file:
        sizes = []
        for level in upright.levels(opened.picture):
            upright.write_pixels(level, file)
            sizes.append(level.size)
    alpha = opened.picture.mode == "RGBA"
    return PixelLayout(tuple(sizes), opened.pages, alpha, opened.full, opened.shrunk, opened.duration_s)


def _with_libvips(path: Path, into: Path, *, coarse: bool) -> dict[str, Any]:
    with into.open("w+b") as file:
        try:
            return (huge.coarse if coarse else huge.whole)(path, file).to_json()
        except upright.UnreadableError as problem:
            return {"problem": str(problem)}


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
                answer = decode(path, Path(request["into"]), request["page"], coarse=request["coarse"])
        except MemoryError:
            answer = {"problem": "needs more memory than the decoder may take"}
        if answer is None:
            return  # a long recording was told of when it began; another process serves the window since
        tell(answer)


if __name__ == "__main__":
    main()

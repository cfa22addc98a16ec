"""The decoder's own process: one request a line on standard input, one answer a line on standard output.

A request for a picture is `{"path": …, "into": …, "page": …, "coarse": …, "rows_at": …, "small": …}`; the pixels go
into the file `into`. Of all pixels of a big one (`coarse` is false) two answers come: the first with a `band` of rows,
as soon as those are there. One for a recording is `{"path": …, "folder": …, "key": …}`; samples and peaks go into that
folder, of a long one while the window shows it already: after it the process ends. An answer is their layout or
`{"problem": …}`. What is decoded here is untrusted: the process has a limit of memory, knows nothing of the project,
and is killed by the window when it takes too long.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from labeler.modalities import audio_decode, huge, upright
from labeler.modalities.pixel_layout import ROWS, PixelLayout, chain, length

MEMORY_LIMIT = 3 * 2**30
"""Bytes of address space: a picture at the limit of pixels stands in it twice while it is turned, plus libraries."""

FIRST_ROWS, MOST_ROWS = 1024, 2048
"""Of a big picture, before the others: in its middle where nobody looks at any, and at the most."""

_SHELF = upright.Shelf()

Tell = Callable[[dict[str, Any]], None]


def decode(path: Path, into: Path, page: int, *, coarse: bool, rows_at: int, small: bool, tell: Tell) -> dict[str, Any]:
    """Decode a page and say how its pixels lie in `into`; of a big one tell first of the rows that are looked at."""
    try:
        opened = upright.open_upright(path, page, coarse=coarse, shelf=_SHELF)
        if coarse:
            return _written(opened, into).to_json()
        return _written_in_turn(opened, into, rows_at, small, tell).to_json()
    except upright.NothingCoarseError as big:
        return PixelLayout((), big.pages, False, big.full, shrunk=1).to_json()
    except upright.TooLargeError as problem:
        if page == 0 and huge.available():
            return _with_libvips(path, into, coarse=coarse)
        return {"problem": str(problem)}
    except upright.UnreadableError as problem:
        return {"problem": str(problem)}


def _written(opened: upright.Upright, into: Path) -> PixelLayout:
    with into.open("wb") as file:
        for level in upright.levels(opened.picture):
            upright.write_pixels(level, file)
    alpha = opened.picture.mode == "RGBA"
    sizes = chain(opened.picture.size)
    return PixelLayout(sizes, opened.pages, alpha, opened.full, opened.shrunk, opened.duration_s)


def _written_in_turn(opened: upright.Upright, into: Path, rows_at: int, small: bool, tell: Tell) -> PixelLayout:
    """What is looked at comes first: coarse levels of the whole if wanted (`small`), the rows named at `rows_at`."""
    picture, sizes = opened.picture, chain(opened.picture.size)
    whole = PixelLayout(sizes, opened.pages, picture.mode == "RGBA", opened.full, 0, opened.duration_s)
    with into.open("r+b") as file:
        shrunk = min(upright.COARSE, len(sizes) - 1)
        if small:
            file.seek(length(sizes[:shrunk]))
            for level in upright.levels(upright.reduced(picture, shrunk)):
                upright.write_pixels(level, file)
        file.seek(rows_at)
        top, until = struct.unpack(ROWS, file.read(struct.calcsize(ROWS)))
        if top >= until:  # nobody has said
            top, until = (picture.height - FIRST_ROWS) // 2, (picture.height + FIRST_ROWS) // 2
        top = min(max(top, 0), picture.height - 1)
        until = min(max(until, top + 1), picture.height, top + MOST_ROWS)
        file.seek(top * picture.width * 4)
        upright.write_pixels(upright.premultiplied(picture.crop((0, top, picture.width, until))), file)
        file.flush()
        tell(replace(whole, shrunk=shrunk, band=(top, until)).to_json())
        file.seek(0)
        for level in upright.levels(picture):
            upright.write_pixels(level, file)
    return whole


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
                answer = decode(
                    path,
                    Path(request["into"]),
                    request["page"],
                    coarse=request["coarse"],
                    rows_at=request["rows_at"],
                    small=request["small"],
                    tell=tell,
                )
        except MemoryError:
            answer = {"problem": "needs more memory than the decoder may take"}
        if answer is None:
            return  # a long recording was told of when it began; another process serves the window since
        tell(answer)


if __name__ == "__main__":
    main()

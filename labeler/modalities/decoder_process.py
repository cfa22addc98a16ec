"""The decoder's own process: one request a line on standard input, one answer a line on standard output.

A request for a picture is `{"path": …, "into": …, "page": …, "coarse": …, "rows_at": …, "small": …}`; the pixels go
into the file `into`. Of all pixels of a big one (`coarse` is false) several answers come: those with `bands` say which
rows are there already, the last one that all are. One for a recording is `{"path": …, "folder": …, "key": …}`; samples
and peaks go into that folder, of a long one while the window shows it already: after it the process ends. An answer is
their layout or `{"problem": …}`, with a `remedy` where it is not the file's fault. What is decoded here is untrusted:
the process has a limit of memory, knows nothing of the project, and is killed by the window when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from labeler.modalities.audio import decode as audio_decode
from labeler.modalities.audio import foreign as foreign_audio
from labeler.modalities.image import big, huge, upright
from labeler.modalities.image.band_writer import Tell
from labeler.modalities.image.pixel_layout import PixelLayout

MEMORY_LIMIT = 3 * 2**30
"""Bytes of address space: a picture at the limit of pixels stands in it twice while it is turned, plus libraries."""

_NICENESS = 5
"""While the rest of a long recording is decoded: that keeps two cores busy, and window and player come first."""

_SHELF = upright.Shelf()


def decode(path: Path, into: Path, page: int, *, coarse: bool, rows_at: int, small: bool, tell: Tell) -> dict[str, Any]:
    """Decode a page and say how its pixels lie in `into`; of a big one tell first of the rows that are looked at."""
    with into.open("w+b" if coarse else "r+b") as file:
        start = big.start_in(file, rows_at, None if coarse else tell, small=small)
        try:
            try:
                return (big.write_first if coarse else big.write_all)(path, page, _SHELF, start).to_json()
            except upright.TooLargeError:
                if page or not huge.available():
                    raise
                return (huge.coarse(path, file) if coarse else huge.write_all(path, start)).to_json()
        except upright.NothingCoarseError as nothing:
            return PixelLayout((), nothing.pages, False, nothing.full, shrunk=1).to_json()
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

    def tell_long(answer: dict[str, Any]) -> None:
        with suppress(AttributeError):  # not on this system
            os.nice(_NICENESS)
        tell(answer)

    for line in sys.stdin.buffer:
        request = json.loads(line)
        path = Path(request["path"])
        try:
            if "folder" in request:
                answer = audio_decode.decode(path, Path(request["folder"]), request["key"], tell_long)
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
        except foreign_audio.ProgramMissingError as missing:
            answer = {"problem": str(missing), "remedy": missing.remedy}
        except MemoryError:
            answer = {"problem": "needs more memory than the decoder may take"}
        if answer is None:
            return  # a long recording was told of when it began; another process serves the window since
        tell(answer)


if __name__ == "__main__":
    main()

"""The window's end of a decoder process: it asks, waits for a limited time, and survives what the process does not."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import labeler
from labeler.errors import LabelerError

REMEDY = "skip the item, or put a whole copy of the file in its place and open the item again"


class DecoderChild:
    """One decoder process (see `decoder_process`), for one request at a time."""

    def __init__(self) -> None:
        packages = str(Path(labeler.__file__).parent.parent)
        self._process = subprocess.Popen(
            # -P: with -m Python would look for modules in the folder that one stands in, which may be a stranger's.
            [sys.executable, "-P", "-m", "labeler.modalities.decoder_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": packages},
            close_fds=True,
        )
        self._unread = b""

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(
        self,
        path: Path,
        request: Mapping[str, str | int | bool],
        *,
        timeout_s: float,
        on_part: Callable[[dict[str, Any]], None] | None = None,
    ) -> dict[str, Any]:
        """Have a file decoded. Raises LabelerError in words; after a crash or a timeout the process is dead.

        `on_part` gets an answer that is followed by another one (it has `bands`), on this thread.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the decoder was started without pipes")
        try:
            stdin.write(json.dumps({"path": str(path.absolute()), **request}).encode() + b"\n")
            stdin.flush()
            deadline = time.monotonic() + timeout_s
            line = self._read_line(stdout, deadline)
            while on_part is not None and line and (part := json.loads(line)).get("bands") is not None:
                on_part(part)
                line = self._read_line(stdout, deadline)
        except (BrokenPipeError, ValueError):
            line = b""
        except TimeoutError:
            self.kill()
            raise LabelerError(f"{path} was not decoded within {timeout_s:g} s", remedy=REMEDY) from None
        if not line:
            self.kill()
            raise LabelerError(f"{path} {_how_it_ended(self._process.returncode)}", remedy=REMEDY)
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise LabelerError(f"{path} {answer['problem']}", remedy=answer.get("remedy", REMEDY))
        return answer

    def _read_line(self, pipe: IO[bytes], deadline: float) -> bytes:
        """One line, or b"" when the other end is gone. Raises TimeoutError."""
        while b"\n" not in self._unread:
            if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise TimeoutError
            part = os.read(pipe.fileno(), 65536)
            if not part:
                return b""
            self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        return line + b"\n"

    def stop(self) -> None:
        """Have a request that is under way in another thread fail; that thread clears up."""
        self._process.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _how_it_ended(returncode: int) -> str:
    if returncode < 0:
        return f"could not be decoded: it ended the decoder ({signal.Signals(-returncode).name})"
    return f"could not be decoded: it ended the decoder (status {returncode})"

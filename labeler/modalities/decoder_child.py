"""The window's end of a decoder process: it asks, waits for a limited time, and survives what the process does not."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
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
            [sys.executable, "-m", "labeler.modalities.decoder_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": packages},
            close_fds=True,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, path: Path, request: Mapping[str, str | int | bool], *, timeout_s: float) -> dict[str, Any]:
        """Have a file decoded. Raises LabelerError in words; after a crash or a timeout the process is dead."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the decoder was started without pipes")
        try:
            stdin.write(json.dumps({"path": str(path.absolute()), **request}).encode() + b"\n")
            stdin.flush()
            line = _read_line(stdout, timeout_s)
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
            raise LabelerError(f"{path} {answer['problem']}", remedy=REMEDY)
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _read_line(pipe: IO[bytes], timeout_s: float) -> bytes:
    """One line, or b"" when the other end is gone. Raises TimeoutError."""
    deadline = time.monotonic() + timeout_s
    line = b""
    while not line.endswith(b"\n"):
        if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise TimeoutError
        part = os.read(pipe.fileno(), 65536)
        if not part:
            return b""
        line += part
    return line


def _how_it_ended(returncode: int) -> str:
    if returncode < 0:
        return f"could not be decoded: it ended the decoder ({signal.Signals(-returncode).name})"
    return f"could not be decoded: it ended the decoder (status {returncode})"

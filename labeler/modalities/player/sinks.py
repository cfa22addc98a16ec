"""The single outputs of a PulseAudio or PipeWire desktop: headset, speakers, screen.

PortAudio speaks ALSA, and of such a desktop ALSA names only the whole. `pactl` names its outputs ("sinks") and tells
when one comes or goes. Nothing here waits: what `pactl` has said is read when it is there.

`pactl --format=json` is no help: as of 16.1 it cannot write names that are not ASCII.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from labeler.modalities.player.messages import Output

PROGRAM = "pactl"
PREFIX = "pulse:"
"""Before a sink's name: no device of PortAudio is called so."""
MISSING = "For headset, speakers and others apart: install pactl (package pulseaudio-utils)"
NOWHERE = f"{PREFIX}auto_null"
"""What PulseAudio and PipeWire play into when there is no sound card."""
_RETRY_S = 2.0
_PATIENCE_S = 5.0
_NEWS = (b"'new' on sink #", b"'remove' on sink #")
_LISTEN = '"$0" subscribe & exec >&-; read -r _; kill -KILL $!'
"""For the shell, which waits for its standard input to end, as it does however this process ends. `pactl` itself
listens on when nobody reads what it says.
"""


@dataclass(slots=True)
class _Run:
    """A `pactl` that was started, and what it has said so far."""

    process: subprocess.Popen[bytes]
    since: float
    said: bytes = b""
    ended: bool = False

    def read(self) -> None:
        with suppress(BlockingIOError):
            while part := os.read(_pipe(self.process.stdout), 1 << 16):
                self.said += part
            self.ended = True

    def end(self) -> None:
        if self.process.stdin is None:
            self.process.kill()
        self.process.communicate()


class Sinks:
    """Knows which sinks there are from soon after the first `watch` on."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._listener: _Run | None = None
        self._listing: _Run | None = None
        self._stale = False
        self._try_at = 0.0
        self.found: tuple[Output, ...] | None = None
        """None while it is not known: no sound server, or no `pactl`."""
        self.hint = ""
        """What to do so that it can be known, in words."""

    def watch(self, now: float) -> None:
        """Take in what came or went. Called often."""
        if self._listener is None:
            if now >= self._try_at:
                self._try_at = now + _RETRY_S
                self._listener = self._start(now, listen=True)
                self._stale = self._listener is not None
            return
        self._listener.read()
        lines, _, self._listener.said = self._listener.said.rpartition(b"\n")
        self._stale |= any(word in lines for word in _NEWS)
        if self._listener.ended:  # the sound server went
            self.close()
        elif self._listing is None and self._stale:
            self._stale, self._listing = False, self._start(now, listen=False)
        elif self._listing is not None:
            self._take_list(self._listing, now)

    def close(self) -> None:
        """End what was started; what was known is not known any more."""
        for run in (self._listener, self._listing):
            if run is not None:
                run.end()
        self._listener = self._listing = self.found = None

    def _take_list(self, listing: _Run, now: float) -> None:
        listing.read()
        if not listing.ended and now - listing.since < _PATIENCE_S:
            return
        if listing.ended and listing.process.wait() == 0:
            self.found = sinks_of(listing.said.decode(errors="replace"))
        listing.end()
        self._listing = None
        self._stale |= not listing.ended  # the server hangs: ask again

    def _start(self, now: float, *, listen: bool) -> _Run | None:
        program = shutil.which(self._program)
        self.hint = MISSING if program is None else ""
        if program is None:
            return None
        process = subprocess.Popen(
            ("sh", "-c", _LISTEN, program) if listen else (program, "list", "sinks"),
            stdin=subprocess.PIPE if listen else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C"},
        )
        with suppress(OSError, AttributeError):  # only the sound itself goes before others
            os.sched_setscheduler(process.pid, os.SCHED_OTHER, os.sched_param(0))
        os.set_blocking(_pipe(process.stdout), False)
        return _Run(process, now)


def _pipe(stream: IO[bytes] | None) -> int:
    if stream is None:
        raise RuntimeError("pactl was started without a pipe")
    return stream.fileno()


def sinks_of(listed: str) -> tuple[Output, ...]:
    """The outputs in what `pactl list sinks` prints in the C locale."""
    found: list[Output] = []
    for line in listed.splitlines():
        name, label = (_after(line, word) for word in ("\tName: ", "\tDescription: "))
        if name is not None:
            found.append(Output(PREFIX + name, name))
        elif label and found:
            found[-1] = Output(found[-1].name, label)
    return tuple(found)


def _after(line: str, word: str) -> str | None:
    return line.removeprefix(word).strip() if line.startswith(word) else None

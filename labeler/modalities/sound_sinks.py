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

from labeler.modalities.player_messages import Output

PROGRAM = "pactl"
PREFIX = "pulse:"
"""Before a sink's name: no device of PortAudio is called so."""
MISSING = "For headset, speakers and others apart: install pactl (package pulseaudio-utils)"
NOWHERE = f"{PREFIX}auto_null"
"""What PulseAudio and PipeWire play into when there is no sound card."""
_RETRY_S = 2.0
_PATIENCE_S = 5.0
_NEWS = (b"'new' on sink #", b"'remove' on sink #")


@dataclass(slots=True)
class _Run:
    """A `pactl` that was started, and what it has said so far."""

    process: subprocess.Popen[bytes]
    since: float
    said: bytes = b""

    def read(self) -> None:
        assert self.process.stdout is not None
        with suppress(BlockingIOError):
            while part := os.read(self.process.stdout.fileno(), 1 << 16):
                self.said += part

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


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
                self._listener = self._start(now, "subscribe")
                self._stale = self._listener is not None
            return
        self._listener.read()
        lines, _, self._listener.said = self._listener.said.rpartition(b"\n")
        self._stale |= any(word in lines for word in _NEWS)
        if self._listener.process.poll() is not None:  # the sound server went
            self.close()
        elif self._listing is None and self._stale:
            self._stale, self._listing = False, self._start(now, "list", "sinks")
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
        ended = listing.process.poll()
        if ended is None and now - listing.since < _PATIENCE_S:
            return
        if ended == 0:
            listing.read()
            self.found = sinks_of(listing.said.decode(errors="replace"))
        listing.end()
        self._listing = None
        self._stale |= ended is None  # the server hangs: ask again

    def _start(self, now: float, *words: str) -> _Run | None:
        program = shutil.which(self._program)
        self.hint = MISSING if program is None else ""
        if program is None:
            return None
        process = subprocess.Popen(
            (program, *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C"},
        )
        with suppress(OSError, AttributeError):  # only the sound itself goes before others
            os.sched_setscheduler(process.pid, os.SCHED_OTHER, os.sched_param(0))
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        return _Run(process, now)


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

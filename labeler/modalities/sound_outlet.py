"""The way to the loudspeaker: opens a device, notices when it is gone or silent, and finds one again.

A device counts from the moment it takes sound. Until then it may be asleep, or another program may hold it.
"""

from __future__ import annotations

from enum import Enum

from labeler.errors import LabelerError
from labeler.modalities.playback import FADE_S
from labeler.modalities.player_clock import Clock
from labeler.modalities.ring import Ring
from labeler.modalities.sound_device import LATENCIES_S, SoundDevice

RETRY_S = 2.0
PREFER_EVERY_S = 10.0
"""How often the device that was chosen is looked for while another one plays."""
TORN_OFTEN = 3
"""Once may be a computer that was asleep."""
CALM_S = 300.0
"""A machine that tore nothing for so long may not be busy any more."""


class Change(Enum):
    NONE = 0
    FOUND = 1
    """A device takes sound now, from a new ring."""
    LOST = 2
    """The ring is not listened to any more."""


class Outlet:
    """Keeps one device open. `watch` is called often and does one thing at a time.

    The device gets a longer buffer when the machine has torn the sound, and a shorter one again when it is calm.
    """

    def __init__(self, clock: Clock, *, real_time: bool = False) -> None:
        """`real_time`: the player has it, and the device's callback with it."""
        self._clock = clock
        self._patience = self._least_patience = 0 if real_time else 1
        """Which of `LATENCIES_S` the device is asked for."""
        self._device: SoundDevice | None = None
        self._answers = False
        self.wanted = ""
        """Name of the device that was chosen; empty: the system's own choice."""
        self._try_at = 0.0
        self._prefer_at = 0.0
        self.problem = ""
        """Why nothing can be heard, in words; stays until a device takes sound."""
        self.devices: tuple[str, ...] = ()
        """Names of the outputs that there were when it last looked."""

    @property
    def device(self) -> str:
        """The device that takes sound; empty while there is none."""
        return self._device.name if self._device is not None and self._answers else ""

    @property
    def rate(self) -> float:
        return self._device.rate if self._device is not None else 0.0

    @property
    def latency(self) -> float:
        """What the device is asked for, in seconds."""
        return LATENCIES_S[self._patience]

    @property
    def ring(self) -> Ring | None:
        """What the device plays; None while none takes sound."""
        return self._device.ring if self._device is not None and self._answers else None

    def want(self, name: str) -> None:
        """Play on the device of this name while there is one; empty: on the system's own choice."""
        self.wanted, self._try_at = name, 0.0
        self.close()

    def watch(self, now: float, *, silent: bool) -> Change:
        """What became of the device. `silent`: nothing plays, so another device may be looked for."""
        if self._device is None:
            if now >= self._try_at:
                self._try_at = now + RETRY_S
                self._open(now)
            return Change.NONE
        if not self._device.active:
            return self._lose("no sound: the sound device was taken away")
        if not self._device.alive:
            return self._lose("no sound: the sound device takes none, another program may hold it")
        if not self._answers:
            self._answers = self._device.flows
            self.problem = "" if self._answers else self.problem
            return Change.FOUND if self._answers else Change.NONE
        if not silent:
            return Change.NONE
        patience = self._fitting_patience(self._device, now)
        another = self.wanted not in ("", self._device.name) and now >= self._prefer_at
        if another or patience != self._patience:
            self._patience = patience
            return self._lose("", again_at=now)
        return Change.NONE

    def close(self) -> None:
        if self._device is not None:
            device, self._device, self._answers = self._device, None, False
            device.close()

    def _fitting_patience(self, device: SoundDevice, now: float) -> int:
        if now - device.torn_at > CALM_S:
            return max(self._patience - 1, self._least_patience)
        if device.torn >= TORN_OFTEN:
            return min(self._patience + 1, len(LATENCIES_S) - 1)
        return self._patience

    def _lose(self, problem: str, again_at: float | None = None) -> Change:
        change = Change.LOST if self._answers else Change.NONE
        self.problem = problem
        self.close()
        if again_at is not None:
            self._try_at = again_at
        return change

    def _open(self, now: float) -> None:
        self._prefer_at = now + PREFER_EVERY_S
        try:
            self._device = SoundDevice(self._clock, FADE_S, self.wanted, self.latency)
        except LabelerError as problem:
            self.problem = problem.what
        else:
            self.devices = self._device.others

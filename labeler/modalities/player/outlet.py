"""The way to the loudspeaker: opens a device, notices when it is gone or silent, and finds one again.

A device counts from the moment it takes sound. Until then it may be asleep, or another program may hold it.
"""

from __future__ import annotations

from enum import Enum

from labeler.errors import LabelerError
from labeler.modalities.player.clock import Clock
from labeler.modalities.player.device import DEFAULT, LATENCIES_S, PULSE, SoundDevice
from labeler.modalities.player.messages import Output
from labeler.modalities.player.playback import FADE_S
from labeler.modalities.player.ring import Ring
from labeler.modalities.player.sinks import NOWHERE, PREFIX, Sinks

RETRY_S = 2.0
PREFER_EVERY_S = 10.0
"""How often the device that was chosen is looked for while another one plays, where nobody tells that it is back."""
GONE = "no sound: the sound device was taken away"
NONE_LEFT = "no sound: this computer has no sound device"
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
        self._sinks: Sinks | None = None
        """Once a device was open that is the whole of a desktop's outputs."""
        self._labels = {DEFAULT: "the system's choice", PULSE: "PulseAudio or PipeWire"}
        """Of each output that was ever seen and that a person knows by another name."""
        self.wanted = ""
        """Name of the device that was chosen; empty: the system's own choice."""
        self._try_at = 0.0
        self._prefer_at = 0.0
        self.problem = ""
        """Why nothing can be heard, in words; stays until a device takes sound."""
        self._ports: tuple[str, ...] = ()
        """Names of PortAudio's outputs when it last looked."""

    @property
    def device(self) -> Output | None:
        """The device that takes sound."""
        return self._output(self._device.name) if self._device is not None and self._answers else None

    @property
    def devices(self) -> tuple[Output, ...]:
        """The outputs that there were when it last looked, and the one that was chosen."""
        own = ("", DEFAULT, PULSE) if self._found else ("", DEFAULT)  # offered anyway, as the system's own choice
        there = (*(self._found or ()), *(self._output(name) for name in self._ports if name not in own))
        if self.wanted in (*own, *(output.name for output in there)):
            return there
        chosen = self._output(self.wanted)
        return (*there, chosen if chosen == self.device else Output(chosen.name, f"{chosen.label} (not there now)"))

    @property
    def devices_hint(self) -> str:
        """What to do to choose among more of them, in words."""
        return self._sinks.hint if self._sinks is not None else ""

    @property
    def notice(self) -> str:
        """Why sound is heard elsewhere than was chosen, in words."""
        if self.device is None or self.wanted in ("", self.device.name):
            return ""
        return f"{self._output(self.wanted).label} is not there: heard on {self.device.label}"

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
        self._close_device()

    def watch(self, now: float, *, silent: bool) -> Change:
        """What became of the device. `silent`: nothing plays, so another device may be looked for."""
        if self._sinks is not None:
            self._sinks.watch(now)
            self._labels |= {sink.name: sink.label for sink in self._found or ()}
        if self._device is None:
            if self._leads_nowhere(self.wanted):
                self.problem = NONE_LEFT
            elif now >= self._try_at:
                self._try_at = now + RETRY_S
                self._open(now)
            return Change.NONE
        if not self._device.active:
            return self._lose(GONE)
        if self._there(self._device.name) is False:  # the sound server has gone on with its sound elsewhere
            return self._lose(GONE if self._answers else "", again_at=now)
        if self._leads_nowhere(self._device.name):
            return self._lose(NONE_LEFT)
        if not self._device.alive:
            return self._lose("no sound: the sound device takes none, another program may hold it")
        if not self._answers:
            self._answers = self._device.flows
            self.problem = "" if self._answers else self.problem
            return Change.FOUND if self._answers else Change.NONE
        if not silent:
            return Change.NONE
        patience = self._fitting_patience(self._device, now)
        if self._another(self._device.name, now) or patience != self._patience:
            self._patience = patience
            return self._lose("", again_at=now)
        return Change.NONE

    def close(self) -> None:
        """Nothing is opened or watched any more."""
        self._close_device()
        if self._sinks is not None:
            self._sinks.close()

    def _close_device(self) -> None:
        if self._device is not None:
            device, self._device, self._answers = self._device, None, False
            device.close()

    @property
    def _found(self) -> tuple[Output, ...] | None:
        return self._sinks.found if self._sinks is not None else None

    def _output(self, name: str) -> Output:
        return Output(name, self._labels.get(name, name.removeprefix(PREFIX)))

    def _there(self, name: str) -> bool | None:
        """Whether this is an output of the desktop that is there. None: it is none, or nobody tells."""
        if self._found is None or not name.startswith(PREFIX):
            return None
        return any(sink.name == name for sink in self._found)

    def _leads_nowhere(self, name: str) -> bool:
        """Whether what is played there is lost: it would count as heard."""
        whole = name in ("", DEFAULT, PULSE) or name.startswith(PREFIX)
        return whole and [sink.name for sink in self._found or ()] == [NOWHERE]

    def _another(self, name: str, now: float) -> bool:
        """Whether the output that was chosen may be there, while the one of this name plays."""
        if self.wanted in ("", name):
            return False
        there = self._there(self.wanted)
        return now >= self._prefer_at if there is None else there

    def _fitting_patience(self, device: SoundDevice, now: float) -> int:
        if now - device.torn_at > CALM_S:
            return max(self._patience - 1, self._least_patience)
        if device.torn >= TORN_OFTEN:
            return min(self._patience + 1, len(LATENCIES_S) - 1)
        return self._patience

    def _lose(self, problem: str, again_at: float | None = None) -> Change:
        change = Change.LOST if self._answers else Change.NONE
        self.problem = problem
        self._close_device()
        if again_at is not None:
            self._try_at = again_at
        return change

    def _open(self, now: float) -> None:
        self._prefer_at = now + PREFER_EVERY_S
        # PipeWire opens a sink that is not there as well, and plays elsewhere.
        wanted = self.wanted if self._there(self.wanted) is not False else ""
        try:
            self._device = SoundDevice(self._clock, FADE_S, wanted, self.latency)
        except LabelerError as problem:
            self.problem = problem.what
        else:
            self._ports = self._device.others
            if PULSE in self._ports and self._sinks is None:
                self._sinks = Sinks()

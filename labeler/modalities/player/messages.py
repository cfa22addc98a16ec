"""What the app tells the player's process, and what that tells the app."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.modalities.audio.track import Track
from labeler.modalities.player.playback import Plan


@dataclass(frozen=True, slots=True)
class Load:
    """Another recording, several on one clock, or none; silence until it is told to play."""

    number: int
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Play:
    number: int
    plan: Plan
    going_on: bool = False
    """Sound that is playing goes on from where it is, to the sample, and not from the plan's own moment."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent. `at_s` moves the place where it rests; None leaves it where the sound is."""

    number: int
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    factor: float


@dataclass(frozen=True, slots=True)
class Device:
    """Play on the device of this name; empty, or while there is none: on the system's own choice."""

    name: str


Command = Load | Play | Pause | Gain | Device


@dataclass(frozen=True, slots=True)
class Output:
    """A sound device: a name to tell it by, the same at every start, and one that a person knows it by."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the player does, as of command `number`."""

    number: int = 0
    playing: bool = False
    rest_s: float = 0.0
    """Where it stands while it is silent."""
    device: Output | None = None
    """The one that takes sound."""
    problem: str = ""
    """Why nothing can be heard, in words."""
    notice: str = ""
    """Why it is heard elsewhere than was chosen, in words."""
    devices: tuple[Output, ...] = ()
    """The outputs that there are."""
    devices_hint: str = ""
    """What to do to choose among more of them, in words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Spans of a recording of the `Load` with this number that were played, in seconds."""

    load: int
    take: int
    """Which of its recordings."""
    spans: tuple[tuple[float, float], ...]

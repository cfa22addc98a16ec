"""What the Gold screen shows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a line stands out as; its words say it too."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a small table: its name, a number or none, and words."""

    name: str
    count: str
    words: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class NodeRow:
    cells: tuple[str, ...]
    tone: Tone


@dataclass(frozen=True, slots=True)
class Chip:
    """One of several things that can be looked at, and whether it is."""

    name: str
    words: str
    chosen: bool


class Deed(StrEnum):
    """What the large button does."""

    BUILD = "Build the draft as the next version"
    PUBLISH = "Publish it: a second pair of eyes"
    NONE = ""


@dataclass(frozen=True, slots=True)
class GoldState:
    """All that the screen shows. `busy` says what is worked on beside the window; empty when nothing is."""

    project: str
    person: str
    name: str
    read: bool = False
    """Something was read; before that, nothing may be said to be missing or enough."""
    version: str = ""
    """The newest version and what became of it."""
    versions: tuple[Chip, ...] = ()
    """All that can be looked at, oldest first; the draft comes last."""
    outputs: tuple[Chip, ...] = ()
    """The pairs of outputs that the gate can be asked with."""
    digest: str = ""
    """Of the manifest of what is looked at; the draft's is the one that its version would have."""
    unresolved: tuple[str, ...] = ()
    """Ids of judged items that wait for a decision and are left out until then."""
    exports: str = ""
    """The version that an export would write; empty where there is none yet."""
    draft_title: str = ""
    records: str = ""
    changes: tuple[Line, ...] = ()
    thin: tuple[Line, ...] = ()
    mix: tuple[Line, ...] = ()
    mix_note: str = ""
    gate_title: str = ""
    decision: str = ""
    tone: Tone = Tone.PLAIN
    nodes: tuple[NodeRow, ...] = ()
    chosen: int = 0
    why: str = ""
    why_title: str = ""
    average: str = ""
    average_title: str = ""
    fine: str = ""
    explained: tuple[str, ...] = ()
    """The arithmetic of the chosen node; empty while it is not asked for."""
    deed: Deed = Deed.NONE
    why_not: str = ""
    """Why the large button does nothing."""
    busy: str = ""
    message: str = ""
    serious: bool = False

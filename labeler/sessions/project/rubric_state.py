"""What the rubric editor shows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labeler.domain.items import Box, Modality, TimeSpan
from labeler.domain.rubric import Tier

FIELDS = ("code", "label", "definition", "example", "key")
"""What is typed, in the order of the form."""


@dataclass(frozen=True, slots=True)
class RubricLine:
    """A failure code or a tier on the list."""

    code: str
    label: str
    key: str
    severity: str
    """`major`, `minor`; empty for a tier."""
    gaps: int
    """How often leads found this line to blame."""
    changed: bool
    """It is not what is in force."""


@dataclass(frozen=True, slots=True)
class ShownCrop:
    """The place that the example shows: a piece of a picture, or a span of a recording."""

    words: str
    path: Path | None = None
    box: Box | None = None
    span: TimeSpan | None = None
    """In seconds."""
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class RubricForm:
    """The line that is chosen."""

    code: str
    texts: tuple[tuple[str, str], ...]
    """Field to text, in the order of `FIELDS`; a tier has neither code nor key."""
    severity: str
    tier: Tier | None
    again: bool
    """Who named it is asked again once the version is in force."""
    crop: ShownCrop | None
    problem: str = ""
    """Why people could not work with it."""


@dataclass(frozen=True, slots=True)
class LookAgainLine:
    item_id: str
    why: str
    resolved: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version that was in force, and what it did to the codes of the one before, in words."""

    version: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricAsk:
    """A question that digits answer."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricEditorState:
    project: str
    person: str
    version: str
    modalities: tuple[Modality, ...]
    modality: Modality
    lines: tuple[RubricLine, ...] = ()
    chosen: int = 0
    form: RubricForm | None = None
    read_only: str = ""
    """Why nothing can be changed here; empty when it can."""
    changes: tuple[str, ...] = ()
    """What the draft does, in words: first to codes that verdicts name, then to texts, keys and order."""
    versions: tuple[VersionLine, ...] = ()
    """Newest first; empty where there was only one."""
    touched: bool = False
    lacking: str = ""
    """Why the draft cannot be put in force yet."""
    again: tuple[LookAgainLine, ...] = ()
    other_gaps: tuple[tuple[str, int], ...] = ()
    """What leads found to blame besides the codes, and how often."""
    hear: int = 0
    """Grows when the real example is to be heard."""
    busy: str = ""
    ask: RubricAsk | None = None
    message: str = ""
    serious: bool = False

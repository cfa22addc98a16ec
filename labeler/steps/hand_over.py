"""Handing over verdicts: a file for another copy of the project, signed where the account has a key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labeler.errors import LabelerError
from labeler.steps.exchange import export_verdicts
from labeler.steps.identity import sign_stream, system_keyring, why_unsigned, write_signatures
from labeler.steps.opening import open_project
from labeler.steps.project import Now, now_utc


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many events the file holds, and why what this person wrote is not signed; empty where it is."""

    events: int
    unsigned: str


def hand_over(folder: Path, to: Path, name: str, *, now: Now = now_utc) -> HandedOver:
    """Write every event of a project into a file, with a signature beside it of what this person wrote here.

    Raises LabelerError where the file cannot be written.
    """
    unsigned = _sign(folder, to, name, now)
    with open_project(folder, read_only=True) as project:
        return HandedOver(export_verdicts(project.store, to), unsigned)


def _sign(folder: Path, to: Path, name: str, now: Now) -> str:
    """Sign what this person wrote here; the answer is why that could not be, and empty where it was."""
    keys = system_keyring()
    try:
        with open_project(folder) as project:
            person = project.store.person(name)
            if person is None:
                return f"nobody here is called {name} (--as NAME says who you are)"
            if project.store.read_only:
                return "the project can only be read"
            signature = sign_stream(project.store, person, keys, now())
            if signature is None:
                return why_unsigned(project.store, person, keys)
        write_signatures(to, [signature])
    except (OSError, LabelerError) as problem:  # a disk that can only be read is exported all the same
        return str(problem)
    return ""

"""The people's session: who is here, in which role; letting people in, and changing who works at this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.commands import Command
from labeler.sessions.project.assignment_present import in_items
from labeler.sessions.project.rubric_state import RubricAsk
from labeler.sessions.told import Told
from labeler.steps import people as steps
from labeler.steps.bring.verdicts import Brought, bring_verdicts
from labeler.steps.hand_over import HandedOver, hand_over
from labeler.steps.opening import open_project
from labeler.steps.project import Project

_MAY = {
    Role.ANNOTATOR: "judges items, blind",
    Role.LEAD: "decides, changes the rubric, gives roles",
    Role.AUDITOR: "looks at everything and changes nothing",
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: str
    name: str
    role: str
    may: str
    """What the role allows, in words."""
    by: str
    """Whose word the role is, in words."""
    verdicts: int | None
    """None where it is not for this person to know."""
    devices: int
    here: bool
    """Works at this window."""


@dataclass(frozen=True, slots=True)
class PeopleState:
    project: str
    person: str
    lines: tuple[PersonLine, ...] = ()
    chosen: int = 0
    ask: RubricAsk | None = None
    message: str = ""
    serious: bool = False


class PeopleSession(Told[PeopleState]):
    """All methods are called on one thread."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        super().__init__(PeopleState(project.settings.name, person.name))
        self._project, self._person, self._now = project, person, now
        self.work_as: Callable[[str], None] = lambda _person: None
        """Opens the project again for another person; the window puts its own in this place."""
        self.refresh()

    def refresh(self) -> None:
        """Read anew who is here."""
        found = [one for one in steps.members(self._project.store) if not one.person.simulated]
        knows = self._person.role is not Role.ANNOTATOR
        lines = tuple(
            PersonLine(
                id=one.person.id,
                name=one.person.name,
                role=str(one.person.role),
                may=_MAY[one.person.role],
                by=f"given by {one.role_by}" if one.role_by else "by own word, when joining",
                verdicts=one.verdicts if knows or one.person.id == self._person.id else None,
                devices=one.devices,
                here=one.person.id == self._person.id,
            )
            for one in found
        )
        self._tell(lines=lines, chosen=min(self.state.chosen, max(0, len(lines) - 1)))

    @property
    def line(self) -> PersonLine | None:
        return self.state.lines[self.state.chosen] if self.state.lines else None

    def choose(self, line: int) -> None:
        self._tell(chosen=max(0, min(line, len(self.state.lines) - 1)))

    def move(self, by: int) -> None:
        self.choose(self.state.chosen + by)

    def let_in(self, name: str) -> None:
        """A new annotator."""
        try:
            person = steps.let_in(self._project, self._person, name, now=self._now)
        except LabelerError as problem:
            self._tell(message=problem.what, serious=True)
            return
        self.refresh()
        at = next((n for n, line in enumerate(self.state.lines) if line.id == person.id), 0)
        self._tell(chosen=at, message=f"{person.name} is in, as {person.role}")

    def ask_role(self) -> None:
        if self.line is not None:
            options = tuple(f"{role.capitalize()}: {_MAY[role]}" for role in Role)
            self._tell(ask=RubricAsk(f"What is {self.line.name}?", options))

    # Several laptops

    def hand_over(self, to: Path) -> None:
        """Write all verdicts of this copy into a file for another one, beside the window."""
        folder, person, now = self._project.folder, self._person.id, self._now
        self._tell(message="Writing the verdicts…")
        self.beside("exchange", lambda: hand_over(folder, to, person, now=now), partial(self._handed, to), self._fail)

    def _handed(self, to: Path, done: HandedOver) -> None:
        signed = f"not signed: {done.unsigned}" if done.unsigned else "signed with the key of this device"
        self._tell(message=f"{to.name} holds all {done.events:,} events of this copy, {signed}")

    def take_in(self, file: Path) -> None:
        """Merge the verdicts of another copy, beside the window; the same file again changes nothing."""
        folder, person, now = self._project.folder, self._person.id, self._now

        def bring() -> Brought:
            with open_project(folder) as project:
                return bring_verdicts(project, file, person, now=now)

        self._tell(message=f"Taking in {file.name}…")
        self.beside("exchange", bring, partial(self._took_in, file), self._fail)

    def _took_in(self, file: Path, done: Brought) -> None:
        merged = done.merged
        said = [f"{file.name}: {merged.added:,} events are new here, {merged.known:,} were here already"]
        if merged.unsigned:
            said.append(f"of {len(merged.unsigned):,} devices not signed by their key")
        if merged.refused or merged.damage:
            said.append(f"{merged.refused + len(merged.damage):,} left out (labeler import says which)")
        if done.settled:
            said.append(f"settled or opened again: {in_items(done.settled)}")
        self.refresh()
        self._tell(message="; ".join(said), serious=bool(merged.refused or merged.damage))

    def _say_failed(self, why: str) -> None:
        self._tell(message=why, serious=True)

    def switch(self) -> None:
        """Let the chosen person work at this window."""
        if self.line is not None and not self.line.here:
            self.work_as(self.line.id)

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return self.state.ask is not None

    def answer(self, number: int) -> None:
        line = self.line
        if self.state.ask is None or line is None or not 1 <= number <= len(Role):
            return
        role = list(Role)[number - 1]
        try:
            changed = steps.give_role(
                self._project, self._person, self._project.store.person_of(line.id), role, now=self._now
            )
        except LabelerError as problem:
            self._tell(ask=None, message=problem.what, serious=True)
            return
        self._tell(ask=None, message=f"{changed.name} is {changed.role}. What they said before stays as it was")
        self.refresh()

    def dismiss(self) -> None:
        self._tell(ask=None)


PeopleCommand = Command[PeopleSession]

COMMANDS: tuple[PeopleCommand, ...] = (
    PeopleCommand("people.next", "Next person", lambda s: s.move(+1), "Down", group="People"),
    PeopleCommand("people.previous", "Person before", lambda s: s.move(-1), "Up", group="People"),
    PeopleCommand("people.first", "First person", lambda s: s.move(-(10**9)), "Home", group="People"),
    PeopleCommand("people.last", "Last person", lambda s: s.move(10**9), "End", group="People"),
    PeopleCommand("people.role", "Change the role", PeopleSession.ask_role, "R", group="People"),
    PeopleCommand("people.switch", "Work as this person", PeopleSession.switch, "Enter", group="People"),
)

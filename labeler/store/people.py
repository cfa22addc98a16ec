"""People of a project. Joining is an event; the name stands outside the chain behind a commitment."""

from __future__ import annotations

import secrets
from datetime import datetime

from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.domain.roles import Roles
from labeler.store.adopting import Adopting
from labeler.store.role_state import roles_in

_PEOPLE = """
SELECT people.id, privates.value ->> '$', role, simulated FROM people
LEFT JOIN privates ON privates.event_id = people.event_id AND field = 'name'
"""


class People(Adopting):
    """Who judges in this project."""

    def add_person(
        self,
        name: str,
        role: Role = Role.ANNOTATOR,
        *,
        at: datetime,
        simulated: bool = False,
        person_id: str | None = None,
    ) -> Person:
        """Let a person join, in a stream of the person's own. The id says nothing of the name.

        A given `person_id` (letters, digits, `_`, `.`, `-`) is kept; the same id again changes the name, and no role.
        """
        person = Person(person_id or f"p-{secrets.token_hex(6)}", name, Role(role), simulated)
        body = {"kind": "joined", "person": person.id, "role": str(person.role), "simulated": simulated}
        self.append(self.stream(person.id), EventKind.JOINED, body, at, {"name": name})
        return self.person_of(person.id)

    def roles(self) -> Roles:
        """Who had which role when, and who gave it."""
        return roles_in(self.connection)

    def person(self, name: str) -> Person | None:
        """A person by name or id."""
        return next((person for person in self.people() if name in (person.id, person.name)), None)

    def people(self) -> list[Person]:
        """Everyone, in order of id. Whose name was erased is called by id."""
        return [_person(*row) for row in self.connection.execute(f"{_PEOPLE} ORDER BY people.id")]

    def person_of(self, person_id: str) -> Person:
        """The person with this id; a stranger, whose joining has not arrived here yet, is an annotator."""
        row = self.connection.execute(f"{_PEOPLE} WHERE people.id = ?", (person_id,)).fetchone()
        return Person(person_id, person_id, Role.ANNOTATOR) if row is None else _person(*row)


def _person(person_id: str, name: str | None, role: str, simulated: int) -> Person:
    return Person(person_id, name or person_id, Role(role), bool(simulated))

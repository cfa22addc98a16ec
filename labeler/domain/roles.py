"""Who may do what: roles as the log says them, and which events a role does not allow.

The first joining of a person says the role that they found the project with, and is taken at its word: on a machine
of one's own nobody else can vouch for it. From then on only a lead changes a role. An event that its author's role
does not allow stays in the log and means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from labeler.domain.events import Event, EventKind
from labeler.domain.people import Role

When = tuple[str, str]
"""Time and id of an event: what comes later counts more."""
ROLE_KINDS = (EventKind.JOINED, EventKind.ROLE)
_AUDITORS = frozenset({EventKind.JOINED, EventKind.LOOKED, EventKind.TIMES_ERASED})
"""All that an auditor writes: who is here, that they looked at a record, and that their own times are to be erased.

What is erased cannot come back, so that whether the role or the erasure arrives first must not matter.
"""
_LEADS = frozenset(
    {
        EventKind.ROLE,
        EventKind.QUALIFICATION,
        EventKind.TERM,
        EventKind.RULE,
        EventKind.ANSWER,
        EventKind.DISPOSITION,
        EventKind.APPROVAL,
        EventKind.HOLD,
        EventKind.ERASURE,
    }
)
"""Kinds that are a lead's whatever they say."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when on a person has a role, and whose word that is."""

    since: When
    role: Role
    by: str


@dataclass(frozen=True, slots=True)
class Roles:
    """The role of every person at every time."""

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def at(self, person: str, when: When) -> Role:
        """A person whose joining is not known here is an annotator; before the first joining the first role holds."""
        known = self.spans.get(person, ())
        held = [span.role for span in known if span.since <= when]
        if held:
            return held[-1]
        return known[0].role if known else Role.ANNOTATOR

    def now(self, person: str) -> Role:
        known = self.spans.get(person, ())
        return known[-1].role if known else Role.ANNOTATOR

    def allow(self, event: Event) -> bool:
        return not refusal(event.kind, event.body.get("by"), self.at(event.author, (event.at, event.id)))


def roles_of(events: Iterable[Event]) -> Roles:
    """Roles from the events that joined people and gave roles, in any order; other events are passed over."""
    spans: dict[str, tuple[Span, ...]] = {}
    for event in sorted((e for e in events if e.kind in ROLE_KINDS), key=lambda e: (e.at, e.id)):
        person, role, when = event.body["person"], Role(event.body["role"]), (event.at, event.id)
        known = spans.get(person, ())
        if event.kind == EventKind.JOINED:
            if not known:
                spans[person] = (Span(when, role, event.author),)
        elif Roles(spans).at(event.author, when) is Role.LEAD:
            # A role may be given before the joining arrives: until then the person was an annotator.
            spans[person] = (*(known or (Span(("", ""), Role.ANNOTATOR, person),)), Span(when, role, event.author))
    return Roles(spans)


def refusal(kind: str, by: object, role: Role) -> str:
    """Why an event of this kind (and `by`, whose word it is) is not for this role, in words; empty when it is."""
    if role is Role.AUDITOR and kind not in _AUDITORS:
        return "an auditor looks at everything and changes nothing"
    if role is not Role.LEAD and (kind in _LEADS or by == "lead"):
        return "only a lead decides this"
    return ""

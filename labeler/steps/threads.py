"""Questions on items: an annotator asks, a lead answers, the annotator sees it. Nobody else sees a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labeler.domain.assignment import answer_body, question_body
from labeler.domain.events import Event, EventKind
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.steps.assign import only_a_lead, release_of_project
from labeler.steps.project import Project

ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread."""

    at: str
    person_id: str
    text: str
    answer: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What a person asked about an item and what leads answered, in the order of time."""

    item_id: str
    person_id: str
    said: tuple[Said, ...]
    last_question: str
    """Id of the event that an answer names."""

    @property
    def open(self) -> bool:
        """The last word is a question."""
        return not self.said[-1].answer


def ask_lead(project: Project, person: Person, item_id: str, text: str, now: datetime) -> Event:
    """Raises LabelerError for an empty question."""
    body = question_body(release_of_project(project), item_id)
    return _say(project, person, EventKind.QUESTION, body, text, now)


def answer_question(project: Project, lead: Person, question: str, text: str, now: datetime) -> Event:
    """Raises LabelerError for an empty answer, and for who is no lead."""
    only_a_lead(lead)
    return _say(project, lead, EventKind.ANSWER, answer_body(question), text, now)


def _say(project: Project, person: Person, kind: EventKind, body: Mapping[str, Any], text: str, now: datetime) -> Event:
    if not text.strip():
        raise LabelerError("there is nothing to send: the text is empty")
    with project.store.atomic():
        return project.store.append(project.store.stream(person.id), kind, body, now, {"text": text.strip()})


def threads(project: Project, person: Person | None = None, item_id: str | None = None) -> list[Thread]:
    """The threads of the newest release, open ones first, then the newest; of one person, of one item, or all."""
    store, release = project.store, release_of_project(project)
    found: dict[tuple[str, str], list[tuple[Event, bool]]] = {}
    asked: dict[str, tuple[str, str]] = {}
    # Where both clocks say the same, an answer comes after its question.
    kinds = [EventKind.QUESTION, EventKind.ANSWER]
    events = sorted(store.events(kinds=kinds), key=lambda e: (e.at, e.kind == EventKind.ANSWER, e.id))
    for event in events:
        if event.kind == EventKind.QUESTION and event.body["release"] == release:
            asked[event.id] = (event.body["item_id"], event.author)
    for event in filter(store.allows, events):
        key = asked.get(event.id if event.kind == EventKind.QUESTION else event.body["question"])
        if key is not None and item_id in (None, key[0]) and (person is None or person.id == key[1]):
            found.setdefault(key, []).append((event, event.kind == EventKind.ANSWER))
    made = [_thread(project, *key, said) for key, said in found.items() if not said[0][1]]
    return sorted(made, key=lambda thread: (thread.open, thread.said[-1].at), reverse=True)


def answered_since(project: Project, person: Person, at: str) -> list[Thread]:
    """The person's threads in which a lead had the last word, after this time, the newest first."""
    return [thread for thread in threads(project, person) if not thread.open and thread.said[-1].at > at]


def _thread(project: Project, item_id: str, person_id: str, said: list[tuple[Event, bool]]) -> Thread:
    messages = tuple(
        Said(event.at, event.author, str(project.store.private_of(event.id).get("text", ERASED)), answer)
        for event, answer in said
    )
    last = next(event.id for event, answer in reversed(said) if not answer)
    return Thread(item_id, person_id, messages, last)

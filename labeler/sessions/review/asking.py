"""A question to a lead about the item on the desk: what was asked and answered so far, and what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.desk_work import DeskWork
from labeler.sessions.review.state import Ask, Message
from labeler.steps.assign import ask_another
from labeler.steps.project import Project
from labeler.steps.threads import ask_lead, threads

THREAD = "thread"
_MOST = 400


def thread_ask(project: Project, person: Person, item_id: str, typed: str) -> tuple[Ask, bool]:
    """The panel with the person's own thread, and whether a lead has answered in it."""
    found = threads(project, person, item_id)
    said = found[0].said if found else ()
    lines = [f"{'Lead' if one.answer else 'You'}: {one.text[:_MOST]}" for one in said]
    return Ask(THREAD, "Ask a lead about this item", ("Send the question",), tuple(lines), typed), any(
        one.answer for one in said
    )


class AskingALead(DeskWork):
    """The part of a session that reaches others about the item on the desk: a question, one more verdict."""

    _project: Project
    _person: Person
    _now: Callable[[], datetime]
    _ask: Ask | None

    def ask_lead(self) -> None:
        """Open the thread on this item. An answer that is read there is noted with the verdict: it may lead."""
        desk = self._desk
        if desk is None:
            return
        item_id = desk.opened.item.id
        self._ask, answered = thread_ask(self._project, self._person, item_id, desk.draft.question)
        if answered:
            desk.expose("answer")
        self._tell()

    def ask_another(self) -> None:
        """Ask that one more person judges the item on the desk, whatever this verdict is."""
        desk = self._desk
        if desk is None or not self._written_down():
            return
        try:
            if desk.opened.check is None:  # a check says what every item says: that a lead settled it would tell
                ask_another(self._project, self._person, desk.opened.item.id, self._now())
            self._message = Message("One more person will judge this item")
        except LabelerError as problem:
            self._message = Message(problem.what, serious=True)
        self._tell()

    def type_question(self, text: str) -> None:
        """What is typed is part of the draft: it survives a crash, and leaving the item."""
        if self._desk is not None and self._ask is not None and self._ask.what == THREAD and text != self._ask.typed:
            self._desk.type_question(text)
            self._ask = replace(self._ask, typed=text)
            self._tell()

    def _send_question(self, desk: Desk) -> None:
        if not self._written_down():
            return
        try:
            ask_lead(self._project, self._person, desk.opened.item.id, desk.draft.question, self._now())
        except LabelerError as problem:
            self._message = Message(problem.what, serious=True)
            return
        desk.type_question("")
        self._ask = None
        self._message = Message("Sent: the answer will be on your board, and here")

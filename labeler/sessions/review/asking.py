"""A question to a lead about the item on the desk: what was asked and answered so far, and what is being typed."""

from __future__ import annotations

from labeler.domain.people import Person
from labeler.sessions.review.state import Ask
from labeler.steps.project import Project
from labeler.steps.threads import threads

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

"""What leads changed while somebody works, as screens hear of it, and what to say of it."""

from __future__ import annotations

from collections.abc import Collection

from labeler.domain.people import Person, Role
from labeler.domain.project import ProjectSettings
from labeler.sessions.project.rules import NOT_FOR_ANNOTATORS, RULES
from labeler.steps.keep_up import News

__all__ = ["News", "rules_changed"]


def rules_changed(places: Collection[str], settings: ProjectSettings, person: Person) -> str:
    """The rules at these places with their values of now; nothing of those that the person is not told of."""
    hidden = NOT_FOR_ANNOTATORS if person.role is Role.ANNOTATOR else ()
    shown = [
        f"{rule.title}: {rule.words(settings)}"
        for heading, rules in RULES.items()
        if heading not in hidden
        for rule in rules
        if rule.where in places
    ]
    return f"Changed by a lead, from the next item on: {'; '.join(shown)}" if shown else ""

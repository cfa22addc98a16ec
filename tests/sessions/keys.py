"""What keys do to a session, without a window."""

from __future__ import annotations

from labeler.sessions.review.commands import COMMANDS, failure_commands
from labeler.sessions.review.session import ReviewSession


def press(session: ReviewSession, *keys: str) -> None:
    """Do what the keys stand for, as the window does."""
    for key in keys:
        if session.state.screen.ask is not None and key.isdigit():
            session.answer(int(key))
            continue
        rubric = session.state.judgement.rubric
        commands = (*COMMANDS, *(failure_commands(rubric) if rubric else ()))
        (command,) = [c for c in commands if c.key == key and c.when(session)]
        command.do(session)

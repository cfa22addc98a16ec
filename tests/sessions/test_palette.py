"""A command is found by a few letters of its name, and only if it may act now."""

from __future__ import annotations

from labeler.sessions.palette import found
from labeler.sessions.review.commands import COMMANDS
from labeler.sessions.review.session import ReviewSession
from tests.sessions.keys import press


def named(session: ReviewSession, typed: str) -> list[str]:
    return [command.id for command in found(COMMANDS, session, typed)]


def test_beginnings_of_words_go_before_letters_in_between(session: ReviewSession) -> None:
    press(session, "X")
    assert named(session, "gold ed")[0] == "gold.edit"
    assert named(session, "skip")[0] == "skip"
    assert "verdict.whole" in named(session, "whitch")
    assert named(session, "no such thing") == []


def test_what_may_not_happen_now_is_not_offered(session: ReviewSession) -> None:
    before = named(session, "")
    press(session, "X")
    assert "difference.next" not in before
    assert {"difference.next", *before} <= {*named(session, "")}

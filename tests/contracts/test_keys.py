"""The keys of failure codes and those of the Review screen never meet."""

from __future__ import annotations

from labeler.domain.rubric import RESERVED_KEYS
from labeler.formats.rubric import shipped_rubrics
from labeler.sessions.commands import rebind
from labeler.sessions.review.commands import COMMANDS, failure_commands


def test_every_letter_and_digit_of_the_review_screen_is_reserved() -> None:
    own = {command.key for command in COMMANDS if len(command.key) == 1 and command.key.isalnum()}
    assert own == RESERVED_KEYS


def test_no_key_of_a_shipped_rubric_does_two_things() -> None:
    for rubric in shipped_rubrics().values():
        rebind((*COMMANDS, *failure_commands(rubric)), {})

"""The keys of failure codes and those of the Review screen never meet."""

from __future__ import annotations

from labeler.domain.items import Modality
from labeler.domain.rubric import RESERVED_FOR, RESERVED_KEYS
from labeler.formats.rubric import shipped_rubrics
from labeler.sessions.commands import rebind
from labeler.sessions.review.commands import COMMANDS, failure_commands


def test_every_letter_and_digit_of_the_review_screen_is_reserved() -> None:
    own = {(c.key, c.scope) for c in COMMANDS if len(c.key) == 1 and c.key.isalnum()}
    for key, scope in own - {(key, scope) for key, scope in own if key in RESERVED_KEYS}:
        assert key in RESERVED_FOR[Modality(scope)]
    # And no more than those: a rubric is short of letters.
    assert {key for key, _ in own} == RESERVED_KEYS.union(*RESERVED_FOR.values())


def test_no_key_of_a_shipped_rubric_does_two_things() -> None:
    for rubric in shipped_rubrics().values():
        rebind((*COMMANDS, *failure_commands(rubric)), {})

"""Where both sides have the same words, what is said of them is what differs: when, or by whom, they are spoken."""

from __future__ import annotations

import pytest

from labeler.domain.blind import Neutral, ShownDifference
from labeler.domain.differences.model import Of, Reading
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice


def differing(kind: Neutral, a: Reading, b: Reading) -> ShownDifference:
    return ShownDifference("d1", Of.SEGMENTS, kind, False, a, b, "", None)


LATER = differing(Neutral.TIMING, Reading("my  card", time_s=(0.45, 0.9)), Reading("my card", time_s=(1.35, 1.8)))
OTHER = differing(
    Neutral.SPEAKER,
    Reading("my card", time_s=(0.45, 0.9), speaker="agent"),
    Reading("my card", time_s=(0.45, 0.9), speaker="the\ncaller"),
)


@pytest.mark.parametrize(
    ("difference", "choice", "said"),
    [
        (LATER, None, "my card: 0.45 s / 1.35 s"),
        (LATER, Choice.B, "my card: 1.35 s, not 0.45 s"),
        (OTHER, None, "my card: agent / the caller"),
        (OTHER, Choice.NONE, "my card: neither agent nor the caller"),
    ],
)
def test_in_a_list(difference: ShownDifference, choice: Choice | None, said: str) -> None:
    assert words.in_short(difference, choice) == said


def test_in_a_sentence() -> None:
    assert words.in_full(LATER) == "“my card” at 0.45 s in A, at 1.35 s in B"
    assert words.where_in_full(LATER) == ""
    assert words.in_full(OTHER) == "“my card” spoken by agent in A, by the caller in B"
    assert words.where_in_full(OTHER) == "0.45–0.90 s"


def test_a_comparison_of_before_speakers_were_kept_names_none() -> None:
    before = differing(Neutral.SPEAKER, Reading("my card"), Reading("my card"))
    assert words.in_full(before) == "“my card” by another speaker in B"
    assert words.in_short(before, None) == "my card / my card"

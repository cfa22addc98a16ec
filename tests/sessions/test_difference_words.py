"""What is said of a difference whose words are the same on both sides, and of how much of a recording was heard."""

from __future__ import annotations

import pytest

from labeler.domain.blind import Neutral, ShownDifference
from labeler.domain.differences.model import Of, Reading
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice, Draft
from labeler.sessions.review.moments import moment, stretch


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


@pytest.mark.parametrize(
    ("heard_s", "length_s", "said"),
    [
        (6.14, 9.8, "6.1 of 9.8 s heard"),
        (0.004, 0.01, "0.00 of 0.01 s heard"),
        (9.8000001, 9.8, "9.8 of 9.8 s heard"),
        (65.9, 10800.0, "65.9 s of 3:00:00 heard"),
        (3725.0, 10800.0, "1:02:05 of 3:00:00 heard"),
        (0.0, 125.0, "0.0 s of 2:05 heard"),
        (6.14, None, "6.1 s heard"),
    ],
)
def test_how_much_was_heard_of_how_much(heard_s: float, length_s: float | None, said: str) -> None:
    draft = Draft(heard=((0.0, heard_s),))
    assert words.heard(draft, {} if length_s is None else {None: length_s}, each=False) == said


def test_of_outputs_that_are_recordings_it_is_a_share_of_each() -> None:
    draft = Draft(heard_of={"A": ((0.0, 1.5),)})
    assert words.heard(draft, {"A": 3.0, "B": 2.0}, each=True) == "A 50% · B 0% heard"


def test_a_recording_in_a_few_words() -> None:
    assert words.recording(9.8, 8000, 1) == "9.8 s · 8 kHz mono"
    assert words.recording(0.01, 44100, 2) == "0.01 s · 44.1 kHz stereo"
    assert words.recording(18000.2, 48000, 8) == "5:00:00 · 48 kHz 8 channels"


def test_from_a_minute_on_moments_are_read_from_a_clock() -> None:
    assert [moment(s) for s in (5.5, 59.996, 1205.38, 3605.14)] == ["5.50 s", "1:00.00", "20:05.38", "1:00:05.14"]
    assert [stretch(span) for span in ((5.5, 6.1), (59.5, 60.25))] == ["5.50–6.10 s", "0:59.50–1:00.25"]

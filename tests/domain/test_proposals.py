"""Which failure a difference proposes, on the side found wrong."""

from __future__ import annotations

import pytest

from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.items import Modality, ModelVersion, Output, Side
from labeler.domain.proposals import proposed_code
from labeler.formats.rubric import shipped_rubrics

RUBRICS = shipped_rubrics()


def proposal(modality: Modality, kind: Kind, old: str | None, new: str | None, side: Side) -> str | None:
    """The code for a difference in the middle of a sentence."""
    reading = {"old": old, "new": new}
    outputs: dict[Side, Output] = {}
    readings: dict[str, Reading | None] = {}
    for one in ("old", "new"):
        said = reading[one]
        outputs["old" if one == "old" else "new"] = Output("i", ModelVersion(one, "1"), f"The word is {said} here")
        readings[one] = None if said is None else Reading(said, (12, 12 + len(said)))
    difference = Difference("d1", Of.TEXT, kind, False, readings["old"], readings["new"])
    found = proposed_code(RUBRICS[modality], difference, side, outputs)
    return found.code if found else None


@pytest.mark.parametrize(
    ("kind", "old", "new", "side", "code"),
    [
        (Kind.NUMBER, "fifteen", "fifty", "old", "number_or_date"),
        (Kind.SUBSTITUTED, "glass go", "Glasgow", "old", "proper_name"),
        (Kind.SUBSTITUTED, "glass go", "Glasgow", "new", "proper_name"),
        (Kind.SUBSTITUTED, "ship it", "sip it", "new", "words_substituted"),
        (Kind.MISSING, "to my wife", None, "new", "words_dropped"),
        (Kind.MISSING, "to my wife", None, "old", "words_invented"),
        (Kind.ADDED, None, "to my wife", "new", "words_invented"),
        (Kind.MISSING, "not", None, "new", "negation_lost"),
        (Kind.SUBSTITUTED, "do not", "doughnut", "new", "negation_lost"),
    ],
)
def test_what_was_heard_wrongly_proposes_its_failure(
    kind: Kind, old: str | None, new: str | None, side: Side, code: str
) -> None:
    assert proposal(Modality.AUDIO, kind, old, new, side) == code


@pytest.mark.parametrize(
    ("kind", "old", "new", "side", "code"),
    [
        (Kind.NUMBER, "292.80", "262.80", "old", "value_misread"),
        (Kind.NUMBER, "1,250", "12.50", "new", "unit_or_scale"),
        (Kind.NUMBER, "€450", "£450", "new", "unit_or_scale"),
        (Kind.NUMBER, "262", "226", "new", "value_misread"),
        (Kind.NUMBER, "4", "4000", "new", "value_misread"),
        (Kind.ROW_MISSING, "Cable | 6", None, "new", "row_missing"),
        (Kind.ROW_MISSING, "Cable | 6", None, "old", "region_invented"),
        (Kind.REGION_ADDED, None, "PAID", "old", "region_missed"),
        (Kind.FORM, "Total", "TOTAL", "old", None),
    ],
)
def test_what_was_read_wrongly_proposes_its_failure(
    kind: Kind, old: str | None, new: str | None, side: Side, code: str | None
) -> None:
    assert proposal(Modality.IMAGE, kind, old, new, side) == code


def test_capitals_at_the_start_of_a_sentence_or_throughout_are_no_name() -> None:
    outputs: dict[Side, Output] = {
        "old": Output("i", ModelVersion("old", "1"), "Chip it"),
        "new": Output("i", ModelVersion("new", "1"), "Ship it. Now OK"),
    }
    difference = Difference("d1", Of.TEXT, Kind.SUBSTITUTED, False, Reading("Chip", (0, 4)), Reading("Ship", (0, 4)))
    found = proposed_code(RUBRICS[Modality.AUDIO], difference, "old", outputs)
    assert found is not None
    assert found.code == "words_substituted"

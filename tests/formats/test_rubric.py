"""Rubric files: what ships is complete and can be worked with, and what is wrong in a file is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.domain.differences.model import Kind, Of
from labeler.domain.items import Modality
from labeler.domain.rubric import RESERVED_FOR, RESERVED_KEYS, Rubric, Tier
from labeler.errors import LabelerError
from labeler.formats.rubric import read_rubrics, shipped_rubrics, write_rubrics
from labeler.shipped import RESOURCES

RUBRICS = shipped_rubrics()
each_rubric = pytest.mark.parametrize("rubric", RUBRICS.values(), ids=[str(m) for m in RUBRICS])

ONLY_ON_PICTURES = {Kind.REGION_MISSING, Kind.REGION_ADDED, Kind.REGION_MOVED}
ONLY_IN_SOUND = {Kind.TIMING, Kind.SPEAKER}
OCCURRING = {
    Modality.IMAGE: {*Kind} - ONLY_IN_SOUND - {Kind.FORM},
    Modality.AUDIO: {*Kind} - ONLY_ON_PICTURES - {Kind.FORM},
    Modality.TEXT: {*Kind} - ONLY_ON_PICTURES - ONLY_IN_SOUND - {Kind.FORM},
}
NAMED_BY_THE_FIELD = {
    Modality.IMAGE: "value_misread row_missing column_missing column_shifted label_confusion unit_or_scale "
    "legend_or_colour spatial_relation region_missed region_invented text_misread reading_order",
    Modality.AUDIO: "words_dropped words_invented words_substituted proper_name number_or_date negation_lost "
    "speaker_confused timing_off accent_or_language non_speech",
    Modality.TEXT: "wrong_number wrong_fact invented left_out wrong_label instruction_missed",
}


def test_every_modality_has_a_rubric() -> None:
    assert {*RUBRICS} == {*Modality}
    assert all(rubric.modality is modality for modality, rubric in RUBRICS.items())


@each_rubric
def test_the_failures_that_matter_are_there(rubric: Rubric) -> None:
    assert {code.code for code in rubric.failures} >= {*NAMED_BY_THE_FIELD[rubric.modality].split()}


@each_rubric
def test_labels_fit_on_a_chip_and_definitions_are_one_or_two_sentences(rubric: Rubric) -> None:
    for failure in rubric.failures:
        assert len(failure.label) <= 16, failure.label
        assert 30 <= len(failure.definition) <= 220, failure.code
        assert failure.example, failure.code
    assert len({failure.label for failure in rubric.failures}) == len(rubric.failures)


@each_rubric
def test_keys_are_unique_and_free_of_the_screen_s_own(rubric: Rubric) -> None:
    keys = [failure.key for failure in rubric.failures]
    assert len({*keys}) == len(keys)
    assert not (RESERVED_KEYS | RESERVED_FOR.get(rubric.modality, frozenset())) & {*keys}


@each_rubric
def test_every_material_difference_proposes_a_failure(rubric: Rubric) -> None:
    broad = {kind for failure in rubric.failures if failure.about is None for kind in failure.proposed_by}
    assert broad >= OCCURRING[rubric.modality]


@each_rubric
def test_a_difference_of_form_alone_proposes_nothing(rubric: Rubric) -> None:
    assert all(Kind.FORM not in failure.proposed_by for failure in rubric.failures)


@each_rubric
def test_all_four_tiers_are_defined_with_an_example(rubric: Rubric) -> None:
    assert [definition.tier for definition in rubric.tiers] == list(Tier)
    assert all(len(d.definition) > 40 and d.example for d in rubric.tiers)


def test_the_most_frequent_failures_come_first_in_the_order_of_the_keys() -> None:
    first = {m: [(f.label, f.key) for f in r.failures[:4]] for m, r in RUBRICS.items()}
    assert first[Modality.IMAGE] == [
        ("Value misread", "Q"),
        ("Row missing", "W"),
        ("Column shifted", "E"),
        ("Invented text", "R"),
    ]
    assert first[Modality.AUDIO][:3] == [("Number or date", "Q"), ("Proper name", "W"), ("Invented words", "E")]


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    write_rubrics(RUBRICS, tmp_path / "rubric.toml")
    assert read_rubrics(tmp_path / "rubric.toml") == RUBRICS


IMAGE = (RESOURCES / "rubrics" / "image.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "instead", "reason"),
    [
        ('key = "W"', 'key = "Q"', "Q is the key of value_misread as well"),
        ('key = "W"', 'key = "N"', "N is a key of the Review screen"),
        ('key = "W"', 'key = "ß"', "is not one capital letter or digit"),
        ('severity = "minor"', 'severity = "awful"', "severity 'awful' is none of minor, major"),
        ('code = "region_missed"', 'code = "text_misread"', "the code text_misread is there twice"),
        ('proposed_by = ["error"]', 'proposed_by = ["mood"]', "proposed_by 'mood' is none of"),
        ('about = "scale"', 'colour = "red"', "'colour' means nothing here"),
        ('label = "Hard"', 'label = " "', "label must be a text that is not empty"),
        ('version = "1"', "version = 1", "there must be a version"),
        ('version = "1"', 'version = "1', "Illegal character"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, written: str, instead: str, reason: str) -> None:
    assert IMAGE.count(written) == 1
    file = tmp_path / "rubric.toml"
    file.write_text(IMAGE.replace(written, instead), "utf-8")
    line = IMAGE[: IMAGE.index(written)].count("\n") + 1
    with pytest.raises(LabelerError) as refused:
        read_rubrics(file)
    assert refused.value.what.startswith(f"{file}:{line}: ")
    assert reason in refused.value.what


def test_a_tier_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_text(IMAGE[: IMAGE.rindex("[[image.tiers]]")], "utf-8")
    with pytest.raises(LabelerError, match="the tiers must be easy, medium, hard, frontier"):
        read_rubrics(file)


def test_a_field_that_is_missing_is_named_at_the_head_of_its_entry(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_text(IMAGE.replace('label = "Row missing"\n', ""), "utf-8")
    head = IMAGE[: IMAGE.index('code = "row_missing"')].count("\n")
    with pytest.raises(LabelerError, match=rf":{head}: label must be a text"):
        read_rubrics(file)


def test_another_modality_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_text('version = "1"\n\n[[smell.failures]]\ncode = "x"\n', "utf-8")
    with pytest.raises(LabelerError, match=r":3: 'smell' is not a modality"):
        read_rubrics(file)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="No such file"):
        read_rubrics(tmp_path / "rubric.toml")


def test_comparisons_of_all_sorts_are_covered() -> None:
    """A new sort of comparison must be thought of here: its kinds may need failures that propose them."""
    assert {*Of} == {Of.TEXT, Of.TABLE, Of.VALUES, Of.REGIONS, Of.SEGMENTS, Of.LABEL, Of.MEDIA}

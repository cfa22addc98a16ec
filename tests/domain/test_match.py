from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from labeler.domain.differences import compare
from labeler.domain.differences.answer import Choice, build_answer
from labeler.domain.item_json import item_from_json, output_from_json
from labeler.domain.items import Answer, Modality, ModelVersion, Output, Region
from labeler.domain.match import Match, MatchKind, default_match, matches, people_must_say
from labeler.shipped import DEMO_PROJECT

READER = ModelVersion("reader", "3.2")


def says(text: str | None = None, **more: Any) -> Output:
    return Output("i-1", READER, text=text, **more)


@pytest.mark.parametrize(
    ("kind", "said", "wanted", "right"),
    [
        (MatchKind.EXACT, "Toner 4", "Toner 4", True),
        (MatchKind.EXACT, "toner 4", "Toner 4", False),
        (MatchKind.TEXT, "toner  1000.00!", "Toner 1,000.00", True),
        (MatchKind.TEXT, "toner 262.80", "toner 292.80", False),
        (MatchKind.NUMBERS, "we owe 12 and 4.0 pounds", "12, then 4", True),
        (MatchKind.NUMBERS, "we owe 4 and 12", "12, then 4", False),
    ],
)
def test_each_kind_of_text_match_forgives_what_it_says(kind: MatchKind, said: str, wanted: str, right: bool) -> None:
    assert matches(says(said), Match(kind), Answer(text=wanted)) is right


TEN = "please send the parcel to the office on the hill"


@pytest.mark.parametrize("kind", [MatchKind.WER, MatchKind.WORDS])
def test_one_wrong_word_in_ten_passes_at_ten_per_cent(kind: MatchKind) -> None:
    match = Match(kind, at_most=0.1)
    assert matches(says(TEN.replace("hill", "hull")), match, Answer(text=TEN))
    assert not matches(says(TEN.replace("hill", "hull").replace("parcel", "barrel")), match, Answer(text=TEN))


@pytest.mark.parametrize("kind", [MatchKind.WER, MatchKind.WORDS])
@pytest.mark.parametrize("wrong", [f"not {TEN} today", f"{TEN} 7 today"])
def test_a_lost_negation_or_number_is_wrong_however_long_the_text(kind: MatchKind, wrong: str) -> None:
    assert not matches(says(f"{TEN} {TEN} today"), Match(kind, at_most=0.2), Answer(text=f"{TEN} {wrong}"))


def test_words_without_order_do_not_ask_for_an_order() -> None:
    answer = Answer(text="Sales 2019 4.2 Costs 2019 3.1")
    assert matches(says("Sales Costs 2019 2019 4.2 3.1"), Match(MatchKind.WORDS), answer)
    assert not matches(says("Sales Costs 2019 4.2 3.1"), Match(MatchKind.WORDS), answer)


def test_a_table_is_compared_cell_by_cell() -> None:
    answer = Answer(table=(("Item", "Total"), ("Toner", "1,000.00")))
    match = default_match(Modality.IMAGE, answer)
    assert match.kind is MatchKind.TABLE
    assert matches(says(table=(("item", "total"), ("Toner", "1000.00"))), match, answer)
    assert not matches(says(table=(("Total", "Item"), ("1000.00", "Toner"))), match, answer)
    assert not matches(says(table=(("Item", "Total"),)), match, answer)
    assert not matches(says("Item Total Toner 1000.00"), match, answer)


def test_values_are_compared_key_by_key_within_the_tolerance() -> None:
    answer = Answer(values={"2019": 4.2, "unit": "EUR", "parts": [1, None, True]})
    close = says(values={"2019": 4.25, "unit": "eur", "parts": [1.0, None, True]})
    assert not matches(close, Match(MatchKind.VALUES), answer)
    assert matches(close, Match(MatchKind.VALUES, tolerance=0.02), answer)
    assert not matches(says(values={"2019": 4.2}), Match(MatchKind.VALUES), answer)
    assert not matches(says(values={"2019": 4.2, "unit": {}, "parts": []}), Match(MatchKind.VALUES), answer)


def test_regions_pair_up_by_place_and_text() -> None:
    def region(number: int, x: float, text: str) -> Region:
        return Region(f"r{number}", box=(x, 0, x + 10, 10), text=text)

    answer = Answer(regions=(region(1, 0, "Toner"), region(2, 20, "4"), region(3, 40, "4")))
    match = default_match(Modality.IMAGE, answer)
    moved = (region(1, 41, "4"), region(2, 19, "4"), region(3, 1, "toner"))
    assert matches(says(regions=moved), match, answer)
    assert not matches(says(regions=moved[:2]), match, answer)
    assert not matches(says(regions=(*moved, region(4, 80, "invented"))), match, answer)
    assert not matches(says(regions=(region(1, 30, "4"), *moved[1:])), match, answer)


def test_a_label_is_compared_as_it_is() -> None:
    answer = Answer(label="refund_approved")
    assert matches(says(label="refund_approved"), default_match(Modality.TEXT, answer), answer)
    assert not matches(says("refund_approved"), default_match(Modality.TEXT, answer), answer)


def test_an_accepted_alternative_is_right_too() -> None:
    answer, match = Answer(text="it is half past nine"), Match(MatchKind.TEXT)
    assert matches(says("It is 9:30"), match, answer, accept=("it is 9:30",))
    assert not matches(says("It is 9:40"), match, answer, accept=("it is 9:30",))


def test_an_output_that_never_came_is_wrong() -> None:
    assert not matches(says("yes", error="timeout"), Match(MatchKind.TEXT), Answer(text="yes"))


def test_every_reference_of_the_demo_matches_itself_and_few_outputs_match_it() -> None:
    items = [item_from_json(orjson.loads(line)) for line in (DEMO_PROJECT / "items.jsonl").read_bytes().splitlines()]
    wanted = {item.id: (item.modality, item.reference) for item in items}
    for item_id, (modality, reference) in wanted.items():
        assert reference is not None
        answer = Answer(text=reference.text)
        assert matches(Output(item_id, READER, text=reference.text), default_match(modality, answer), answer)
    right = {}
    for name in ("old", "new"):
        lines = (DEMO_PROJECT / f"outputs-{name}.jsonl").read_bytes().splitlines()
        right[name] = 0
        for output in map(output_from_json, map(orjson.loads, lines)):
            modality, reference = wanted[output.item_id]
            assert reference is not None
            answer = Answer(text=reference.text)
            right[name] += matches(output, default_match(modality, answer), answer)
    assert 0 < right["old"] < right["new"] < len(items)


def test_a_picture_is_right_by_its_bytes_alone_and_never_by_having_no_text() -> None:
    right = Answer(media_sha256="1f" * 32)
    match = default_match(Modality.IMAGE, right)
    assert match.kind is MatchKind.MEDIA
    for kind in (match, Match(MatchKind.TEXT)):
        assert matches(says(media="a.png", media_sha256="1f" * 32), kind, right)
        assert not matches(says(media="a.png", media_sha256="2e" * 32), kind, right)
        assert not matches(says(""), kind, right)


def test_the_gold_answer_of_pictures_is_the_one_that_was_right() -> None:
    old, new = (says(media="a.png", media_sha256=digest * 32) for digest in ("1f", "2e"))
    differences = compare(old, new).differences
    choices: tuple[Choice, ...] = ("old", "new", None)
    answers = {choice: build_answer(old, new, differences, {"d1": choice}).answer for choice in choices}
    assert {choice: answer.media_sha256 for choice, answer in answers.items()} == {
        "old": "1f" * 32,
        "new": "2e" * 32,
        None: None,
    }


def test_of_another_picture_only_people_can_say_whether_it_is_right() -> None:
    right = Answer(media_sha256="1f" * 32)
    other = says(media="a.png", media_sha256="2e" * 32)
    media, text = Match(MatchKind.MEDIA), Match(MatchKind.TEXT)
    assert people_must_say(other, media, right)
    assert people_must_say(says(media="a.png"), media, right), "nor of one whose bytes are not known"
    assert not people_must_say(says(media="a.png", media_sha256="1f" * 32), media, right), "the very file is right"
    assert not people_must_say(says(text="I cannot draw"), media, right), "no picture is wrong"
    both = Answer(text="done", media_sha256="1f" * 32)
    assert people_must_say(replace(other, text="Done."), text, both)
    assert not people_must_say(replace(other, text="failed"), text, both), "what it says is wrong anyway"

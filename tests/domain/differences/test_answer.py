from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.differences import compare
from labeler.domain.differences.answer import Choice, OpenPlace, build_answer
from labeler.domain.items import SIDES, Side
from tests.domain.differences.outputs import demo_pairs, output, seen, spoken
from tests.domain.differences.test_comparators import texts
from tests.domain.differences.test_table import HEAD, ROWS, table


@pytest.mark.parametrize("side", SIDES)
def test_one_side_everywhere_gives_that_sides_text(side: Side) -> None:
    for old, new in demo_pairs().values():
        differences = compare(old, new).differences
        if differences:
            built = build_answer(old, new, differences, {d.id: side for d in differences})
            chosen = old if side == "old" else new
            assert (built.answer.text, built.base, built.open) == (chosen.text, side, ())
            assert (built.answer.regions, built.answer.segments) == (chosen.regions, chosen.segments)


@given(texts, texts, st.sampled_from(SIDES))
def test_one_side_everywhere_gives_any_text(old: str, new: str, side: Side) -> None:
    differences = compare(output(old), output(new)).differences
    built = build_answer(output(old), output(new), differences, {d.id: side for d in differences})
    if differences:
        assert built.answer.text == (old if side == "old" else new)


def test_readings_are_put_together() -> None:
    old, new = output("the pain started behind my left knee"), output("The paint started beside my left knee.")
    differences = compare(old, new).differences
    choices: dict[str, Choice] = {
        d.id: "old" if d.old is not None and d.old.text == "pain" else "new" for d in differences
    }
    assert build_answer(old, new, differences, choices).answer.text == "The pain started beside my left knee."


def test_what_is_left_out_and_put_in_keeps_its_spaces() -> None:
    old, new = output("one two three\nfour five six"), output("one three\nfour five more six seven")
    differences = compare(old, new).differences
    assert [str(d.kind) for d in differences] == ["missing", "added", "added"]
    built = build_answer(old, new, differences, {"d1": "new", "d2": "old", "d3": "new"})
    assert built.answer.text == "one three\nfour five six seven"
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new", "d3": "old"})
    assert built.answer.text == "one two three\nfour five more six"


def test_an_undecided_difference_is_an_open_place_in_the_built_text() -> None:
    old, new = output("pay fifteen pounds on the second of March"), output("pay fifty pounds on the third of May")
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": None, "d2": "old", "d3": "old"})
    assert built.answer.text == "pay fifteen pounds on the second of March"
    assert built.open == (OpenPlace("d1", (4, 18)),)


def test_a_tie_does_not_depend_on_which_output_is_old() -> None:
    one, other = output("red"), output("green")
    first = build_answer(one, other, compare(one, other).differences, {})
    second = build_answer(other, one, compare(other, one).differences, {})
    assert first.answer == second.answer
    assert first.base != second.base


def test_a_moved_block_goes_back() -> None:
    old = output("a b c d e f g h the quick brown fox jumps not")
    new = output("the quick brown fox a b c d e f g h jumps")
    differences = compare(old, new).differences
    assert [str(d.kind) for d in differences] == ["moved", "missing"]
    built = build_answer(old, new, differences, {"d1": "new", "d2": "old"})
    assert built.answer.text == "the quick brown fox a b c d e f g h jumps not"


def test_table_answers_are_built_row_by_row_and_cell_by_cell() -> None:
    misread = (*ROWS[3][:2], "292.80", ROWS[3][3])
    old, new = table(HEAD, *ROWS), table(HEAD, ROWS[0], ROWS[2], misread)
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new"})
    assert built.answer.table == (HEAD, *ROWS[:3], misread)
    built = build_answer(old, new, differences, {"d1": "new", "d2": "old"})
    assert built.answer.table == (HEAD, ROWS[0], *ROWS[2:])


def test_a_table_in_the_text_is_written_as_it_was() -> None:
    old = output("See:\n\n| Item | Total |\n|---|--:|\n| Toner | 154.00 |\n| Lamp | 39.90 |\n\nThat is all.")
    new = output(
        "See:\n\n| Item | Total |\n|---|--:|\n| Toner | 164.00 |\n| Pen | 1.20 |\n| Lamp | 39.90 |\n\nThat is all!"
    )
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new", "d3": "new"})
    assert built.answer.text == (
        "See:\n\n| Item | Total |\n|---|--:|\n| Toner | 154.00 |\n| Pen | 1.20 |\n| Lamp | 39.90 |\n\nThat is all!"
    )


def test_swapped_columns_go_back() -> None:
    turned = tuple((a, c, b, d) for a, b, c, d in (HEAD, *ROWS))
    old, new = table(HEAD, *ROWS), table(*turned[:-1], ("Desk", "262.80", "3", "525.60"))
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new"})
    in_old_order = (HEAD, *ROWS[:3], ("Desk", "3", "262.80", "525.60"))
    in_new_order = tuple((a, c, b, d) for a, b, c, d in in_old_order)
    assert built.answer.table == in_old_order if built.base == "old" else in_old_order
    built = build_answer(old, new, differences, {"d1": "new", "d2": "new"})
    assert built.answer.table == in_new_order


def test_values_are_built_key_by_key() -> None:
    old = output(values={"series": {"2025": [18, 26, 48]}, "unit": "mm"})
    new = output(values={"series": {"2025": [18, 48]}, "unit": "cm"})
    differences = compare(old, new).differences
    assert [d.place for d in differences] == ["series.2025[1]", "unit"]
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new"})
    assert built.answer.values == {"series": {"2025": [18, 26, 48]}, "unit": "cm"}
    built = build_answer(old, new, differences, {"d1": "new", "d2": "old"})
    assert built.answer.values == {"series": {"2025": [18, 48]}, "unit": "mm"}


def test_a_misread_key_takes_the_name_that_was_chosen() -> None:
    old, new = output(values={"Nroth": 1.5, "South": 2}), output(values={"North": 1.5, "South": 3})
    assert [str(d.kind) for d in compare(old, new).differences] == ["substituted", "number"]
    built = build_answer(old, new, compare(old, new).differences, {"d1": "new", "d2": "old"})
    assert built.answer.values == {"North": 1.5, "South": 2}


@pytest.mark.parametrize("side", SIDES)
def test_a_table_against_none_comes_back_whole(side: Side) -> None:
    old, new = table(HEAD, *ROWS), table()
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {d.id: side for d in differences})
    assert built.answer.table == (old if side == "old" else new).table
    rows = build_answer(old, new, differences, {d.id: "old" if d.id in ("d1", "d2") else "new" for d in differences})
    assert rows.answer.table == (HEAD, ROWS[0])


def test_values_in_the_text_stay_json() -> None:
    old, new = output('{"Porto": 289, "Graz": 176}'), output('{"Porto": 289, "Graz": "170", "Cork": 38}')
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": "old", "d2": "new"})
    assert built.answer.text == '{"Porto":289,"Graz":176,"Cork":38}'


def test_regions_and_segments_follow_the_text() -> None:
    old = seen(((0, 0, 90, 12), "Till 1"), ((0, 20, 90, 32), "TOTAL 25.70"))
    new = seen(((0, 0, 90, 12), "Til1 1"), ((0, 20, 40, 32), "TOTAL"), ((50, 20, 90, 32), "25.10"))
    built = build_answer(old, new, compare(old, new).differences, {"d1": "old", "d2": "new"})
    # Built from either side: the number is put into the old line, or the name into the new picture.
    assert [r.text for r in built.answer.regions] in (["Till 1", "TOTAL 25.10"], ["Till 1", "TOTAL", "25.10"])
    one = spoken((0.0, 0.4, "pay"), (0.4, 1.0, "fifteen"), (1.0, 1.5, "now"))
    other = spoken((0.1, 0.4, "say"), (0.5, 1.1, "fifty"), (1.1, 1.5, "now"))
    answer = build_answer(one, other, compare(one, other).differences, {"d1": "old", "d2": "new"}).answer
    assert [(s.text, s.start_s) for s in answer.segments[:2]] == [("pay", 0.0), ("fifty", 0.5)]


def test_regions_and_segments_index_any_mixture() -> None:
    choose = random.Random(7)
    for old, new in demo_pairs().values():
        differences = compare(old, new).differences
        choices: dict[str, Choice] = {d.id: choose.choice(["old", "new", "both", None]) for d in differences}
        answer = build_answer(old, new, differences, choices).answer
        if any(choice is not None for choice in choices.values()):
            parts = [(r.span, r.text) for r in answer.regions] + [(s.span, s.text) for s in answer.segments]
            for span, text in parts:
                assert span is None or (answer.text or "")[slice(*span)] == text


def test_an_output_that_never_came_gives_the_other_one() -> None:
    failed, came = output(error="timeout"), output("fine")
    built = build_answer(failed, came, compare(failed, came).differences, {"d1": "new"})
    assert built.answer.text == "fine"
    assert build_answer(failed, came, compare(failed, came).differences, {"d1": "old"}).answer.text is None


def test_labels_are_chosen() -> None:
    old, new = output("x", label="refund"), output("y", label="decline")
    differences = compare(old, new).differences
    built = build_answer(old, new, differences, {"d1": "new", "d2": "old"})
    assert (built.answer.label, built.answer.text) == ("decline", "x")

"""Gold answers that are tables or values are edited as lines and read back as what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.items import Answer, Json
from labeler.sessions.review.gold_text import read, shown

SERIES: dict[str, Json] = {"2019": 4.2, "all": [1, None]}
VALUES: dict[str, Json] = {"title": "Sales 2019", "code": "007", "series": SERIES, "ok": True}

leaves = st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(alphabet="ab 7.", max_size=6).map(str.strip)
names = st.text(alphabet="abc", min_size=1, max_size=3)
trees = st.dictionaries(names, leaves | st.lists(leaves, min_size=1, max_size=3), min_size=1, max_size=4)


def test_values_are_a_line_each_and_a_typed_one_keeps_its_place_and_kind() -> None:
    text = shown(Answer(values=VALUES))
    assert text.splitlines() == [
        "title: Sales 2019",
        "code: 007",
        "series.2019: 4.2",
        "series.all[0]: 1",
        "series.all[1]: null",
        "ok: true",
    ]
    typed = read(Answer(values=VALUES), text.replace("4.2", "4.3"))
    assert typed.values == {**VALUES, "series": {**SERIES, "2019": 4.3}}


def test_a_line_that_is_gone_takes_its_value_away_and_a_new_one_adds_one() -> None:
    typed = read(Answer(values={"a": 1, "b": [1, 2]}), "a: 1\nb[0]: 1\nc: two words")
    assert typed.values == {"a": 1, "b": [1], "c": "two words"}


@given(trees)
def test_what_is_shown_is_read_back_as_it_was(values: dict[str, Json]) -> None:
    answer = Answer(values=values)
    assert read(answer, shown(answer)).values == values


def test_a_table_is_a_line_a_row() -> None:
    answer = Answer(table=(("Item", "Total"), ("Toner", "4")))
    assert shown(answer) == "Item | Total\nToner | 4"
    assert read(answer, "Item | Total\nToner | 5\n").table == (("Item", "Total"), ("Toner", "5"))

"""What every comparator promises, on the demo's pairs and on anything else."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.domain.differences import COMPARATORS, ItemClass, compare
from labeler.domain.differences.model import Kind, Of
from labeler.domain.differences.to_json import comparison_from_json, comparison_to_json
from labeler.domain.items import Output, Region, Segment
from tests.domain.differences.outputs import demo_pairs, misplaced, output, swapped

_WORDS = st.sampled_from(
    [
        *("the", "the", "a", "of", "not", "no", "and", "four", "hundred", "fifty", "fifteen", "pounds", "450", "£450"),
        *("Glasgow", "glass", "go", "touch", "tone", "touchtone", "Ql", "Q1", "P-2585", "P2585", "O0", "00", "#1"),
        *("1,000.00", "1000.00", "1.000", "1", "000,00", "-5", "5", "10%", "10", "%", "2", "m", "2m", "can't", "cant"),
        *("—", "|", "~", "“x”", "é", "e\u0301", "日本", "ﬁ", "𝟙", ",", ".", "[", "]", "", "\n"),
    ]
)
texts = st.one_of(
    st.lists(_WORDS, max_size=25).map(" ".join),
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["| a | 1 |", "|---|---|", "| b | 2,5 |", "|c|", '{"a": 1, "b": [1, 2]}', "```json", "```", "{"]
        ),
        max_size=6,
    ).map("\n".join),
)
_cells = st.one_of(st.sampled_from(["", "Item", "Qty", "1", "2.50", "2,50", "Toner"]), st.text(max_size=5))
_tables = st.lists(st.lists(_cells, max_size=4).map(tuple), max_size=5).map(tuple)
_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=6)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=8,
)
_values = st.dictionaries(st.sampled_from(["a", "A", "total_due", "Total due", "x"]), _json, max_size=4)
_corner = st.integers(0, 60)
_boxes = st.tuples(_corner, _corner, _corner, _corner).map(
    lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3]))
)
_regions = st.lists(st.tuples(_boxes, st.one_of(_WORDS, st.text(max_size=8)), st.integers(0, 1)), max_size=6).map(
    lambda found: tuple(Region(f"r{n}", box, text=text, page=page) for n, (box, text, page) in enumerate(found))
)
_segments = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), _WORDS, st.sampled_from([None, "S0", "S1"])), max_size=6
).map(lambda found: tuple(Segment(s, s + n, text, speaker=who) for s, n, text, who in found))


@st.composite
def outputs(draw: st.DrawFn) -> Output:
    return output(
        draw(st.one_of(st.none(), texts)),
        table=draw(st.one_of(st.none(), st.none(), _tables)),
        values=draw(st.one_of(st.none(), st.none(), _values)),
        regions=draw(st.one_of(st.just(()), _regions)),
        segments=draw(st.one_of(st.just(()), _segments)),
        label=draw(st.sampled_from([None, "yes", "Yes", "no"])),
        media_sha256=draw(st.sampled_from([None, None, None, "ab" * 32, "cd" * 32])),
        error=draw(st.sampled_from([None, None, None, None, "timeout"])),
    )


def agrees(old: Output, new: Output) -> None:
    """Swapping the outputs swaps the sides and nothing else; spans hold; JSON brings everything back."""
    comparison = compare(old, new)
    assert [swapped(d) for d in compare(new, old).differences] == list(comparison.differences)
    assert misplaced(old, new, comparison) == []
    line = orjson.dumps(comparison_to_json(old.item_id, comparison))
    assert comparison_from_json(orjson.loads(line)) == comparison
    assert [d.id for d in comparison.differences] == [f"d{n + 1}" for n in range(len(comparison.differences))]
    assert all(d.old or d.new for d in comparison.differences)


@pytest.mark.parametrize("item_id", demo_pairs())
def test_the_demos_pairs_agree_from_both_sides(item_id: str) -> None:
    agrees(*demo_pairs()[item_id])


@given(outputs(), outputs())
@settings(max_examples=150, deadline=None)
def test_anything_agrees_from_both_sides(old: Output, new: Output) -> None:
    agrees(old, new)


@pytest.mark.parametrize("of", COMPARATORS)
@given(old=outputs(), new=outputs())
@settings(max_examples=40, deadline=None)
def test_each_comparator_is_symmetric_and_silent_on_equals(of: Of, old: Output, new: Output) -> None:
    comparator = COMPARATORS[of]
    assert [swapped(d) for d in comparator(new, old)] == comparator(old, new)
    assert comparator(old, replace(old)) == []


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_texts_agree_from_both_sides(old: str, new: str) -> None:
    agrees(output(old), output(new))


@given(texts)
def test_equal_texts_have_no_differences(text: str) -> None:
    assert compare(output(text), output(text)).item_class is ItemClass.SAME


def test_every_kind_of_the_table_can_be_met() -> None:
    met = {d.kind for old, new in demo_pairs().values() for d in compare(old, new).differences}
    assert met >= {Kind.SUBSTITUTED, Kind.MISSING, Kind.ADDED, Kind.NUMBER, Kind.FORM, Kind.REGION_MISSING}


def test_an_output_that_never_came_is_one_difference() -> None:
    comparison = compare(output(error="timeout"), output("fine"))
    assert [(d.kind, d.cosmetic) for d in comparison.differences] == [(Kind.ERROR, False)]
    assert comparison.item_class is ItemClass.FLIP


def test_two_outputs_that_never_came_are_the_same() -> None:
    assert compare(output(error="timeout"), output(error="refusal")).item_class is ItemClass.SAME


def test_most_demo_items_have_few_places_to_judge() -> None:
    counts = sorted(sum(not d.cosmetic for d in compare(*pair).differences) for pair in demo_pairs().values())
    assert counts[len(counts) // 2] <= 4


def test_labels_differ_in_case_only_cosmetically() -> None:
    assert compare(output(label="Yes"), output(label="yes")).item_class is ItemClass.COSMETIC
    assert compare(output(label="yes"), output(label="no")).item_class is ItemClass.FLIP

from __future__ import annotations

import random

from labeler.domain.differences import ItemClass, compare
from labeler.domain.differences.matching import Place, match_places
from labeler.domain.differences.model import Kind, Of
from labeler.domain.items import Region
from tests.domain.differences.outputs import misplaced, output, seen, told


def test_a_line_that_one_engine_splits_is_the_same_line() -> None:
    line = seen(((4, 150, 474, 172), "2 Brownie 6.60"))
    split = seen(((84, 149, 181, 171), "2 Brownie"), ((433, 148, 478, 169), "6.60"))
    assert compare(line, split).item_class is ItemClass.SAME


def test_a_number_in_a_split_line_is_one_difference_with_its_box() -> None:
    line = seen(((0, 100, 140, 120), "2 Brownie 6.60"))
    split = seen(((0, 100, 90, 120), "2 Brownie"), ((100, 100, 140, 120), "5.60"))
    comparison = compare(line, split)
    assert told(comparison) == ["number 6.60 | 5.60"]
    old, new = comparison.differences[0].old, comparison.differences[0].new
    assert old is not None
    assert new is not None
    assert (old.box, old.estimated, old.regions, old.span) == ((100.0, 100, 140.0, 120), True, ("r1",), (10, 14))
    assert (new.box, new.estimated, new.regions, new.span) == ((100, 100, 140, 120), False, ("r2",), (10, 14))


def test_the_order_of_the_regions_does_not_matter() -> None:
    regions = [((x, y, x + 40, y + 12), f"{x}/{y}") for x in range(0, 200, 50) for y in range(0, 100, 20)]
    shuffled = list(regions)
    random.Random(4).shuffle(shuffled)
    assert compare(seen(*regions), seen(*shuffled)).item_class is ItemClass.SAME


def test_missed_invented_and_moved_regions_are_told_apart() -> None:
    title, north = ((0, 0, 100, 12), "Revenue by region"), ((0, 50, 40, 62), "North")
    old = seen(title, north, ((0, 80, 40, 92), "Total revenue"))
    new = seen(title, ((200, 80, 240, 92), "Total revenue"), ((0, 110, 40, 122), "South"))
    assert [str(d.kind) for d in compare(old, new).differences] == ["region_missing", "region_moved", "region_added"]


def test_dirt_that_reads_as_marks_is_cosmetic() -> None:
    line = ((0, 0, 100, 12), "Revenue")
    comparison = compare(seen(line, ((0, 50, 4, 90), "|")), seen(line))
    assert told(comparison) == ["(region_missing | | ∅)"]
    assert comparison.item_class is ItemClass.COSMETIC


def test_copies_of_one_region_differ_by_their_number_only() -> None:
    word, dirt = ((0, 0, 40, 12), "North"), ((0, 0, 4, 12), "|")
    assert compare(seen(word, word, dirt, dirt), seen(dirt, dirt, word, word)).item_class is ItemClass.SAME
    assert told(compare(seen(word, dirt, dirt), seen(word, dirt))) == ["(region_missing | | ∅)"]


def test_dirt_on_a_word_does_not_take_it_from_its_line() -> None:
    old = seen(((0, 100, 300, 120), "Description Qty Amount"), ((0, 95, 120, 130), "i Ee"))
    new = seen(((0, 100, 110, 120), "Description"), ((150, 100, 180, 120), "Qty"), ((240, 100, 300, 120), "Amount"))
    assert told(compare(old, new)) == ["region_missing i Ee | ∅"]


def test_lines_that_touch_their_neighbours_are_assigned_by_text() -> None:
    old = seen(*(((0, 20 * n, 200, 20 * n + 30), f"line number {n} of the page") for n in range(9)))
    new = seen(*(((0, 20 * n + 4, 200, 20 * n + 34), f"line number {n} of the page") for n in range(9)))
    assert compare(old, new).item_class is ItemClass.SAME


def test_labels_of_detected_objects_are_what_regions_say() -> None:
    def found(label: str) -> Region:
        return Region("r1", (0, 0, 50, 50), label=label)

    assert told(compare(output(regions=(found("cat"),)), output(regions=(found("dog"),)))) == ["substituted cat | dog"]


def test_text_that_no_region_carries_is_still_compared() -> None:
    region = Region("r1", (0, 0, 50, 10), text="Revenue")
    old = output("Revenue\nin 2023", regions=(region,))
    comparison = compare(old, output("Revenue\nin 2025", regions=(region,)))
    assert [(d.of, d.kind) for d in comparison.differences] == [(Of.TEXT, Kind.NUMBER)]


def test_pages_are_kept_apart() -> None:
    old = output("Revenue", regions=(Region("r1", (0, 0, 50, 10), text="Revenue", page=0),))
    new = output("Revenue", regions=(Region("r1", (0, 0, 50, 10), text="Revenue", page=1),))
    found = compare(old, new).differences
    assert [d.kind for d in found] == [Kind.REGION_MISSING, Kind.REGION_ADDED], "nothing moves overleaf"
    assert [r.page for d in found for r in (d.old, d.new) if r is not None] == [0, 1]


def test_regions_without_a_place_leave_the_text_to_be_compared() -> None:
    old, new = (output(text, regions=(Region("r1", text=text),)) for text in ("Revenue", "Revenues"))
    assert told(compare(old, new)) == ["substituted Revenue | Revenues"]


def test_spans_index_the_text_where_regions_are_out_of_order() -> None:
    old = seen(((0, 0, 200, 12), "CHANGE £2.05 given back"))
    new = seen(((100, 0, 150, 12), "£2.85"), ((0, 0, 90, 12), "CHANGE"), ((155, 0, 200, 12), "given back"))
    comparison = compare(old, new)
    assert told(comparison) == ["number £2.05 | £2.85"]
    assert misplaced(old, new, comparison) == []


def test_ten_thousand_regions_are_matched() -> None:
    places = [Place((x * 30, y * 14, x * 30 + 28, y * 14 + 12), f"{x}.{y}") for x in range(100) for y in range(100)]
    shifted = [Place((b[0] + 3, b[1] + 2, b[2] + 3, b[3] + 2), said) for b, said in ((p.box, p.said) for p in places)]
    groups = match_places(places, shifted)
    assert sorted(groups) == [([n], [n]) for n in range(len(places))]


def test_a_reading_that_goes_on_overleaf_has_the_box_of_its_first_page() -> None:
    regions = (Region("r1", (0, 80, 50, 90), text="Toner", page=1), Region("r2", (0, 0, 50, 10), text="4", page=2))
    old = output("Toner 4", table=(("Toner 4", "x"),), regions=regions)
    new = output("Toner 5", table=(("Toner 5", "x"),))
    (found,) = compare(old, new).differences
    assert found.old is not None
    assert (found.old.box, found.old.page, found.old.regions) == ((0, 80, 50, 90), 1, ("r1",))

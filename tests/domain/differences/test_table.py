from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.differences import ItemClass, compare
from labeler.domain.differences.model import Of
from labeler.domain.items import Output, Region
from tests.domain.differences.outputs import misplaced, output, told

_DATA = Path(__file__).parents[2] / "data" / "differences"
HEAD = ("Item", "Qty", "Price", "Total")
ROWS = (
    ("Toner", "4", "38.50", "154.00"),
    ("Paper", "10", "4.75", "47.50"),
    ("Lamp", "1", "39.90", "39.90"),
    ("Desk", "2", "262.80", "525.60"),
)


def table(*rows: tuple[str, ...], text: str | None = None) -> Output:
    return output(text, table=rows)


def written(name: str) -> list[Any]:
    cases = orjson.loads((_DATA / name).read_bytes())
    return [pytest.param(case, id=case["why"]) for case in cases]


@pytest.mark.parametrize("case", [*written("tables.json"), *written("values.json")])
def test_tables_and_values_in_a_text_are_compared_as_such(case: dict[str, Any]) -> None:
    old, new = output(case["old"]), output(case["new"])
    comparison = compare(old, new)
    assert [f"{d.kind} {d.place}" for d in comparison.differences] == case["kinds"]
    assert misplaced(old, new, comparison) == []


def test_a_missing_row_is_one_difference() -> None:
    comparison = compare(table(HEAD, *ROWS), table(HEAD, ROWS[0], *ROWS[2:]))
    assert told(comparison) == ["row_missing Paper | 10 | 4.75 | 47.50 | ∅"]
    assert comparison.differences[0].place == "row 2"


def test_a_cell_is_named_by_row_and_column_on_both_sides() -> None:
    misread = (*ROWS[3][:2], "292.80", ROWS[3][3])
    comparison = compare(table(HEAD, *ROWS), table(HEAD, ROWS[0], *ROWS[2:3], misread))
    assert told(comparison) == ["row_missing Paper | 10 | 4.75 | 47.50 | ∅", "number 262.80 | 292.80"]
    number = comparison.differences[1]
    assert number.place == "row 3/4, column Price"
    assert number.old is not None
    assert number.new is not None
    assert (number.old.cell, number.new.cell) == ((4, 2), (3, 2))


def test_a_table_is_not_compared_as_text_again() -> None:
    rows = "\n".join(" | ".join(row) for row in (HEAD, *ROWS))
    comparison = compare(
        table(HEAD, *ROWS, text=f"Read: {rows}"), table(HEAD, *ROWS[:3], text=f"Seen: {rows[: rows.index('Desk') - 1]}")
    )
    assert [(d.of, str(d.kind)) for d in comparison.differences] == [
        (Of.TEXT, "substituted"),
        (Of.TABLE, "row_missing"),
    ]


def test_columns_without_heads_are_numbered() -> None:
    comparison = compare(table(("a", "1,000.00")), table(("a", "1000.00")))
    assert comparison.item_class is ItemClass.COSMETIC
    assert comparison.differences[0].place == "row 1, column 2"


def test_ragged_and_empty_tables_are_compared() -> None:
    assert told(compare(table(HEAD, ("Toner",)), table(HEAD, ("Toner", "", "", "")))) == []
    assert compare(table(), table(HEAD, *ROWS)).item_class is ItemClass.FLIP


def test_years_can_be_heads() -> None:
    rows = (("Region", "2023", "2024"), ("North", "97.4", "92.1"), ("South", "45.6", "46.0"))
    comparison = compare(table(*rows), table(*rows[:2], ("South", "45.6", "40.0")))
    assert comparison.differences[0].place == "row 2, column 2024"


def test_a_table_in_the_text_is_walked_where_it_stands() -> None:
    old = output("First line.\n\n| Item | Total |\n|---|---|\n| Toner | 1.20 |\n\nLast line.")
    new = output("First word.\n\n| Item | Total |\n|---|---|\n| Toner | 1.70 |\n\nLast word.")
    assert [str(d.of) for d in compare(old, new).differences] == ["text", "table", "text"]


def test_cells_are_found_on_the_picture() -> None:
    def read(price: str) -> Output:
        regions = (Region("r1", (0, 0, 40, 12), text="Toner"), Region("r2", (50, 0, 90, 12), text=price))
        return output(f"Toner\n{price}", table=(("Toner", price),), regions=regions)

    difference = compare(read("38.50"), read("33.50")).differences[0]
    assert difference.old is not None
    assert (difference.of, difference.old.box, difference.old.regions) == (Of.TABLE, (50, 0, 90, 12), ("r2",))


def test_what_is_said_beside_a_table_is_found_on_the_picture_too() -> None:
    def read(title: str) -> Output:
        regions = (Region("r1", (0, 0, 90, 12), text=title), Region("r2", (0, 20, 90, 32), text="Toner"))
        return output(f"{title}\nToner", table=(("Toner", "4"),), regions=regions)

    (difference,) = compare(read("Invoice 17"), read("Invoice 77")).differences
    assert difference.new is not None
    assert (difference.of, difference.new.box, difference.new.regions) == (Of.TEXT, (0, 0, 90, 12), ("r1",))


def test_a_table_that_is_not_there_is_missing_once_row_by_row() -> None:
    comparison = compare(table(HEAD, *ROWS), output("No table here."))
    assert [str(d.kind) for d in comparison.differences] == ["row_missing"] * 5 + ["added"]


def test_a_table_beside_the_text_stands_against_one_in_the_text() -> None:
    marked = output("Read:\n\n| Item | Qty |\n|---|---|\n| Toner | 4 |")
    assert told(compare(marked, table(("Item", "Qty"), ("Toner", "5"), text="Read:"))) == ["number 4 | 5"]
    assert told(compare(marked, table(("Item", "Qty"), ("Toner", "5")))) == ["missing Read | ∅", "number 4 | 5"]

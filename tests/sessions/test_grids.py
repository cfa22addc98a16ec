"""Tables and values side by side: aligned rows and columns, every difference marked on both sides."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.blind import BlindPair, Letter, Sides, blind_pair
from labeler.domain.differences import compare
from labeler.domain.items import Json, ModelVersion, Output, Region, Table
from labeler.sessions.review.grids.grid import CellMark, Grid, lanes
from labeler.sessions.review.grids.grids import grid_of

OLD = Output("t", ModelVersion("reader", "1"))
HEAD = ("Item", "Qty", "Total")
ROWS: Table = (HEAD, ("Toner", "4", "154.00"), ("Paper", "20", "83.00"), ("Lamp", "2", "90.00"))


def pair_of(old: Output, new: Output) -> BlindPair:
    return blind_pair(old, new, compare(old, new).differences, Sides("old", "new"))


def tables(a: Table, b: Table) -> tuple[BlindPair, Grid]:
    pair = pair_of(replace(OLD, table=a), replace(OLD, table=b))
    grid = grid_of(pair)
    assert grid is not None
    return pair, grid


def values(a: dict[str, Json], b: dict[str, Json]) -> Grid:
    grid = grid_of(pair_of(replace(OLD, values=a), replace(OLD, values=b)))
    assert grid is not None
    return grid


def shown(grid: Grid, letter: Letter) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.cells[letter]]


def marks(grid: Grid, letter: Letter) -> list[set[CellMark]]:
    return [{cell.mark for cell in row} for row in grid.cells[letter]]


def test_a_missing_row_leaves_a_gap_beside_it_and_the_rest_lines_up() -> None:
    _, grid = tables(ROWS, (*ROWS[:2], ROWS[3]))
    assert [row[0] for row in shown(grid, "A")] == ["Item", "Toner", "Paper", "Lamp"]
    assert [row[0] for row in shown(grid, "B")] == ["Item", "Toner", "", "Lamp"]
    assert marks(grid, "A")[2] == {CellMark.ONLY_HERE}
    assert marks(grid, "B")[2] == {CellMark.ABSENT}
    assert {cell.difference for cell in grid.cells["A"][2]} == {"d1"} == {c.difference for c in grid.cells["B"][2]}


def test_a_changed_cell_is_marked_on_both_sides_and_nothing_else_is() -> None:
    _, grid = tables(ROWS, (HEAD, ("Toner", "4", "164.00"), *ROWS[2:]))
    for letter in ("A", "B"):
        marked = [(at, cell.mark) for at, cell in grid.each(letter) if cell.mark is not CellMark.SAME]
        assert marked == [((1, 2), CellMark.CHANGED)]
    assert grid.find("B", "d1") == (1, 2)


def test_an_extra_column_and_an_extra_row_have_gaps_on_the_other_side() -> None:
    wider = tuple((*row[:1], f"x{n}", *row[1:]) for n, row in enumerate(ROWS))
    _, grid = tables(ROWS, (*wider, ("Desk", "x9", "1", "7.00")))
    assert len({len(row) for letter in ("A", "B") for row in grid.cells[letter]}) == 1
    assert {row[1].mark for row in grid.cells["A"]} == {CellMark.ABSENT}
    assert shown(grid, "B")[-1] == ["Desk", "x9", "1", "7.00"]
    assert marks(grid, "A")[-1] == {CellMark.ABSENT}


def test_a_table_against_nothing_is_all_gaps_on_the_other_side() -> None:
    pair = pair_of(replace(OLD, table=ROWS), replace(OLD, text=""))
    grid = grid_of(pair)
    assert grid is not None
    assert all(cell.mark is CellMark.ABSENT for _, cell in grid.each("B"))


def test_markdown_tables_in_texts_are_grids_and_plain_texts_are_not() -> None:
    text = "| Item | Qty |\n|---|---|\n| Toner | 4 |\n| Paper | 20 |"
    grid = grid_of(pair_of(replace(OLD, text=text), replace(OLD, text=text.replace("20", "26"))))
    assert grid is not None
    assert shown(grid, "B") == [["Item", "Qty"], ["Toner", "4"], ["Paper", "26"]]
    assert grid_of(pair_of(replace(OLD, text="one | two"), replace(OLD, text="one | three"))) is None


def test_values_are_a_list_with_what_b_has_more_than_a() -> None:
    grid = values(
        {"title": "Sales", "series": {"2019": 4.2, "2020": 5.1, "2021": "n/a"}},
        {"title": "Sales", "series": {"2019": 4.2, "2020": 4.9, "2022": 7}},
    )
    assert shown(grid, "A") == [
        ["title", "Sales"],
        ["series.2019", "4.2"],
        ["series.2020", "5.1"],
        ["series.2022", ""],
        ["series.2021", "n/a"],
    ]
    assert [row[2] for row in shown(grid, "B")] == ["", "", "−0.2", "", ""]
    assert grid.cells["B"][2][1].mark is CellMark.CHANGED
    assert grid.cells["B"][3][1].mark is CellMark.ONLY_HERE
    assert grid.cells["B"][4][1].mark is CellMark.ABSENT


def test_cells_know_the_regions_that_they_come_from_also_where_a_text_stands_twice() -> None:
    cells = [text for row in ROWS[1:3] for text in row]
    regions = tuple(Region(f"r{n}", (0, n, 9, n + 1), text=text) for n, text in enumerate(["4", *cells]))
    table = (("4", "Qty", "Total"), *ROWS[1:3])
    grid = grid_of(pair_of(replace(OLD, table=table, regions=regions), replace(OLD, table=(*table, ROWS[3]))))
    assert grid is not None
    found = {cell.text: cell.region for row in grid.cells["A"][1:] for cell in row if cell.text}
    assert found == {"Toner": "A2", "4": "A3", "154.00": "A4", "Paper": "A5", "20": "A6", "83.00": "A7"}


def test_a_value_is_known_by_its_number_where_the_picture_prints_it_in_another_form() -> None:
    printed = {"r1": "154.00", "r2": "€ 1,540.50", "r3": "8.5 %", "r4": "2019"}
    regions = tuple(Region(name, (0, n, 9, n + 1), text=text) for n, (name, text) in enumerate(printed.items()))
    values = {"toner": 154.0, "desk": 1540.5, "tax": 8.5, "chair": 20.19}
    pair = pair_of(
        *(replace(OLD, text="", table=None, values=v, regions=regions) for v in (values, {**values, "tax": 9}))
    )
    grid = grid_of(pair)
    assert grid is not None
    found = {row[0].text: row[1].region for row in grid.cells["A"]}
    assert found == {"toner": "A1", "desk": "A2", "tax": "A3", "chair": None}
    (difference,) = pair.differences
    assert difference.a is not None
    assert difference.a.box == (0, 2, 9, 3), "and so is the difference"


def test_a_row_that_is_one_region_gives_its_cells_that_region() -> None:
    regions = tuple(Region(f"r{n}", (0, n, 9, n + 1), text=" ".join(row)) for n, row in enumerate(ROWS))
    grid = grid_of(pair_of(replace(OLD, table=ROWS, regions=regions), replace(OLD, table=ROWS[:3])))
    assert grid is not None
    assert [{cell.region for cell in row} for row in grid.cells["A"]] == [{"A1"}, {"A2"}, {"A3"}, {"A4"}]


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.dictionaries(st.integers(0, 11), st.integers(0, 11)),
)
def test_every_row_of_both_sides_is_in_the_grid_once(a: int, b: int, wanted: dict[int, int]) -> None:
    pairs = [(i, j) for n, (i, j) in enumerate(wanted.items()) if i < a and j < b and j not in [*wanted.values()][:n]]
    found = lanes(a, b, pairs)
    assert sorted(i for i, _ in found if i is not None) == list(range(a))
    assert sorted(j for _, j in found if j is not None) == list(range(b))
    assert {(i, j) for i, j in found if i is not None and j is not None} == set(pairs)

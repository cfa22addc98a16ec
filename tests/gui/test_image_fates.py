"""What becomes of a region between two outputs, from the real comparison."""

from __future__ import annotations

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Box, ModelVersion, Output, Region
from labeler.gui.panels.image.fates import Fate, counted, fates, moves
from labeler.gui.panels.image.regions import Regions, text_of
from tests.gui.image_states import outputs

MODEL = ModelVersion("reader", "1")
ROWS: dict[str, tuple[str, Box]] = {
    "same": ("Invoice 20418", (20, 20, 200, 40)),
    "changed": ("292.80", (20, 60, 200, 80)),
    "moved": ("Delivery on Monday", (20, 100, 200, 120)),
    "only": ("Cable USB-C", (20, 140, 200, 160)),
}


def output(**others: tuple[str, Box] | None) -> Output:
    rows = {**ROWS, **others}
    regions = tuple(Region(name, row[1], text=row[0]) for name, row in rows.items() if row is not None)
    return Output("page", MODEL, text="\n".join(region.text for region in regions), regions=regions)


def found(a: Output, b: Output) -> tuple[dict[Letter, list[Fate]], list[tuple[int, int]]]:
    pair = outputs(a, b)
    walk = [difference for difference in pair.differences if not difference.cosmetic]
    regions = {one: Regions(text_of(pair.output(one)), pair.output(one).regions) for one in LETTERS}
    return fates(walk, regions), moves(walk, regions)


def test_each_region_is_only_here_moved_changed_or_the_same() -> None:
    a = output()
    b = output(changed=("262.80", ROWS["changed"][1]), moved=("Delivery on Monday", (20, 700, 200, 720)), only=None)
    told, arrows = found(a, b)
    assert told == {
        "A": [Fate.SAME, Fate.CHANGED, Fate.MOVED, Fate.ONLY],
        "B": [Fate.SAME, Fate.CHANGED, Fate.MOVED],
    }
    assert arrows == [(2, 2)]
    assert counted(told) == "only in A 1 · moved 1 · changed 1"


def test_a_word_too_many_changes_its_region_and_does_not_make_it_one_sided() -> None:
    told, _ = found(output(same=("Invoice 20418 paid", ROWS["same"][1])), output())
    assert told["A"][0] is Fate.CHANGED


def test_equal_outputs_have_nothing_to_tell() -> None:
    told, arrows = found(output(), output())
    assert {fate for fates_of in told.values() for fate in fates_of} == {Fate.SAME}
    assert arrows == []
    assert counted(told) == "all regions say the same"

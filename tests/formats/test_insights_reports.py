from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest

from labeler.domain.gate.policy import STANDARD
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.page import insights, over_time
from labeler.domain.items import Modality, ModelVersion, Pair, Release
from labeler.domain.statistics.intervals import Interval
from labeler.errors import LabelerError
from labeler.formats.insights.csv import table_to_csv
from labeler.formats.insights.document import InsightsDocument, cut_words
from labeler.formats.insights.reports import check_ending, write_insights
from labeler.formats.insights.tables import Kind, Table, written
from tests.domain.insights.rows import columns, row

NASTY = "<script>alert('hi')</script>"
RELEASE = Release("r-1", {Modality.IMAGE: Pair(ModelVersion(NASTY, "1"), ModelVersion(NASTY, "2"))})


def document(*, empty: bool = False) -> InsightsDocument:
    rows = [] if empty else [row("a", "old", failures=[("new", NASTY)]), row("b", "new"), row("c", tier="hard")]
    held = columns(*rows).with_slices({NASTY: [(NASTY, "a"), ("=1+1", "b")]})
    page = insights(held, RELEASE, STANDARD, Cut(), "new", "")
    page = replace(page, releases=over_time([(RELEASE, held)], Cut()))
    return InsightsDocument(page, NASTY, 1, (NASTY,), "profile standard", {}, {"p-1": NASTY})


class Page(HTMLParser):
    """The tags, texts and labels of a page; fails on a tag that is closed and was not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.labelled: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.labelled += [given["aria-labelledby"] or ""] if "aria-labelledby" in given else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("empty", [False, True])
def test_the_page_is_whole_and_lets_nothing_in_from_outside(tmp_path: Path, empty: bool) -> None:
    write_insights(tmp_path / "page.html", document(empty=empty))
    text = (tmp_path / "page.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "default-src 'none'" in text
    assert set(page.labelled) <= page.ids  # a reader hears the name of every section and table
    assert "http" not in text.replace("http-equiv", "")
    assert empty or page.tags.count("svg") == 2


def test_the_json_says_what_the_page_says(tmp_path: Path) -> None:
    write_insights(tmp_path / "page.json", document())
    found = orjson.loads((tmp_path / "page.json").read_bytes())
    assert found["flipped"]["regressed"] == 1
    assert found["modalities"][0]["n"] == 3
    assert found["tiers"][1] == {"modality": "image", "tier": "hard"} | {
        key: found["modalities"][0]["hard_and_frontier"][key]
        for key in ("n", "old", "new", "delta", "delta_interval", "flips_alone")
    }
    write_insights(tmp_path / "none.json", document(empty=True))
    assert orjson.loads((tmp_path / "none.json").read_bytes())["modalities"][0]["old"] is None


def test_each_panel_is_a_csv_table_that_no_spreadsheet_runs() -> None:
    for table in document().tables:
        header, *lines = list(csv.reader(io.StringIO(table_to_csv(table))))
        assert len(lines) == len(table.rows)
        assert all(len(line) == len(header) for line in lines)
        assert not any(cell.startswith(("=", "+", "@")) for line in [header, *lines] for cell in line)


def test_what_is_not_defined_is_a_dash_for_people_and_empty_in_csv() -> None:
    assert written(None, Kind.RATE) == "–"
    table = Table("t", "T", (("A", Kind.RATE), ("B", Kind.CHANGES)), ((None, None), (0.5, Interval(-0.1, 0.2))))
    assert table_to_csv(table).splitlines() == ["A,B low,B high", ",,", "0.5,-0.1,0.2"]
    assert [written(value, kind) for value, (_, kind) in zip(table.rows[1], table.columns, strict=True)] == [
        "50.0 %",
        "−10.0 to +20.0",
    ]


def test_simulated_verdicts_and_empty_pages_are_said_first() -> None:
    assert document(empty=True).warnings == ("No item is resolved here yet, so that nothing can be said.",)
    assert document().warnings == ()


def test_a_cut_is_said_in_words() -> None:
    cut = Cut(modality=Modality.IMAGE, person="p-1", since=0, failure=("new", "misread")).of_slice("kind", "table")
    assert cut_words(cut, {"p-1": "Ann"}) == "image · kind=table · judged by Ann · from 1970-01-01 · new: misread"
    assert cut_words(Cut(), {}) == ""


def test_another_ending_is_refused_before_the_work() -> None:
    with pytest.raises(LabelerError, match="cannot be written to a file that ends in"):
        check_ending(Path("page.pdf"))

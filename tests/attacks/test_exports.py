"""What is exported is safe to open: spreadsheets run nothing in it, and pages load and run nothing."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from labeler.cli.app import run
from labeler.errors import Exit
from labeler.formats.spreadsheet import defused
from labeler.steps.opening import open_project
from tests.attacks.nasty import judge_nasty, make_nasty

LEADING = ("src", "href", "action", "data", "srcset", "xlink:href")
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("x")',
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert defused(f"a{text}") == f"a{text}"


class Page(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.policies: list[str] = []
        self.tags: set[str] = set()
        self.reaches: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.add(tag)
        if known.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(known.get("content") or "")
        for name, value in known.items():
            outward = name in LEADING and not (value or "").startswith(("data:", "#"))
            if outward or name.startswith("on"):
                self.reaches.append(f"{tag} {name}={value!r:.80}")

    def handle_data(self, data: str) -> None:
        self.shown += data


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the nasty project can be exported to."""
    scratch = tmp_path_factory.mktemp("nasty")
    folder = judge_nasty(make_nasty(scratch), scratch)
    to = scratch / "exported"
    to.mkdir()
    for command in (
        ("report", folder, "--report", to / "insights.html", "--report", to / "insights.json"),
        ("backfill", "ledger", folder, "--to", to / "ledger", "--as", "ada"),
        ("export", folder, "--verdicts", to / "verdicts.jsonl"),
        ("gold", "build", folder, "--to", to / "gold", "--name", "nasty", "--as", "ada"),
    ):
        status = run([str(argument) for argument in command], lambda _project, _person: 0)
        assert status in (Exit.DONE, Exit.INVALID), command
    with open_project(folder, read_only=True) as project:
        assert project.store.chain_damage() == []
    return to


def test_pages_carry_a_policy_and_load_and_run_nothing(exported: Path) -> None:
    pages = sorted(exported.rglob("*.html"))
    assert len(pages) == 1 + 10
    shown = []
    for path in pages:
        page = Page()
        page.feed(path.read_text("utf-8"))
        assert len(page.policies) == 1, path
        assert page.policies[0].startswith("default-src 'none'"), path
        assert page.tags.isdisjoint({"script", "iframe", "object", "embed", "link", "form", "base", "a"}), path
        assert page.reaches == [], path
        shown.append(page.shown)
    assert any("i-<b>script</b>" in text for text in shown), "it is there, as text"


def test_tables_hold_nothing_that_a_spreadsheet_runs(exported: Path) -> None:
    tables = sorted(exported.rglob("*.csv"))
    assert tables
    for path in tables:
        for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            for cell in row:
                assert defused(cell) == cell or cell.replace("-", "").replace(".", "").isdigit(), (path, cell)

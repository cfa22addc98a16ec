from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from labeler.cli.app import run


def no_window(_project: Path | None, _person: str | None) -> int:
    raise AssertionError("a command opened the window")


def test_a_report_is_printed_and_written(
    demo_folder: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    files = [str(tmp_path / name) for name in ("page.html", "page.json")]
    assert run(["report", str(demo_folder), "--report", files[0], "--report", files[1]], no_window) == 0
    said = capsysbinary.readouterr()
    assert "What flipped" in said.out.decode()
    assert "simulated annotators" in said.err.decode()
    written = orjson.loads(Path(files[1]).read_bytes())
    assert run(["report", str(demo_folder), "--json"], no_window) == 0
    assert orjson.loads(capsysbinary.readouterr().out) == written
    assert Path(files[0]).read_text().startswith("<!doctype html>")


def test_a_report_can_be_narrowed(demo_folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    asked = ["--modality", "audio", "--tier", "hard", "--slice", "noise=none", "--since", "2020-01-01"]
    assert run(["report", str(demo_folder), "--json", *asked], no_window) == 0
    found = orjson.loads(capsysbinary.readouterr().out)
    assert [(tier["modality"], tier["tier"]) for tier in found["tiers"]] == [("audio", "hard")]
    assert found["cut"]["slices"] == {"noise": "none"}
    assert run(["report", str(demo_folder), "--json", "--until", "2020-01-01"], no_window) == 0
    assert orjson.loads(capsysbinary.readouterr().out)["items"] == 0


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (["--modality", "smell"], "'smell' is not a valid Modality"),
        (["--slice", "kind"], "'kind' is not KEY=VALUE"),
        (["--person", "Nobody"], "nobody here is called Nobody"),
        (["--since", "yesterday"], "'yesterday' is not a day such as 2026-09-01"),
        (["--by", "colour"], "no slice colour with few values"),
        (["--release", "7"], "there is no release 7"),
        (["--report", "page.doc"], "ends in .doc"),
    ],
)
def test_what_cannot_be_asked_for_is_said(
    demo_folder: Path, asked: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(demo_folder), *asked], no_window) == 2
    assert problem in capsys.readouterr().err

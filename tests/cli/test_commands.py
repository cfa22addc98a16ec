from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler import __version__
from labeler.cli.app import COMMANDS, run
from labeler.errors import Exit
from labeler.shipped import DEMO_PROJECT

OLD, NEW, ITEMS = (str(DEMO_PROJECT / name) for name in ("outputs-old.jsonl", "outputs-new.jsonl", "items.jsonl"))


class Window:
    """Stands where the app would be opened, and keeps what it would have been opened with."""

    def __init__(self) -> None:
        self.opened: list[tuple[Path | None, str | None]] = []

    def __call__(self, project: Path | None, person: str | None) -> int:
        self.opened.append((project, person))
        return 0


@pytest.fixture
def window() -> Window:
    return Window()


def answer(capfd: pytest.CaptureFixture[str], *arguments: str, status: int = Exit.DONE) -> Any:
    assert run([*arguments, "--json"], Window()) == status
    return orjson.loads(capfd.readouterr().out)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_its_help_with_an_example(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"], Window()) == Exit.DONE
    said = capfd.readouterr().out
    if "COMMAND [ARGS]" in said:  # a group: its commands have the examples
        for command in re.findall(r"^  (\w+)  ", said.partition("Commands:")[2], re.MULTILINE):
            assert run([name, command, "--help"], Window()) == Exit.DONE
            assert f"Example: labeler {name} {command}" in capfd.readouterr().out
    else:
        assert f"Example: labeler {name}" in said


def test_help_lists_every_command_and_imports_none(capfd: pytest.CaptureFixture[str]) -> None:
    program = (
        "import sys; from labeler.cli.app import COMMANDS, run; run(['--help'], None); "
        "print('imported', [c.module for c in COMMANDS.values() if c.module in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.endswith("imported []\n")
    for name, lazy in COMMANDS.items():
        assert name in said
        assert import_module(lazy.module).app is not None


def test_commands_start_without_qt_and_sound() -> None:
    program = (
        "import sys; from labeler.cli.app import COMMANDS, run\n"
        "for name in COMMANDS: run([name, '--help'], None)\n"
        "from labeler.steps import check, exchange, status\n"
        "from labeler.steps.bring import release\n"
        "print([m for m in ('PySide6', 'pyqtgraph', 'sounddevice', 'soundfile', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_new_import_status_export_and_check(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    project = str(tmp_path / "p")
    made = answer(capfd, "new", project, "--items", ITEMS, "--old", OLD, "--new", NEW, "--as", "Ada")
    assert [(file["what"], file["new"]) for file in made["files"]] == [
        ("items", 120),
        ("outputs", 120),
        ("outputs", 120),
    ]
    assert made["queued"]["flips"] == made["compared"]["audio"]["flip"] + made["compared"]["image"]["flip"]
    decisions = str(DEMO_PROJECT / "decisions.jsonl")
    assert answer(capfd, "import", project, "--decisions", decisions, "--as", "Ada")["files"][0]["new"] == 71
    verdicts = str(DEMO_PROJECT / "verdicts.jsonl")
    assert answer(capfd, "import", project, "--verdicts", verdicts)["verdicts"]["added"] > 240
    status = answer(capfd, "status", project)
    assert [person["name"] for person in status["people"] if not person["simulated"]] == ["Ada"]
    assert sum(part["flips"] for part in status["modalities"]) == made["queued"]["flips"]
    exported = answer(capfd, "export", project, "--verdicts", str(tmp_path / "v.jsonl"))
    assert exported["events"] == status["events"]
    assert answer(capfd, "check", project)["damage"] == []
    (tmp_path / "p" / "media" / "images" / "img-001.png").write_bytes(b"altered")
    damaged = answer(capfd, "check", project, status=Exit.NO)["damage"]
    assert damaged == [
        {"part": "media", "what": "item img-001: media/images/img-001.png is not the file that was imported"}
    ]
    for command in (["status", project], ["check", project]):
        run(command, Window())
        assert "img-001" in (said := capfd.readouterr().out) or "whisper" in said


def test_new_makes_nothing_when_a_file_is_missing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call = ["new", str(tmp_path / "p"), "--items", ITEMS, "--old", OLD, "--new", str(tmp_path / "gone.jsonl")]
    assert run(call, Window()) == Exit.INVALID
    assert "gone.jsonl" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_new_says_what_was_refused_also_where_nothing_is_left_of_a_release(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outputs, report = tmp_path / "new.csv", tmp_path / "refused.jsonl"
    outputs.write_text("item_id,model,text\nimg-001,reader 3.2,Toner\n", encoding="utf-8")
    call = ["new", str(tmp_path / "p"), "--items", ITEMS, "--old", OLD, "--new", str(outputs), "--report", str(report)]
    assert run(call, Window()) == Exit.INVALID
    said = capfd.readouterr().err
    assert "new.csv:2: model: give an object with name and version" in said
    assert "no release follows" in said
    assert orjson.loads(report.read_bytes())["line"] == 2


def test_a_release_comes_from_spreadsheets_as_well(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = {
        "items": "id,modality,content,slices.kind\nt1,text,Bill 7,bill\n",
        "old": 'item_id,model.name,model.version,table,latency_ms\nt1,reader,1,"[[""Toner"",""4""]]",12\n',
        "new": 'item_id,model.name,model.version,table,latency_ms\nt1,reader,2,"[[""Toner"",""5""]]",9.5\n',
        "decisions": "decision_id,item_id,decided_at,action,amount\nd1,t1,2026-09-03T10:12:00Z,pay,4.5\n",
    }
    call = ["new", str(tmp_path / "p"), "--as", "Ada"]
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        call += [f"--{name}", str(tmp_path / f"{name}.csv")]
    said = answer(capfd, *call)
    assert [file["refused"] for file in said["files"]] == [0, 0, 0, 0]
    assert said["compared"] == {"text": {"same": 0, "cosmetic": 0, "flip": 1}}


def test_new_goes_on_where_it_stopped_and_not_over_a_whole_project(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "p")
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    call = ["new", project, "--items", ITEMS, "--old", OLD, "--new", NEW, "--as", "Ada"]
    assert run([*call[:7], str(empty), *call[8:]], Window()) == Exit.INVALID
    assert "no release follows" in capfd.readouterr().err
    assert answer(capfd, *call)["files"][0]["known"] == 120
    assert run(call, Window()) == Exit.INVALID
    assert "labeler import" in capfd.readouterr().err


def test_problems_go_to_the_screen_and_to_a_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    items = tmp_path / "items.jsonl"
    items.write_bytes(b'{"id": "t1", "modality": "text", "content": "x"}\n' + b"{}\n" * 15)
    outputs = [tmp_path / "old.jsonl", tmp_path / "new.jsonl"]
    for n, path in enumerate(outputs):
        path.write_bytes(
            orjson.dumps({"item_id": "t1", "model": {"name": "m", "version": str(n)}, "text": "a" * (n + 1)})
        )
    report = tmp_path / "refused.jsonl"
    call = ["new", str(tmp_path / "p"), "--items", str(items), "--old", str(outputs[0]), "--new", str(outputs[1])]
    assert run([*call, "--as", "Ada", "--report", str(report)], Window()) == Exit.DONE
    said = capfd.readouterr()
    assert f"{items}:2: id is missing" in said.err
    assert "… and 5 more" in said.err
    lines = [orjson.loads(line) for line in report.read_bytes().splitlines()]
    assert [line["line"] for line in lines] == list(range(2, 17))
    assert {line["kind"] for line in lines} == {"refused"}


def test_compare_needs_no_project(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "differences.jsonl"
    found = answer(capfd, "compare", "--old", OLD, "--new", NEW, "--items", ITEMS, "--report", str(report))
    assert {group: sum(classes.values()) for group, classes in found["classes"].items()} == {"audio": 60, "image": 60}
    assert len(report.read_bytes().splitlines()) == 120
    assert run(["compare", "--old", OLD, "--new", NEW, "--report", "x.html"], Window()) == Exit.INVALID
    assert "as .jsonl" in capfd.readouterr().err


def test_the_demo_is_made_and_opened(tmp_path: Path, window: Window, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    assert run(["demo", str(folder), "--no-open"], window) == Exit.DONE
    assert window.opened == []
    assert run(["demo", str(folder), "--as", "Ada"], window) == Exit.DONE
    assert run(["open", str(folder), "--as", "Bob"], window) == Exit.DONE
    assert run([], window) == Exit.DONE
    assert window.opened == [(folder, "Ada"), (folder, "Bob"), (None, None)]
    assert capfd.readouterr().out.splitlines() == [f"Made the demo in {folder}", f"Found the demo in {folder}"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["status"],
        ["status", "gone"],
        ["open", "gone"],
        ["new", "p", "--items"],
        ["import", "gone", "--new", "x.jsonl"],
        ["compare", "--old", "gone.jsonl", "--new", "gone.jsonl"],
        ["export", "gone", "--verdicts", "x"],
    ],
)
def test_a_wrong_call_is_2_and_says_what_is_wrong(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments, Window()) == Exit.INVALID
    assert capfd.readouterr().err.strip()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_program_is_70_and_says_how_to_report_it(capfd: pytest.CaptureFixture[str]) -> None:
    def broken(project: Path | None, person: str | None) -> int:
        raise ZeroDivisionError("the window fell off")

    assert run([], broken) == Exit.FAULT
    said = capfd.readouterr().err
    assert "a fault of the program\nZeroDivisionError\n" in said
    assert "test_commands.py" in said
    assert "to do: report the command with these lines" in said
    assert "fell off" not in said, "a fault's message may quote what stands in a project"


def test_the_version_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], Window()) == Exit.DONE
    assert capfd.readouterr().out == f"labeler {__version__}\n"


def test_without_a_display_the_app_says_how_to_get_one(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    if sys.platform != "linux":
        pytest.skip("only Linux can lack a display")
    done = subprocess.run(
        [sys.executable, "-m", "labeler"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == Exit.INVALID
    assert "xvfb-run" in done.stderr

"""`labeler gold` and `labeler gate` as a release engineer calls them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Never

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.gold import JudgedOutput
from labeler.domain.item_json import output_to_json
from labeler.domain.rubric import Tier
from labeler.errors import Exit
from labeler.formats.outputs import judged_sha256
from tests.steps.gate_files import output, record, write_gold, write_outputs
from tests.steps.judged_project import JudgedProject

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
ITEMS = 900
Gate = Callable[..., int]


def no_window(_project: Path | None, _person: str | None) -> Never:
    raise AssertionError("this command opens no window")


def labeler(*arguments: object) -> int:
    return run([str(argument) for argument in arguments], no_window)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Runs `labeler gate`; `wrong` says which items the new model gets wrong."""
    gold = write_gold(tmp_path, [record(n, tier=TIERS[n % 3]) for n in range(ITEMS)])
    old = write_outputs(tmp_path / "old.jsonl", [output(n) for n in range(ITEMS)])

    def call(*more: object, wrong: Callable[[int], bool] = lambda _n: False, items: int = ITEMS) -> int:
        answers = [output(n, "no" if wrong(n) else "yes", "2") for n in range(items)]
        new = write_outputs(tmp_path / "new.jsonl", answers)
        return labeler("gate", "--gold", gold, "--old", old, "--new", new, *more)

    return call


def test_each_answer_has_its_exit_status(gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate() == Exit.DONE
    assert gate(wrong=lambda n: n % 3 == 2 and n % 5 == 0) == Exit.NO
    assert gate(wrong=lambda n: n in (0, 3, 6)) == Exit.INSUFFICIENT
    assert gate() == Exit.DONE  # the same outputs are the first attempt again
    capsys.readouterr()
    assert gate(items=ITEMS - 1) == Exit.INVALID
    assert "1 of the 900 items of the gold set have no output: t-0000899" in capsys.readouterr().err
    (tmp_path / "v0001" / "CHANGES.md").write_text("all is well")
    assert gate() == Exit.GOLD_DAMAGED


def test_the_table_says_why_and_what_the_average_hides(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate(wrong=lambda n: n % 3 == 2 and n % 5 == 0)
    printed = capsys.readouterr().out
    assert "Blocked: text m 1 → m 2, on test v0001" in printed
    assert "text · hard" in printed
    assert "✕ regressed" in printed
    assert "60 items newly wrong, 0 newly right" in printed
    assert "It does not decide" in printed


def test_every_report_is_written_by_its_ending(gate: Gate, tmp_path: Path) -> None:
    names = ["gate.json", "gate.xml", "gate.md", "gate.html"]
    options = [part for name in names for part in ("--report", tmp_path / name)]
    assert gate(*options) == Exit.DONE
    assert all((tmp_path / name).stat().st_size > 300 for name in names)
    assert gate("--report", tmp_path / "gate.pdf") == Exit.INVALID


def test_json_answers_on_standard_output(gate: Gate, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert gate("--json") == Exit.DONE
    answered = orjson.loads(capfdbinary.readouterr().out)
    assert (answered["decision"], answered["gold"]["records"]) == ("ship", ITEMS)


def test_a_policy_decides(gate: Gate, tmp_path: Path) -> None:
    policy = tmp_path / "gate.toml"
    assert labeler("gate", "--init", "--policy", policy) == Exit.DONE
    assert gate("--policy", policy) == Exit.DONE
    assert labeler("gate", "--init", "--policy", policy) == Exit.INVALID
    policy.write_text("[floors.text]\nhard = 99.9\n")
    assert gate("--policy", policy) == Exit.INSUFFICIENT
    policy.write_text("[floors.text]\nhrad = 99.9\n")
    assert gate("--policy", policy) == Exit.INVALID


def test_a_preview_spends_nothing_and_never_ships(
    gate: Gate, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert gate("--preview", "--json") == Exit.INSUFFICIENT
    assert orjson.loads(capfdbinary.readouterr().out)["decision"] == "ship"
    assert not (tmp_path / "attempts.jsonl").exists()


def test_attempts_are_written_beside_the_gold_set_or_where_one_says(gate: Gate, tmp_path: Path) -> None:
    elsewhere = tmp_path / "kept.jsonl"
    for _ in range(2):
        assert gate("--ledger", elsewhere) == Exit.DONE
    assert gate("--ledger", elsewhere, wrong=lambda n: n == 0) == Exit.INSUFFICIENT
    assert [orjson.loads(line)["attempt"] for line in elsewhere.read_bytes().splitlines()] == [1, 2]
    assert gate() == Exit.DONE
    assert (tmp_path / "attempts.jsonl").read_bytes().count(b"\n") == 1
    assert gate("--ledger", tmp_path / "missing" / "kept.jsonl") == Exit.INVALID


def test_what_is_missing_from_a_call_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert labeler("gate", "--old", "x.jsonl") == Exit.INVALID
    assert "--gold and --new must be given" in capsys.readouterr().err


def test_a_gate_runs_without_qt_sql_and_audio(gate: Gate, tmp_path: Path) -> None:
    assert gate() == Exit.DONE  # writes the files
    program = (
        "import sys; from labeler.cli.app import run\n"
        "assert run(sys.argv[1:], None) == 0\n"
        "bad = {'PySide6', 'sqlite3', 'pysqlite3', 'sqlite_utils', 'sounddevice', 'soundfile', 'PIL', 'pyqtgraph'}\n"
        "print(sorted(bad & set(sys.modules)))"
    )
    files = ("--old", tmp_path / "old.jsonl", "--new", tmp_path / "new.jsonl")
    call = [sys.executable, "-c", program, "gate", "--gold", tmp_path / "v0001", *files]
    done = subprocess.run([str(part) for part in call], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    made = JudgedProject(tmp_path / "project", items=4)
    for item in made.items[:3]:
        made.judge(item.id)
    yield made
    made.project.close()


def test_a_gold_set_is_built_verified_compared_and_gated_with(
    judged: JudgedProject, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def asked(*arguments: object) -> tuple[int, Any]:
        status = labeler(*arguments, "--json")
        return status, orjson.loads(capfdbinary.readouterr().out)

    build = ("gold", "build", tmp_path / "project", "--to", tmp_path / "gold", "--as", "lea")
    status, first = asked(*build)
    assert (status, first["records"], first["new"]) == (Exit.DONE, 3, True)
    assert asked(*build)[1]["new"] is False
    assert asked("gold", "verify", first["folder"]) == (Exit.DONE, {"folder": first["folder"], "damage": []})

    judged.judge("i-03", tier=Tier.HARD)
    _, second = asked(*build)
    report = tmp_path / "diff.md"
    status, diff = asked("gold", "diff", first["folder"], second["folder"], "--report", report)
    assert (status, diff["added"], diff["records"][0]["id"]) == (Exit.DONE, 1, "i-03")
    assert len(diff["records"][0]["verdicts"]) == 1
    assert "`i-03` image · hard" in report.read_text()

    files = {
        side: write_outputs(
            tmp_path / f"{side}.jsonl", [output_to_json(judged.outputs[item.id, side]) for item in judged.items]
        )
        for side in ("old", "new")
    }
    status, answered = asked("gate", "--gold", second["folder"], "--old", files["old"], "--new", files["new"])
    assert status == Exit.INSUFFICIENT
    easy = answered["nodes"][0]
    assert (easy["n"], easy["b"], easy["c"]) == (3, 3, 0)
    assert answered["match_agreement"] == {"image": {"judged_outputs": 8, "agree": 8}}

    (Path(second["folder"]) / "removed.jsonl").write_text("{}\n")
    status, damage = asked("gold", "verify", second["folder"])
    assert status == Exit.GOLD_DAMAGED
    assert damage["damage"] == ["removed.jsonl: changed: 3 bytes in place of 0"]


def test_building_in_words_says_who_is_left_out(
    judged: JudgedProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judged.judge("i-03", sure=False)
    build = ("gold", "build", tmp_path / "project", "--to", tmp_path / "gold", "--as", "lea")
    assert labeler(*build, "--name", "mine") == Exit.DONE
    printed = capsys.readouterr().out
    assert "3 records; 3 added, 0 changed, 0 removed" in printed
    assert "left out, unresolved: 1 (i-03)" in printed
    assert labeler(*build, "--name", "../mine") == Exit.INVALID


def test_a_judged_output_keeps_its_verdict_whatever_the_match_says(tmp_path: Path) -> None:
    said = JudgedOutput(judged_sha256(output(0)), "m 1", right=False)
    gold = write_gold(tmp_path, [record(0, judged=(said,), critical=True)])
    files = [write_outputs(tmp_path / f"{v}.jsonl", [output(0, version=v)]) for v in ("1", "2")]
    assert labeler("gate", "--gold", gold, "--old", files[0], "--new", files[1]) == Exit.NO

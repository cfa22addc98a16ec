"""`labeler gold` and `labeler gate` as a release engineer calls them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.gold.records import Drawn, JudgedOutput
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


@pytest.mark.parametrize("more", [[], ["--json"], ["--explain", "text/hard"]])
def test_whoever_stops_reading_changes_no_answer(gate: Gate, tmp_path: Path, more: list[str]) -> None:
    assert gate() == Exit.DONE
    read, write = os.pipe()
    os.close(read)
    files = ("--gold", tmp_path / "v0001", "--old", tmp_path / "old.jsonl", "--new", tmp_path / "new.jsonl")
    call = [sys.executable, "-m", "labeler", "gate", *map(str, files), *more]
    done = subprocess.run(call, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (Exit.DONE, "")


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
    assert gate("--preview", "--json", "--report", tmp_path / "gate.xml") == Exit.INSUFFICIENT
    said = orjson.loads(capfdbinary.readouterr().out)
    assert said["decision"] == "insufficient"
    assert said["grounds"][0].startswith("it would ship")
    assert b'failures="1"' in (tmp_path / "gate.xml").read_bytes()
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


def test_one_node_is_explained_step_by_step(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate("--explain", "text/hard", wrong=lambda n: n % 3 == 2 and n % 5 == 0) == Exit.NO
    printed = capsys.readouterr().out
    assert "text · hard: 300 items. Both right 240, only the new model b = 0, only the old one c = 60" in printed
    assert "δ = (b − c) / n = (0 − 60) / 300 = −20.00 points" in printed
    assert "So: regressed (lost more than chance explains: 60 items newly wrong, 0 newly right" in printed
    assert gate("--explain", "text/hrad") == Exit.INVALID
    assert "text/easy, text/medium, text/hard" in capsys.readouterr().err


def test_a_plan_says_what_each_node_needs_and_spends_nothing(
    gate: Gate, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    gate("--preview", wrong=lambda n: n % 30 == 0)
    capfdbinary.readouterr()
    files = ("--gold", tmp_path / "v0001", "--old", tmp_path / "old.jsonl", "--new", tmp_path / "new.jsonl")
    assert labeler("gate", "plan", *files, "--json") == Exit.DONE
    easy, medium, _ = orjson.loads(capfdbinary.readouterr().out)
    assert (easy["node"], easy["n"]) == ("text/easy", 300)
    assert easy["discordance"] == pytest.approx(30.5 / 301)
    assert easy["items"]["0.5"] < easy["items"]["0.8"] < easy["items"]["0.95"]
    assert easy["missing"] == easy["items"]["0.8"] - 300 > 0 == medium["missing"]
    assert not (tmp_path / "attempts.jsonl").exists()


def test_a_model_against_itself_ships_and_needs_two_samples(gate: Gate, tmp_path: Path) -> None:
    gate("--preview")
    twice = [output(n, "no" if n == k else "yes", "2", sample=k) for n in range(ITEMS) for k in (0, 1)]
    new = write_outputs(tmp_path / "twice.jsonl", twice)
    assert labeler("gate", "--aa", "--gold", tmp_path / "v0001", "--new", new) == Exit.DONE
    assert not (tmp_path / "attempts.jsonl").exists()
    new = write_outputs(tmp_path / "once.jsonl", [output(n) for n in range(ITEMS)])
    assert labeler("gate", "--aa", "--gold", tmp_path / "v0001", "--new", new) == Exit.INVALID


def test_a_lead_answers_for_a_cliff_and_not_for_a_gate_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = range(6000)
    gold = write_gold(tmp_path, [record(n, tier=TIERS[n % 3]) for n in items])
    gains = [output(n, "no" if n % 3 < 2 and n % 10 == 0 else "yes") for n in items]
    old = write_outputs(tmp_path / "old.jsonl", gains)
    new, other = (
        write_outputs(tmp_path / f"{name}.jsonl", [output(n, "no" if n in wrong else "yes", "2") for n in items])
        for name, wrong in (("new", (2, 302)), ("other", (2, 5)))
    )
    files = ("--gold", gold, "--old", old, "--new", new)
    assert labeler("gate", *files, "--as", "ben") == Exit.NO
    assert "capability cliff" in capsys.readouterr().out
    sign = ("gate", "sign", *files, "--modality", "text", "--as", "lea", "--reason", "known and small")
    assert labeler(*sign, "--expires", "2020-01-01") == Exit.INVALID
    assert labeler(*sign, "--expires", "2999-01-01") == Exit.DONE
    assert labeler("gate", *files, "--as", "lea") == Exit.NO
    capsys.readouterr()
    assert labeler("gate", *files, "--as", "ben") == Exit.DONE
    assert "signed by lea until 2999-01-01: known and small" in capsys.readouterr().out
    assert labeler("gate", "--gold", gold, "--old", old, "--new", other, "--as", "ben") == Exit.NO


def test_nobody_answers_for_a_cliff_that_there_is_not(
    gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate()
    files = ("--gold", tmp_path / "v0001", "--old", tmp_path / "old.jsonl", "--new", tmp_path / "new.jsonl")
    for modality in ("text", "image"):
        signed = ("--modality", modality, "--as", "lea", "--reason", "why not", "--expires", "2999-01-01")
        assert labeler("gate", "sign", *files, *signed) == Exit.INVALID
        assert f"there is no cliff alarm for {modality} here" in capsys.readouterr().err
    assert not (tmp_path / "signed-alarms.jsonl").exists()


def test_a_plan_of_flips_alone_says_that_no_number_of_them_is_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flips = [replace(record(n, tier=TIERS[n % 3]), drawn=Drawn("flip", 1.0)) for n in range(9)]
    gold = write_gold(tmp_path, flips)
    old, new = (write_outputs(tmp_path / f"{v}.jsonl", [output(n, "yes", v) for n in range(9)]) for v in "12")
    assert labeler("gate", "plan", "--gold", gold, "--old", old, "--new", new) == Exit.DONE
    assert "Only flips were drawn in text/easy, text/medium, text/hard" in capsys.readouterr().out


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

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from labeler.cli.app import run
from labeler.domain.events import EventKind
from labeler.errors import Exit
from labeler.steps.check import check_project
from labeler.steps.opening import open_project

DEMO = Path(__file__).parents[2] / "projects" / "demo"


def say(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> tuple[int, bytes]:
    status = run([str(argument) for argument in arguments], lambda _project, _person: 0)
    return status, capsysbinary.readouterr().out


def as_json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> Any:
    status, out = say(capsysbinary, "backfill", *arguments, "--json")
    assert status == Exit.DONE
    return orjson.loads(out)


def test_decisions_go_from_files_to_a_proof_elsewhere_by_commands_alone(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The demo's files; nothing is made by other means than commands, and each one's effect is seen by another."""
    project, lines = tmp_path / "p", (DEMO / "decisions.jsonl").read_bytes().splitlines()
    files = ("--items", DEMO / "items.jsonl", "--old", DEMO / "outputs-old.jsonl", "--new", DEMO / "outputs-new.jsonl")
    assert say(capsysbinary, "new", project, *files, "--as", "Lea")[0] == Exit.DONE
    for name, content in decisions_as_files(tmp_path, [orjson.loads(line) for line in lines]).items():
        assert say(capsysbinary, "import", project, "--decisions", name, "--as", "Lea", "--json")[0] == Exit.DONE
        assert len(as_json(capsysbinary, "records", project, "--all")["records"]) == content
    assert say(capsysbinary, "import", project, "--decisions", DEMO / "decisions.jsonl")[0] == Exit.DONE
    records = as_json(capsysbinary, "records", project)
    assert (records["decisions"], records["contested"]) == (71, 64)
    plan = as_json(capsysbinary, "plan", project, "--margin", 5, "--queue", "--as", "Lea")
    assert 0 < plan["queued"] <= len(plan["left"]["items"])
    assert as_json(capsysbinary, "plan", project, "--margin", 5, "--queue", "--as", "Lea")["queued"] == 0
    before = as_json(capsysbinary, "estimate", project)
    assert (before["contested"]["value"], before["contested"]["high"]) == (None, 64)
    untouched = datetime.now(UTC).isoformat()
    assert say(capsysbinary, "import", project, "--verdicts", DEMO / "verdicts.jsonl")[0] == Exit.DONE
    after = as_json(capsysbinary, "estimate", project)
    assert before["contested"]["low"] < after["contested"]["low"] <= after["contested"]["value"]
    assert after["contested"]["high"] < before["contested"]["high"]
    dry = as_json(capsysbinary, "policy", project)
    assert sum(len(rule["records"]) for rule in dry["rules"]) + len(dry["no_rule"]) == 64
    assert as_json(capsysbinary, "overdue", project, "--on", "2026-01-01")["records"] == []
    as_json(capsysbinary, "policy", project, "--apply", "--as", "Lea")
    wrong = as_json(capsysbinary, "records", project, "--status", "wrong")["records"]
    four_eyes = next(r["decision_id"] for r in wrong if r["disposition"] == "compensate")
    step = ("backfill", "step", project, four_eyes, "compensated", "--channel", "transfer", "--to", "Zoë Smith")
    assert say(capsysbinary, *step, "--as", "Lea")[0] == Exit.INVALID
    assert say(capsysbinary, "backfill", "approve", project, four_eyes, "--as", "Lea")[0] == Exit.INVALID
    assert say(capsysbinary, "people", "add", project, "Bo", "--role", "lead", "--as", "Lea")[0] == Exit.DONE
    assert say(capsysbinary, "backfill", "approve", project, four_eyes, "--as", "Bo")[0] == Exit.DONE
    assert b"still owed: notified" in say(capsysbinary, *step, "--as", "Lea")[1]
    status, late = say(capsysbinary, "backfill", "overdue", project, "--on", "2040-01-01")
    assert (status, b"legal review" in late) == (Exit.NO, True)
    then = as_json(capsysbinary, "records", project, "--as-of", untouched)["records"]
    assert {record["disposition"] for record in then} == {None}
    ledger, elsewhere = tmp_path / "ledger", tmp_path / "another machine" / "ledger"
    made = as_json(capsysbinary, "ledger", project, "--to", ledger, "--as", "Lea")
    shutil.copytree(ledger, elsewhere)
    assert say(capsysbinary, "check", project, "--ledger", ledger)[0] == Exit.DONE
    erase = ("backfill", "erase", project, four_eyes, "--reason", "asked", "--ledger", ledger, "--as", "Lea")
    assert say(capsysbinary, "backfill", "hold", project, four_eyes, "--as", "Lea")[0] == Exit.DONE
    assert say(capsysbinary, *erase)[0] == Exit.INVALID
    assert say(capsysbinary, "backfill", "hold", project, four_eyes, "--off", "--as", "Lea")[0] == Exit.DONE
    assert say(capsysbinary, *erase)[0] == Exit.DONE
    assert "Zoë".encode() not in (ledger / "ledger.jsonl").read_bytes()
    assert say(capsysbinary, "check", project)[0] == Exit.DONE
    shutil.rmtree(project)
    assert say(capsysbinary, "check", "--ledger", ledger, "--digest", made["digest"])[0] == Exit.DONE
    check = ("check", "--ledger", elsewhere, "--digest", made["digest"])
    assert say(capsysbinary, *check)[0] == Exit.DONE
    assert "Zoë".encode() in (elsewhere / "ledger.jsonl").read_bytes()
    for part in ("ledger.jsonl", "ledger.csv", next(iter(made_dossiers(elsewhere)))):
        file = elsewhere / part
        whole = file.read_bytes()
        file.write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
        assert say(capsysbinary, *check)[0] == Exit.NO, part
        file.write_bytes(whole)
    assert say(capsysbinary, *check)[0] == Exit.DONE


def decisions_as_files(folder: Path, decisions: list[dict[str, Any]]) -> dict[Path, int]:
    """The first ten as CSV and the next ten as Parquet, each with how many there are when it is imported."""
    kept = [{key: value for key, value in d.items() if key != "synthetic"} for d in decisions]
    with (folder / "d.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept[:10])
    parquet.write_table(pa.Table.from_pylist(kept[10:20]), folder / "d.parquet")
    return {folder / "d.csv": 10, folder / "d.parquet": 20}


def made_dossiers(ledger: Path) -> list[str]:
    return [f"dossiers/{path.name}" for path in sorted((ledger / "dossiers").iterdir())]


def test_a_policy_is_written_once_and_then_used(demo_folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert say(capsysbinary, "backfill", "policy", demo_folder, "--init")[0] == Exit.DONE
    assert say(capsysbinary, "backfill", "policy", demo_folder, "--init")[0] == Exit.INVALID
    (demo_folder / "backfill.toml").write_text('[[rules]]\nname = "all"\ndisposition = "look"\n', encoding="utf-8")
    rules = as_json(capsysbinary, "policy", demo_folder)["rules"]
    assert [(rule["name"], len(rule["records"])) for rule in rules] == [("all", 64)]


def test_before_anything_was_judged_nothing_was_known(
    demo_folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert as_json(capsysbinary, "records", demo_folder, "--as-of", "2020-01-01")["records"] == []


def test_who_lists_records_by_a_command_is_logged(
    demo_folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    as_json(capsysbinary, "records", demo_folder, "--status", "wrong", "--as", "Ada Lead")
    say(capsysbinary, "backfill", "overdue", demo_folder, "--on", "2040-01-01", "--as", "Ada Lead")
    with open_project(demo_folder) as project:
        ada = project.store.person("Ada Lead")
        assert ada is not None
        looks = [event for event in project.store.events(kinds=[EventKind.LOOKED]) if event.author == ada.id]
        assert [event.body["where"] for event in looks] == ["command: records wrong", "command: overdue 2040-01-01"]
        assert looks[0].body["records"] == 15
        assert check_project(project).findings == ()

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.events import EventKind
from labeler.errors import Exit
from labeler.steps.check import check_project
from labeler.steps.project import open_project


def say(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> tuple[int, bytes]:
    status = run([str(argument) for argument in arguments], lambda _project, _person: 0)
    return status, capsysbinary.readouterr().out


def as_json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> Any:
    status, out = say(capsysbinary, "backfill", *arguments, "--json")
    assert status == Exit.DONE
    return orjson.loads(out)


def test_the_demos_decisions_go_from_records_to_a_ledger_that_proves_itself(
    demo_folder: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    records = as_json(capsysbinary, "records", demo_folder)
    assert (records["decisions"], records["contested"]) == (71, 64)
    plan = as_json(capsysbinary, "plan", demo_folder, "--margin", 5, "--queue", "--as", "Ada Lead")
    assert 0 < plan["queued"] <= len(plan["left"]["items"])
    assert as_json(capsysbinary, "plan", demo_folder, "--margin", 5, "--queue", "--as", "Ada Lead")["queued"] == 0
    estimate = as_json(capsysbinary, "estimate", demo_folder)
    assert estimate["contested"]["low"] >= 15  # so many are known to be wrong
    dry = as_json(capsysbinary, "policy", demo_folder)
    applied = as_json(capsysbinary, "policy", demo_folder, "--apply", "--as", "Ada Lead")
    assert applied["applied"]["given"] == sum(len(rule["records"]) for rule in dry["rules"]) > 0
    status, out = say(capsysbinary, "backfill", "overdue", demo_folder, "--on", "2040-01-01")
    assert status == Exit.NO
    assert b"legal review" in out
    wrong = next(rule for rule in dry["rules"] if rule["disposition"] == "correct and notify")["records"][0]
    step = ("backfill", "step", demo_folder, wrong, "corrected", "--to", "Zoë Smith", "--as", "Ada Lead")
    assert b"still owed: notified" in say(capsysbinary, *step)[1]
    ledger, elsewhere = tmp_path / "ledger", tmp_path / "elsewhere"
    made = as_json(capsysbinary, "ledger", demo_folder, "--to", ledger, "--as", "Ada Lead")
    assert made["records"] == 64
    shutil.copytree(ledger, elsewhere)
    assert say(capsysbinary, "check", "--ledger", elsewhere, "--digest", made["digest"])[0] == Exit.DONE
    assert say(capsysbinary, "check", demo_folder, "--ledger", ledger)[0] == Exit.DONE
    erase = ("backfill", "erase", demo_folder, wrong, "--reason", "asked", "--ledger", elsewhere, "--as", "Ada Lead")
    assert say(capsysbinary, *erase)[0] == Exit.DONE
    assert "Zoë".encode() not in (elsewhere / "ledger.jsonl").read_bytes()
    assert say(capsysbinary, "check", "--ledger", elsewhere, "--digest", made["digest"])[0] == Exit.DONE
    file = elsewhere / "ledger.jsonl"
    file.write_bytes(file.read_bytes().replace(b"upheld", b"wrong!", 1))
    assert say(capsysbinary, "check", "--ledger", elsewhere)[0] == Exit.NO


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

"""Erasing what an item shows and what models made of it, with every proof still holding."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.backfill.records import Record, Status
from labeler.domain.erased import ERASED
from labeler.errors import Exit, LabelerError
from labeler.formats.gold.folder import verify
from labeler.formats.ledger import check_ledger
from labeler.sessions.projects import open_review
from labeler.steps.backfill.erase import erase
from labeler.steps.backfill.handle import hold
from labeler.steps.backfill.ledger import export_ledger
from labeler.steps.backfill.records import Records, read_records
from labeler.steps.bring.release import Files, bring
from labeler.steps.check import check_project
from labeler.steps.gold.build import build_gold, record_publication
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.store import FILE_NAME


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{FILE_NAME}*")))


def long_enough(project: Project, records: Records, record: Record) -> bool:
    """A picture with lines of text that stand nowhere else by chance, in plain letters."""
    pair = records.release.pairs[record.modality]
    outputs = [project.store.output(record.decision.item_id, model) for model in (pair.old, pair.new)]
    lines = [max((output.text or "").split("\n"), key=len) for output in outputs if output]
    return record.modality == "image" and all(
        len(line) > 20 and line.isascii() and not set(line) & {'"', "\\"} for line in lines
    )


def test_nothing_of_an_items_content_is_left_and_everything_still_verifies(demo_folder: Path, tmp_path: Path) -> None:
    with open_project(demo_folder) as project:
        ada = project.store.person("Ada Lead")
        assert ada is not None
        records = read_records(project)
        record = next(r for r in records.contested if r.status is Status.WRONG and long_enough(project, records, r))
        item = project.store.item(record.decision.item_id)
        release = records.release
        pair = release.pairs[item.modality]
        outputs = [project.store.output(item.id, model) for model in (pair.old, pair.new)]
        said = [max((output.text or "").split("\n"), key=len).encode() for output in outputs if output]
        assert all(len(line) > 20 for line in said)
        digests = [project.store.output_digest(item.id, model) for model in (pair.old, pair.new)]
        medium, _ = project.medium(item)
        assert medium is not None
        gold = build_gold(project, tmp_path / "gold", "demo")
        made = export_ledger(project, records, tmp_path / "ledger", ada)
        words_before = bytes_of(demo_folder)
        assert all(line in words_before for line in said)
        done = erase(project, records, record.id, "asked", ada, ledgers=[tmp_path / "ledger"], content=True)
        assert (done.outputs, done.medium, done.scrubbed) == (2, True, True)
        assert not medium.exists()
        assert [project.store.output_digest(item.id, m) for m in (pair.old, pair.new)] == digests
        old = project.store.output(item.id, pair.old)
        assert old is not None
        assert (old.text, old.error) == (None, ERASED)
        assert project.store.item(item.id).reference is None
        assert check_project(project, seen=[gold.folder]).findings == ()
        assert check_ledger(tmp_path / "ledger", made.digest).damage == ()
        assert verify(gold.folder) == []
        assert read_records(project).record(record.id).status is Status.WRONG, "what was found stays found"
        further = build_gold(project, tmp_path / "gold", "demo")
        assert item.id not in (further.folder / "records.jsonl").read_text("utf-8")
        assert further.folder != gold.folder
        removed = [orjson.loads(line) for line in (further.folder / "removed.jsonl").read_bytes().splitlines()]
        assert [(one["id"], one["reason"]) for one in removed] == [(item.id, "erased")]
        assert verify(further.folder) == []
        assert said_in(further.folder, said) == []
        assert said_in(gold.folder, said), "a published version is a copy, and nobody reaches into it"
    assert [line for line in said if line in bytes_of(demo_folder)] == []


def said_in(folder: Path, lines: list[bytes]) -> list[bytes]:
    whole = b"".join(path.read_bytes() for path in folder.rglob("*.jsonl"))
    return [line for line in lines if line in whole]


def test_an_erased_item_can_still_be_opened_and_skipped(demo_folder: Path) -> None:
    with open_project(demo_folder) as project:
        ada = project.store.person("Ada Lead")
        assert ada is not None
        records = read_records(project)
        item_id = records.contested[0].decision.item_id
        erase(project, records, records.contested[0].id, "asked", ada, content=True)
    opened = open_review(demo_folder, "Bob", lambda: datetime.now(UTC), time.monotonic)
    opened.session.show_item(item_id)
    opened.session.ask_skip()
    opened.session.answer(1)
    assert opened.session.state.screen.message.text == f"Skipped {item_id}"
    opened.close()


def test_a_hold_keeps_the_content_too(demo: Project) -> None:
    ada = demo.store.person("Ada Lead")
    assert ada is not None
    records = read_records(demo)
    record = records.contested[0]
    hold(demo, records, record.id, ada, on=True)
    with pytest.raises(LabelerError, match="legal hold"):
        erase(demo, read_records(demo), record.id, "asked", ada, content=True)
    assert demo.store.erased_items() == frozenset()


def test_the_command_says_what_is_gone(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_project(demo_folder) as project:
        record = next(r.id for r in read_records(project).contested if r.status is Status.WRONG)
        built = build_gold(project, demo_folder.parent / "gold", "demo")
        ada = project.store.person("Ada Lead")
        assert ada is not None
        record_publication(project, built.manifest, ada.id)
    command = ("backfill", "erase", demo_folder, record, "--content", "--reason", "asked", "--as", "Ada Lead")
    assert run([str(word) for word in command], lambda _project, _person: 0) == Exit.DONE
    said = capsys.readouterr().out
    assert "2 outputs and the medium are erased" in said
    assert "Gold sets built meanwhile may hold it: demo v0001." in said
    assert run(["check", str(demo_folder)], lambda _project, _person: 0) == Exit.DONE


def test_the_files_that_models_made_of_the_item_go_and_those_of_others_stay(painted: Project, tmp_path: Path) -> None:
    ada = painted.store.person("Ada Lead")
    assert ada is not None
    decision = {"decision_id": "k1", "item_id": "p1", "decided_at": "2026-05-01T10:00:00Z", "action": "send"}
    (tmp_path / "decisions.jsonl").write_bytes(orjson.dumps(decision))
    bring(painted, Files(decisions=tmp_path / "decisions.jsonl"), ada)
    files = {of: [painted.folder / one.media for one in painted.store.made_media(of)] for of in ("p1", "p2")}
    assert [len(made) for made in files.values()] == [2, 2]
    assert all(file.is_file() for made in files.values() for file in made)
    done = erase(painted, read_records(painted), "k1", "asked", ada, content=True)
    assert (done.outputs, done.medium) == (2, True)
    assert not any(file.exists() for file in files["p1"])
    assert all(file.is_file() for file in files["p2"])
    assert check_project(painted).findings == ()


NOT_ERASED = '[["k1", "p1", ["media/old/p1.png", "../beside.txt"]]]'


@pytest.mark.parametrize("noted", [NOT_ERASED, "[1]", "{", '[["k1", 5, 5]]'])
def test_what_a_strangers_store_says_is_unfinished_removes_nothing(painted: Project, noted: str) -> None:
    """Only an erasure in the log lets files go."""
    (painted.folder.parent / "beside.txt").write_text("stays", "utf-8")
    files = sorted(path for path in painted.folder.rglob("*") if path.name.endswith((".png", ".txt")))
    assert len(files) > 10
    painted.store._set_fact("unfinished_erasures", noted)  # what a crafted file would hold
    with suppress(LabelerError), open_project(painted.folder):
        pass
    assert [file for file in files if not file.is_file()] == []
    assert (painted.folder.parent / "beside.txt").is_file()
    assert [finding.part for finding in check_project(painted).findings] == ["erasures"] * (noted != NOT_ERASED)

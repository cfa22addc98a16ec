"""An erasure is an event: what it names goes in every copy of the project that learns of it, unless a hold keeps it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from labeler.cli.app import run
from labeler.domain.backfill.records import Record, Status
from labeler.domain.erased import ERASED
from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.errors import Exit
from labeler.steps.backfill.erase import erase
from labeler.steps.backfill.handle import hold
from labeler.steps.backfill.records import read_records
from labeler.steps.check import check_project
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.opening import open_project
from labeler.steps.project import Project, now_utc
from tests.steps.backfill.test_erase_content import bytes_of


@dataclass(frozen=True)
class Copies:
    """A project, a copy of it on another laptop, and a record whose item people judged."""

    here: Path
    there: Path
    record: Record
    said: bytes
    """The longest line of its new output; it stands nowhere else."""


@pytest.fixture
def copies(demo_folder: Path, tmp_path: Path) -> Copies:
    there = tmp_path / "there"
    with open_project(demo_folder) as project:
        records = read_records(project)
        pair = records.release.pairs
        for record in records.contested:
            output = project.store.output(record.decision.item_id, pair[record.modality].new)
            assert output is not None
            said = max((output.text or "").split("\n"), key=len)
            if record.status is Status.WRONG and len(said) > 20 and said.isascii() and not set(said) & {'"', "\\"}:
                break
    shutil.copytree(demo_folder, there)
    with open_project(there) as project:
        # The second copy writes to streams of its own.
        project.store.connection.execute("UPDATE facts SET value = 'there' WHERE key = 'device'")
    return Copies(demo_folder, there, record, said.encode())


def lead(project: Project) -> Person:
    found = project.store.person("Ada Lead")
    assert found is not None
    assert found.role is Role.LEAD
    return found


def erase_there(copies: Copies, export: Path, *, content: bool = True) -> list[str]:
    """Erase on the other laptop and export; the events whose private values went."""
    with open_project(copies.there) as project:
        erase(project, read_records(project), copies.record.id, "asked", lead(project), content=content)
        export_verdicts(project.store, export)
        (body,) = [event.body for event in project.store.events() if event.kind == "erasure"]
    assert body["events"]
    return list(body["events"])


def labeler(*arguments: object) -> int:
    return run([str(argument) for argument in arguments], lambda _project, _person: 0)


def private_values(project: Project, events: list[str]) -> int:
    return sum(len(project.store.privates_of(event)) for event in events)


def test_what_was_erased_on_one_laptop_goes_on_the_other_and_every_proof_holds(
    copies: Copies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = erase_there(copies, tmp_path / "there.jsonl")
    with open_project(copies.here) as project:
        assert private_values(project, events) > 0
        medium, _ = project.medium(project.store.item(copies.record.decision.item_id))
    assert medium is not None
    assert medium.exists()
    assert copies.said in bytes_of(copies.here)
    assert labeler("import", copies.here, "--verdicts", tmp_path / "there.jsonl") == Exit.DONE
    assert "What was erased elsewhere is gone here" in capsys.readouterr().out
    with open_project(copies.here) as project:
        assert private_values(project, events) == 0
        item = project.store.item(copies.record.decision.item_id)
        assert (item.content, item.prompt, item.reference) == (None, "", None)
        output = project.store.output(item.id, read_records(project).release.pairs[item.modality].new)
        assert output is not None
        assert output.error == ERASED
        assert check_project(project).findings == ()
        assert read_records(project).record(copies.record.id).status is Status.WRONG, "what was found stays found"
    assert not medium.exists()
    assert copies.said not in bytes_of(copies.here)
    again = import_into(copies.here, tmp_path / "there.jsonl")
    assert again == (0, 0)


def import_into(folder: Path, export: Path) -> tuple[int, int]:
    with open_project(folder) as project:
        merged = import_verdicts(project.store, export)
        assert merged.damage == ()
        assert project.store.chain_damage() == []
        return merged.added, merged.erased.values


def test_a_legal_hold_here_keeps_what_was_erased_there_until_it_is_lifted(
    copies: Copies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_project(copies.here) as project:
        hold(project, read_records(project), copies.record.id, lead(project), on=True, reason="a claim")
    events = erase_there(copies, tmp_path / "there.jsonl")
    assert labeler("import", copies.here, "--verdicts", tmp_path / "there.jsonl") == Exit.DONE
    said = capsys.readouterr()
    assert "gone here" not in said.out
    assert f"A legal hold on {copies.record.id} keeps here what was erased elsewhere" in said.err
    with open_project(copies.here) as project:
        assert private_values(project, events) > 0
        assert check_project(project).findings == ()
    assert copies.said in bytes_of(copies.here)
    off = ("backfill", "hold", copies.here, copies.record.id, "--off", "--as", "Ada Lead")
    assert labeler(*off) == Exit.DONE
    assert "What was erased elsewhere meanwhile is gone" in capsys.readouterr().out
    with open_project(copies.here) as project:
        assert private_values(project, events) == 0
        assert check_project(project).findings == ()
    assert copies.said not in bytes_of(copies.here)


def test_an_erasure_in_the_name_of_an_annotator_erases_nothing(copies: Copies, tmp_path: Path) -> None:
    with open_project(copies.there) as project:
        store = project.store
        bob = store.add_person("Bob", at=now_utc())
        verdicts = [event.id for event in store.events() if event.kind == "verdict"][:5]
        body = {"kind": "erasure", "release": "r", "decision_id": copies.record.id, "events": verdicts}
        with pytest.MonkeyPatch.context() as patch:  # a program that lets everybody
            patch.setattr(type(store), "refuse", lambda *_: None)
            store.append(store.stream(bob.id), EventKind.ERASURE, body, now_utc(), {"reason": "spite"})
        export_verdicts(store, tmp_path / "there.jsonl")
    with open_project(copies.here) as project:
        before = private_values(project, verdicts)
        assert before > 0
        merged = import_verdicts(project.store, tmp_path / "there.jsonl")
        assert merged.added > 0
        assert private_values(project, verdicts) == before

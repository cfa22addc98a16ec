from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from labeler.domain.backfill.ledger import check_lines
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.formats.backfill_toml import default_policy
from labeler.formats.ledger import LEDGER, TABLE, check_ledger, dossier_name
from labeler.steps.backfill.erase import erase
from labeler.steps.backfill.handle import StepDone, apply_policy, hold, note_look, record_step
from labeler.steps.backfill.ledger import ExportedLedger, export_ledger, was_exported
from labeler.steps.check import check_project
from tests.steps.backfill.decided_project import DecidedProject


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[DecidedProject]:
    """d-00 is wrong, corrected, and its customer was told; d-02 is upheld."""
    made = DecidedProject(tmp_path / "p", items=4, flips=3)
    made.judge("i-00", Right.NEW)
    made.judge("i-02", Right.OLD)
    apply_policy(made.project, made.records(), default_policy(), made.lead, now=made.clock)
    told = StepDone("notified", "2026-09-10T00:00:00Z", "letter", "Zoë Smith", "We are sorry.")
    record_step(made.project, made.records(), "d-00", told, made.lead, now=made.clock)
    note_look(made.project, made.records(), "d-00", "window", made.lead, now=made.clock)
    yield made
    made.project.close()


def export(decided: DecidedProject, to: Path) -> ExportedLedger:
    return export_ledger(decided.project, decided.records(), to, decided.lead, now=decided.clock)


def test_a_ledger_is_whole_and_its_digest_is_in_the_log(decided: DecidedProject, tmp_path: Path) -> None:
    made = export(decided, tmp_path / "ledger")
    found = check_ledger(tmp_path / "ledger", made.digest)
    assert (found.damage, found.records, found.digest) == ((), 3, made.digest)
    assert was_exported(decided.project, made.digest)
    assert check_ledger(tmp_path / "ledger" / LEDGER).damage == ()


def test_each_of_a_thousand_single_byte_changes_is_found(decided: DecidedProject, tmp_path: Path) -> None:
    export(decided, tmp_path / "ledger")
    whole = (tmp_path / "ledger" / LEDGER).read_bytes()
    chance = random.Random(3)
    for _ in range(1000):
        at = chance.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= chance.randrange(1, 256)
        assert check_lines(bytes(changed).splitlines(keepends=True)).damage, (at, whole[at - 20 : at + 20])


def test_dropped_doubled_and_swapped_lines_are_found(decided: DecidedProject, tmp_path: Path) -> None:
    export(decided, tmp_path / "ledger")
    lines = (tmp_path / "ledger" / LEDGER).read_bytes().splitlines(keepends=True)
    assert check_lines(lines).damage == ()
    for at in range(len(lines)):
        assert check_lines(lines[:at] + lines[at + 1 :]).damage
        assert check_lines([*lines[:at], lines[at], *lines[at:]]).damage
    assert check_lines([lines[0], lines[2], lines[1], *lines[3:]]).damage
    assert check_lines([]).damage


def test_a_changed_missing_or_strange_file_beside_it_is_found(decided: DecidedProject, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    export(decided, folder)
    (folder / TABLE).write_bytes((folder / TABLE).read_bytes().replace(b"upheld", b"wrong "))
    (folder / dossier_name("d-00")).unlink()
    (folder / "dossiers" / "other.html").write_text("x")
    assert check_ledger(folder).damage == (
        f"{dossier_name('d-00')} is missing",
        f"{TABLE} is not what was written",
        "dossiers/other.html does not belong to it",
    )


def test_a_ledger_rewritten_with_all_its_hashes_has_another_digest(decided: DecidedProject, tmp_path: Path) -> None:
    first = export(decided, tmp_path / "one")
    second = export(decided, tmp_path / "two")
    assert check_ledger(tmp_path / "two").damage == ()
    assert check_ledger(tmp_path / "two", first.digest).damage
    assert first.digest != second.digest


def test_a_dossier_tells_the_story_and_loads_nothing(decided: DecidedProject, tmp_path: Path) -> None:
    export(decided, tmp_path / "ledger")
    page = (tmp_path / "ledger" / dossier_name("d-00")).read_text("utf-8")
    for said in ("old i-00", "new i-00", "Zoë Smith", "correct and notify", "resolved by consensus", "looked at it"):
        assert said in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_what_is_erased_is_gone_from_project_and_ledger_and_both_still_verify(
    decided: DecidedProject, tmp_path: Path
) -> None:
    made = export(decided, tmp_path / "ledger")
    gone = erase(
        decided.project,
        decided.records(),
        "d-00",
        "asked for it",
        decided.lead,
        ledgers=[tmp_path / "ledger"],
        now=decided.clock,
    )
    assert gone.ledgers == (tmp_path / "ledger",)
    assert gone.values > 0
    for file in tmp_path.joinpath("ledger").rglob("*.*"):
        assert "Zoë" not in file.read_text("utf-8")
    assert b"Customer 0" not in (tmp_path / "ledger" / LEDGER).read_bytes()
    found = check_ledger(tmp_path / "ledger", made.digest)
    assert found.damage == ()
    assert found.erased == {"d-00"}
    assert [f for f in check_project(decided.project).findings if f.part != "media"] == []
    assert decided.records().handled("d-00").erased
    assert decided.records().record("d-00").decision.extra == {}


def test_a_legal_hold_forbids_erasure(decided: DecidedProject) -> None:
    hold(decided.project, decided.records(), "d-00", decided.lead, on=True, now=decided.clock)
    with pytest.raises(LabelerError, match="legal hold on d-00"):
        erase(decided.project, decided.records(), "d-00", "asked", decided.lead, now=decided.clock)
    assert decided.records().record("d-00").decision.extra == {"customer": "Customer 0"}


def test_a_damaged_ledger_is_not_touched_by_an_erasure(decided: DecidedProject, tmp_path: Path) -> None:
    export(decided, tmp_path / "ledger")
    file = tmp_path / "ledger" / LEDGER
    file.write_bytes(file.read_bytes().replace(b"upheld", b"wrong "))
    before = file.read_bytes()
    with pytest.raises(LabelerError, match="is damaged"):
        erase(decided.project, decided.records(), "d-00", "asked", decided.lead, ledgers=[file], now=decided.clock)
    assert file.read_bytes() == before


def test_a_ledger_needs_a_folder_of_its_own(decided: DecidedProject, tmp_path: Path) -> None:
    export(decided, tmp_path / "ledger")
    with pytest.raises(LabelerError, match="is there already"):
        export(decided, tmp_path / "ledger")


def test_a_copy_of_a_ledger_is_checked_without_the_project(decided: DecidedProject, tmp_path: Path) -> None:
    made = export(decided, tmp_path / "ledger")
    shutil.copytree(tmp_path / "ledger", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "ledger")
    assert check_ledger(tmp_path / "elsewhere", made.digest).damage == ()
    line = orjson.loads((tmp_path / "elsewhere" / LEDGER).read_bytes().splitlines()[1])
    assert line["decision"]["decision_id"] == "d-00"

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.gold.changes import Reason, Removed, removal_alarm_p
from labeler.domain.gold.records import Drawn, GoldRecord, JudgedOutput, Provenance
from labeler.domain.items import Answer, Modality, Region
from labeler.domain.match import Match, MatchKind
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, ResolvedBy
from labeler.errors import Exit, LabelerError
from labeler.formats.gold.folder import read_records, verify
from labeler.formats.gold.manifest import COLUMNS, MANIFEST, read_manifest, sealed
from labeler.formats.gold.records import (
    record_from_json,
    record_line,
    record_to_json,
    removed_from_json,
    removed_line,
)
from tests.steps.gate_files import record, write_gold

FULL = GoldRecord(
    id="inv-00418",
    modality=Modality.IMAGE,
    media="media/images/inv-00418.png",
    media_sha256="ab" * 32,
    content=None,
    prompt="Read every row of this invoice as a table.",
    answer=Answer(
        text="Toner | 4",
        table=(("Toner", "4"),),
        values={"b": 1, "a": [1, {"z": None, "y": True}]},
        regions=(Region("r1", box=(1, 2, 3, 4), text="Toner", span=(0, 5)),),
    ),
    accept=("toner 4",),
    match=Match(MatchKind.TABLE, tolerance=0.01),
    tier=Tier.FRONTIER,
    slices={"kind": "table", "blurred": False, "angle": 1.5},
    critical=True,
    checked=Checked.WHOLE,
    drawn=Drawn("flip", 0.25),
    judged=(JudgedOutput("sha256:00", "reader 3.1", False, ("row_missing",)),),
    provenance=Provenance("reader 3.1 -> 3.2", ("v1", "v2"), "r1", ResolvedBy.LEAD, "4", simulated=True),
    added_in="v0002",
    changed_in="v0003",
    extra={"license": "CC0-1.0", "source": {"by": "us"}},
)


def described(folder: Path, records: list[GoldRecord]) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    found: dict[str, object] = orjson.loads((write_gold(folder, records) / "croissant.json").read_bytes())
    return {key: found.get(key) for key in ("license", "citeAs", "url", "datePublished", "version")}


def test_a_set_is_described_by_what_is_known_of_it(tmp_path: Path) -> None:
    free, ours = replace(FULL, id="a"), replace(FULL, id="b", extra={"license": "CC-BY-4.0"})
    nothing = dict.fromkeys(("license", "citeAs", "url", "datePublished")) | {"version": "1.0.0"}
    assert described(tmp_path / "one", [free]) == nothing | {"license": "CC0-1.0"}
    assert described(tmp_path / "two", [free, ours]) == nothing | {"license": ["CC-BY-4.0", "CC0-1.0"]}
    assert described(tmp_path / "unsaid", [free, record(1)]) == nothing
    said = tmp_path / "said"
    said.mkdir()
    about = 'license = "CC-BY-4.0"\ncite_as = "Us"\nurl = "https://data.example.org/x"\npublished = 2026-12-01\n'
    (said / "about.toml").write_text(about)
    assert described(said, [free]) == {
        "license": "CC-BY-4.0",
        "citeAs": "Us",
        "url": "https://data.example.org/x",
        "datePublished": "2026-12-01",
        "version": "1.0.0",
    }


@pytest.mark.parametrize("wrong", ['licence = "x"', "license = 3", 'published = "soon"', "license = "])
def test_what_nobody_can_read_about_a_set_stops_it_being_built(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "about.toml").write_text(wrong)
    with pytest.raises(LabelerError, match=r"about.toml"):
        write_gold(tmp_path, [FULL])
    assert not (tmp_path / "v0001").exists()


def test_a_record_comes_back_as_it_was() -> None:
    assert record_from_json(orjson.loads(record_line(FULL))) == FULL


def test_a_record_has_the_keys_that_are_documented() -> None:
    what = ("id", "modality", "media", "media_sha256", "prompt", "answer", "accept", "match", "tier", "slices")
    whence = ("critical", "checked", "drawn", "judged", "provenance", "added_in", "changed_in")
    assert tuple(record_to_json(FULL)) == (*what, *whence, "license", "source")


@given(st.permutations(["kind", "blurred", "angle"]), st.permutations(["license", "source"]))
def test_the_order_in_which_keys_were_imported_does_not_show(slices: list[str], extra: list[str]) -> None:
    other = replace(FULL, slices={k: FULL.slices[k] for k in slices}, extra={k: FULL.extra[k] for k in extra})
    assert record_line(other) == record_line(FULL)


def test_a_removal_comes_back_as_it_was() -> None:
    for removed in (
        Removed("a", Reason.WRONG, "p-lea", "e1"),
        Removed("b", Reason.SUPERSEDED, "p-max", "e2", (Tier.EASY, Tier.HARD)),
    ):
        assert removed_from_json(orjson.loads(removed_line(removed))) == removed


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write_gold(tmp_path, [record(n) for n in range(20)])


def test_a_whole_set_verifies_and_says_what_is_in_it(gold: Path) -> None:
    assert verify(gold) == []
    manifest = read_manifest(gold)
    assert (manifest.records, manifest.raw["counts"]) == (20, {"text": {"easy": {"records": 20, "slices": {}}}})
    names = ["CHANGES.md", "croissant.json", "gate.columns", "records.jsonl", "removed.jsonl"]
    assert sorted(manifest.files) == names


def test_every_flipped_byte_of_every_file_is_found(gold: Path) -> None:
    for path in sorted(gold.iterdir()):
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 40)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert verify(gold), f"byte {at} of {path.name}"
        path.write_bytes(whole)
    assert verify(gold) == []


def test_missing_and_extra_files_are_found(gold: Path) -> None:
    (gold / "removed.jsonl").unlink()
    (gold / "notes").mkdir()
    (gold / "notes" / "mine.txt").write_text("x")
    assert verify(gold) == ["removed.jsonl: missing", "notes/mine.txt: does not belong here"]


def test_a_manifest_that_is_only_laid_out_anew_is_found(gold: Path) -> None:
    path = gold / "manifest.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes())))
    assert verify(gold) == ["manifest.json: changed since it was written"]
    with pytest.raises(LabelerError) as caught:
        read_manifest(gold)
    assert caught.value.exit_status is Exit.GOLD_DAMAGED


def test_a_folder_without_a_manifest_is_no_gold_set(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="holds no gold set") as caught:
        verify(tmp_path)
    assert caught.value.exit_status is Exit.INVALID


@pytest.mark.parametrize("line", [b"{}\n", b"[1]\n", b"not json\n", b'{"id": 1}\n'])
def test_a_line_that_is_no_record_is_named(gold: Path, line: bytes) -> None:
    with (gold / "records.jsonl").open("ab") as file:
        file.write(line)
    with pytest.raises(LabelerError, match=r"records\.jsonl:21: not"):
        list(read_records(gold))


def test_removing_failing_items_raises_the_alarm_and_removing_at_random_does_not() -> None:
    assert removal_alarm_p(15, 20, 100, 1000) < 0.01
    assert removal_alarm_p(2, 20, 100, 1000) > 0.2
    assert removal_alarm_p(0, 0, 100, 1000) == 1


def test_columns_that_say_something_else_than_the_records_are_found(tmp_path: Path) -> None:
    """A gate believes them by their hash, which whoever writes another manifest can make fit."""
    honest = write_gold(tmp_path / "honest", (record(n) for n in range(20)))
    other = write_gold(tmp_path / "other", (record(n, critical=n == 3) for n in range(20)))
    assert verify(honest, columns=True) == []
    shutil.copy(other / COLUMNS, honest / COLUMNS)
    raw = dict(read_manifest(honest).raw)
    raw["files"][COLUMNS] = read_manifest(other).files[COLUMNS]
    (honest / MANIFEST).write_bytes(sealed(raw).to_bytes())
    assert verify(honest) == []
    assert verify(honest, columns=True) == ["gate.columns: does not say what records.jsonl says"]

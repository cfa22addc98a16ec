"""From one version of a gold set to the next: which answers of the gate turn, and who publishes after whose look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.events import EventKind
from labeler.domain.gold.publications import Publication
from labeler.domain.item_json import output_to_json
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from labeler.errors import Exit
from labeler.formats.gold.publications import append_publication
from tests.steps.gate_files import output, record, write_gold, write_outputs
from tests.steps.judged_project import JudgedProject

ITEMS = 60


def labeler(*words: object) -> int:
    return run([str(word) for word in words], lambda _project, _person: 1)


@dataclass
class Versions:
    judged: JudgedProject
    folder: Path
    first: Path
    second: Path
    files: dict[str, Path]
    capture: pytest.CaptureFixture[bytes]

    def asked(self, *words: object) -> tuple[int, Any]:
        self.capture.readouterr()
        status = labeler(*words, "--json")
        printed = self.capture.readouterr().out
        return status, orjson.loads(printed) if printed else None

    def gate(self, gold: Path, *more: object) -> tuple[int, Any]:
        files = ("--old", self.files["old"], "--new", self.files["new"])
        return self.asked("gate", "--gold", gold, *files, *more)

    def publish(self, gold: Path, name: str) -> tuple[int, Any]:
        return self.asked("gold", "publish", self.folder / "project", gold, "--as", name)


@pytest.fixture
def versions(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Versions]:
    """In the first version the new model never loses; in the second, 20 items were judged again, and it does there."""
    judged = JudgedProject(tmp_path / "project", items=ITEMS)
    judged.project.store.connection.execute("PRAGMA synchronous = OFF")
    judged.person("ben")
    for item in judged.items:
        judged.judge(item.id, Right.BOTH)
    files = {
        side: write_outputs(
            tmp_path / f"{side}.jsonl", [output_to_json(judged.outputs[item.id, side]) for item in judged.items]
        )
        for side in ("old", "new")
    }
    series = tmp_path / "gold" / "judged"
    made = Versions(judged, tmp_path, series / "v0001", series / "v0002", files, capfdbinary)
    build = ("gold", "build", tmp_path / "project", "--to", tmp_path / "gold", "--as", "lea")
    assert labeler(*build) == Exit.DONE
    assert made.gate(made.first, "--as", "lea")[0] == Exit.INSUFFICIENT
    for item in judged.items[:20]:
        judged.judge(item.id, Right.OLD)
    assert labeler(*build) == Exit.DONE
    yield made
    judged.project.close()


def test_the_difference_says_which_answers_of_the_gate_turn(versions: Versions) -> None:
    diff = ("gold", "diff", versions.first, versions.second)
    report = versions.folder / "diff.md"
    status, found = versions.asked(*diff, "--project", versions.folder / "project", "--report", report, "--as", "ben")
    assert status == Exit.DONE
    (turned,) = found["gate"]
    assert (turned["before"], turned["after"], turned["turns"]) == ("insufficient", "block", True)
    assert "20 items newly wrong" in turned["why"]
    assert "**turns**: attempt 1, image reader 3.2: insufficient → block" in report.read_text()
    by_files = versions.asked(*diff, *(word for path in versions.files.values() for word in ("--outputs", path)))[1]
    assert by_files["gate"] == found["gate"]
    assert "gate" not in versions.asked(*diff)[1]


def test_whoever_compares_or_publishes_is_told_that_what_was_removed_failed(versions: Versions) -> None:
    for item in versions.judged.items[:20]:  # where the new model lost: nobody knows any more
        versions.judged.judge(item.id, Right.NEW, who="ben")
    third = versions.second.with_name("v0003")
    alarm = b"Alarm: removed records fail more often than chance explains"
    for words in (
        ("gold", "build", versions.folder / "project", "--to", versions.folder / "gold", "--as", "lea"),
        ("gold", "diff", versions.second, third),
        ("gold", "publish", versions.folder / "project", third, "--as", "ben"),
    ):
        assert labeler(*words) == Exit.DONE
        assert alarm in versions.capture.readouterr().err
    assert labeler("gold", "diff", versions.first, versions.second) == Exit.DONE
    assert alarm not in versions.capture.readouterr().err


def test_an_attempt_whose_outputs_are_not_at_hand_is_named_with_the_reason(versions: Versions) -> None:
    diff = ("gold", "diff", versions.first, versions.second)
    _, found = versions.asked(*diff, "--outputs", versions.files["old"])
    (turned,) = found["gate"]
    assert (turned["after"], turned["turns"], turned["why"]) == (None, False, "its outputs are not at hand")
    other = write_outputs(
        versions.folder / "other.jsonl",
        [{**orjson.loads(line), "text": "other"} for line in versions.files["new"].read_bytes().splitlines()],
    )
    _, found = versions.asked(*diff, "--outputs", versions.files["old"], "--outputs", other)
    assert found["gate"][0]["after"] is None
    assert versions.asked(*diff, "--project", versions.folder / "project", "--ledger", other)[0] == Exit.INVALID


def test_nobody_publishes_what_they_built(versions: Versions) -> None:
    assert versions.publish(versions.second, "lea")[0] == Exit.INVALID
    assert versions.publish(versions.second, "a name that nobody has")[0] == Exit.INVALID
    assert not (versions.second.parent / "published.jsonl").exists()
    status, published = versions.publish(versions.second, "ben")
    assert (status, published["built_by"], published["published_by"]) == (Exit.DONE, "lea", "ben")
    assert versions.publish(versions.second, "lea") == (Exit.DONE, published)  # it stays as it is
    elsewhere = JudgedProject(versions.folder / "elsewhere", items=1)
    elsewhere.person("ben")
    elsewhere.project.close()
    (versions.second.parent / "published.jsonl").unlink()
    assert labeler("gold", "publish", versions.folder / "elsewhere", versions.second, "--as", "ben") == Exit.INVALID


def test_who_had_seen_what_it_does_to_the_gate_is_kept_with_the_publication(versions: Versions) -> None:
    versions.asked("gold", "diff", versions.first, versions.second, "--project", versions.folder / "project")
    assert versions.gate(versions.second, "--preview", "--as", "lea")[0] == Exit.NO
    assert versions.gate(versions.second, "--as", "cy")[0] == Exit.NO
    _, published = versions.publish(versions.second, "ben")
    seen = [(look["how"], look["decision"]) for look in published["seen"]]
    assert sorted(seen) == [("attempt", "block"), ("diff", "block"), ("preview", "block")]
    assert {look["by"] for look in published["seen"]} >= {"lea", "cy"}
    (event,) = versions.judged.project.store.events(kinds=[EventKind.PUBLICATION])
    assert event.body["digest"] == published["digest"]
    assert len(event.body["seen"]) == 3
    assert b"lea" not in event.data  # names stay outside the chain
    assert sorted(versions.judged.project.store.private_of(event.id)["seen_by"]) == sorted(
        look["by"] for look in published["seen"]
    )


def test_a_draft_beside_published_versions_ships_nothing(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    tiers = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
    gold = write_gold(tmp_path, [record(n, tier=tiers[n % 3]) for n in range(900)])
    files = [write_outputs(tmp_path / f"{v}.jsonl", [output(n, version=v) for n in range(900)]) for v in ("1", "2")]
    call = ("gate", "--gold", gold, "--old", files[0], "--new", files[1], "--json")
    assert labeler(*call) == Exit.DONE  # nothing was ever published
    other = Publication("v0000", "sha256:0", "lea", "ben", "2026-09-01T08:00:00.000Z", ())
    append_publication(tmp_path / "published.jsonl", other)
    capfdbinary.readouterr()
    assert labeler(*call) == Exit.INSUFFICIENT
    answered = orjson.loads(capfdbinary.readouterr().out)
    assert answered["grounds"][0].startswith("v0001 is a draft: a second person must publish it")
    append_publication(tmp_path / "published.jsonl", replace(other, digest=answered["gold"]["digest"]))
    assert labeler(*call) == Exit.DONE


def test_the_drift_of_the_mix_says_what_to_add(versions: Versions) -> None:
    traffic, report = versions.folder / "traffic.jsonl", versions.folder / "drift.md"
    slices = [{"kind": "chart" if n % 10 else "table"} for n in range(300)]
    traffic.write_bytes(b"".join(orjson.dumps({"modality": "image", "slices": one}) + b"\n" for one in slices))
    call = ("gold", "drift", versions.first, "--traffic", traffic, "--report", report)
    status, found = versions.asked(*call)
    assert status == Exit.DONE
    (kind,) = found["slices"]
    assert (kind["gold"], kind["drifted"]) == ({"chart": 20, "table": 40}, True)
    assert kind["add"] == {"chart": 340}  # 360 of 400 are nine in ten
    assert "| image · kind chart | 33.3% | 90.0% | 340 |" in report.read_text()
    traffic.write_text("{}\n")
    assert versions.asked(*call)[0] == Exit.INVALID

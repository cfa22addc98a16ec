from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from labeler.domain.differences.model import ItemClass
from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Role
from labeler.domain.queue import Why
from labeler.domain.rubric import Tier
from labeler.domain.verdict_json import verdict_body
from labeler.domain.verdicts import Checked, Right, Verdict
from labeler.errors import LabelerError
from labeler.steps.bring.release import Files, bring
from labeler.steps.executor import Processes
from labeler.steps.project import Project

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def outputs(path: Path, version: str, texts: dict[str, str]) -> Path:
    lines = [
        {"item_id": item, "model": {"name": "reader", "version": version}, "text": text} for item, text in texts.items()
    ]
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


def test_one_release_pairs_the_models_of_each_modality(demo: Project) -> None:
    release = demo.store.latest_release()
    assert release is not None
    assert {m: (pair.old.name, pair.new.name) for m, pair in release.pairs.items()} == {
        Modality.AUDIO: ("pocketsphinx", "whisper"),
        Modality.IMAGE: ("tesseract", "rapidocr"),
    }
    counted = demo.store.class_counts(release.id)
    assert sum(counted.values()) == 120


def test_every_flip_is_queued_and_the_rest_at_the_stated_rate(demo: Project) -> None:
    release, lead = demo.store.latest_release(), demo.store.person("Ada Lead")
    assert release is not None
    assert lead is not None
    entries = demo.store.queue(release.id, lead.id, limit=1000)
    flips = {entry.item_id for entry in entries if entry.why is Why.FLIP}
    compared = {item.id: demo.store.comparison(release.id, item.id) for item in demo.store.items()}
    assert flips == {i for i, c in compared.items() if c is not None and c.item_class is ItemClass.FLIP}
    assert {entry.p for entry in entries if entry.why is Why.RANDOM} == {demo.settings.random_share}


def test_bringing_the_same_files_again_changes_nothing(demo: Project) -> None:
    lead = demo.store.person("Ada Lead")
    assert lead is not None
    before = demo.store.event_count()
    files = Files(*(demo.folder / name for name in ("items.jsonl", "outputs-old.jsonl", "outputs-new.jsonl")))
    report = bring(demo, files, lead)
    assert not report.is_new_release
    assert report.queued is not None
    assert (report.queued.flips, report.queued.drawn) == (0, 0)
    assert demo.store.event_count() == before


def test_processes_find_what_one_process_finds(texts: Project) -> None:
    """On all cores, in child processes, from the old release's new outputs to the next ones."""
    lead = texts.store.people()[0]
    third = outputs(texts.folder / "third.jsonl", "3", {f"t{n}": f"the sum is {n}5 pounds" for n in range(1, 9)})
    report = bring(texts, Files(new=third), lead, executor=Processes(2))
    assert report.release is not None
    pair = report.release.pairs[Modality.TEXT]
    assert (pair.old.version, pair.new.version) == ("2", "3")
    assert report.classes[Modality.TEXT].items == {ItemClass.FLIP: 8}
    from labeler.domain.differences import compare

    for n in range(1, 9):
        old, new = texts.store.output(f"t{n}", pair.old), texts.store.output(f"t{n}", pair.new)
        assert old is not None
        assert new is not None
        assert texts.store.comparison(report.release.id, f"t{n}") == compare(old, new)


def test_outputs_that_a_later_release_repeats_keep_their_verdicts(texts: Project) -> None:
    store, lead = texts.store, texts.store.people()[0]
    first = store.latest_release()
    assert first is not None
    for item in ("t1", "t2"):
        given = Verdict(
            item,
            first.id,
            Right.OLD,
            Tier.EASY,
            True,
            Checked.WHOLE,
            {"A": "old", "B": "new"},
            "1",
            {"old": "", "new": ""},
        )
        body, private = verdict_body(given)
        store.append(store.stream(lead.id), EventKind.VERDICT, body, NOON, private)
    pair = first.pairs[Modality.TEXT]
    said = {f"t{n}": getattr(store.output(f"t{n}", pair.new), "text", "") for n in range(1, 9)}
    old = outputs(texts.folder / "old.jsonl", "1", {f"t{n}": f"the sum is {n}0 pounds" for n in range(1, 9)})
    new = outputs(texts.folder / "new.jsonl", "2b", said)
    report = bring(texts, Files(old=old, new=new), lead)
    assert report.is_new_release
    assert report.release is not None
    assert report.queued is not None
    assert report.queued.spared == 2
    waiting = [entry.item_id for entry in store.queue(report.release.id, lead.id, limit=100)]
    assert not {"t1", "t2"} & {*waiting}
    assert {"t3", "t4", "t5", "t6"} <= {*waiting}


def test_items_that_come_late_complete_the_release(texts: Project, tmp_path: Path) -> None:
    lead = texts.store.people()[0]
    old = outputs(tmp_path / "o.jsonl", "1", {"t9": "ten pounds"})
    new = outputs(tmp_path / "n.jsonl", "2", {"t9": "two pounds"})
    item = tmp_path / "i.jsonl"
    item.write_bytes(b'{"id": "t9", "modality": "text", "content": "x"}\n')
    report = bring(texts, Files(item, old, new), lead)
    assert not report.is_new_release
    assert report.queued is not None
    assert report.queued.flips == 1


@pytest.mark.parametrize(("version", "said"), [("1", "the same model version"), ("2", "the same model version")])
def test_a_model_is_not_compared_with_itself(texts: Project, tmp_path: Path, version: str, said: str) -> None:
    lead = texts.store.people()[0]
    same = outputs(
        tmp_path / "same.jsonl", version, {"t1": "the sum is 10 pounds" if version == "1" else "the sum is 1 pounds"}
    )
    with pytest.raises(LabelerError, match=said):
        bring(texts, Files(old=same, new=same), lead)


def test_two_models_for_one_modality_are_refused_with_their_names(texts: Project, tmp_path: Path) -> None:
    lead = texts.store.people()[0]
    path = outputs(tmp_path / "mixed.jsonl", "7", {"t1": "a"})
    path.write_bytes(path.read_bytes() + outputs(tmp_path / "x.jsonl", "8", {"t2": "b"}).read_bytes())
    with pytest.raises(LabelerError, match="two models for text: reader 7 and reader 8"):
        bring(texts, Files(new=path), lead)


def test_an_auditors_import_brings_nothing_at_all(demo: Project, tmp_path: Path) -> None:
    item = next(demo.store.items()).id
    eve = demo.store.add_person("Eve", Role.AUDITOR, at=NOON)
    before = demo.store.output_count(), demo.store.event_count()
    with pytest.raises(LabelerError, match="an auditor looks at everything and changes nothing"):
        bring(demo, Files(new=outputs(tmp_path / "new.jsonl", "9", {item: "else"})), eve)
    assert (demo.store.output_count(), demo.store.event_count()) == before

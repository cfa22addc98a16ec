"""Projects in which every field that takes text holds what no program should obey."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Rubric
from labeler.domain.verdicts import Right
from labeler.formats.rubric import shipped_rubrics, write_rubrics
from labeler.steps.bring.decisions import import_decisions
from labeler.steps.bring.release import bring
from labeler.steps.opening import create_project, open_project
from labeler.steps.progress import Problem
from labeler.steps.project import RUBRIC_FILE
from labeler.steps.review import save_verdict
from labeler.steps.threads import answer_question, ask_lead, threads
from tests.attacks.texts import START, verdict_on
from tests.given_texts import Line, given_files

NASTY = {
    "image": '<img src="http://tracker.example/x.png"><b>bold</b>',
    "script": "<script>alert(1)</script><a href='file:///etc/passwd'>click</a>",
    "table": "<table><tr><td>" * 50,
    "turned": "invoice\u202egnp.exe\u2066 and \u200bhidden\u2069",
    "controls": "a\x00b\x07c\x1b[31mred\x7f",
    "marks": "e" + "\u0301" * 400,
    "astral": "\U0001f600\U0010ffff\ufffe\ufdd0",
    "long": "x" * 20_000,
    "lines": "\n" * 3_000,
    "amount": "&lt;&amp;#x41;",
}


def make_nasty(tmp_path: Path) -> Path:
    """An item for each nasty text, which stands in every field that takes text."""
    items, old, new = list[Line](), list[Line](), list[Line]()
    for name, text in NASTY.items():
        short = text[:200]
        item = {"id": f"i-<b>{name}</b>", "modality": "text", "content": text, "prompt": text}
        items.append({**item, "slices": {short: short, "kind": short}, "reference": {"text": text}})
        for version, outputs in (("1", old), ("2", new)):
            model = {"name": "<i>m</i>", "version": version}
            outputs.append(
                {
                    "item_id": item["id"],
                    "model": {**model, "name": "m<i>"},
                    "text": f"{version}1 {text}",
                    "label": short,
                }
            )
    for item, before, after in (picture(tmp_path / "given"), recording(tmp_path / "given"), table(), values()):
        for version, output, outputs in (("1", before, old), ("2", after, new)):
            model = {"name": "m<i>", "version": version}
            outputs.append({"item_id": item["id"], "model": model, **output})
        items.append(item)
    files = given_files(tmp_path / "given", items, old, new)
    (tmp_path / "nasty").mkdir()
    write_rubrics(
        {m: nasty_rubric(rubric) for m, rubric in shipped_rubrics().items()}, tmp_path / "nasty" / RUBRIC_FILE
    )
    settings = ProjectSettings(NASTY["image"], "2026-01-01T00:00:00Z", seed=7)
    with create_project(tmp_path / "nasty", settings=settings) as project:
        ada = project.store.add_person(NASTY["script"], Role.LEAD, at=START, person_id="ada")
        bring(project, files, ada)
    return tmp_path / "nasty"


Shown = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
"""An item and what two models made of it."""
SHORT = [text[:80] for text in NASTY.values()]


def picture(folder: Path) -> Shown:
    """Regions with nasty labels and texts, from a file with a nasty name and nasty notes in it."""
    name, notes = f"media/{_as_name(NASTY['image'])}\u202e.png", PngInfo()
    notes.add_text("Title", NASTY["script"])
    (folder / "media").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (200, 80 * len(SHORT)), "white").save(folder / name, pnginfo=notes)
    before, after = (
        [
            {"id": f"r<b>{n}", "box": [10, 80 * n, 150, 80 * n + 50], "text": f"{text}{version}", "label": text}
            for n, text in enumerate(SHORT)
        ]
        for version in "12"
    )
    return _item("picture", "image", media=name), {"regions": before}, {"regions": after[:-1]}


def recording(folder: Path) -> Shown:
    """Segments with nasty words and speakers."""
    name = f"media/{_as_name(NASTY['script'])}.wav"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / name), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * len(SHORT)))
    before, after = (
        [{"start_s": n, "end_s": n + 0.9, "text": f"{text}{v}", "speaker": text} for n, text in enumerate(SHORT)]
        for v in "12"
    )
    return _item("recording", "audio", media=name), {"segments": before}, {"segments": after}


def table() -> Shown:
    return (
        _item("table", "text", content="a table"),
        {"table": [SHORT, SHORT]},
        {"table": [SHORT, [f"{text}!" for text in SHORT]]},
    )


def values() -> Shown:
    before, after = ({text: f"{text}{v}" for text in SHORT} for v in "12")
    return _item("values", "text", content="values"), {"values": before}, {"values": {**after, "more": [SHORT]}}


def _item(name: str, modality: str, **more: Any) -> dict[str, Any]:
    return {"id": f"i-<b>{name}</b>", "modality": modality, "prompt": NASTY["image"], **more}


def _as_name(text: str) -> str:
    return "".join(character if character not in '/\\:"<>|?*' else "_" for character in text)


def nasty_rubric(rubric: Rubric) -> Rubric:
    """Every text that a person reads of it is markup, with a sign that hides what follows."""
    said = f"<b>{NASTY['turned'][:12]}</b><img src=x>"
    failures = tuple(
        replace(code, label=f"{n} {said}", definition=said, example=said) for n, code in enumerate(rubric.failures)
    )
    tiers = tuple(replace(tier, label=f"{tier.label} {said}", definition=said, example=said) for tier in rubric.tiers)
    return replace(rubric, failures=failures, tiers=tiers)


def judge_nasty(nasty_project: Path, tmp_path: Path) -> Path:
    """Half of the nasty items are judged, by two people who do not agree; all have decisions with nasty values."""
    lines = []
    with open_project(nasty_project) as project:
        store = project.store
        bob = store.add_person(f"{NASTY['image']}{NASTY['turned']}", Role.ANNOTATOR, at=START)
        release = store.releases()[0].id
        for n, (name, text) in enumerate(NASTY.items()):
            item = f"i-<b>{name}</b>"
            short = text[:60]
            decision = {"decision_id": f"d{n}<i>", "item_id": item, "decided_at": "2026-09-03T10:12:00Z"}
            ours = {"model": {"name": "m<i>", "version": "1"}, "action": f"<b>{short}", "reversible": n % 2 == 0}
            lines.append({**decision, **ours, "amount": 5, "currency": "EUR"})
            ask_lead(project, store.person_of(bob.id), item, f"?{text[:500]}", START)
            if n % 3 == 0:
                question = next(thread for thread in threads(project) if thread.item_id == item).last_question
                answer_question(project, store.person_of("ada"), question, f"!{text[:500]}", START)
            if n % 2:
                said = replace(verdict_on(item, release), note=text[:2_000], reason=short)
                save_verdict(store, store.stream("ada"), said, START)
                save_verdict(store, store.stream(bob.id), replace(said, right=Right.OLD), START)
        (tmp_path / "decisions.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        problems: list[Problem] = []
        import_decisions(project, tmp_path / "decisions.jsonl", store.person_of("ada"), on_problem=problems.append)
        assert problems == []
    return nasty_project

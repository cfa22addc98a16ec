"""Projects in which every field that takes text holds what no program should obey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson

from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.verdicts import Right
from labeler.steps.import_decisions import import_decisions
from labeler.steps.import_release import bring
from labeler.steps.progress import Problem
from labeler.steps.project import create_project, open_project
from labeler.steps.review import save_verdict
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
    files = given_files(tmp_path / "given", items, old, new)
    settings = ProjectSettings(NASTY["image"], "2026-01-01T00:00:00Z", seed=7)
    with create_project(tmp_path / "nasty", settings=settings) as project:
        ada = project.store.add_person(NASTY["script"], Role.LEAD, at=START, person_id="ada")
        bring(project, files, ada)
    return tmp_path / "nasty"


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
            if n % 2:
                said = replace(verdict_on(item, release), note=text[:2_000], reason=short)
                save_verdict(store, store.stream("ada"), said, START)
                save_verdict(store, store.stream(bob.id), replace(said, right=Right.OLD), START)
        (tmp_path / "decisions.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        problems: list[Problem] = []
        import_decisions(project, tmp_path / "decisions.jsonl", store.person_of("ada"), on_problem=problems.append)
        assert problems == []
    return nasty_project

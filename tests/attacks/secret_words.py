"""A project in which every text that is no id has a word that may stand nowhere but in the project and its exports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson

from labeler.domain.items import Answer
from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.verdicts import Gold
from labeler.steps.bring.decisions import import_decisions
from labeler.steps.bring.release import bring
from labeler.steps.opening import create_project
from labeler.steps.progress import Problem
from labeler.steps.review import save_verdict
from tests.attacks.quoting import SECRET
from tests.attacks.texts import START, verdict_on
from tests.given_texts import Line, given_files, text_output


def make_secret(folder: Path, count: int = 6) -> None:
    """Texts, half of them judged by Ada, all of them decided upon."""
    ids = [f"t{n}" for n in range(count)]
    items = [_item(item) for item in ids]
    old, new = ([_output(item, version) for item in ids] for version in ("1", "2"))
    given = folder.parent / f"{folder.name}-given"
    settings = ProjectSettings("Letters", "2026-01-01T00:00:00Z", seed=7)
    with create_project(folder, settings=settings) as project:
        ada = project.store.add_person("Ada", Role.LEAD, at=START, person_id="ada")
        bring(project, given_files(given, items, old, new), ada)
        release = project.store.releases()[0].id
        for item in ids[::2]:
            gold = Gold(Answer(text=f"{SECRET} was right"), ("d1:new",))
            said = replace(verdict_on(item, release), note=f"{SECRET} in a note", reason=f"{SECRET}!", gold=gold)
            save_verdict(project.store, project.store.stream("ada"), said, START)
        lines = [_decision(item) for item in ids]
        (given / "decisions.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        problems: list[Problem] = []
        import_decisions(project, given / "decisions.jsonl", ada, on_problem=problems.append)
        assert problems == []


def _item(item: str) -> Line:
    words = {"content": f"{SECRET} of {item}", "prompt": f"What does {SECRET} say?"}
    return {"id": item, "modality": "text", **words, "reference": {"text": f"{SECRET} it is"}}


def _output(item: str, version: str) -> Line:
    return text_output(item, version, f"{SECRET} {version}{item}", label=f"{SECRET} {version}")


def _decision(item: str) -> Line:
    decision = {"decision_id": f"d-{item}", "item_id": item, "decided_at": "2026-09-03T10:12:00Z"}
    by = {"model": {"name": "reader", "version": "1"}, "action": f"{SECRET} was sent", "reversible": True}
    return {**decision, **by, "amount": 5, "currency": "EUR"}

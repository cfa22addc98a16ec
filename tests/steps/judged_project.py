"""A small real project with verdicts, for tests of what comes after review."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from labeler.domain.events import EventKind
from labeler.domain.item_json import item_to_json, output_to_json
from labeler.domain.items import Answer, Item, Modality, ModelVersion, Output, Pair, output_sha256
from labeler.domain.people import Person
from labeler.domain.project import ProjectSettings, pairs_to_json, release_of
from labeler.domain.queue import QueueEntry, Why
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdicts import Checked, Failure, Gold, Right, Verdict
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from labeler.steps.review import save_verdict
from labeler.store.catalogue import ItemRow, OutputRow

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
OLD, NEW = ModelVersion("reader", "3.1"), ModelVersion("reader", "3.2")
RELEASE = release_of({Modality.IMAGE: Pair(OLD, NEW)})


class Clock:
    """Each call is a second later, so that every run of a test gives the same times."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class JudgedProject:
    """Items `i-00` … of one picture model pair; the old output says `old N`, the new one `new N`."""

    def __init__(self, folder: Path, items: int) -> None:
        self.clock = Clock()
        settings = ProjectSettings("judged", "2026-09-01T08:00:00Z", seed=1)
        self.project: Project = create_project(folder, now=self.clock, settings=settings)
        store = self.project.store
        self.people: dict[str, Person] = {}
        lea = self.person("lea")
        body = {"kind": "release", "release": RELEASE.id, "pairs": pairs_to_json(RELEASE.pairs)}
        store.append(store.stream(lea.id), EventKind.RELEASE, body, self.clock())
        self.items = [self._item(number) for number in range(items)]
        store.store_items([self._item_row(item) for item in self.items])
        self.outputs = {
            (item.id, side): Output(item.id, model, text=f"{side} {item.id}")
            for item in self.items
            for side, model in (("old", OLD), ("new", NEW))
        }
        store.store_outputs([self._output_row(output) for output in self.outputs.values()])
        store.store_queue(
            RELEASE.id,
            [
                QueueEntry(item.id, Modality.IMAGE, Why.FLIP if n % 2 else Why.RANDOM, 1.0 if n % 2 else 0.25, n)
                for n, item in enumerate(self.items)
            ],
        )

    def person(self, name: str, *, simulated: bool = False) -> Person:
        if name not in self.people:
            self.people[name] = self.project.store.add_person(
                name, at=self.clock(), simulated=simulated, person_id=f"p-{name}"
            )
        return self.people[name]

    def judge(
        self,
        item_id: str,
        right: Right = Right.NEW,
        *,
        who: str = "lea",
        tier: Tier = Tier.EASY,
        checked: Checked = Checked.WHOLE,
        answer: str | None = "the right text",
        sure: bool = True,
        rubric: str = "1",
    ) -> None:
        wrong_side = {Right.NEW: "old", Right.OLD: "new"}.get(right)
        failures = (Failure("old", "text_misread", Severity.MAJOR),) if wrong_side == "old" else ()
        verdict = Verdict(
            item_id=item_id,
            release=RELEASE.id,
            right=right,
            tier=tier,
            tier_before_outputs=True,
            checked=checked,
            shown={"A": "old", "B": "new"},
            rubric=rubric,
            outputs={
                "old": output_sha256(self.outputs[item_id, "old"]),
                "new": output_sha256(self.outputs[item_id, "new"]),
            },
            failures=failures,
            sure=sure,
            gold=None if answer is None else Gold(Answer(text=answer)),
        )
        store = self.project.store
        save_verdict(store, store.stream(self.person(who).id), verdict, self.clock())

    @staticmethod
    def _item(number: int) -> Item:
        return Item(
            id=f"i-{number:02d}",
            modality=Modality.IMAGE,
            media=f"media/i-{number:02d}.png",
            prompt="Read it.",
            slices={"kind": "table" if number % 3 else "chart", "width": 100 + number / 7},
            extra={"license": "CC0-1.0"},
        )

    @staticmethod
    def _item_row(item: Item) -> ItemRow:
        data = orjson.dumps(item_to_json(item), option=orjson.OPT_SORT_KEYS)
        return ItemRow(item.id, str(item.modality), data, item.slices)

    @staticmethod
    def _output_row(output: Output) -> OutputRow:
        data = orjson.dumps(output_to_json(output), option=orjson.OPT_SORT_KEYS)
        return OutputRow(output.item_id, output.model, output.sample, output_sha256(output), data)

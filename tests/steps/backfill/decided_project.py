"""A project with judged items and past decisions on them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.differences.model import ItemClass
from labeler.domain.events import in_utc
from labeler.domain.items import output_sha256
from labeler.domain.people import Person, Role
from labeler.steps.backfill.records import Records, read_records
from labeler.steps.bring.decisions import import_decisions
from labeler.store.catalogue import Compared
from tests.steps.judged_project import RELEASE, START, JudgedProject


class DecidedProject(JudgedProject):
    """Items i-00 …, of which the first `flips` flip; decision d-00 … on each, of 100 EUR times its number."""

    def __init__(self, folder: Path, items: int, flips: int) -> None:
        super().__init__(folder, items)
        store = self.project.store
        self.lead = store.add_person("Ada Lead", Role.LEAD, at=self.clock(), person_id="p-ada")
        store.store_comparisons(RELEASE.id, [self._compared(n, n < flips) for n in range(items)])
        self.bring([self.decision(n) for n in range(items)])

    def decision(self, number: int, **other: Any) -> dict[str, Any]:
        return {
            "decision_id": f"d-{number:02d}",
            "item_id": f"i-{number:02d}",
            "decided_at": in_utc(START - timedelta(days=number)),
            "action": "pay",
            "amount": 100.0 * number,
            "currency": "EUR",
            "reversible": number % 2 == 0,
            "jurisdiction": "DE",
            "customer": f"Customer {number}",
            **other,
        }

    def bring(self, decisions: list[dict[str, Any]]) -> None:
        path = self.project.folder / f"decisions-{self.clock().timestamp():.0f}.jsonl"
        path.write_bytes(b"".join(orjson.dumps(decision) + b"\n" for decision in decisions))
        import_decisions(self.project, path, self.lead, now=self.clock)

    def second(self) -> Person:
        return self.person("bo")

    def records(self) -> Records:
        return read_records(self.project)

    def _compared(self, number: int, flip: bool) -> Compared:
        item = f"i-{number:02d}"
        old, new = (output_sha256(self.outputs[item, side]) for side in ("old", "new"))
        data = b'{"class": "flip", "differences": []}'
        return Compared(item, ItemClass.FLIP if flip else ItemClass.SAME, int(flip), 1.0, data, old, new)

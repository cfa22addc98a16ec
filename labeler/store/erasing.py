"""Taking content out of the store for good, with everything that proves what it was left in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from labeler.domain.backfill.records import PUBLIC_KEYS
from labeler.domain.differences.to_json import comparison_from_json, comparison_to_json
from labeler.domain.erased import ERASED, erased_comparison, erased_item, erased_output
from labeler.domain.events import Event
from labeler.domain.item_json import item_from_json, item_to_json, output_from_json, output_to_json
from labeler.store.connected import Connected
from labeler.store.connection import OperationalError, unreadable
from labeler.store.role_state import is_allowed

_SORTED = orjson.OPT_SORT_KEYS
_UNFINISHED = "unfinished_erasures"
"""A fact of the store: written in the transaction of an erasure, it outlives whatever ends the program before the files
are gone.
"""


class Made(NamedTuple):
    """A picture or a recording that an output is; `media` as of an item."""

    item_id: str
    media: str
    sha256: str | None


class Unfinished(NamedTuple):
    """An erasure that is carried out in the tables; its files may be there still, and free pages of the store's own."""

    decision_id: str
    item_id: str | None
    """Whose content was erased; None where nothing but what people said of it was."""
    made: tuple[str, ...] = ()
    """Files that the erased outputs were; the tables do not name them any more."""


class CarriedOut(NamedTuple):
    """What the erasures in the log removed here."""

    values: int = 0
    outputs: int = 0
    items: tuple[tuple[str, str], ...] = ()
    """Decision and item of those whose content is erased, now or before."""
    held: tuple[str, ...] = ()
    """Decisions of which a legal hold keeps here what was erased elsewhere."""


class Erasing(Connected):
    """What is personal goes; hashes, ids and the chain of events stay."""

    def carry_out_erasures(self) -> CarriedOut:
        """Remove what erasures in the log name and is still here, in one transaction; again, it changes nothing.

        An erasure may have come from another copy, and before the events that it names. Where a legal hold stands now,
        nothing of the item goes, whenever the hold was set: who set it counts on what is here.
        """
        values = outputs = 0
        items: list[tuple[str, str]] = []
        held = set[str]()
        with self.atomic():
            holds = self._held_decisions()
            for body in self._bodies("erasure"):
                decision, content_of = body["decision_id"], body.get("content_of")
                item_id = content_of or self._item_of(decision)
                holding = {one for one, item in holds.items() if decision == one or (item and item == item_id)}
                if holding:
                    held |= holding if self._is_here(body) else set()
                    continue
                erased = content_of if content_of and self._has(content_of) else None
                if erased:
                    items.append((decision, erased))
                gone = self.erase_record(decision, body["events"], erased, again=False)
                values, outputs = values + gone[0], outputs + gone[1]
        return CarriedOut(values, outputs, tuple(items), tuple(sorted(held)))

    def erase_record(
        self, decision_id: str, event_ids: Iterable[str], content_of: str | None, *, again: bool = True
    ) -> tuple[int, int]:
        """Remove what these events committed to, all but the public keys of the decision, and an item's content.

        How many values and outputs are gone. The erasure is unfinished from then on; if it is not done `again` and
        nothing was here any more, it stays finished.
        """
        with self.atomic():
            made = [one.media for one in self.made_media(content_of)] if content_of else []
            values = self.erase_privates(event_ids)
            self.keep_of_decision(decision_id, PUBLIC_KEYS)
            outputs = self.erase_content(content_of) if content_of else 0
            if again or values or outputs:
                left = [*self.unfinished_erasures(), Unfinished(decision_id, content_of, tuple(made))]
                self._set_fact(_UNFINISHED, orjson.dumps(left, default=tuple).decode())
        return values, outputs

    def unfinished_erasures(self) -> list[Unfinished]:
        """Erasures of which nobody has said yet that the files are gone. Raises LabelerError for a damaged note."""
        try:
            left = orjson.loads(self._fact(_UNFINISHED) or "[]")
            return [Unfinished(decision, item, tuple(made)) for decision, item, made in left]
        except (ValueError, TypeError) as problem:
            raise unreadable(self.folder, problem) from None

    def forget_unfinished(self, finished: Iterable[Unfinished]) -> None:
        """The files of these are gone."""
        done = set(finished)
        with self.atomic():
            left = [one for one in self.unfinished_erasures() if one not in done]
            self._set_fact(_UNFINISHED, orjson.dumps(left, default=tuple).decode())

    def _bodies(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Bodies of the events of a kind that their author's role allows, in the order of their time."""
        rows = self.connection.execute("SELECT hash, data FROM events WHERE kind = ? ORDER BY at, id", (kind,))
        for stored_hash, data in rows.fetchall():
            event = Event(**orjson.loads(data), hash=stored_hash, data=data)
            if is_allowed(self.connection, event):
                yield event.body

    def _held_decisions(self) -> dict[str, str | None]:
        """Decisions under a legal hold, each with its item, where that is here."""
        held = {body["decision_id"]: body["on"] for body in self._bodies("hold")}
        return {decision: self._item_of(decision) for decision, on in held.items() if on}

    def _item_of(self, decision_id: str) -> str | None:
        row = self.connection.execute("SELECT item_id FROM decisions WHERE id = ?", (decision_id,)).fetchone()
        return None if row is None else str(row[0])

    def _has(self, item_id: str) -> bool:
        return self.connection.execute("SELECT 1 FROM items WHERE id = ?", (item_id,)).fetchone() is not None

    def _is_here(self, body: Mapping[str, Any]) -> bool:
        """Whether there is something left of what an erasure names."""
        events = orjson.dumps(body["events"]).decode()
        sql = "SELECT EXISTS (SELECT 1 FROM privates WHERE event_id IN (SELECT value FROM json_each(?)))"
        if self.connection.execute(sql, (events,)).fetchone()[0]:
            return True
        rows = self.connection.execute("SELECT data FROM outputs WHERE item_id = ?", (body.get("content_of"),))
        return any(output_from_json(orjson.loads(data)).error != ERASED for (data,) in rows)

    def erase_privates(self, event_ids: Iterable[str]) -> int:
        """Remove what these events committed to. The chain still verifies; the answer is how many values are gone."""
        gone = 0
        with self.atomic():
            for event_id in event_ids:
                gone += self.connection.execute("DELETE FROM privates WHERE event_id = ?", (event_id,)).rowcount
        return gone

    def keep_of_decision(self, decision_id: str, keys: Iterable[str]) -> None:
        """Remove everything but these keys from a decision, if it is here."""
        kept = frozenset(keys)
        with self.atomic():
            row = self.connection.execute("SELECT data FROM decisions WHERE id = ?", (decision_id,)).fetchone()
            if row is None:
                return
            raw: dict[str, Any] = orjson.loads(row[0])
            data = orjson.dumps({k: v for k, v in raw.items() if k in kept}, option=_SORTED)
            self.connection.execute("UPDATE decisions SET data = ? WHERE id = ?", (data, decision_id))

    def erase_content(self, item_id: str) -> int:
        """Remove what an item shows, what any model made of it, and what comparisons read; how many outputs that were.

        The outputs' hashes stay, by which verdicts and ledgers name them.
        """
        with self.atomic():
            row = self.connection.execute("SELECT data FROM items WHERE id = ?", (item_id,)).fetchone()
            item = orjson.dumps(item_to_json(erased_item(item_from_json(orjson.loads(row[0])))), option=_SORTED)
            self.connection.execute("UPDATE items SET data = ? WHERE id = ?", (item, item_id))
            outputs = self.connection.execute(
                "SELECT model_id, sample, data FROM outputs WHERE item_id = ?", (item_id,)
            ).fetchall()
            gone = 0
            for model, sample, data in outputs:
                left = orjson.dumps(output_to_json(erased_output(output_from_json(orjson.loads(data)))), option=_SORTED)
                gone += left != data
                self.connection.execute(
                    "UPDATE outputs SET data = ? WHERE item_id = ? AND model_id = ? AND sample = ?",
                    (left, item_id, model, sample),
                )
            compared = self.connection.execute("SELECT release_id, data FROM comparisons WHERE item_id = ?", (item_id,))
            for release, data in compared.fetchall():
                raw = comparison_to_json(item_id, erased_comparison(comparison_from_json(orjson.loads(data))))
                self.connection.execute(
                    "UPDATE comparisons SET data = ? WHERE release_id = ? AND item_id = ?",
                    (orjson.dumps(raw, option=_SORTED), release, item_id),
                )
        return gone

    def made_media(self, item_id: str | None = None) -> Iterator[Made]:
        """The pictures and recordings that outputs are, of one item or of all."""
        where, values = ("", ()) if item_id is None else (" WHERE item_id = ?", (item_id,))
        for of, data in self.connection.execute(f"SELECT item_id, data FROM outputs{where}", values):
            if ('"media"' if isinstance(data, str) else b'"media"') in data:
                output = output_from_json(orjson.loads(data))
                if output.media is not None:
                    yield Made(of, output.media, output.media_sha256)

    def erased_items(self) -> frozenset[str]:
        """Items whose content was erased."""
        rows = self.connection.execute("SELECT data FROM events WHERE kind = 'erasure'")
        bodies = (orjson.loads(data)["body"] for (data,) in rows)
        return frozenset(body["content_of"] for body in bodies if body.get("content_of"))

    def scrub(self) -> bool:
        """Write the file anew, so that no free page of it holds what was erased; false while others read in it."""
        with suppress(OperationalError):
            self.connection.execute("VACUUM")
            return bool(self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        return False

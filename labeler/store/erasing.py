"""Taking content out of the store for good, with everything that proves what it was left in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from labeler.domain.differences.to_json import comparison_from_json, comparison_to_json
from labeler.domain.erased import erased_comparison, erased_item, erased_output
from labeler.domain.item_json import item_from_json, item_to_json, output_from_json, output_to_json
from labeler.store.connected import Connected
from labeler.store.connection import OperationalError

_SORTED = orjson.OPT_SORT_KEYS


class Made(NamedTuple):
    """A picture or a recording that an output is; `media` as of an item."""

    item_id: str
    media: str
    sha256: str | None


class Erasing(Connected):
    """What is personal goes; hashes, ids and the chain of events stay."""

    def erase_privates(self, event_ids: Iterable[str]) -> int:
        """Remove what these events committed to. The chain still verifies; the answer is how many values are gone."""
        gone = 0
        with self.atomic():
            for event_id in event_ids:
                gone += self.connection.execute("DELETE FROM privates WHERE event_id = ?", (event_id,)).rowcount
        return gone

    def keep_of_decision(self, decision_id: str, keys: Iterable[str]) -> None:
        """Remove everything but these keys from a decision."""
        kept = frozenset(keys)
        with self.atomic():
            row = self.connection.execute("SELECT data FROM decisions WHERE id = ?", (decision_id,)).fetchone()
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
            for model, sample, data in outputs:
                left = orjson.dumps(output_to_json(erased_output(output_from_json(orjson.loads(data)))), option=_SORTED)
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
        return len(outputs)

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

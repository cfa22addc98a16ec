"""Items, outputs, decisions, releases and comparisons: what imports brought and what was computed from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from labeler.domain.differences.model import Comparison, ItemClass
from labeler.domain.differences.to_json import comparison_from_json
from labeler.domain.item_json import item_from_json, output_from_json
from labeler.domain.items import Item, Modality, ModelVersion, Output, Pair, Release
from labeler.errors import LabelerError
from labeler.store.connected import Connected
from labeler.store.connection import IntegrityError
from labeler.store.folding import model_id


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is stored: `data` is its canonical JSON, `slices` what it can be filtered by."""

    id: str
    modality: str
    data: bytes
    slices: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An output as it is stored; `sha256` is `domain.items.output_sha256` of it."""

    item_id: str
    model: ModelVersion
    sample: int
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A past decision as it is stored; `at` is when it was brought (RFC 3339)."""

    id: str
    item_id: str
    data: bytes
    at: str


@dataclass(slots=True)
class Stored:
    """What a batch changed. Indices count within the batch; `changed` and `unknown_item` were not stored."""

    new: int = 0
    known: int = 0
    changed: list[int] = field(default_factory=list)
    unknown_item: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison as it is stored: `data` is its JSON, the hashes are those of the outputs compared."""

    item_id: str
    item_class: ItemClass
    differences: int
    weight: float
    data: bytes
    old_sha256: str
    new_sha256: str


@dataclass(frozen=True, slots=True)
class ToCompare:
    """Two outputs of an item (their JSON and hashes) whose comparison is missing or out of date."""

    item_id: str
    old: bytes
    new: bytes
    old_sha256: str
    new_sha256: str


@dataclass(frozen=True, slots=True)
class ImportState:
    """How far a file was read. `problems` counts records that were refused or had changed."""

    records: int
    problems: int
    finished: bool
    models: tuple[ModelVersion, ...]


class Catalogue(Connected):
    """What is under review."""

    def item(self, item_id: str) -> Item:
        """Raises LabelerError when the project has no such item."""
        row = self.connection.execute("SELECT data FROM items WHERE id = ?", (item_id,)).fetchone()
        if row is None:
            raise LabelerError(f"there is no item {item_id} in this project")
        return item_from_json(orjson.loads(row[0]))

    def items(self, modality: Modality | None = None) -> Iterator[Item]:
        """All items in order of id."""
        sql = "SELECT data FROM items WHERE ?1 IS NULL OR modality = ?1 ORDER BY id"
        for (data,) in self.connection.execute(sql, (modality and str(modality),)):
            yield item_from_json(orjson.loads(data))

    def modalities(self) -> Iterator[tuple[str, Modality]]:
        """Id and modality of every item."""
        for item_id, modality in self.connection.execute("SELECT id, modality FROM items"):
            yield item_id, Modality(modality)

    def item_count(self, modality: Modality | None = None) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM items WHERE ?1 IS NULL OR modality = ?1", (modality and str(modality),)
        )
        return int(row.fetchone()[0])

    def output(self, item_id: str, model: ModelVersion, sample: int | None = None) -> Output | None:
        """What a model produced for an item; without `sample` its first one, which is what people see."""
        row = self.connection.execute(
            "SELECT data FROM outputs WHERE model_id = (SELECT id FROM models WHERE name = ? AND version = ?) "
            "AND item_id = ? AND sample = coalesce(?, sample) ORDER BY sample LIMIT 1",
            (model.name, model.version, item_id, sample),
        ).fetchone()
        return None if row is None else output_from_json(orjson.loads(row[0]))

    def output_lines(self, models: Iterable[ModelVersion]) -> Iterator[bytes]:
        """What these models produced, as JSON, in order of item and sample."""
        ids = [found for model in models if (found := self._model_id(model)) is not None]
        marks = ", ".join("?" * len(ids))
        sql = f"SELECT data FROM outputs WHERE model_id IN ({marks}) ORDER BY item_id, sample"
        for (data,) in self.connection.execute(sql, ids):
            yield data

    def output_digest(self, item_id: str, model: ModelVersion) -> str:
        """The hash of a model's first output for an item, also where its content was erased; empty for none."""
        row = self.connection.execute(
            "SELECT sha256 FROM outputs WHERE model_id = (SELECT id FROM models WHERE name = ? AND version = ?) "
            "AND item_id = ? ORDER BY sample LIMIT 1",
            (model.name, model.version, item_id),
        ).fetchone()
        return "" if row is None else str(row[0])

    def output_count(self, model: ModelVersion | None = None) -> int:
        if model is None:
            return int(self.connection.execute("SELECT count(*) FROM outputs").fetchone()[0])
        return int(
            self.connection.execute(
                "SELECT count(*) FROM outputs JOIN models ON models.id = model_id WHERE name = ? AND version = ?",
                (model.name, model.version),
            ).fetchone()[0]
        )

    def models(self) -> list[ModelVersion]:
        rows = self.connection.execute("SELECT name, version FROM models ORDER BY name, version")
        return [ModelVersion(*row) for row in rows]

    def release(self, release_id: str) -> Release | None:
        rows = self.connection.execute(
            """SELECT modality, old.name, old.version, new.name, new.version FROM release_pairs
               JOIN models AS old ON old.id = old_model JOIN models AS new ON new.id = new_model
               WHERE release_id = ? ORDER BY modality""",
            (release_id,),
        ).fetchall()
        if not rows:
            return None
        return Release(release_id, {Modality(m): Pair(ModelVersion(*r[:2]), ModelVersion(*r[2:])) for m, *r in rows})

    def releases(self) -> list[Release]:
        """All releases, oldest first."""
        ids = self.connection.execute("SELECT id FROM releases ORDER BY at, event_id").fetchall()
        return [release for (release_id,) in ids if (release := self.release(release_id)) is not None]

    def latest_release(self) -> Release | None:
        row = self.connection.execute("SELECT id FROM releases ORDER BY at DESC, event_id DESC LIMIT 1").fetchone()
        return None if row is None else self.release(row[0])

    def comparison(self, release: str, item_id: str) -> Comparison | None:
        row = self.connection.execute(
            "SELECT data FROM comparisons WHERE release_id = ? AND item_id = ?", (release, item_id)
        ).fetchone()
        return None if row is None else comparison_from_json(orjson.loads(row[0]))

    def class_counts(self, release: str) -> dict[tuple[Modality, ItemClass], int]:
        """How many items of a release are same, cosmetic and flips, per modality."""
        rows = self.connection.execute(
            "SELECT modality, class, count(*) FROM comparisons JOIN items ON items.id = item_id "
            "WHERE release_id = ? GROUP BY modality, class",
            (release,),
        )
        return {(Modality(modality), ItemClass(item_class)): count for modality, item_class, count in rows}

    def store_items(self, rows: Sequence[ItemRow]) -> Stored:
        """Add a batch of items. One that is there with other content is reported as changed and left as it was."""
        stored = Stored()
        with self.atomic():
            for n, row in enumerate(rows):
                held = self.connection.execute("SELECT data FROM items WHERE id = ?", (row.id,)).fetchone()
                if held is None:
                    self._add_item(row)
                    stored.new += 1
                elif held[0] == row.data:
                    stored.known += 1
                else:
                    stored.changed.append(n)
        return stored

    def _add_item(self, row: ItemRow) -> None:
        self.connection.execute(
            "INSERT INTO items (id, modality, data) VALUES (?, ?, ?)", (row.id, row.modality, row.data)
        )
        self.connection.executemany(
            "INSERT INTO slices (key, value, item_id) VALUES (?, ?, ?)",
            [(key, slice_text(value), row.id) for key, value in row.slices.items()],
        )

    def store_outputs(self, rows: Sequence[OutputRow]) -> Stored:
        """Add a batch of outputs. One of the same item, model and sample that says something else is left out."""
        with self.atomic():
            models = {row.model for row in rows}
            ids = {model: model_id(self.connection, model) for model in models}
            values = [(row.item_id, ids[row.model], row.sample, row.sha256, row.data) for row in rows]
            if self._add_all(_ADD_OUTPUT, values):
                return Stored(new=len(values))
            return self._add_each(_ADD_OUTPUT, values, _HELD_OUTPUT, key=slice(0, 3), content=3)

    def store_decisions(self, rows: Sequence[DecisionRow]) -> Stored:
        """Add a batch of past decisions."""
        with self.atomic():
            values = [(row.id, row.item_id, row.data, row.at) for row in rows]
            return self._add_each(_ADD_DECISION, values, _HELD_DECISION, key=slice(0, 1), content=2)

    def _add_all(self, sql: str, values: Sequence[tuple[Any, ...]]) -> bool:
        """Add rows at once; when one of them is refused, none is added and the answer is False."""
        self.connection.execute("SAVEPOINT batch")
        try:
            self.connection.executemany(sql, values)
        except IntegrityError:
            self.connection.execute("ROLLBACK TO batch")
            return False
        finally:
            self.connection.execute("RELEASE batch")
        return True

    def _add_each(self, sql: str, values: Sequence[tuple[Any, ...]], held: str, key: slice, content: int) -> Stored:
        stored = Stored()
        for n, value in enumerate(values):
            row = self.connection.execute(held, value[key]).fetchone()
            if row is None:
                if self._add_all(sql, [value]):
                    stored.new += 1
                else:
                    stored.unknown_item.append(n)
            elif row[0] == value[content]:
                stored.known += 1
            else:
                stored.changed.append(n)
        return stored

    def to_compare(self, release: Release, modality: Modality, after: str, limit: int) -> list[ToCompare]:
        """The next items, in order of id, whose first outputs of both models are not compared yet as they are now."""
        pair = release.pairs[modality]
        rows = self.connection.execute(
            _TO_COMPARE,
            {
                "release": release.id,
                "modality": str(modality),
                "old": self._model_id(pair.old),
                "new": self._model_id(pair.new),
                "after": after,
                "limit": limit,
            },
        )
        return [ToCompare(*row) for row in rows]

    def modalities_of(self, model: ModelVersion) -> frozenset[Modality]:
        """Of which modalities there are outputs of a model."""
        return frozenset(
            modality
            for modality in Modality
            if self.connection.execute(
                "SELECT 1 FROM outputs JOIN items ON items.id = item_id WHERE model_id = ? AND modality = ? LIMIT 1",
                (self._model_id(model), str(modality)),
            ).fetchone()
        )

    def _model_id(self, model: ModelVersion) -> int | None:
        row = self.connection.execute(
            "SELECT id FROM models WHERE name = ? AND version = ?", (model.name, model.version)
        ).fetchone()
        return None if row is None else int(row[0])

    def import_state(self, digest: str, what: str) -> ImportState | None:
        """How far the file with this SHA-256 was read before; None when it is new here."""
        row = self.connection.execute(
            "SELECT records, problems, finished, models FROM imports WHERE digest = ? AND what = ?", (digest, what)
        ).fetchone()
        if row is None:
            return None
        return ImportState(row[0], row[1], bool(row[2]), tuple(ModelVersion(*m) for m in orjson.loads(row[3])))

    def note_import(self, digest: str, what: str, state: ImportState) -> None:
        """Say how far a file was read, in the transaction that stores what was read."""
        models = orjson.dumps([[model.name, model.version] for model in state.models]).decode()
        self.connection.execute(
            "INSERT OR REPLACE INTO imports (digest, what, records, problems, finished, models) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (digest, what, state.records, state.problems, int(state.finished), models),
        )

    def store_comparisons(self, release: str, compared: Iterable[Compared]) -> None:
        """Add or renew comparisons of a release."""
        with self.atomic():
            self.connection.executemany(
                """INSERT INTO comparisons VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (release_id, item_id) DO UPDATE SET class = excluded.class,
                       differences = excluded.differences, weight = excluded.weight, data = excluded.data,
                       old_sha256 = excluded.old_sha256, new_sha256 = excluded.new_sha256""",
                (_comparison_row(release, c) for c in compared),
            )


# Outputs could be pictures and recordings before a comparison knew of them: one that lacks the difference is made anew.
_MEDIUM = "ifnull(json_extract(CAST({0}.data AS TEXT), '$.sha256'), json_extract(CAST({0}.data AS TEXT), '$.media'))"
_OVERLOOKED = f"""(instr(o.data, '"media":') OR instr(n.data, '"media":')) AND NOT instr(c.data, '"of":"media"')
       AND {_MEDIUM.format("o")} IS NOT {_MEDIUM.format("n")}"""
_TO_COMPARE = f"""
SELECT o.item_id, o.data, n.data, o.sha256, n.sha256 FROM outputs AS o
JOIN items ON items.id = o.item_id AND items.modality = :modality
JOIN outputs AS n ON n.model_id = :new AND n.item_id = o.item_id
LEFT JOIN comparisons AS c ON c.release_id = :release AND c.item_id = o.item_id
WHERE o.model_id = :old AND o.item_id > :after
  AND o.sample = (SELECT min(sample) FROM outputs AS f WHERE f.model_id = :old AND f.item_id = o.item_id)
  AND n.sample = (SELECT min(sample) FROM outputs AS f WHERE f.model_id = :new AND f.item_id = o.item_id)
  AND (c.item_id IS NULL OR c.old_sha256 != o.sha256 OR c.new_sha256 != n.sha256 OR {_OVERLOOKED})
ORDER BY o.item_id LIMIT :limit
"""
_ADD_OUTPUT = "INSERT INTO outputs (item_id, model_id, sample, sha256, data) VALUES (?, ?, ?, ?, ?)"
_HELD_OUTPUT = "SELECT sha256 FROM outputs WHERE item_id = ? AND model_id = ? AND sample = ?"
_ADD_DECISION = "INSERT INTO decisions (id, item_id, data, at) VALUES (?, ?, ?, ?)"
_HELD_DECISION = "SELECT data FROM decisions WHERE id = ?"


def slice_text(value: object) -> str:
    """A slice's value as the store files it: text as it is, other scalars as JSON writes them."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _comparison_row(release: str, compared: Compared) -> tuple[Any, ...]:
    return (
        release,
        compared.item_id,
        str(compared.item_class),
        compared.differences,
        compared.weight,
        compared.old_sha256,
        compared.new_sha256,
        compared.data,
    )

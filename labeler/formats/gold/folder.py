"""The folder of a gold set's version: written whole or not at all, read a record at a time, checked byte by byte."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from labeler.domain.gold.changes import Removed
from labeler.domain.gold.records import GoldRecord
from labeler.errors import Exit, LabelerError
from labeler.formats.gold.about import read_about
from labeler.formats.gold.columns import ColumnsWriter
from labeler.formats.gold.croissant import croissant
from labeler.formats.gold.manifest import (
    CHANGES,
    COLUMNS,
    CROISSANT,
    FORMAT,
    MANIFEST,
    MEDIA,
    RECORDS,
    REMOVED,
    Counts,
    Hashed,
    Manifest,
    file_sha256,
    parse_manifest,
    read_manifest,
    sealed,
)
from labeler.formats.gold.records import record_from_json, record_line, removed_from_json, removed_line
from labeler.formats.inside import file_inside


def version_name(number: int) -> str:
    return f"v{number:04d}"


def newest_version(series: Path) -> Path | None:
    """The folder of the highest version in `gold/NAME`; None when there is none yet."""
    return max(versions_of(series), default=None)


def versions_of(series: Path) -> list[Path]:
    """The folders of all versions in `gold/NAME`, in order."""
    return sorted(folder for folder in series.glob("v[0-9][0-9][0-9][0-9]") if folder.is_dir())


def read_records(folder: Path) -> Iterator[GoldRecord]:
    """The records in order of id. Raises LabelerError (exit 4) at a line that is no record, or out of order."""
    path = folder / RECORDS
    before = ""
    for number, raw in _lines(path):
        try:
            record = record_from_json(raw)
        except (KeyError, TypeError, ValueError) as problem:
            raise _damaged(f"{path}:{number}: not a gold record: {problem}") from None
        if record.id <= before:
            raise _damaged(f"{path}:{number}: {record.id!r} does not come after {before!r}")
        before = record.id
        yield record


def read_removed(folder: Path) -> Iterator[Removed]:
    path = folder / REMOVED
    for number, raw in _lines(path):
        try:
            yield removed_from_json(raw)
        except (KeyError, TypeError, ValueError) as problem:
            raise _damaged(f"{path}:{number}: not an entry of the removal ledger: {problem}") from None


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        raise _damaged(f"{path} is missing")
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as problem:
                raise _damaged(f"{path}:{number}: not JSON: {problem}") from None


def _damaged(what: str) -> LabelerError:
    return LabelerError(
        what,
        remedy="labeler gold verify says all that is damaged; take the folder from where it was published",
        exit_status=Exit.GOLD_DAMAGED,
    )


def verify(folder: Path, *, media: bool = True, columns: bool = False) -> list[str]:
    """Everything in the folder that is not as it was published: changed, missing and extra files. Empty when whole.

    Without `media` the files in media/ are looked for but not read. With `columns` also where gate.columns does not say
    what the records do: a gate believes it by its hash. Raises LabelerError when there is no manifest.
    """
    if not (folder / MANIFEST).is_file():
        read_manifest(folder)
    manifest = parse_manifest((folder / MANIFEST).read_bytes())
    if manifest is None:
        return [f"{MANIFEST}: changed since it was written"]
    damage = []
    for name, said in manifest.files.items():
        path = file_inside(folder, name)
        if path is None:
            damage.append(f"{name!r:.200}: leads out of the gold set's folder")
        elif not path.is_file():
            damage.append(f"{name}: missing")
        elif path.stat().st_size != said["bytes"]:
            damage.append(f"{name}: changed: {path.stat().st_size:,} bytes in place of {said['bytes']:,}")
        elif (media or not name.startswith(f"{MEDIA}/")) and file_sha256(path) != said["sha256"]:
            damage.append(f"{name}: changed")
    known = {*manifest.files, MANIFEST}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    damage += [f"{name}: does not belong here" for name in sorted(there) if name not in known]
    if (
        columns
        and not damage
        and COLUMNS in manifest.files
        and _columns_sha256(folder) != manifest.files[COLUMNS]["sha256"]
    ):
        damage.append(f"{COLUMNS}: does not say what {RECORDS} says")
    return damage


def _columns_sha256(folder: Path) -> str:
    """The hash that gate.columns has when it is made from the records."""
    made = Hashed()
    writer = ColumnsWriter(made)
    with (folder / RECORDS).open("rb") as lines:
        for record, line in zip(read_records(folder), lines, strict=True):
            writer.add(record, line)
    writer.flush()
    return made.sha256


def check_whole(folder: Path, *, media: bool = True, columns: bool = False) -> Manifest:
    """The manifest of a gold set that is as it was published. Raises LabelerError (exit 4) when it is not."""
    if damage := verify(folder, media=media, columns=columns):
        more = f" and {len(damage) - 5} more" if len(damage) > 5 else ""
        raise _damaged(f"{folder} is damaged: {'; '.join(damage[:5])}{more}")
    return read_manifest(folder)


class GoldWriter:
    """Writes a version beside its final place and moves it there at the end, so that no half of one is ever seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts = Counts()
        self._partial = folder.with_name(f".{folder.name}.partial")
        self._open = ExitStack()
        shutil.rmtree(self._partial, ignore_errors=True)  # what a killed build left
        self._partial.mkdir(parents=True)
        self._records = self._open.enter_context((self._partial / RECORDS).open("wb"))
        self._columns = ColumnsWriter(self._open.enter_context((self._partial / COLUMNS).open("wb")))
        self._removed = self._open.enter_context((self._partial / REMOVED).open("wb"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throws away what was not finished."""
        self._open.close()
        shutil.rmtree(self._partial, ignore_errors=True)

    def add(self, record: GoldRecord) -> None:
        """Records must come in order of id."""
        line = record_line(record)
        self._records.write(line)
        self._columns.add(record, line)
        self.counts.add(record)

    def remove(self, removed: Iterable[Removed]) -> None:
        for one in removed:
            self._removed.write(removed_line(one))

    def add_medium(self, source: Path, name: str) -> None:
        """Copy a medium to `media/name`; one that is there already is the same by its hash."""
        target = self._partial / MEDIA / name
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            shutil.copyfile(source, target)

    def finish(self, head: Mapping[str, Any], changes: str) -> Manifest:
        """Write the rest and move the version to its place. `head` are the manifest's keys that the caller knows."""
        self._columns.flush()
        self._open.close()
        (self._partial / CHANGES).write_text(changes, encoding="utf-8", newline="\n")
        name, version, last = str(head["name"]), str(head["version"]), str(head["last_event_at"])
        about, records = read_about(self.folder.parent), file_sha256(self._partial / RECORDS)
        described = croissant(name, version, records, self.counts, about, last)
        (self._partial / CROISSANT).write_bytes(described)
        manifest = self._manifest(head)
        (self._partial / MANIFEST).write_bytes(manifest.to_bytes())
        self._partial.rename(self.folder)
        return manifest

    def _manifest(self, head: Mapping[str, Any]) -> Manifest:
        paths = sorted(path for path in self._partial.rglob("*") if path.is_file())
        return sealed(
            {
                "format": FORMAT,
                **head,
                "rubrics": sorted(self.counts.rubrics),
                "records": self.counts.records,
                "simulated": self.counts.simulated,
                **({"policies": dict(sorted(self.counts.policies.items()))} if self.counts.policies else {}),
                "counts": self.counts.to_json(),
                "files": {
                    path.relative_to(self._partial).as_posix(): {
                        "sha256": file_sha256(path),
                        "bytes": path.stat().st_size,
                    }
                    for path in paths
                },
            }
        )

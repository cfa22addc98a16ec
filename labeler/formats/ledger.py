"""A ledger on disk: `ledger.jsonl`, which is the proof, with `ledger.csv` and a dossier a record beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.backfill.ledger import LedgerCheck, check_lines, erased_line
from labeler.domain.canonical import canonical
from labeler.errors import LabelerError, unwritable
from labeler.formats.inside import file_inside
from labeler.formats.spreadsheet import defused
from labeler.whole_file import write_whole

LEDGER = "ledger.jsonl"
TABLE = "ledger.csv"
DOSSIERS = "dossiers"
COLUMNS = (
    "decision_id",
    "item_id",
    "decided_at",
    "action",
    "amount",
    "currency",
    "reversible",
    "jurisdiction",
    "contested",
    "status",
    "simulated",
    "disposition",
    "by",
    "due",
    "owed",
    "done",
    "closed",
    "hash",
)


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Raises LabelerError where it cannot be written."""
    _write(path, b"".join(canonical(line) + b"\n" for line in lines))


def table_of(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """The records as CSV, each with the hash of its line; cells that a spreadsheet would run are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        handling = line["handling"]
        known = {
            **line["decision"],
            **{key: line[key] for key in ("contested", "status", "simulated", "hash")},
            **handling,
            "owed": ", ".join(handling["owed"]),
            "done": ", ".join(handling["done"]),
        }
        writer.writerow([_cell(known.get(column)) for column in COLUMNS])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defused(value) if isinstance(value, str) else str(value)


def dossier_name(decision_id: str) -> str:
    """A file's name that any id gives, whatever signs are in it."""
    return f"{DOSSIERS}/{sha256(decision_id.encode()).hexdigest()[:24]}.html"


def write_file(folder: Path, name: str, content: bytes) -> str:
    """Write a file of the ledger and return its SHA-256. Raises LabelerError where it cannot be written."""
    _write(folder / name, content)
    return f"sha256:{sha256(content).hexdigest()}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as problem:
        raise unwritable(path, problem) from None


def check_ledger(path: Path, digest: str | None = None) -> LedgerCheck:
    """Find every changed, dropped or moved line of a ledger, and every changed file of a ledger's folder.

    `digest` is what the ledger's export said: whoever rewrites a whole ledger, hashes and all, cannot give it the same.
    Raises LabelerError when there is no such file.
    """
    file = path / LEDGER if path.is_dir() else path
    checked = check_lines(_lines(file))
    damage = list(checked.damage)
    if digest is not None and digest.removeprefix("sha256:") != checked.digest.removeprefix("sha256:"):
        damage.append(f"its digest is {checked.digest}, and not the one that was asked for")
    if file.name == LEDGER:
        damage += _file_damage(file.parent, checked)
    return LedgerCheck(checked.digest, checked.records, checked.erased, checked.files, tuple(damage))


def _file_damage(folder: Path, checked: LedgerCheck) -> Iterator[str]:
    gone = {dossier_name(decision_id) for decision_id in checked.erased}
    for name, digest in checked.files.items():
        path = file_inside(folder, name)
        if path is None:
            yield f"{name!r:.200} leads out of its folder"
        elif not path.is_file():
            if name not in gone:
                yield f"{name} is missing"
        elif f"sha256:{_sha256(path)}" != digest:
            yield f"{name} is not what was written"
    if (folder / DOSSIERS).is_dir():
        for extra in sorted((folder / DOSSIERS).iterdir()):
            if f"{DOSSIERS}/{extra.name}" not in checked.files:
                yield f"{DOSSIERS}/{extra.name} does not belong to it"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as opened:
            yield from opened
    except OSError as problem:
        raise LabelerError(f"{file}: cannot be read: {problem.strerror or problem}") from None


def erase_in_ledger(path: Path, decision_id: str) -> bool:
    """Remove a record's personal values and its dossier from an exported ledger, whose hashes all stay true.

    False when the ledger does not hold the record. Raises LabelerError for a ledger that is damaged already.
    """
    file = path / LEDGER if path.is_dir() else path
    if check_lines(_lines(file)).damage:
        raise LabelerError(f"{file} is damaged", kept="it was not touched", remedy=f"labeler check --ledger {path}")
    found = False
    kept = []
    for data in _lines(file):
        line = orjson.loads(data)
        if line["kind"] == "record" and line["decision"]["decision_id"] == decision_id:
            line, found = erased_line(line), True
        kept.append(line)
    if found:
        (file.parent / dossier_name(decision_id)).unlink(missing_ok=True)
        write_lines(file, kept)
    return found

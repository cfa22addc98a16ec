"""The ledger: one canonical line a record, chained by hashes, that can be checked without the project.

What may be personal stands in a line's `private`, as value and salt beside a commitment. The hash of a line covers the
commitments alone, so that values can be erased later and every hash still holds. The last line counts the records and
names the files that belong to the ledger; its hash is the digest of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from labeler.domain.canonical import canonical
from labeler.domain.events import GENESIS, commit_to, read_event

FORMAT = "labeler/ledger/1"
_DOMAIN = b"labeler/ledger/1\0"
_COMMON = {"line", "kind", "private", "prev", "hash"}
_KEYS = {
    "head": {"format", "project", "release", "pairs", "made_at", "streams"},
    "record": {"decision", "contested", "status", "simulated", "item", "outputs", "handling", "events"},
    "end": {"records", "files"},
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that may be erased, with the salt of its commitment. `field` is what it was committed as."""

    field: str
    value: Any
    salt: bytes

    def to_json(self) -> dict[str, Any]:
        commitment = commit_to(self.field, self.value, self.salt).commitment
        return {"field": self.field, "commitment": commitment, "salt": self.salt.hex(), "value": self.value}


def line_hash(line: Mapping[str, Any]) -> str:
    """The hash of a line, whether or not its private values have been erased."""
    bare = {key: value for key, value in line.items() if key != "hash"}
    bare["private"] = {
        name: {"field": slot["field"], "commitment": slot["commitment"]} for name, slot in line["private"].items()
    }
    return sha256(_DOMAIN + canonical(bare)).hexdigest()


class LedgerChain:
    """Seals lines one after the other."""

    def __init__(self) -> None:
        self._prev, self._line = GENESIS, 0

    @property
    def digest(self) -> str:
        """The hash of the last line."""
        return f"sha256:{self._prev}"

    def seal(self, kind: str, body: Mapping[str, Any], private: Mapping[str, Slot]) -> dict[str, Any]:
        """The next line with its place, the hash of the one before it, and its own."""
        line = {
            "line": self._line,
            "kind": kind,
            **body,
            "private": {name: slot.to_json() for name, slot in private.items()},
            "prev": self._prev,
        }
        line["hash"] = line_hash(line)
        self._prev, self._line = line["hash"], self._line + 1
        return line


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What a ledger is found to be: `damage` is what was changed, dropped or reordered, line by line."""

    digest: str
    records: int
    erased: frozenset[str]
    """Decisions of which personal values are gone; that is no damage."""
    files: Mapping[str, str]
    damage: tuple[str, ...]


def check_lines(lines: Iterable[bytes]) -> LedgerCheck:
    """Check the lines of a ledger, each with its line break."""
    checker = _Checker()
    for number, data in enumerate(lines):
        checker.read(number, data)
    return checker.answer()


class _Checker:
    def __init__(self) -> None:
        self._prev = GENESIS
        self._records = 0
        self._erased: set[str] = set()
        self._files: Mapping[str, str] = {}
        self._damage: list[str] = []
        self._last_kind = ""

    def read(self, number: int, data: bytes) -> None:
        kind = ""
        try:
            line = _parse(data)
            self._damage += [f"line {number + 1}: {problem}" for problem in self._problems(number, line)]
            self._prev, kind = line["hash"], line["kind"]
            self._count(line)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            self._damage.append(f"line {number + 1}: is no line of a ledger: {problem}")
        self._last_kind = kind

    def _count(self, line: Mapping[str, Any]) -> None:
        if line["kind"] == "record":
            self._records += 1
            if any("value" not in slot for slot in line["private"].values()):
                self._erased.add(line["decision"]["decision_id"])
        elif line["kind"] == "end":
            self._files = dict(line["files"])

    def _problems(self, number: int, line: Mapping[str, Any]) -> Iterator[str]:
        if line["line"] != number:
            yield f"is line {line['line'] + 1} of the ledger as it was written"
        if line["hash"] != line_hash(line):
            yield "its content is not what its hash says"
        if line["prev"] != self._prev:
            yield "does not follow from the line before it"
        if (number == 0) != (line["kind"] == "head") or self._last_kind == "end":
            yield "stands where no such line can stand"
        if line["kind"] == "end" and line["records"] != self._records:
            yield f"counts {line['records']} records, and {self._records} are here"
        yield from _private_problems(line)
        for event in line.get("events", ()):
            yield from _event_problems(event, line["private"])

    def answer(self) -> LedgerCheck:
        if self._last_kind != "end":
            self._damage.append("the last line is missing: lines were dropped")
        return LedgerCheck(
            f"sha256:{self._prev}", self._records, frozenset(self._erased), self._files, tuple(self._damage)
        )


def _parse(data: bytes) -> dict[str, Any]:
    """Raises ValueError, KeyError or TypeError for what is not a canonical line."""
    if not data.endswith(b"\n"):
        raise ValueError("has no line break at its end")
    line = orjson.loads(data)
    if not isinstance(line, dict) or canonical(line) + b"\n" != data:
        raise ValueError("is not in canonical form")
    if {*line} != _COMMON | _KEYS[line["kind"]]:
        raise ValueError("does not have the keys of its kind")
    if not isinstance(line["line"], int) or not isinstance(line["private"], dict):
        raise TypeError("its number or private part is not one")
    for slot in line["private"].values():
        if {*slot} not in ({"field", "commitment"}, {"field", "commitment", "salt", "value"}):
            raise ValueError("a private value is neither whole nor erased")
    return line


def _private_problems(line: Mapping[str, Any]) -> Iterator[str]:
    for name, slot in line["private"].items():
        if "value" in slot:
            try:
                found = commit_to(slot["field"], slot["value"], bytes.fromhex(slot["salt"])).commitment
            except (ValueError, TypeError):
                found = ""
            if found != slot["commitment"] or slot["salt"] != slot["salt"].lower():
                yield f"{name} is not what was committed to"


def _event_problems(event: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[str]:
    """An event as the log holds it: its bytes, their hash, and the values that it commits to."""
    read = read_event(event["data"].encode())
    if read.hash != event["hash"]:
        yield f"event {read.id}: its bytes do not match its hash"
    for name, slot in private.items():
        of, _, field = name.partition("/")
        if of == f"event {read.id}" and (read.body.get(field) or {}).get("commitment") != slot["commitment"]:
            yield f"event {read.id}: its {field} is not what it committed to"


def erased_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """The line without its private values; its hash stays true."""
    private = {
        name: {"field": slot["field"], "commitment": slot["commitment"]} for name, slot in line["private"].items()
    }
    return {**line, "private": private}

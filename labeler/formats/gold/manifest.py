"""manifest.json of a gold set: what is in it, and the hashes by which every byte of it can be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold.records import GoldRecord
from labeler.domain.rubric import Tier
from labeler.errors import Exit, LabelerError

FORMAT = "labeler-gold/1"
MANIFEST = "manifest.json"
RECORDS = "records.jsonl"
REMOVED = "removed.jsonl"
COLUMNS = "gate.columns"
CHANGES = "CHANGES.md"
CROISSANT = "croissant.json"
MEDIA = "media"


@dataclass(slots=True)
class Counts:
    """Records per modality, tier and slice value. Only slices with text or truth values are counted: numbers are
    hardly ever the same twice."""

    records: int = 0
    simulated: int = 0
    by_tier: dict[str, Counter[str]] = field(default_factory=dict)
    by_slice: dict[str, dict[str, dict[str, Counter[str]]]] = field(default_factory=dict)
    policies: Counter[str] = field(default_factory=Counter)
    """Records that a consensus settled which was not unanimous, by its policy."""
    rubrics: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=lambda: {"media", "prompt"})
    """Keys that no record has."""
    licences: set[str] = field(default_factory=set)
    """What records say under `license`."""
    unlicensed: int = 0
    """Records that say nothing there."""

    def add(self, record: GoldRecord) -> None:
        modality, tier = str(record.modality), str(record.tier)
        self.records += 1
        self.simulated += record.provenance.simulated
        if record.provenance.policy:
            self.policies[record.provenance.policy] += 1
        self.rubrics.add(record.provenance.rubric)
        licence = record.extra.get("license")
        if isinstance(licence, str) and licence:
            self.licences.add(licence)
        else:
            self.unlicensed += 1
        self.missing -= {key for key in self.missing if getattr(record, key)}
        self.by_tier.setdefault(modality, Counter())[tier] += 1
        slices = self.by_slice.setdefault(modality, {}).setdefault(tier, {})
        for key, value in record.slices.items():
            if isinstance(value, str | bool):
                slices.setdefault(key, Counter())[str(value).lower() if isinstance(value, bool) else value] += 1

    def to_json(self) -> dict[str, Any]:
        return {
            modality: {
                tier: {
                    "records": self.by_tier[modality][tier],
                    "slices": {
                        key: dict(sorted(values.items()))
                        for key, values in sorted(self.by_slice[modality].get(tier, {}).items())
                    },
                }
                for tier in map(str, Tier)
                if self.by_tier[modality][tier]
            }
            for modality in sorted(self.by_tier)
        }


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a stream that a gold set rests on."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`raw` is the file's content; the digest covers all of it but itself, and with it every file's hash."""

    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.raw["name"])

    @property
    def version(self) -> str:
        return str(self.raw["version"])

    @property
    def records(self) -> int:
        return int(self.raw["records"])

    @property
    def simulated(self) -> int:
        """Records with a verdict of a simulated annotator behind them."""
        return int(self.raw["simulated"])

    @property
    def policies(self) -> Mapping[str, int]:
        """Records that a consensus settled although somebody differed, by the policy that it went by."""
        return dict(self.raw.get("policies", {}))

    @property
    def digest(self) -> str:
        return str(self.raw["digest"])

    @property
    def heads(self) -> dict[str, Head]:
        """By stream: whoever has the manifest can tell later whether the log before them was rewritten."""
        return {stream: Head(head["seq"], head["hash"]) for stream, head in self.raw.get("heads", {}).items()}

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        return dict(self.raw["files"])

    def to_bytes(self) -> bytes:
        return orjson.dumps(self.raw, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def sealed(content: Mapping[str, Any]) -> Manifest:
    """The manifest with its digest."""
    return Manifest({**content, "digest": _digest(content)})


def _digest(content: Mapping[str, Any]) -> str:
    return "sha256:" + sha256(orjson.dumps({k: v for k, v in content.items() if k != "digest"})).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Raises LabelerError when there is no gold set (exit 2), or its manifest was changed by hand (exit 4)."""
    path = folder / MANIFEST
    if not path.is_file():
        raise LabelerError(
            f"{folder} holds no gold set: there is no {MANIFEST}",
            remedy="name the folder of one version, such as gold/NAME/v0001",
        )
    manifest = parse_manifest(path.read_bytes())
    if manifest is None:
        raise LabelerError(
            f"{path}: changed since it was written: it does not match its own digest",
            remedy="take the file from where it was published, or build the gold set again",
            exit_status=Exit.GOLD_DAMAGED,
        )
    return manifest


def parse_manifest(data: bytes) -> Manifest | None:
    """The manifest that these bytes are; None when they are not exactly what was written."""
    try:
        raw = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT or raw.get("digest") != _digest(raw):
        return None
    manifest = Manifest(raw)
    return manifest if manifest.to_bytes() == data else None


class Hashed:
    """Takes bytes as a file does, and keeps their hash alone."""

    def __init__(self) -> None:
        self._digest = sha256()

    def write(self, data: bytes) -> None:
        self._digest.update(data)

    @property
    def sha256(self) -> str:
        return "sha256:" + self._digest.hexdigest()


def file_sha256(path: Path) -> str:
    hashed = Hashed()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hashed.write(block)
    return hashed.sha256

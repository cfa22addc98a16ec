"""Unsaved work on disk: it survives a crash, and a draft of a saved verdict stays dead.

One small file an item in the project's `drafts/` folder. Replacing a file is atomic; it is not synced, since a draft
has to outlive the program and not a power cut. What a full disk refuses is held in memory and written when it can be.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from labeler.domain.item_json import answer_from_json, region_to_json, segment_to_json
from labeler.domain.items import Region, Segment, TimeSpan
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import at_from_json, at_to_json
from labeler.sessions.review.draft import Choice, Draft, Pin, in_todays_codes
from labeler.steps.drafts import draft_file_name

Part = TypeVar("Part", Region, Segment)
Follow = Callable[[str, str], str]
"""(version of the rubric, code) to the code of today."""


class DraftFolder:
    """The drafts of one person in one release."""

    def __init__(self, folder: Path, release: str) -> None:
        self._folder = folder
        self._release = release
        self._mark = secrets.token_hex(4)
        """Two windows of one person may keep drafts of one item at once."""
        self._unwritten: dict[str, bytes] = {}
        """By item, what the disk has not taken yet."""
        self._written = ("", 0)
        """The item whose draft was written last, and the number of its file."""

    def keep(self, item_id: str, latest: str | None, draft: Draft, rubric: str) -> str:
        """Write the draft in place of an older one; `latest` is the person's newest event on the item, `rubric`
        the version whose codes it has.

        The answer is empty, or why the disk refuses; the draft is then held in memory until it can be written.
        """
        kept = {"release": self._release, "item_id": item_id, "latest": latest, "draft": draft_to_json(draft)}
        kept["rubric"] = rubric
        self._unwritten[item_id] = orjson.dumps(kept)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for unwritten in tuple(self._unwritten):
                self._write(unwritten)
        except OSError as problem:
            return problem.strerror or str(problem)
        return ""

    def _write(self, item_id: str) -> None:
        path = self._path(item_id)
        beside = path.with_suffix(f".{self._mark}.part")
        beside.write_bytes(self._unwritten[item_id])
        self._written = item_id, beside.stat().st_ino
        beside.replace(path)
        del self._unwritten[item_id]

    def holds(self, item_id: str) -> bool:
        """Whether the file that was written last is this item's and still there: another window of the same person
        may have put its own in its place, or taken it away.
        """
        try:
            return self._written == (item_id, self._path(item_id).stat().st_ino)
        except OSError:
            return False

    def load(self, item_id: str, latest: str | None, follow: Follow) -> Draft | None:
        """The draft of this item, unless something was saved since it was made, or the file is damaged.

        `follow` says what a code of a version of the rubric is called today.
        """
        try:
            kept = orjson.loads(self._unwritten.get(item_id) or self._path(item_id).read_bytes())
            if (kept["release"], kept["item_id"], kept["latest"]) != (self._release, item_id, latest):
                return None
            draft = draft_from_json(kept["draft"])
            return in_todays_codes(draft, partial(follow, kept["rubric"])) if "rubric" in kept else draft
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def drop(self, item_id: str) -> None:
        self._unwritten.pop(item_id, None)
        with suppress(OSError):  # what was saved since makes it a dead one anyhow
            self._path(item_id).unlink(missing_ok=True)

    def _path(self, item_id: str) -> Path:
        return self._folder / draft_file_name(self._release, item_id)


def draft_to_json(draft: Draft) -> dict[str, Any]:
    raw = {field.name: getattr(draft, field.name) for field in fields(draft)}
    sets = {name: sorted(raw[name]) for name in ("exposed", "regraded")}
    pins = {name: [_pin_to_json(pin) for pin in raw[name]] for name in ("added", "removed")}
    return {
        **raw,
        **sets,
        **pins,
        "choices": dict(draft.choices),
        "heard_of": dict(draft.heard_of),
        "gold_regions": _parts_to_json(draft.gold_regions, region_to_json),
        "gold_segments": _parts_to_json(draft.gold_segments, segment_to_json),
    }


def draft_from_json(raw: Mapping[str, Any]) -> Draft:
    """Raises KeyError, TypeError or ValueError for what is not a draft."""
    return Draft(
        **{
            **raw,
            "tier": None if raw["tier"] is None else Tier(raw["tier"]),
            "choices": {str(difference): Choice(choice) for difference, choice in raw["choices"].items()},
            "gold_regions": None
            if raw["gold_regions"] is None
            else answer_from_json({"regions": raw["gold_regions"]}).regions,
            "gold_segments": None
            if raw["gold_segments"] is None
            else answer_from_json({"segments": raw["gold_segments"]}).segments,
            "overruled": None if raw["overruled"] is None else Choice(raw["overruled"]),
            "added": frozenset(_pin_from_json(pin) for pin in raw["added"]),
            "removed": frozenset(_pin_from_json(pin) for pin in raw["removed"]),
            "exposed": frozenset(raw["exposed"]),
            "regraded": frozenset((letter, code) for letter, code in raw["regraded"]),
            "heard": _spans(raw["heard"]),
            "heard_of": {letter: _spans(spans) for letter, spans in raw.get("heard_of", {}).items()},
        }
    )


def _spans(raw: Sequence[Sequence[float]]) -> tuple[TimeSpan, ...]:
    return tuple((float(start), float(end)) for start, end in raw)


def _parts_to_json(parts: Sequence[Part] | None, to_json: Callable[[Part], dict[str, Any]]) -> list[Any] | None:
    return None if parts is None else [to_json(part) for part in parts]


def _pin_to_json(pin: Pin) -> list[Any]:
    return [pin.letter, pin.code, pin.difference, pin.at and at_to_json(pin.at)]


def _pin_from_json(raw: Sequence[Any]) -> Pin:
    letter, code, difference, at = raw
    return Pin(letter, code, difference, at and at_from_json(at))

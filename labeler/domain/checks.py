"""Hidden checks: when one comes, of which kind, and what a gold answer is filled with before it is touched.

A person's items are counted from 0; blocks of `1 / rate` items hold one check each, at a place drawn by the seed. So
the rate is kept exactly, no place can be guessed, and how many checks a stretch holds is known without walking it,
which a progress bar needs: a check that made its total jump would give itself away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from labeler.domain.verdicts import Prefill


class CheckKind(StrEnum):
    """An item that a lead settled and the person has not judged; one that the person judged before; one to train on."""

    KNOWN = "known"
    REPEAT = "repeat"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The table `[checks]` of `project.toml`: shares from 0 to 1."""

    rate: float = 0.0
    """Share of a person's items that are checks, at most 0.5."""
    repeats: float = 0.5
    """Share of the checks that repeat an item of one's own; the others are settled items."""
    repeat_after: int = 20
    """A person's first so many items hold no check, and so many lie between an item and its repetition."""
    empty: float = 0.0
    """Share of all items whose gold answer comes empty."""
    wrong: float = 0.0
    """Share of the checks whose gold answer comes with a seeded mistake. Never on an item that counts: one that
    slipped through would be in the gold set."""
    guesses: float = 0.02
    """Share of the items after which the person is asked which side is the new one; 0: nobody is asked."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check on an item: `of` is the event that it is compared with, a resolution or the person's first verdict."""

    kind: CheckKind
    of: str


class Schedule:
    """Which of a person's items are checks."""

    def __init__(self, settings: CheckSettings, person: str, seed: int) -> None:
        self._settings, self._who = settings, f"{seed}/{person}"
        self._rate = settings.rate

    def holds(self, turn: int) -> bool:
        """Whether the person's item number `turn`, from 0, is a check."""
        return self.before(turn + 1) > self.before(turn)

    def before(self, turn: int) -> int:
        """How many of the first `turn` items are checks."""
        turns = turn - self._settings.repeat_after
        if self._rate <= 0 or turns <= 0:
            return 0
        block = int(turns * self._rate)
        start, end = int(block / self._rate), int((block + 1) / self._rate)
        while start > turns:  # rounding of the division
            block -= 1
            start, end = int(block / self._rate), int((block + 1) / self._rate)
        place = start + int(_uniform("place", self._who, block) * (end - start))
        return block + (place < turns)

    def among(self, turn: int, left: int) -> int:
        """How many checks a person meets from item `turn` on until `left` others are done."""
        found = 0
        while (more := self.before(turn + left + found) - self.before(turn)) > found:
            found = more
        return found

    def kind(self, turn: int) -> CheckKind:
        """Which kind item `turn` is, if there is one of both."""
        repeats = _uniform("kind", self._who, turn) < self._settings.repeats
        return CheckKind.REPEAT if repeats else CheckKind.KNOWN


def prefill_of(settings: CheckSettings, person: str, item_id: str, seed: int, check: Check | None) -> Prefill:
    """What the gold answer is filled with. An empty one is as frequent on checks as on all other items."""
    chance = _uniform("prefill", f"{seed}/{person}", item_id)
    if settings.wrong <= chance < settings.wrong + settings.empty:
        return Prefill.EMPTY
    if check is not None and check.kind is not CheckKind.TRAINING and chance < settings.wrong:
        return Prefill.SEEDED_WRONG
    return Prefill.BUILT


def seeded_wrong(text: str, *what: object) -> str:
    """The text with one mistake that a reader can find: another digit in a number, else a word changed.

    The same for the same arguments; the text itself where it holds nothing that could be changed.
    """
    digits = [n for n, character in enumerate(text) if character in "0123456789"]
    if digits:
        at = digits[int(_uniform("digit", *what) * len(digits))]
        other = "0123456789".replace(text[at], "")[int(_uniform("other", *what) * 9)]
        return text[:at] + other + text[at + 1 :]
    pairs = [n for n in range(len(text) - 1) if text[n : n + 2].isalpha() and _differ(text[n], text[n + 1])]
    if not pairs:
        return text
    at = pairs[int(_uniform("pair", *what) * len(pairs))]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _differ(one: str, other: str) -> bool:
    return one.casefold() != other.casefold()


def check_of(body: Mapping[str, Any]) -> Check:
    """Raises KeyError or ValueError for the body of an event that is no check."""
    return Check(CheckKind(body["check"]), str(body["of"]))


def _uniform(*what: object) -> float:
    return int.from_bytes(sha256("/".join(map(str, what)).encode()).digest()[:8]) / 2**64

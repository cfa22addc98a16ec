"""Whether people can tell which side is the new model although nothing on the screen says so.

Now and then someone is asked, once a verdict is saved. Sides are shuffled for each item and person, so that whoever
cannot tell is right half of the time, whatever habit they guess by: with a true rate of one half, the exact interval's
lower end lies above it in at most 2.5 % of all cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.statistics.intervals import Interval, clopper_pearson

CHANCE = 0.5
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Guess:
    """One answer. `said` is None where the person could not tell."""

    person: str
    new: Letter
    said: Letter | None


@dataclass(frozen=True, slots=True)
class GuessFigures:
    """`hits` of `n` guesses named the new side; another `open` times the person said that they could not tell."""

    hits: int
    n: int
    open: int = 0
    level: float = LEVEL

    @property
    def interval(self) -> Interval:
        """Clopper and Pearson's: exact, so that a false alarm is as rare as the level says."""
        return clopper_pearson(self.hits, self.n, self.level)

    @property
    def beat_chance(self) -> bool:
        return self.interval.low > CHANCE

    @property
    def words(self) -> str:
        low, high = self.interval.low, self.interval.high
        return f"{self.hits} of {self.n} guesses ({self.level * 100:.3g} % {low:.0%} to {high:.0%})"


@dataclass(frozen=True, slots=True)
class GuessReport:
    """Everybody together, and each person; a person's interval is wider the more people there are (Bonferroni)."""

    everyone: GuessFigures
    people: Mapping[str, GuessFigures]

    @property
    def warning(self) -> str:
        """What a lead has to hear; empty while guesses do not beat chance."""
        if self.everyone.beat_chance:
            return f"Sides are not blind: {self.everyone.words} named the new one; by chance half do"
        return ""


def is_asked(person: str, item_id: str, seed: int, rate: float) -> bool:
    """Whether this person is asked after this item: the same answer for the same item, person and seed."""
    return int.from_bytes(sha256(f"guess/{seed}/{person}/{item_id}".encode()).digest()[:8]) < rate * 2**64


def guess_report(guesses: Iterable[Guess]) -> GuessReport:
    of: dict[str, list[Guess]] = defaultdict(list)
    for guess in guesses:
        of[guess.person].append(guess)
    level = 1 - (1 - LEVEL) / max(len(of), 1)
    every = [guess for given in of.values() for guess in given]
    return GuessReport(_figures(every, LEVEL), {person: _figures(of[person], level) for person in sorted(of)})


def _figures(given: Iterable[Guess], level: float) -> GuessFigures:
    every = list(given)
    told = [guess for guess in every if guess.said is not None]
    return GuessFigures(sum(guess.said == guess.new for guess in told), len(told), len(every) - len(told), level)


def guess_body(release: str, item_id: str, new: Letter) -> dict[str, Any]:
    """What was said is private, at `guess`: `A`, `B`, or empty for who could not tell."""
    return {"kind": "guess", "release": release, "item_id": item_id, "new": new}


def check_guess_body(body: Mapping[str, Any]) -> None:
    """Raises KeyError, TypeError or ValueError for a body that is not that of a guess."""
    for key in ("release", "item_id"):
        if not isinstance(body[key], str):
            raise TypeError(f"{key} is not text")
    if body["new"] not in LETTERS:
        raise ValueError("new is neither A nor B")

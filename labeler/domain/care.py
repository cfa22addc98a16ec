"""Who works less carefully than the others, by everything that tells of it together: hidden checks, agreement, haste.

Each is Fisher's exact test of one person against all others; the three are combined by Fisher's method (Statistical
Methods for Research Workers, 1932), and the result is corrected for the number of people (Holm). A careless person is
a little off everywhere, and twenty checks alone rarely prove it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from labeler.domain.check_report import CheckFigures
from labeler.domain.quality import Share, less_often
from labeler.domain.quality_report import AnnotatorQuality
from labeler.domain.statistics.intervals import holm

STANDS_OUT = 0.001
"""A person is named when so much less care than the others' has at most this probability by chance."""
WANTED = 0.9
"""Checks are enough when they alone would find a careless person so often."""
CARELESS = 0.6
"""What is taken for careless there: right in six of ten items whose answer is known."""
_MOST = 400


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that tells of care: how often it went well for the person, and for all others."""

    words: str
    mine: Share
    others: Share

    @property
    def p(self) -> float:
        return less_often(self.mine, self.others)


@dataclass(frozen=True, slots=True)
class Care:
    """One person's; `p` is of all that is told, corrected for the number of people."""

    person: str
    told: tuple[Told, ...]
    p: float

    @property
    def warning(self) -> str:
        """In words; empty for who does not stand out."""
        if self.p >= STANDS_OUT:
            return ""
        said = "; ".join(
            f"{one.words} {one.mine.hits} of {one.mine.n}, the others {one.others.rate or 0:.0%}" for one in self.told
        )
        return f"works less carefully than the others ({said}; p below {STANDS_OUT})"


def care(work: Mapping[str, AnnotatorQuality], checks: Mapping[str, CheckFigures]) -> dict[str, Care]:
    """Everyone's, by person. What nothing is known of takes no part."""
    people = sorted({*work, *checks})
    told = {person: _told(person, work, checks) for person in people}
    combined = holm([_together([one.p for one in told[person]]) for person in people])
    return {person: Care(person, told[person], p) for person, p in zip(people, combined, strict=True)}


_ASKED: tuple[tuple[str, Callable[[AnnotatorQuality | None, CheckFigures | None], Share]], ...] = (
    ("hidden checks passed", lambda _, checks: _both(checks.known, checks.repeats) if checks else Share(0, 0)),
    ("said as most others", lambda work, _: work.with_others if work else Share(0, 0)),
    ("took their time", lambda work, _: Share(work.hasty.n - work.hasty.hits, work.hasty.n) if work else Share(0, 0)),
)


def _told(person: str, work: Mapping[str, AnnotatorQuality], checks: Mapping[str, CheckFigures]) -> tuple[Told, ...]:
    found = []
    for words, share_of in _ASKED:
        every = {one: share_of(work.get(one), checks.get(one)) for one in {*work, *checks}}
        mine, others = every.pop(person), Share(0, 0)
        for one in every.values():
            others = _both(others, one)
        if mine.n and others.n:
            found.append(Told(words, mine, others))
    return tuple(found)


def _both(one: Share, other: Share) -> Share:
    return Share(one.hits + other.hits, one.n + other.n)


def _together(p_values: Sequence[float]) -> float:
    """Fisher's method: twice the sum of the logarithms is chi-squared with two degrees of freedom a test."""
    half = -sum(math.log(max(p, 1e-300)) for p in p_values)
    terms = (half**k / math.factorial(k) for k in range(len(p_values)))
    return min(1.0, math.exp(-half) * sum(terms)) if p_values else 1.0


@dataclass(frozen=True, slots=True)
class CheckPower:
    """What hidden checks alone can do: with so many a person, how often they find a careless one; how many it takes."""

    checks: int
    finds: float
    needed: int | None
    """For `WANTED`; None where it takes more than anybody will do."""

    @property
    def words(self) -> str:
        enough = "" if self.needed is None else f"; {self.needed} each find one in {WANTED:.0%}"
        return (
            f"{self.checks} checks each find someone who is right in {CARELESS:.0%} of them alone in "
            f"{self.finds:.0%} of all cases{enough if self.finds < WANTED else ''}"
        )


def check_power(found: Sequence[CheckFigures], level: float) -> CheckPower | None:
    """At one corrected `level`; None with fewer than two people or no checks."""
    shares = sorted((_both(one.known, one.repeats) for one in found), key=lambda share: share.n)
    rates = sorted(share.rate for share in shares if share.rate is not None)
    if len(rates) < 2:
        return None
    # The middle one: a careless person among them must not make everybody seem so.
    usual = max(round(rates[len(rates) // 2], 2), CARELESS + 0.05)
    typical = shares[len(shares) // 2].n
    finds = power(typical, len(shares), usual, level / len(shares))
    steps = (n for n in range(5, _MOST + 1, 5) if power(n, len(shares), usual, level / len(shares)) >= WANTED)
    return CheckPower(typical, finds, next(steps, None))


@lru_cache(maxsize=1024)
def power(checks: int, people: int, usual: float, level: float, careless: float = CARELESS) -> float:
    """How probable it is that Fisher's exact test names one of `people` who passes a share `careless` of `checks`,
    where the others pass `usual` of theirs.
    """
    import numpy as np
    from scipy.stats import binom, hypergeom

    theirs = checks * (people - 1)
    mine, others = np.arange(checks + 1)[:, None], np.arange(theirs + 1)[None, :]
    weight = binom.pmf(mine, checks, careless) * binom.pmf(others, theirs, usual)
    at = weight > 1e-9
    rows, columns = np.nonzero(at)
    p = hypergeom.cdf(rows, checks + theirs, rows + columns, checks)
    return float(weight[at][p < level].sum())

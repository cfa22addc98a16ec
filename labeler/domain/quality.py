"""How good annotators are, with what is known to be right and without it, and how sure that is.

Without: Dawid and Skene's model (Applied Statistics 28, 1979): everyone has a table of how often they call an item of
one class another, and the true classes and the tables are found together by EM, run until nothing moves any more.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from labeler.domain.statistics.intervals import Interval, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

C = TypeVar("C", bound=Hashable)
Labels = Sequence[Mapping[str, Sequence[C]]]
"""Item by item: who said what; someone may have judged an item more than once."""

CONVERGED = 1e-9
"""EM ends when the log-likelihood grows by less than this part of itself, …"""
ENOUGH = 1e-6
"""… for the spread of resamples, where the last digits do not show, by less than this, …"""
MOST_ROUNDS = 5_000
"""… or, which is reported, after so many rounds."""
PRIOR = 1.0
"""How many imagined verdicts a class everybody's table begins with: 70 % of them right. They keep the table of someone
who gave a dozen verdicts from claiming certainty; with a hundred they hardly weigh."""
PRIOR_RIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Estimated:
    """What EM found. Classes are in the order given, annotators in order of name."""

    posterior: Floats
    """(items, classes): how probable each class is for each item."""
    shares: Floats
    """(classes,): how common each class is."""
    tables: Floats
    """(annotators, true class, class said): how often it is said; rows sum to 1."""
    annotators: tuple[str, ...]
    rounds: int
    converged: bool

    def accuracy(self, annotator: str) -> float:
        """How often this person is right on an item drawn at random."""
        table = self.tables[self.annotators.index(annotator)]
        return float(self.shares @ table.diagonal())


def dawid_skene(labels: Labels[C], classes: Sequence[C], *, prior: float = PRIOR) -> Estimated:
    """Estimate true classes and error rates together. `prior` 0 is the paper's maximum likelihood.

    Raises KeyError for a class that is not among `classes`. Without items the posterior is empty.
    """
    counts, people = _counts(labels, classes)
    patterns, which, times = _patterns(counts)
    found = _run(patterns, times, people, prior)
    return replace(found, posterior=found.posterior[which])


def accuracy_intervals(
    labels: Labels[C], classes: Sequence[C], *, prior: float = PRIOR, resamples: int = 200, seed: int = 0
) -> Mapping[str, Interval]:
    """95 % intervals of everyone's accuracy: the model run again on items drawn anew, so many times.

    They hold the uncertainty of the true classes as well, which the number of verdicts alone does not.
    """
    import numpy as np

    counts, people = _counts(labels, classes)
    if not len(counts):
        return {}
    patterns, which, _ = _patterns(counts)
    chance, found = np.random.default_rng(seed), []
    for _ in range(resamples):
        drawn = which[chance.integers(0, len(counts), len(counts))]
        again = _run(patterns, np.bincount(drawn, minlength=len(patterns)), people, prior, ENOUGH)
        found.append([again.accuracy(person) for person in people])
    low, high = np.quantile(np.asarray(found), (0.025, 0.975), axis=0)
    return {person: Interval(float(low[n]), float(high[n])) for n, person in enumerate(people)}


def _counts(labels: Labels[C], classes: Sequence[C]) -> tuple[Floats, tuple[str, ...]]:
    import numpy as np

    people = tuple(sorted({person for item in labels for person in item}))
    row = {person: n for n, person in enumerate(people)}
    place = {value: n for n, value in enumerate(classes)}
    counts = np.zeros((len(labels), len(people), len(classes)))
    for item, said in enumerate(labels):
        for person, values in said.items():
            for value in values:
                counts[item, row[person], place[value]] += 1
    return counts, people


def _patterns(counts: Floats) -> tuple[Floats, Integers, Integers]:
    """What was said of an item, each pattern once (patterns, annotators, classes); which of them each item has, and of
    how many items each is. Few people and classes make few patterns, however many items there are.
    """
    import numpy as np

    if not counts.size:
        return counts, np.arange(len(counts)), np.ones(len(counts), dtype=np.int64)
    flat = counts.reshape(len(counts), -1)
    once, which, times = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    return once.reshape(len(once), *counts.shape[1:]), which.reshape(-1), times


def _run(
    counts: Floats, times: Integers, people: tuple[str, ...], prior: float, enough: float = CONVERGED
) -> Estimated:
    """EM on patterns, each of so many items. The answer's posterior is that of the patterns."""
    import numpy as np

    items = int(times.sum())
    classes = counts.shape[2]
    imagined = np.full((classes, classes), prior * (1 - PRIOR_RIGHT) / max(classes - 1, 1))
    np.fill_diagonal(imagined, prior * PRIOR_RIGHT)
    # Begins with everyone's votes, as the paper does.
    votes = counts.sum(axis=1)
    posterior = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)
    shares, tables, before, converged, rounds = np.zeros(classes), counts[:0], -np.inf, not len(counts), 0
    while not converged and rounds < MOST_ROUNDS:
        rounds += 1
        weighed = posterior * times[:, None]
        shares = (weighed.sum(axis=0) + prior / classes) / (items + prior)
        tables = np.einsum("ij,ikl->kjl", weighed, counts) + imagined
        tables /= np.maximum(tables.sum(axis=2, keepdims=True), np.finfo(float).tiny)
        posterior, likelihood = _expect(counts, times, shares, tables)
        converged = bool(abs(likelihood - before) <= enough * abs(likelihood))
        before = likelihood
    return Estimated(posterior, shares, tables, people, rounds, converged)


def _expect(counts: Floats, times: Integers, shares: Floats, tables: Floats) -> tuple[Floats, float]:
    """The posterior of each pattern's class, and the log-likelihood of all that was said."""
    import numpy as np

    smallest = np.finfo(float).tiny
    logs = np.log(np.maximum(shares, smallest)) + np.einsum("ikl,kjl->ij", counts, np.log(np.maximum(tables, smallest)))
    most = logs.max(axis=1, keepdims=True)
    likely = np.exp(logs - most)
    total = likely.sum(axis=1, keepdims=True)
    return likely / total, float(times @ (most + np.log(total)).reshape(-1))


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, as a rate with its 95 % interval (Wilson); no rate where n is 0."""

    hits: int
    n: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval:
        return wilson(self.hits, self.n)


def less_often(mine: Share, others: Share) -> float:
    """How probable it is to be so far below the others by chance: Fisher's exact test, one-sided."""
    from scipy.stats import hypergeom

    if not mine.n or not others.n:
        return 1.0
    return float(hypergeom.cdf(mine.hits, mine.n + others.n, mine.hits + others.hits, mine.n))


def position_bias_p(chose_a: int, chose_b: int) -> float:
    """How probable so uneven a choice between A and B is when the letter plays no part: exact two-sided binomial."""
    from scipy.stats import binomtest

    total = chose_a + chose_b
    return float(binomtest(chose_a, total).pvalue) if total else 1.0


def entropy(probabilities: Sequence[float]) -> float:
    """In bits: 0 when one answer is certain, 1 when two are equally likely."""
    from math import log2

    return -sum(p * log2(p) for p in probabilities if p > 0)

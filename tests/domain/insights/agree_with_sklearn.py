"""Sets the figures of Insights against scikit-learn's on 1,000 random tables; a program, since it is no part of this.

`make soak` runs it with scikit-learn beside it; it ends with a message and status 1 at the first figure that differs.
"""

from __future__ import annotations

import sys

import numpy as np

from labeler.domain.insights.columns import CELLS, Became
from labeler.domain.insights.counting import tally_of
from labeler.domain.insights.rates import change, flipped
from tests.domain.insights.rows import OUTCOMES, columns, row

TABLES = 1_000
HOLDS = {"both": (1, 1), "old": (1, 0), "new": (0, 1), "neither": (0, 0)}


def main() -> None:
    from sklearn.metrics import accuracy_score, confusion_matrix  # type: ignore[import-not-found,unused-ignore]

    random = np.random.default_rng(1)
    for _ in range(TABLES):
        size = int(random.integers(1, 80))
        outcomes = random.choice(OUTCOMES, size, p=random.dirichlet(np.ones(len(OUTCOMES)))).tolist()
        drawn = random.choice([0.1, 0.25, 1.0], size).tolist()
        held = columns(*(row(f"i-{n:03}", said, p=p) for n, (said, p) in enumerate(zip(outcomes, drawn, strict=True))))
        tally = tally_of(held, np.ones(size, np.bool_))
        undecided = int((held.cell == CELLS[Became.UNDECIDABLE]).sum())
        told = [(HOLDS[said], 1 / p) for said, p in zip(outcomes, drawn, strict=True) if said in HOLDS]
        old, new, weights = [one[0] for one, _ in told], [one[1] for one, _ in told], [weight for _, weight in told]
        found, rates = flipped(tally, undecided), change(tally)
        assert found.undecidable == size - len(told)
        if not told:
            assert rates.old is None
            continue
        matrix = confusion_matrix(old, new, labels=[0, 1])
        assert matrix.tolist() == [[found.residual, found.fixed], [found.regressed, found.kept]]
        right = np.ones(len(told))
        assert rates.old is not None
        assert rates.new is not None
        assert np.isclose(rates.old.value, accuracy_score(right, old, sample_weight=weights), atol=1e-12)
        assert np.isclose(rates.new.value, accuracy_score(right, new, sample_weight=weights), atol=1e-12)
    sys.stdout.write(f"{TABLES} tables agree\n")


if __name__ == "__main__":
    main()

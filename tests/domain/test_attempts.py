from __future__ import annotations

import pytest

from labeler.domain.gate.attempts import Attempt, Series, alpha_share, attempt_number

SERIES = Series("invoices", ("image reader 3.1",))


def made(number: int, outputs: str, series: Series = SERIES) -> Attempt:
    return Attempt(series, number, ("image reader 3.2",), outputs, "sha256:g", "block", "2026-09-01T00:00:00Z")


def test_all_attempts_together_spend_no_more_than_one() -> None:
    assert alpha_share(1) == 0.8
    spent = sum(alpha_share(number) for number in range(1, 20_000))
    assert 0.9999 < spent < 1
    assert alpha_share(2) / alpha_share(4) == pytest.approx(9)


def test_other_outputs_are_the_next_attempt_and_the_same_are_the_same() -> None:
    ledger = [made(1, "a"), made(2, "b")]
    assert attempt_number([], SERIES, "a") == 1
    assert attempt_number(ledger, SERIES, "a") == 1
    assert attempt_number(ledger, SERIES, "b") == 2
    assert attempt_number(ledger, SERIES, "c") == 3


def test_another_old_model_or_gold_set_begins_anew() -> None:
    ledger = [made(1, "a")]
    assert attempt_number(ledger, Series("invoices", ("image reader 3.2",)), "c") == 1
    assert attempt_number(ledger, Series("calls", SERIES.old_models), "c") == 1

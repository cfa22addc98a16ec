"""The backfill in words: the same for commands, window and dossier."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.domain.backfill.estimate import Estimate, Figure
from labeler.domain.backfill.handling import Handling
from labeler.domain.backfill.records import Status

STATUS_WORDS = {
    Status.NOT_REVIEWED: "not reviewed",
    Status.UNDER_REVIEW: "under review",
    Status.WRONG: "old wrong",
    Status.UPHELD: "upheld",
    Status.UNDECIDABLE: "undecidable",
}


def amount(value: float | None, currency: str | None) -> str:
    return "–" if value is None else f"{value:,.2f} {currency or ''}".rstrip()


def next_step(handling: Handling, due: str | None = None) -> str:
    """What happens next about a record; `due` is its day in other words, where there is little room."""
    due = due or handling.due
    if handling.disposition is None:
        return "–"
    if handling.awaits_second:
        return "awaits a second person"
    if handling.owed:
        return f"{handling.owed[0]} by {due}" if due else f"{handling.owed[0]} owed"
    return "closed"


def count_and_interval(figure: Figure) -> str:
    value = "unknown" if figure.value is None else f"{figure.value:,.0f}"
    return f"{value} ({figure.interval.low:,.0f} to {figure.interval.high:,.0f})"


def share_and_interval(figure: Figure) -> str:
    value = "unknown" if figure.share is None else f"{figure.share:.1%}"
    return f"{value} ({figure.share_interval.low:.1%} to {figure.share_interval.high:.1%})"


def amounts_and_intervals(amounts: Mapping[str, Figure]) -> str:
    """Of each currency; a dash where nothing has an amount."""
    return "; ".join(f"{count_and_interval(figure)} {currency}" for currency, figure in amounts.items()) or "–"


def estimate_title(made: Estimate) -> str:
    """What the figures are corrected for."""
    if made.error.known:
        reviewer = made.error.reviewer
        return (
            f"Corrected for reviewers who catch {reviewer.sensitivity:.0%} of wrong outputs "
            f"and pass {reviewer.specificity:.0%} of right ones"
        )
    return "Not corrected for reviewers' errors"

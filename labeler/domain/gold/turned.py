"""Which past answers of the gate would be others on a new version of the gold set."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.gate.attempts import Attempt
from labeler.domain.gate.report import Decision


@dataclass(frozen=True, slots=True)
class Turned:
    """An attempt on the earlier version, and what both versions say of its outputs by one policy.

    `before` and `after` are None where that cannot be said; `why` says what is missing, or why the answer is another.
    """

    attempt: Attempt
    before: Decision | None
    after: Decision | None
    why: str

    @property
    def turns(self) -> bool:
        return self.after is not None and self.after is not self.before


def turned_words(one: Turned) -> str:
    """`attempt 1, image reader 3.2: block → insufficient (…)`."""
    attempt = one.attempt
    who = f"attempt {attempt.number}, {', '.join(attempt.new_models)}"
    if one.after is None:
        return f"{who}: {attempt.decision}; what the new version says is not known: {one.why}"
    if not one.turns:
        return f"{who}: {one.after} stays"
    return f"{who}: {one.before} → {one.after}{f' ({one.why})' if one.why else ''}"

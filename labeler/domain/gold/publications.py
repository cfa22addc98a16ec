"""Who made a gold set's version, who looked at what it does to the gate, and who published it.

A version that one person builds, tries and publishes alone can be tried until the gate says what they want. So a second
person publishes, and it is kept who had seen which answer before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.domain.gate.attempts import Attempt


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw what a gold set's version does to the gate. Times are RFC 3339, `by` is a name as it was given."""

    gold_digest: str
    new_outputs: str
    decision: str
    by: str
    at: str
    how: str
    """`attempt`, `preview` or `diff`."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that a second person published. `seen` are the looks at it before."""

    version: str
    digest: str
    built_by: str
    published_by: str
    at: str
    seen: tuple[Look, ...]


def looks_at(digest: str, attempts: Iterable[Attempt], looks: Iterable[Look]) -> tuple[Look, ...]:
    """Everyone who has seen what this version does to the gate, in order of time."""
    tried = (Look(a.gold_digest, a.new_outputs, a.decision, a.by, a.at, "attempt") for a in attempts)
    return tuple(sorted((look for look in (*tried, *looks) if look.gold_digest == digest), key=lambda look: look.at))

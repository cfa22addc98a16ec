"""Questions that the panel asks and keys answer: no dialog stands between a person and the next item."""

from __future__ import annotations

from collections.abc import Iterable

from labeler.sessions.review.state import Ask

UNOPENED = "It cannot be opened"
SKIP = Ask(
    "skip",
    "Why skip this item?",
    (
        UNOPENED,
        "I do not know this language or subject",
        "The prompt is not clear",
        "I should not judge this one",
        "Something else",
    ),
)
UNDECIDABLE = Ask(
    "undecidable",
    "Why can nobody tell?",
    (
        "Not readable or audible",
        "The prompt is ambiguous",
        "There is no single answer",
        "Something else",
    ),
)


def with_why(reason: str, unopened: str, names: Iterable[str]) -> str:
    """The reason for a skip; of a medium that cannot be shown, with what its pane says of it.

    `names` of the file are left out: what is appended to the log stays there, and a name may be a person's.
    """
    if reason != UNOPENED or not unopened:
        return reason
    for name in sorted(filter(None, names), key=len, reverse=True):
        unopened = unopened.replace(name, "it")
    return f"{reason}: {unopened.rstrip('.')}"

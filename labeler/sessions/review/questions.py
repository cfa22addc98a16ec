"""Questions that the panel asks and keys answer: no dialog stands between a person and the next item."""

from __future__ import annotations

from labeler.sessions.review.state import Ask

SKIP = Ask(
    "skip",
    "Why skip this item?",
    (
        "It cannot be opened",
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

"""What the store gives of a resolution; apart from the columns, so that a store opens without numpy."""

from __future__ import annotations

ResolvedRow = tuple[str, str, str, str, str, int, float, str, str]
"""One resolution in force: item id, modality, tier, outcome (a `Right`), failures (a JSON list of [side, code]),
whether by a lead, the probability with which the item was drawn, why it was, and when it was decided (RFC 3339).

A plain tuple, since there are 100,000 of them.
"""

JudgedBefore = tuple[str, str, str, str, str, str, str, str, str, str, str, int, str]
"""A resolution of an earlier release on an item of this one: item id, modality, class and the hashes of the old and
the new output here; then that release, the hashes there, outcome, failures, tier, whether by a lead, and when."""

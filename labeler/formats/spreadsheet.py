"""Cells that spreadsheets open: text stays text."""

from __future__ import annotations

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet takes for a formula; some read the wide forms as the narrow ones."""


def defused(text: str) -> str:
    """A text that a spreadsheet takes for a text, not for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_RUN) else text

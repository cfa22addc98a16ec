"""Where a person's unsaved work on an item lies."""

from __future__ import annotations

from hashlib import sha256


def draft_file_name(release: str, item_id: str) -> str:
    """An item's id can be anything; a file's name can not."""
    return f"{sha256(f'{release}/{item_id}'.encode()).hexdigest()[:32]}.json"


def step_draft_name(decision_id: str) -> str:
    """Of what was typed about a step on a past decision."""
    return f"step-{sha256(decision_id.encode()).hexdigest()[:32]}.json"


def disposal_draft_name(decision_id: str) -> str:
    """Of what was typed about a disposition of a past decision."""
    return f"disposal-{sha256(decision_id.encode()).hexdigest()[:32]}.json"

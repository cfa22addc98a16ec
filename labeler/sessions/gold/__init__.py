"""The Gold screen without its window: versions, draft, gate on the draft, mix, publishing."""

"""The backfill: what the old model already decided, how much of it was wrong, and what is done about it."""

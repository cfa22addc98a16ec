"""The Backfill screen."""

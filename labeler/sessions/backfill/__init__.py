"""The Backfill screen without Qt: contested records, plan, estimate, policy, one record's story."""

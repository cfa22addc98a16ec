"""The backfill of a release: records, sampling plan, estimate, policy, and what was done."""

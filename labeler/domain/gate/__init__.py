"""Ship, block, or not enough evidence: the decision, its arithmetic, and what stands beside it."""

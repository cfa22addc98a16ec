"""Gold records, and what may change from one version of a gold set to the next."""

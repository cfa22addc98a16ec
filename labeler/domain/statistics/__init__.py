"""Intervals, paired tests and sample sizes: thin words over scipy."""

"""What the resolved items of a release say: rates, changes, failures, slices, the residual, releases over time.

Everything is computed from columns (one row a resolved item), through the gate's own tallies and decision.
"""

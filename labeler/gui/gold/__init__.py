"""The Gold screen: the next version of the gold set, and what the gate says on it."""

"""Judging a model by a gold set: the files side by side, a stretch at a time, once an attempt."""

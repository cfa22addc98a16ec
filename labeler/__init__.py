"""Labeler: people compare the outputs of an old and a new model, and their verdicts become the next release's gate."""

__version__ = "0.1.0"

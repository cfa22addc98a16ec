"""Replay: what a model answers for items of the past, as an outputs file with everything needed to run it again."""

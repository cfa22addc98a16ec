"""Bringing files into a project: items, outputs, media, decisions, verdicts from elsewhere."""

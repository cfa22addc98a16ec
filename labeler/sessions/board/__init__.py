"""The Board screen without Qt: what is left, for whom, until when; questions and what was settled."""

"""The Project screen without Qt: the rubric, and the people."""

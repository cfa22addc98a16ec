"""The Project screen: the rubric, and the people."""

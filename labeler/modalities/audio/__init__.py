"""Recordings: from the bytes of a file to plain samples, peaks and spectrograms."""

"""Recordings on the screen: waveform, lanes of words and marks, transport."""

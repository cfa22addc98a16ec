"""Simulated annotators: verdicts made from the reference with stated error rates, so that a demo has people in it.

Everything is drawn from hashes of what it is for, so that the same inputs give the same verdicts on every machine.
Nothing here may be taken for a person's judgement: those who simulate are marked wherever they show.
"""

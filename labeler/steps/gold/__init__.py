"""Versions of gold sets: built, looked at, published, compared and exchanged."""

"""Outputs that are tables or values, as grids."""

from __future__ import annotations

from labeler.domain.blind import BlindPair
from labeler.sessions.review.grids.grid import Grid
from labeler.sessions.review.grids.table import table_grid
from labeler.sessions.review.grids.values import value_grid


def grid_of(pair: BlindPair) -> Grid | None:
    """The grid of two outputs whose tables or values were compared as such; None for all others."""
    return table_grid(pair) or value_grid(pair)

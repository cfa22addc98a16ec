"""Making very many objects at once, with Python's cycle collector out of the way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """For parsed lines and rows, which refer to nothing in circles: to look through them takes longer than all else,
    and beside a window it keeps that waiting, a tenth of a second each time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

"""What every attack leaves behind: nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.windows import delete_windows


@pytest.fixture(autouse=True)
def no_windows_left() -> Iterator[None]:
    yield
    delete_windows()

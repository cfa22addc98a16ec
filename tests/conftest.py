"""What every test relies on: no window on the developer's own screen, and no file in their own folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# `.ci/on-display` sets it to xcb, for a display of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, caches and documents go to a temporary home, not to that of the person who runs the tests.

    One for all tests of a process: a sound server that is started for some of them keeps its cookie there.
    """
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(home))
        for variable, folder in (
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_DOCUMENTS_DIR", "Documents"),
        ):
            (home / folder).mkdir(parents=True)
            environment.setenv(variable, str(home / folder))
        yield

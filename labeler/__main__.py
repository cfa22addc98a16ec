"""Where everything comes together: a command, or the app."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from labeler import faults
from labeler.cli.app import run
from labeler.errors import OUR_SAFE_PATH, LabelerError


def main() -> None:
    faults.install()
    # Child processes are started with `python -c`, which looks for modules in the folder that one stands in first: in a
    # stranger's project that would run what lies there. See `OUR_SAFE_PATH` for whom this is taken back.
    os.environ.setdefault("PYTHONSAFEPATH", OUR_SAFE_PATH)
    sys.exit(run(sys.argv[1:], open_window))


def open_window(project: Path | None, person: str | None) -> int:
    """The app until its window is closed. Raises LabelerError where there is no Qt or no display."""
    if find_spec("PySide6") is None:
        raise LabelerError("the app needs Qt, which is not installed", remedy="pip install 'labeler[desktop]'")
    if sys.platform == "linux" and not _has_display():
        raise LabelerError(
            "there is no display to show a window on",
            kept="everything; all commands but open and demo work without a display",
            remedy="run it on a desktop, connect with ssh -X, or try it under xvfb-run labeler …",
        )
    from labeler.gui.app import run as run_app

    return run_app(project, person)


def _has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland"):
        return True  # offscreen, vnc, …
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    main()

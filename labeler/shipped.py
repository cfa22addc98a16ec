"""Where the files are that come with the program, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
# The wheel carries resources/ and projects/demo inside the package; a checkout has them beside it.
_BASE = _PACKAGE / "_shipped" if (_PACKAGE / "_shipped").is_dir() else _PACKAGE.parent

RESOURCES = _BASE / "resources"
DEMO_PROJECT = _BASE / "projects" / "demo"

"""about.toml beside the versions of a gold set: what nobody could tell from its records, for its description.

license = "CC-BY-4.0"          # of the whole; without it the licences that all records name
cite_as = "Example GmbH, Invoices, 2026"
url = "https://data.example.org/invoices"
published = 2026-12-01

A version takes up what stands there when it is built, and keeps it. What is not there is not said.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from labeler.errors import LabelerError

FILE_NAME = "about.toml"
_NAMES = {"license": "license", "cite_as": "citeAs", "url": "url", "published": "datePublished"}
"""Key of the file: property of schema.org or Croissant."""


def read_about(series: Path) -> Mapping[str, str]:
    """Property and value; nothing where there is no file. Raises LabelerError for what is not as above."""
    path = series / FILE_NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise LabelerError(f"{path}: {problem}", kept="the versions that there are", remedy="mend the file") from None
    return {_NAMES[key]: _value(path, key, value) for key, value in raw.items() if _known(path, key)}


def _known(path: Path, key: str) -> bool:
    if key not in _NAMES:
        raise LabelerError(f"{path}: {key} is not known", remedy=f"give {', '.join(_NAMES)}")
    return True


def _value(path: Path, key: str, value: Any) -> str:
    if key == "published" and type(value) is date:
        return value.isoformat()
    if key == "published" or not isinstance(value, str) or not value.strip():
        raise LabelerError(f"{path}: {key} is no {'day, as 2026-12-01' if key == 'published' else 'text'}")
    return value

"""The keys that a person changed: kept in the group `keys` of the settings file, command id to key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSettings

_GROUP = "keys"


def own_keys() -> Mapping[str, str]:
    """All of them, for every screen."""
    settings = QSettings()
    settings.beginGroup(_GROUP)
    return {name.replace("/", "."): str(settings.value(name)) for name in settings.allKeys()}


def keep_key(command: str, key: str) -> None:
    """Remember a command's own key; with "" the command has the key again that it came with."""
    name = f"{_GROUP}/{command}"
    if key:
        QSettings().setValue(name, key)
    else:
        QSettings().remove(name)

"""What tests of windows have in common."""

from __future__ import annotations

import sys
from pathlib import Path


def delete_windows() -> None:
    """A change of the theme dresses every widget there is anew, also those of tests that are over: so none is left."""
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settings_of_nobody(folder: Path) -> None:
    """Neither are the settings of who runs the tests changed, nor do they change a test."""
    from PySide6.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))

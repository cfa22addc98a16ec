"""Dialogs that choose files and folders, and do nothing else: Qt's own can rename and delete what they show."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_ONLY_CHOOSE = QFileDialog.Option.ReadOnly


def choose_file(over: QWidget, title: str, kinds: str) -> Path | None:
    """A file of these kinds (a filter as Qt writes it); None where the dialog was left."""
    path, _ = QFileDialog.getOpenFileName(over, title, filter=kinds, options=_ONLY_CHOOSE)
    return Path(path) if path else None


def choose_files(over: QWidget, title: str, kinds: str) -> list[Path]:
    paths, _ = QFileDialog.getOpenFileNames(over, title, filter=kinds, options=_ONLY_CHOOSE)
    return [Path(path) for path in paths]


def choose_folder(over: QWidget, title: str) -> Path | None:
    options = _ONLY_CHOOSE | QFileDialog.Option.ShowDirsOnly
    path = QFileDialog.getExistingDirectory(over, title, options=options)
    return Path(path) if path else None


def choose_where(over: QWidget, title: str, proposed: str, kinds: str) -> tuple[Path | None, str]:
    """A file to write, and which of the kinds was chosen; None where the dialog was left."""
    path, kind = QFileDialog.getSaveFileName(over, title, proposed, kinds, options=_ONLY_CHOOSE)
    return Path(path) if path else None, kind

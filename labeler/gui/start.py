"""The start screen: what was opened lately, a folder to open, the demo to try."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from labeler import __version__
from labeler.gui.keys import key_name
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.choosing import choose_folder
from labeler.gui.widgets.label import plain
from labeler.gui.widgets.progress import ProgressLine
from labeler.sessions.projects import ProjectCard

if TYPE_CHECKING:
    from labeler.gui.new_project import NewProjectCard

THEMES = ("light", "dark", "system")


class StartWindow(QMainWindow):
    """Asks which project; `chosen` and `demo` say what the person wants."""

    chosen = Signal(Path)
    demo = Signal()

    def __init__(self, theme: Theme, cards: Sequence[ProjectCard], new_project: NewProjectCard) -> None:
        super().__init__()
        self._new_project = new_project
        new_project.created.connect(self.chosen)
        self.setAcceptDrops(True)
        self.setWindowTitle("Labeler")
        self.setMinimumSize(1000, 600)
        self._theme = theme
        self._themes: dict[str, KeyButton] = {}
        self._message = plain("quiet")
        self._message.setWordWrap(True)
        central = QWidget()
        central.setObjectName("screen")
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top())
        body = QHBoxLayout()
        body.setContentsMargins(110, 56, 110, 40)
        body.setSpacing(40)
        body.addLayout(self._projects(cards), 3)
        body.addWidget(self._new_project, 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(body, 1)
        column.addWidget(self._bottom())
        self.setCentralWidget(central)
        central.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        central.setFocus()

    def _top(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("topBar")
        bar.setFixedHeight(44)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(plain("projectName", "Labeler"))
        row.addStretch(1)
        for name in THEMES:
            chip = KeyButton(self._theme, Look.CHIP, name.capitalize())
            chip.setChecked(self._theme.choice == name)
            chip.clicked.connect(lambda _checked, name=name: self._choose_theme(name))
            self._themes[name] = chip
            row.addWidget(chip)
        return bar

    def _choose_theme(self, name: str) -> None:
        self._theme.choose(name)
        for other, chip in self._themes.items():
            chip.setChecked(other == name)

    def _projects(self, cards: Sequence[ProjectCard]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(plain("title", "Is the new model really better?"))
        subtitle = plain("subtitle", "Open a project and judge the next item, or bring two models’ outputs.")
        subtitle.setWordWrap(True)
        column.addWidget(subtitle)
        column.addSpacing(12)
        for card in cards:
            column.addWidget(self._card(card))
        if not cards:
            column.addWidget(plain("quiet", "No project was opened on this machine yet. The demo takes a minute."))
        row = QHBoxLayout()
        folder = KeyButton(self._theme, Look.PLAIN, "Open a folder…", "Ctrl+O")
        folder.clicked.connect(lambda _checked: self._ask_folder())
        demo = KeyButton(self._theme, Look.PLAIN, "Try the demo", "D")
        demo.clicked.connect(lambda _checked: self.demo.emit())
        row.addWidget(folder)
        row.addWidget(demo)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._message)
        column.addStretch(1)
        return column

    def _card(self, card: ProjectCard) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(14)
        names = QVBoxLayout()
        names.setSpacing(3)
        names.addWidget(plain("cardTitle", card.name))
        names.addWidget(plain("note", card.problem or f"{card.what} · {_short(card.folder)}"))
        row.addLayout(names, 1)
        if not card.problem:
            progress = QVBoxLayout()
            bar = ProgressLine(self._theme)
            bar.show_progress(card.done, card.total)
            progress.addStretch(1)
            progress.addWidget(bar)
            progress.addWidget(plain("note", f"{card.done:,} of {card.total:,}"), 0, Qt.AlignmentFlag.AlignRight)
            progress.addStretch(1)
            row.addLayout(progress)
            button = KeyButton(self._theme, Look.PRIMARY, "Review")
            button.setFixedWidth(84)
            button.clicked.connect(lambda _checked: self.chosen.emit(card.folder))
            row.addWidget(button)
        return frame

    def _bottom(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("statusBar")
        bar.setFixedHeight(26)
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 0, 14, 0)
        row.addWidget(plain("status", f"Labeler {__version__}"))
        row.addStretch(1)
        return bar

    def say(self, text: str) -> None:
        self._message.setText(text)

    def _ask_folder(self) -> None:
        folder = choose_folder(self, "Open a project's folder")
        if folder is not None:
            self.chosen.emit(folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match key_name(event):
            case "D":
                self.demo.emit()
            case "Ctrl+O":
                self._ask_folder()
            case "N":
                self._new_project.choose()
            case "S":
                self._new_project.turn()
            case "Enter":
                self._new_project.make()
            case "Esc":
                self._new_project.stop()
            case _:
                super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files and folders go to the new project, wherever on the window they fall."""
        self._new_project.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()


def _short(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)

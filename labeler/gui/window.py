"""The one window: rail, screens, bars; and the place where a key becomes a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSettings, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from labeler.errors import LabelerError
from labeler.gui.bars import Rail, StatusBar, TopBar
from labeler.gui.help import Help
from labeler.gui.keys import aliases, key_name
from labeler.gui.media import Media
from labeler.gui.review import ReviewScreen
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.sessions.commands import Command, rebind
from labeler.sessions.projects import OpenReview
from labeler.sessions.review.commands import COMMANDS, ReviewCommand, failure_commands
from labeler.sessions.review.state import ReviewState

if TYPE_CHECKING:
    from labeler.modalities.player import Player

TIDY_EVERY = 20
"""After so many verdicts the store is tidied, beside the window."""


class ProjectWindow(QMainWindow):
    """A project's window. Owns what decodes, plays and runs beside it, and ends all of it when it closes."""

    closed = Signal()
    leave = Signal()
    """Back to the start screen."""

    def __init__(self, theme: Theme, opened: OpenReview, own_keys: Mapping[str, str]) -> None:
        super().__init__()
        session = opened.session
        self._opened = opened
        self.setWindowTitle(f"{session.state.place.project} – Labeler")
        self.setMinimumSize(1100, 660)
        self._theme = theme
        self.session = session
        self._commands = rebind(COMMANDS, own_keys)
        self._rubric_commands: tuple[ReviewCommand, ...] = ()
        self._by_key: dict[str, list[ReviewCommand]] = {}
        self._tasks = Tasks(self)
        self._commits = Tasks(self, workers=1)
        self._commit_count = count()
        session.commit_with = self._commit
        self._media = Media()
        keys = {command.id: command.key for command in self._commands}
        self.review = ReviewScreen(theme, self._tasks, session, self._media, opened.cache, keys)
        self.top = TopBar(theme, session)
        self.status = StatusBar(theme)
        self._central = self._build(theme)
        self._help = Help(theme, self._central)
        session.listen(self._show)
        self._show(None, session.state)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.review.setFocus()

    def _build(self, theme: Theme) -> QWidget:
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        row = QHBoxLayout()
        row.setSpacing(0)
        rail = Rail(theme)
        rail.add("Review", "text", self.review.setFocus).setChecked(True)
        home = rail.add("Start", "house", self.leave.emit)
        home.setCheckable(False)
        row.addWidget(rail)
        row.addWidget(self.review, 1)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        return central

    def _show(self, old: ReviewState | None, new: ReviewState) -> None:
        self.top.show_state(old, new)
        self.status.show_state(new)
        done = new.place.progress.done
        if old is not None and old.place.progress.done != done and done % TIDY_EVERY == 0:
            self._tasks.run("tidy", self._opened.tidy, lambda _: None, self._not_tidied)
        if old is None or old.judgement.rubric is not new.judgement.rubric:
            self._rubric_commands = failure_commands(new.judgement.rubric) if new.judgement.rubric else ()
            self._by_key = {}
            for command in (*self._commands, *self._rubric_commands):
                self._by_key.setdefault(command.key, []).append(command)

    def _not_tidied(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self.session.say(problem.what, serious=True)

    def _commit(
        self, commit: Callable[[], None], done: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        """A disk that is busy can take half a second to keep its word; the next item is on the screen meanwhile."""
        self._commits.run(f"commit {next(self._commit_count)}", commit, lambda _: done(), failed)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key press of this window passes here once, before any widget: text fields keep what they need."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isActiveWindow():
            if isinstance(watched, QWidget) and watched.window() is self and watched is QApplication.focusWidget():
                return self._press(event, watched)
            if watched is self and QApplication.focusWidget() is None:
                return self._press(event, self)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent, focused: QWidget) -> bool:
        name = key_name(event)
        typing = isinstance(focused, QLineEdit | QPlainTextEdit) and not focused.isReadOnly()
        if not typing and self._press_shared(name):
            return True
        if name == "Space" and isinstance(focused, QAbstractButton):
            return False
        for key in filter(None, (name, aliases(name))):
            for command in self._by_key.get(key, ()):
                if (command.in_text or not typing) and command.when(self.session):
                    command.do(self.session)
                    return True
        return False

    def _press_shared(self, name: str) -> bool:
        """Keys that mean the same everywhere: help, and the answers to a question that is asked."""
        if name in ("?", "Shift+?", "F1"):
            self.toggle_help()
            return True
        if name == "Esc":
            self._help.hide()
            self.session.dismiss()
            return True
        if self._help.isVisible():
            return True
        if self.session.state.screen.ask is not None:
            digit = name if name.isdigit() else aliases(name) or ""
            if digit.isdigit():
                self.session.answer(int(digit))
            return True
        return False

    def toggle_help(self) -> None:
        if self._help.isVisible():
            self._help.hide()
        else:
            self._help.show_commands(self.all_commands())

    @property
    def player(self) -> Player:
        """What plays for this window."""
        return self._media.player

    @property
    def help_is_open(self) -> bool:
        return self._help.isVisible()

    def all_commands(self) -> tuple[Command[Any], ...]:
        return (*self._commands, *self._rubric_commands)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._help.setGeometry(self._central.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        QSettings().setValue("window/geometry", self.saveGeometry())
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._commits.finish()
        self.session.close()
        self._media.close()
        self._tasks.stop()
        self._opened.close()
        self.closed.emit()
        super().closeEvent(event)

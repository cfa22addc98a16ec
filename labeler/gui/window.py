"""The one window: rail, screens, bars; and the place where a key becomes a command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from labeler.domain.people import Role
from labeler.errors import LabelerError
from labeler.gui.bars import Rail, StatusBar
from labeler.gui.command_palette import KEY as COMMAND_PALETTE_KEY
from labeler.gui.command_palette import CommandPalette
from labeler.gui.help import Help
from labeler.gui.keys import aliases, key_name
from labeler.gui.lookout import Lookout
from labeler.gui.media import Media
from labeler.gui.own_keys import keep_key
from labeler.gui.review import ReviewScreen
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.screens import SCREENS, import_ahead
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.gui.widgets.label import set_tip, visible
from labeler.sessions.commands import Command, rebind_what_agrees, why_not
from labeler.sessions.projects import OpenProject
from labeler.sessions.review.commands import OF_THE_RUBRIC
from labeler.sessions.review.session import ReviewSession

if TYPE_CHECKING:
    from labeler.modalities.player.player import Player

HELP = ("?", "Shift+?", "F1")
"""Open the list of keys, unless the screen has a use of its own for one of them (`?` it never has)."""
_AHEAD_MS = 2_000
"""After so long the window has shown its first item, and does what can be done beforehand."""
_WAYS = (
    *(
        Command[Any](f"screen.{line.id}", line.name, lambda _session: None, line.key, group="Screens")
        for line in SCREENS
    ),
    Command[Any]("window.palette", "Find a command", lambda _session: None, COMMAND_PALETTE_KEY, group="Screens"),
)


class ProjectWindow(QMainWindow):
    """A project's window. Owns what decodes, plays and runs beside it, and ends all of it when it closes."""

    closed = Signal()
    person_wanted = Signal(str)
    """Somebody else works here from now on: a person's id."""
    role_changed = Signal(str)
    """A lead gave this person another role: the window is to be opened anew, at the screen with this id."""
    leave = Signal()
    """Back to the start screen."""
    keys_changed = Signal(str)
    """The window is to be opened anew with this person's keys, at the screen with this id."""

    def __init__(self, theme: Theme, opened: OpenProject, own_keys: Mapping[str, str]) -> None:
        super().__init__()
        self._opened = opened
        self.setWindowTitle(f"{visible(opened.project.settings.name)} – Labeler")
        self.setMinimumSize(1100, 660)
        self._is_closed = False
        self._tasks = Tasks(self)
        self._commits = Tasks(self, workers=1, in_no_hurry=True)
        self._commit_count = count()
        self._media = Media(opened.cache)
        self._frame = Frame(theme, self._tasks, self._media, opened, self._commit, self.person_wanted.emit, own_keys)
        self._screens: dict[str, Screen] = {}
        self._by_key: dict[str, list[Command[Any]]] = {}
        self._keyed: Sequence[Command[Any]] = ()
        self._tops, self._stack = QStackedWidget(), QStackedWidget()
        self._tops.setFixedHeight(44)
        self.status = StatusBar(theme)
        self._central = self._build(theme)
        self._palette = CommandPalette(self._central)
        self._palette.chosen.connect(self._do)
        self._palette.closed.connect(self._take_keyboard_back)
        self._help = Help(theme, self._central, self._why_not)
        self._help.key_changed.connect(keep_key)
        self._help.closed.connect(self._take_new_keys)
        self.go_to(SCREENS[0].id)
        self._watched: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._watch)
        self._watch(None, QApplication.focusWidget())
        self._lookout = Lookout(self, self._look, self._look_for_more)
        if opened.person.role is not Role.ANNOTATOR:  # annotators see no figures
            QTimer.singleShot(_AHEAD_MS, self, self._import_ahead)

    def _import_ahead(self) -> None:
        self._tasks.run("ahead", import_ahead, lambda _none: None, self.report)

    def _build(self, theme: Theme) -> QWidget:
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tops)
        row = QHBoxLayout()
        row.setSpacing(0)
        rail = Rail(theme)
        self._buttons = {}
        for line in SCREENS:
            self._buttons[line.id] = rail.add(line.name, line.icon, partial(self.go_to, line.id))
            set_tip(self._buttons[line.id], f"{line.name}, {line.key}")
        home = rail.add("Start", "house", self.leave.emit)
        home.setCheckable(False)
        row.addWidget(rail)
        row.addWidget(self._stack, 1)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        return central

    def _look(self) -> bool:
        """Let every screen know what leads changed, in this window or elsewhere.

        False: another window takes the place of this one.
        """
        try:
            news = None if self._is_closed else self._opened.look()
        except LabelerError as problem:
            self.report(problem)
            return True
        if news is not None and news.role is not None:
            self.role_changed.emit(self._shown)
            return False
        if news is not None:
            for screen in self._screens.values():
                screen.take_in(news)
        return True

    def _look_for_more(self) -> None:
        if not self._is_closed:
            self.current.look()

    @property
    def _shown(self) -> str:
        """Id of the screen that is shown."""
        return next(name for name, screen in self._screens.items() if screen is self.current)

    # Screens

    def go_to(self, name: str) -> None:
        """Show the screen with this id, made if it was not needed before; where it cannot be made, say why."""
        if self._screens and not self.current.leave():
            self._check(self.current)
            return
        if self._screens and not self._look():
            return
        if name not in self._screens:
            try:
                self._screens[name] = self._make(name)
            except LabelerError as problem:
                self._check(self.current)
                self.report(problem)
                return
        screen = self._screens[name]
        self._stack.setCurrentWidget(screen)
        self._tops.setCurrentWidget(screen.top)
        self._check(screen)
        screen.enter()
        self._show()

    def _make(self, name: str) -> Screen:
        made = next(line for line in SCREENS if line.id == name).make(self._frame)
        self._stack.addWidget(made)
        self._tops.addWidget(made.top)
        made.changed.connect(self._show)
        made.item_wanted.connect(self._show_in_review)
        made.decision_wanted.connect(self._show_in_adjudicate)
        return made

    def _show_in_review(self, item_id: str) -> None:
        """An item that another screen leads to. What that screen said of it is recorded with the verdict."""
        try:
            # An annotator's screens say neither.
            blind = self._opened.person.role is Role.ANNOTATOR
            self.session.show_item(item_id, exposed=() if blind else ("models", "verdicts"))
        except LabelerError as problem:
            self.report(problem)
            return
        self.go_to("review")

    def _show_in_adjudicate(self, item_id: str) -> None:
        """An item that another screen's figures wait for; that screen is a lead's and not blind."""
        self.go_to("adjudicate")
        session = self.current.session
        if isinstance(session, ReviewSession):
            try:
                session.show_item(item_id, exposed=("models", "verdicts"))
            except LabelerError as problem:
                self.report(problem)

    def report(self, fault: BaseException) -> None:
        """Say what went wrong where nobody expected it."""
        problem = self._opened.explain(fault)
        said = f"{problem.what} · {problem.remedy}" if problem.remedy else problem.what
        self.status.show_status(Status(said, serious=True, person=self._opened.person.name, more=str(problem)))

    def tell_role(self) -> None:
        """Say which role the person has from now on."""
        person = self._opened.person
        said = f"A lead made you {'an' if person.role != Role.LEAD else 'a'} {person.role}: this is what you see now"
        self.status.show_status(Status(said, person=person.name))

    def _check(self, shown: Screen) -> None:
        for name, button in self._buttons.items():
            button.setChecked(self._screens.get(name) is shown)

    @property
    def current(self) -> Screen:
        """The screen that is shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, Screen)
        return shown

    @property
    def review(self) -> ReviewScreen:
        """The screen that a project opens with."""
        review = self._screens["review"]
        assert isinstance(review, ReviewScreen)
        return review

    @property
    def session(self) -> ReviewSession:
        return self._opened.session

    def _show(self) -> None:
        screen = self.current
        self.status.show_status(screen.status())
        commands = screen.commands()
        if commands is not self._keyed:
            self._keyed = commands
            self._by_key = {}
            for command in commands:
                self._by_key.setdefault(command.key, []).append(command)

    def _commit(self, commit: Callable[[], None], answered: Callable[[], None]) -> None:
        """A disk that is busy can take half a second to keep its word; the next item is on the screen meanwhile."""
        self._commits.run(f"commit {next(self._commit_count)}", commit, lambda _: answered(), self.report)

    def settle(self) -> bool:
        """Wait until everything that was done here is on disk; False where something could not be saved."""
        return self.current.leave()

    # Keys

    def _watch(self, _before: QWidget | None, focused: QWidget | None) -> None:
        """See the events of the widget that has the keyboard; a filter of the application would see every event."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = focused if focused is not None and focused.window() is self else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key press of this window passes here once, before any widget: text fields keep what they need."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            return self._press(event, watched)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key while no widget has the keyboard, or that the one that has it leaves."""
        if QApplication.focusWidget() is not None or not self._press(event, self):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent, focused: QWidget) -> bool:
        """Whether the key was used. A fault is told here: where it left `eventFilter`, PySide would keep it and have Qt
        go on with it, and what is called next can end the program.
        """
        try:
            return self._use(event, focused)
        except Exception:
            sys.excepthook(*sys.exc_info())
            return True

    def _use(self, event: QKeyEvent, focused: QWidget) -> bool:
        if self._is_closed:
            return True  # keys that were on their way while the window closed; the store that they would need is closed
        name = key_name(event)
        if self._palette.isVisible():
            return False  # its own field takes every key
        if name == COMMAND_PALETTE_KEY and not self.current.session.asking and not self._help.isVisible():
            self.open_palette()
            return True
        typing = isinstance(focused, QLineEdit | QPlainTextEdit) and not focused.isReadOnly()
        if not typing and self._press_shared(name):
            return True
        if (name == "Space" and isinstance(focused, QAbstractButton)) or name in getattr(focused, "own_keys", ()):
            return False
        for key in filter(None, (name, aliases(name))):
            for command in self._by_key.get(key, ()):
                if (command.in_text or not typing) and command.when(self.current.session):
                    command.do(self.current.session)
                    return True
        if name in HELP and not typing:
            self.toggle_help()
            return True
        line = next((line for line in SCREENS if line.key == name), None)
        if line is not None:
            self.go_to(line.id)
        return line is not None

    def _press_shared(self, name: str) -> bool:
        """Keys that come before a screen's own: Escape, help while it is open, and the answers to a question."""
        session = self.current.session
        if self._help.isVisible():
            if not self._help.waiting and (name == "Esc" or name in HELP):
                self._help.close_it()
            else:
                self._help.press(name)
            return True
        if name == "Esc":
            session.dismiss()
            return True
        if session.asking:
            digit = name if name.isdigit() else aliases(name) or ""
            if digit.isdigit():
                session.answer(int(digit))
            return digit.isdigit() or name not in HELP
        return False

    def _take_keyboard_back(self) -> None:
        self.current.setFocus()

    def open_palette(self) -> None:
        """Offer what the screen that is shown can do now."""
        self._palette.open(self.current.commands(), self.current.session)

    def _do(self, command: Command[Any]) -> None:
        if command.when(self.current.session):
            command.do(self.current.session)

    def toggle_help(self) -> None:
        if self._help.isVisible():
            self._help.close_it()
        else:
            own = {command.id for command in self.current.commands() if not command.id.startswith(OF_THE_RUBRIC)}
            title, listed = self.current.listed()
            self._help.show_commands(title, (*listed, *_WAYS), lambda command: command.id in own)

    def _take_new_keys(self, changed: bool) -> None:
        if changed:
            self.keys_changed.emit(self._shown)

    def _why_not(self, command: Command[Any], key: str, changed: Mapping[str, str]) -> str:
        taken = dict.fromkeys(HELP, "All keys") | {"Esc": "Leave", "Tab": "Next field", "Shift+Tab": "Field before"}
        commands = rebind_what_agrees(self.current.commands(), changed)
        return why_not(commands, command, key, taken | {way.key: way.label for way in _WAYS})

    @property
    def player(self) -> Player:
        """What plays for this window."""
        return self._media.player

    @property
    def help_is_open(self) -> bool:
        return self._help.isVisible()

    def all_commands(self) -> tuple[Command[Any], ...]:
        """The keys of the screen that is shown, then those that lead to the others."""
        return (*self.current.commands(), *_WAYS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._help.setGeometry(self._central.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.settle():
            event.ignore()  # the next try closes it: what was not saved is a draft by then
            return
        self._is_closed = True
        self._lookout.stop()
        QSettings().setValue("window/geometry", self.saveGeometry())
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._watch)
        for screen in self._screens.values():
            screen.session.close()
        self._commits.finish()
        self._media.close()
        self._tasks.stop()
        self._opened.close()
        self.closed.emit()
        super().closeEvent(event)

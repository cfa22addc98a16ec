"""The application: one process, one window at a time, the start screen or a project."""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QByteArray, QMessageLogContext, QSettings, QSize, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMainWindow

from labeler import faults
from labeler.errors import LabelerError
from labeler.gui.own_keys import own_keys
from labeler.gui.start import StartWindow
from labeler.gui.tasks import Tasks
from labeler.gui.theme import TEXT_PX, Theme, load_fonts
from labeler.gui.window import ProjectWindow
from labeler.sessions import projects
from labeler.sessions.review.evidence import LARGEST_TEXT_PX, SMALLEST_TEXT_PX

RECENT = 6
_FIRST_SIZE = QSize(1440, 900)
_TITLE_BAR = 40


class App:
    """Shows the start screen or a project, and remembers what was opened."""

    def __init__(self, person: str | None) -> None:
        self.theme = Theme()
        self.theme.choose(str(QSettings().value("theme", "system")))
        self.theme.set_text_px(_text_px())
        self.theme.changed.connect(self._remember_looks)
        self._person = person
        self._tasks = Tasks()
        self.window: QMainWindow | None = None

    def _remember_looks(self) -> None:
        QSettings().setValue("theme", self.theme.choice)
        QSettings().setValue("text_px", self.theme.text_px)

    def start(self, message: str = "") -> None:
        """Show the start screen in place of what is shown."""
        if not self._settled():
            return
        # Not needed by who opens a project: what makes new ones brings many modules.
        from labeler.gui.new_project import NewProjectCard

        cards = [projects.card(Path(folder), self._person) for folder in _recent()]
        window = StartWindow(self.theme, cards, NewProjectCard(self.theme, self._tasks, self._person))
        window.chosen.connect(self.open)
        window.demo.connect(lambda: self._make_demo(window))
        window.say(message)
        self._show(window)

    def open(self, folder: Path, person: str | None = None, screen: str = "") -> None:
        """Open a project for the person named or whoever works here; where that cannot be, say why.

        It opens with Review, or with the screen that has this id.
        """
        if not self._settled():
            return
        try:
            opened = projects.open_review(folder, person or self._person, lambda: datetime.now(UTC), time.monotonic)
        except LabelerError as problem:
            self.start(str(problem))
            return
        _remember(folder)
        window = ProjectWindow(self.theme, opened, own_keys())
        window.leave.connect(self.start)
        window.person_wanted.connect(partial(self.open, folder))
        window.role_changed.connect(lambda shown: self._open_in_new_role(folder, opened.person.id, shown))
        window.keys_changed.connect(lambda shown: self.open(folder, opened.person.id, shown))
        self._show(window)
        if screen:
            window.go_to(screen)

    def _open_in_new_role(self, folder: Path, person: str, screen: str) -> None:
        self.open(folder, person, screen)
        if isinstance(self.window, ProjectWindow):
            self.window.tell_role()

    def _settled(self) -> bool:
        """Whoever opens a project has to find in it what was done in the window before."""
        return not isinstance(self.window, ProjectWindow) or self.window.settle()

    def _make_demo(self, window: StartWindow) -> None:
        window.say("Making the demo project: 120 items and what two pairs of models made of them…")
        make = partial(projects.make_demo, self._person)
        self._tasks.run("demo", make, self.open, self._report)

    def _show(self, window: QMainWindow) -> None:
        before, self.window = self.window, window
        # What is kept of the window before is older than where it stands now.
        geometry = QSettings().value("window/geometry") if before is None else before.saveGeometry()
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        else:
            window.resize(_FIRST_SIZE)
            room = window.screen().availableSize() - QSize(0, _TITLE_BAR)
            if room.boundedTo(_FIRST_SIZE) != _FIRST_SIZE:
                # Frame and title bar come on top of the size: what does not fit hides the status bar behind the edge.
                window.setWindowState(Qt.WindowState.WindowMaximized)
        window.show()
        window.activateWindow()
        if before is not None:
            before.close()
            before.deleteLater()

    def report(self, _kind: type[BaseException], fault: BaseException, _trace: TracebackType | None) -> None:
        """In place of `sys.excepthook`: Qt calls it for what nobody caught, and the window stays up."""
        if not isinstance(fault, LabelerError):
            faults.tell(fault)
        try:
            self._say(fault)
        except Exception as another:  # of a hook that fails Python prints both, with all that they say
            faults.tell(another)

    def _say(self, fault: BaseException) -> None:
        if isinstance(fault, Exception) and isinstance(self.window, ProjectWindow):
            self.window.report(fault)
        elif isinstance(fault, Exception) and isinstance(self.window, StartWindow):
            self.window.say(str(faults.explain(fault)))

    def _report(self, fault: BaseException) -> None:
        self.report(type(fault), fault, fault.__traceback__)

    def stop(self) -> None:
        self._tasks.stop()


def application() -> QApplication:
    """The Qt application with our name, fonts and style; made once."""
    made = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(made, QApplication)
    made.setApplicationName("Labeler")
    made.setOrganizationName("Labeler")
    made.setStyle("Fusion")
    load_fonts()
    return made


_QT_FUNCTION = re.compile(r"Q\w+(?:::\w+)+")


def tell_of_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """In place of Qt's own printing, which could quote what a widget shows: the function that a message begins with."""
    where = _QT_FUNCTION.match(message)
    category = getattr(context, "category", None) or "default"
    faults.say(f"labeler: {kind.name} of Qt, {category}{f': {where[0]}' if where else ''}")


def run(project: Path | None, person: str | None) -> int:
    """The app until its last window closes: with a project at its next item, else at the start screen."""
    qt = application()
    app = App(person)
    sys.excepthook = app.report
    qInstallMessageHandler(tell_of_qt)
    if project is None:
        app.start()
    else:
        app.open(project)
    status = qt.exec()
    qInstallMessageHandler(None)  # no Python may run while the interpreter ends
    app.stop()
    return status


def _text_px() -> int:
    kept = str(QSettings().value("text_px", ""))
    return min(max(int(kept), SMALLEST_TEXT_PX), LARGEST_TEXT_PX) if kept.isdigit() else TEXT_PX


def _recent() -> list[str]:
    found = QSettings().value("recent", [])
    listed = found if isinstance(found, list) else [found]
    return [str(folder) for folder in listed if Path(str(folder)).is_dir()]


def _remember(folder: Path) -> None:
    place = str(folder.resolve())
    QSettings().setValue("recent", [place, *(f for f in _recent() if f != place)][:RECENT])

"""The card of the start screen that makes a project from files: drop them, see what was understood, create."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from labeler import faults
from labeler.errors import LabelerError
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.choosing import choose_files
from labeler.gui.widgets.label import laid_out, plain
from labeler.gui.widgets.progress import ProgressLine
from labeler.sessions import new_project
from labeler.sessions.new_project import FileLine, NewProject

T = TypeVar("T")

_READ = "Files with records (*.jsonl *.ndjson *.csv *.parquet)"
_ROLES = {"items": "items", "old": "old model", "new": "new model", "decisions": "decisions", "": "not used"}
_EXPLAINED = (
    "Drop files here, or a folder with them: the items, the old model’s outputs, the new model’s outputs, "
    "and past decisions if there are any. JSONL, CSV and Parquet are read; media lie beside them."
)


class NewProjectCard(QFrame):
    """Shows a `NewProject` and changes it; `created` has the folder of the project that was made."""

    created = Signal(Path)
    _told = Signal(str, int, int)

    def __init__(self, theme: Theme, tasks: Tasks, person: str | None) -> None:
        super().__init__()
        self._theme = theme
        self._tasks = tasks
        self._person = person
        self._project = NewProject()
        self._stopping = False
        self._shown_problems: Path | None = None
        self.setObjectName("dropCard")
        self.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        column.addWidget(plain("sectionTitle", "New project"))
        column.addWidget(_wrapped("quiet", _EXPLAINED))
        self._files = QGridLayout()
        self._files.setHorizontalSpacing(10)
        self._files.setVerticalSpacing(4)
        self._files.setColumnStretch(1, 1)
        column.addLayout(self._files)
        column.addLayout(self._buttons())
        self._problems = QPlainTextEdit()
        self._problems.setReadOnly(True)
        self._problems.setMaximumHeight(130)
        self._problems.setAccessibleName("Lines that cannot be read")
        column.addWidget(self._problems)
        self._foreseen = _wrapped("body", "")
        column.addWidget(self._foreseen)
        column.addWidget(self._place())
        self._message = _wrapped("quiet", "")
        column.addWidget(self._message)
        self._progress = ProgressLine(theme)
        column.addWidget(self._progress)
        self._create = KeyButton(theme, Look.PRIMARY, "Create project and review", "Enter")
        self._create.clicked.connect(lambda _checked: self.make())
        column.addWidget(self._create)
        self._told.connect(self._show_progress)
        self._show()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        choose = KeyButton(self._theme, Look.PLAIN, "Choose files…", "N")
        choose.clicked.connect(lambda _checked: self.choose())
        self._turn = KeyButton(self._theme, Look.PLAIN, "Swap old and new", "S")
        self._turn.clicked.connect(lambda _checked: self.turn())
        self._stop = KeyButton(self._theme, Look.PLAIN, "Stop", "Esc")
        self._stop.clicked.connect(lambda _checked: self.stop())
        for button in (choose, self._turn, self._stop):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _place(self) -> QWidget:
        self._where = QWidget()
        row = QHBoxLayout(self._where)
        row.setContentsMargins(0, 0, 0, 0)
        self._folder = QLineEdit()
        self._folder.setAccessibleName("Folder of the project")
        self._folder.textEdited.connect(self._set_folder)
        self._folder.returnPressed.connect(self.make)
        row.addWidget(plain("quiet", "Folder"))
        row.addWidget(self._folder, 1)
        return self._where

    @property
    def busy(self) -> bool:
        return self._stop.isVisibleTo(self)

    def choose(self) -> None:
        paths = choose_files(self, "Items, and the outputs of two models", _READ)
        if paths:
            self.take(paths)

    def take(self, paths: Sequence[Path]) -> None:
        """Look into files that were dropped or chosen."""
        self._work("Reading", partial(new_project.look_into, paths), self._taken)

    def _taken(self, surveyed: list[new_project.Surveyed]) -> None:
        self._change(self._project.with_files(surveyed))
        if not surveyed:
            self._say("There is no file in it that can be read: .jsonl, .csv or .parquet.")

    def turn(self) -> None:
        if not self.busy and self._project.of("old") is not None:
            self._change(self._project.turned())

    def make(self) -> None:
        """Make the project beside the window; `created` follows."""
        if self.busy or self._project.missing:
            return
        work = partial(new_project.create, self._project, self._person)
        self._work("Making the project", work, self.created.emit)

    def stop(self) -> None:
        if self.busy:
            self._stopping = True
            self._say("Stopping…")

    def _change(self, project: NewProject) -> None:
        self._project = project
        self._show()
        if not project.missing and project.foreseen is None:
            self._work("Comparing", partial(new_project.look_ahead, project), self._foresaw)

    def _foresaw(self, foreseen: new_project.Foreseen) -> None:
        self._change(self._project.with_foreseen(foreseen))

    def _set_folder(self, text: str) -> None:
        self._project = self._project.in_folder(Path(text).expanduser() if text.strip() else None)

    def _work(self, what: str, work: Callable[[new_project.Tell], T], done: Callable[[T], None]) -> None:
        """Do something long beside the window. The latest request wins: an earlier one is dropped."""
        self._stopping = False
        self._stop.setVisible(True)
        self._progress.setVisible(True)
        self._progress.show_progress(0, 1)
        self._say(f"{what}…")
        self._create.setEnabled(False)

        def finished(answer: T) -> None:
            self._at_rest("")
            done(answer)

        self._tasks.run("new project", partial(work, self._tell), finished, self._failed)

    def _tell(self, what: str, done: int, total: int) -> None:
        """Runs on the thread that works."""
        if self._stopping:
            raise new_project.StoppedError
        self._told.emit(what, done, total)

    def _show_progress(self, what: str, done: int, total: int) -> None:
        if self.busy and not self._stopping:
            share = f" {done * 100 // total} %" if total else ""
            self._say(f"{what}{share}")
            self._progress.show_progress(done, total)

    def _failed(self, problem: BaseException) -> None:
        stopped = isinstance(problem, new_project.StoppedError)
        words = "Stopped. What was read is kept; create the project to go on."
        self._at_rest(words if stopped else str(faults.explain(problem)))
        if not isinstance(problem, new_project.StoppedError | LabelerError):
            raise problem

    def _say(self, message: str) -> None:
        self._message.setText(message)
        self._message.setVisible(bool(message))

    def _at_rest(self, message: str) -> None:
        self._stop.setVisible(False)
        self._progress.setVisible(False)
        self._say(message)
        self._create.setEnabled(not self._project.missing)

    def _show(self) -> None:
        project = self._project
        while (entry := self._files.takeAt(0)) is not None:
            if (widget := entry.widget()) is not None:
                widget.deleteLater()
        for row, line in enumerate(project.lines):
            self._show_line(row, line)
        some = bool(project.lines)
        self._turn.setVisible(project.of("old") is not None)
        self._where.setVisible(some and not project.missing)
        self._create.setVisible(some)
        self._foreseen.setText("\n".join(new_project.in_words(project.foreseen)) if project.foreseen else "")
        self._foreseen.setVisible(project.foreseen is not None)
        if not self._folder.hasFocus():
            self._folder.setText(str(project.place or ""))
        self._at_rest(project.missing if some else "")
        self._show_problems()

    def _show_line(self, row: int, line: FileLine) -> None:
        good = line.role != "" and not line.refused
        sign = plain("good" if good else "statusSerious", "✓" if good else "!")
        sign.setAccessibleName("read" if good else "to look at")
        name = plain("body", line.path.name)
        said = _wrapped("note", f"{_ROLES[line.role]} · {line.said}" if line.role else line.said)
        take_out = KeyButton(self._theme, Look.FLAT, "Take out")
        take_out.clicked.connect(lambda _checked: self._change(self._project.without(line.path)))
        self._files.addWidget(sign, 2 * row, 0)
        self._files.addWidget(name, 2 * row, 1)
        self._files.addWidget(take_out, 2 * row, 3)
        self._files.addWidget(said, 2 * row + 1, 1, 1, 3)
        if line.refused:
            look = KeyButton(self._theme, Look.FLAT, f"{line.refused:,} to look at")
            look.clicked.connect(lambda _checked: self._toggle_problems(line.path))
            self._files.addWidget(look, 2 * row, 2)

    def _toggle_problems(self, path: Path) -> None:
        self._shown_problems = None if self._shown_problems == path else path
        self._show_problems()

    def _show_problems(self) -> None:
        line = next((line for line in self._project.lines if line.path == self._shown_problems), None)
        problems = [f"line {problem.line}: {problem.reason}" for problem in line.problems] if line else []
        if line and len(problems) < line.refused:
            problems.append(f"… and {line.refused - len(problems):,} more; labeler new --report F lists all")
        self._problems.setPlainText(laid_out("\n".join(problems)))
        self._problems.setVisible(bool(problems))


def _wrapped(name: str, text: str) -> QLabel:
    label = plain(name, text)
    label.setWordWrap(True)
    return label

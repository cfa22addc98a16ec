"""The window, made to fail wherever Qt, a library, a thread or a child process finds it: see `fail_everywhere`."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel
from PySide6.QtCore import QTimer, qCritical, qWarning
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from labeler.gui.app import App, run
from labeler.gui.tasks import Tasks
from labeler.gui.window import ProjectWindow
from labeler.modalities.player.messages import Load
from labeler.modalities.player.player import Player
from labeler.modalities.player.stretch import Stretcher
from labeler.steps.executor import Processes
from tests.attacks.fail_everywhere import loads_that_fail, statements_that_fail
from tests.attacks.quoting import SECRET, Bomb, Fault, fail, fail_in_child


class SlotFault(Fault): ...


class PaintFault(Fault): ...


class WorkFault(Fault): ...


class AnswerFault(Fault): ...


class CallbackFault(Fault): ...


class ThreadFault(Fault): ...


class EndFault(Fault): ...


class CauseFault(Fault): ...


class GroupedFault(Fault): ...


class LoggedFault(Fault): ...


class SecretWarning(UserWarning): ...


def fail_in_libraries() -> None:
    class Form(BaseModel):
        amount: int

    warnings.warn(SECRET, SecretWarning, stacklevel=1)
    logging.getLogger("library").warning("cannot read %s", SECRET)
    try:
        raise LoggedFault(SECRET)
    except LoggedFault:
        logging.getLogger("library").exception("cannot read %s", SECRET)
    qWarning(f"{SECRET} is no colour")
    qCritical(f"QSecret::function: {SECRET}")
    try:
        Form.model_validate({"amount": SECRET})
    except ValueError as problem:
        raise ExceptionGroup(SECRET, [problem, GroupedFault(SECRET)]) from CauseFault(SECRET)


class Ended:
    """`repr` is what Python prints of an object whose end fails."""

    def __repr__(self) -> str:
        return SECRET

    def __del__(self) -> None:
        raise EndFault(SECRET)


class Painted(QWidget):
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # the name is Qt's
        raise PaintFault(SECRET)


def fail_in_threads() -> None:
    thread = threading.Thread(target=fail, args=(ThreadFault, SECRET), name=SECRET)
    thread.start()
    thread.join()
    future = Future[None]()
    future.add_done_callback(lambda _: fail(CallbackFault, SECRET))
    future.set_result(None)


def fail_in_children() -> None:
    with suppress(Exception):
        next(Processes(1).map(Bomb, [SECRET]))  # type: ignore[arg-type]
    player = Player()
    player._connection.send(Load(1, (Bomb(),)))  # type: ignore[arg-type]  # what the window sends
    player._process.join(20)
    stretcher = Stretcher()
    stretcher.ask(Bomb(), 8000, 1.0)  # type: ignore[arg-type]
    assert stretcher.answer(1) is None
    player.close()
    list(Processes(1).map(fail_in_child, [SECRET]))


def fail_in_window(shown: ProjectWindow) -> Iterator[Callable[[], object]]:
    """Each is done by a timer of Qt's, so that Qt is what finds the fault."""
    tasks = Tasks(shown)
    yield lambda: fail(SlotFault, shown.session.state.evidence.item.content)  # type: ignore[union-attr, arg-type]
    yield Painted(shown).show
    yield lambda: tasks.run("work", lambda: fail(WorkFault, SECRET), print, shown.report)
    yield lambda: tasks.run("work", lambda: fail(WorkFault, SECRET), print, _raise)
    yield lambda: tasks.run("answer", lambda: SECRET, lambda words: fail(AnswerFault, words), shown.report)
    yield fail_in_libraries
    yield fail_in_threads
    yield fail_in_children
    yield lambda: [Ended()].clear()  # noqa: PLW0108  # made and forgotten when it is called
    for failing in (loads_that_fail, statements_that_fail):
        for key in "v1\rs1":
            yield partial(_type, shown, failing, key)
    yield tasks.finish


def _raise(problem: BaseException) -> NoReturn:
    raise problem


def _type(shown: ProjectWindow, failing: Any, key: str) -> None:
    with failing(0):
        QTest.keyClicks(QApplication.focusWidget() or shown, key)
        QApplication.processEvents()


def window(project: Path) -> None:
    """The app as it is started, with somebody who has it fail when Qt has begun to work."""
    opened = App.open

    def open_and_fail(app: App, folder: Path) -> None:
        opened(app, folder)
        assert isinstance(app.window, ProjectWindow)
        steps = fail_in_window(app.window)

        def go_on() -> None:
            step = next(steps, None)
            QTimer.singleShot(10, go_on if step is not None else end)
            if step is not None:
                step()

        def end() -> None:
            QApplication.processEvents()
            QApplication.exit()

        QTimer.singleShot(0, go_on)

    App.open = open_and_fail  # type: ignore[method-assign, assignment]
    run(project, "ada")

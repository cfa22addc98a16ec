"""A person who types fast in a real window, until the operating system ends it: run by `test_window_kills`.

Each kill is a child of its own with a window on a copy of a project. It says on a pipe what the person saw and did; the
reports go to standard output, one JSON object a kill. With a second window, another child writes to the same project.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel

from labeler.errors import LabelerError
from labeler.gui import review as review_screen  # noqa: F401  # loaded before the first child is made
from labeler.gui.app import App, application
from labeler.gui.panels import text as text_panel  # noqa: F401
from labeler.gui.window import ProjectWindow
from labeler.sessions.projects import open_review
from labeler.sessions.review.state import ReviewState
from tests.attacks.write_beside_others import step

LONGEST_S = 0.5
"""From the first key on."""
LONGEST_AFTER_ENTER_S = 0.012
"""Within this the next item is painted, the verdict written down and committed."""
TIERS = (Qt.Key.Key_Z, Qt.Key.Key_X, Qt.Key.Key_C, Qt.Key.Key_V)


class Typist:
    """Decides by what the window shows, and presses keys on the widget that has the keyboard."""

    def __init__(self, window: ProjectWindow, pipe: int, chance: Random) -> None:
        self.window, self.pipe, self.chance = window, pipe, chance
        self.enters = 0
        self.dies_at = chance.randrange(1, 8) if chance.random() < 0.6 else 0
        """After this Enter, within the time in which it is put off and written down."""
        self.stacked: list[str] = []
        self.said = ""
        self.status = window.status.findChildren(QLabel)[0]
        if not self.dies_at:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.001, LONGEST_S))
        window.session.listen(self.look)
        QTimer.singleShot(0, window, self.type)

    def tell(self, what: str, item: str = "", more: str = "") -> None:
        os.write(self.pipe, orjson.dumps([what, item, more]) + b"\n")

    def look(self, _old: ReviewState, new: ReviewState) -> None:
        """What the status bar says, when it says something new."""
        text = self.status.text()
        if text != self.said and text.startswith(("● Saved ", "● Skipped ")):
            self.tell("told", text.split()[2])
        if text != self.said and text == "● All is saved":
            self.tell("all")
        if text.startswith("!"):
            self.tell("serious", "", text)
        self.said = text
        item, tier = new.evidence.item, new.judgement.draft.tier
        if item is not None and tier is not None:
            self.tell("draft", item.id, str(tier))

    def press(self, key: Qt.Key, mark: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QApplication.focusWidget() or self.window
        QCoreApplication.sendEvent(focused, QKeyEvent(QEvent.Type.KeyPress, key, mark, chr(key.value % 0x110000)))

    def type(self) -> None:
        state, chance = self.window.session.state, self.chance
        item = state.evidence.item
        fate = chance.random()
        if state.screen.ask is not None:
            assert item is not None
            self.ask("skip", item.id)
            self.press(Qt.Key.Key_1)
        elif item is None or (self.stacked and not state.judgement.draft.touched and fate < 0.15):
            self.ask("undo", self.stacked.pop())
            self.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        elif state.judgement.draft.tier is None and fate < 0.25:
            self.press(Qt.Key.Key_S)
        elif state.judgement.draft.tier is None:
            self.press(chance.choice(TIERS))
        elif state.judgement.missing:
            self.press(chance.choice((Qt.Key.Key_1, Qt.Key.Key_2)))
        else:
            self.ask("verdict", item.id)
            self.press(Qt.Key.Key_Return)
            self.enter()
        QTimer.singleShot(chance.choice((0, 0, 1, 3, 12)), self.window, self.type)

    def ask(self, what: str, item: str) -> None:
        """Told before it happens: whether it did, the log says."""
        self.tell(what, item)
        if what != "undo":
            self.stacked.append(item)

    def enter(self) -> None:
        self.enters += 1
        if self.enters == self.dies_at:
            signal.setitimer(signal.ITIMER_REAL, self.chance.uniform(0.0001, LONGEST_AFTER_ENTER_S))
        if self.chance.random() < 0.1:
            self.window.showMinimized()  # nothing is painted
        elif self.window.isMinimized():
            self.window.showNormal()


def work(folder: Path, pipe: int, seed: float) -> None:
    application()
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    app = App("Ada")
    sys.excepthook = app.report
    app.open(folder)
    assert isinstance(app.window, ProjectWindow)
    typist = Typist(app.window, pipe, Random(seed))
    QTimer.singleShot(20_000, app.window, lambda: os._exit(3))
    assert typist is not None
    QApplication.exec()


def beside(folder: Path, seed: float) -> None:
    """Bob, in a window of his own that needs no picture."""
    session, chance = open_review(folder, "Bob", lambda: datetime.now(UTC), time.monotonic).session, Random(seed)
    while True:
        try:
            step(session, chance)
        except LabelerError:
            os._exit(4)
        time.sleep(chance.uniform(0, 0.02))


def main() -> None:
    template, scratch, chance, kills = Path(sys.argv[1]), Path(sys.argv[2]), Random(int(sys.argv[3])), int(sys.argv[4])
    for n in range(kills):
        folder, own_seed = scratch / str(n), chance.random()
        shutil.copytree(template, folder)
        reading, writing = os.pipe()
        children = [os.fork()]
        if children[0] == 0:
            os.close(reading)
            work(folder, writing, own_seed)
            os._exit(5)
        os.close(writing)
        if n % 3 == 0:
            children.append(os.fork())
            if children[1] == 0:
                os.close(reading)
                beside(folder, own_seed)
        with os.fdopen(reading, "rb") as pipe:
            told = [orjson.loads(line) for line in pipe.read().splitlines()]
        _, status = os.waitpid(children[0], 0)
        for other in children[1:]:
            os.kill(other, signal.SIGKILL)
            os.waitpid(other, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        report = {"folder": str(folder), "ended": "killed" if killed else str(status), "told": told}
        sys.stdout.buffer.write(orjson.dumps(report) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

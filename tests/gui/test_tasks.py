"""Work beside the window: when its answers come."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from labeler.gui.tasks import Tasks


class Painted(QWidget):
    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        self._said.append("painted")
        super().paintEvent(event)


def raise_it(problem: BaseException) -> None:
    raise problem


def test_answers_in_no_hurry_come_after_what_is_due_to_be_painted(qtbot: QtBot) -> None:
    said = list[str]()
    widget, tasks = Painted(said), Tasks(workers=1, in_no_hurry=True)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.waitUntil(lambda: "painted" in said)
    for _ in range(20):
        said.clear()
        widget.update()
        tasks.run("slot", lambda: "answer", said.append, raise_it)
        tasks._pool.submit(lambda: None).result()  # the one thread has answered by now
        qtbot.waitUntil(lambda: "answer" in said)
        assert said == ["painted", "answer"]
    tasks.stop()


def test_answers_in_no_hurry_are_not_lost_when_the_window_closes(qtbot: QtBot) -> None:
    said, tasks = list[int](), Tasks(workers=1, in_no_hurry=True)
    for n in range(5):
        tasks.run(f"slot {n}", partial(int, n), said.append, raise_it)
    tasks.finish()
    assert said == [0, 1, 2, 3, 4]

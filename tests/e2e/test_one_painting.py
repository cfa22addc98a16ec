"""What is painted has been laid out: nothing of an item is painted in one place and then again in another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from labeler.steps.project import Project, person_called
from tests.e2e.annotator import Annotator
from tests.e2e.conftest import OpenWindow


class Paintings(QObject):
    """Looks at each painting of a widget whether a layout inside it is still to be done."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        self.too_early: list[str] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self.count += 1
            for one in (*watched.findChildren(QWidget), watched):
                layout = one.layout()
                if one.isVisible() and layout is not None and layout.activate():
                    self.too_early.append(type(one).__name__)
        return False


def test_the_verdict_panel_is_laid_out_before_it_is_painted(
    demo_folder: Path, demo: Project, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    annotator = Annotator(window, demo, person_called(demo, "Ana Annotator").id, qtbot)
    window.session.filter_modality(Modality.IMAGE)
    annotator.judge()  # all that is made once is made
    seen = Paintings(window.review.verdict)
    annotator.judge()
    assert seen.count
    assert seen.too_early == []

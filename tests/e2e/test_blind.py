"""Nothing that a person or a screen reader can find in the window tells which side is the new model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from labeler.domain.items import Modality
from labeler.domain.people import Role
from labeler.gui.help import Help
from labeler.gui.window import ProjectWindow
from labeler.sessions.review.commands import COMMANDS, on_medium
from labeler.steps.project import Project
from tests.e2e.conftest import OpenWindow
from tests.sessions.test_hidden_checks import NOON, settle

TEXTS = ("windowTitle", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription", "objectName")
OPTIONAL_TEXTS = ("text", "toPlainText", "placeholderText")


def all_texts(window: ProjectWindow) -> set[str]:
    """Every text of every widget, and what accessibility says of each."""
    found = set()
    for widget in [window, *window.findChildren(QWidget)]:
        for name in (*TEXTS, *OPTIONAL_TEXTS):
            read = getattr(widget, name, None)
            if callable(read):
                found.add(str(read()))
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            found |= {interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)}
    return {text for text in found if text}


@pytest.mark.parametrize("modality", [Modality.IMAGE, Modality.AUDIO])
def test_no_text_of_the_window_names_a_model_or_gives_the_reference_away(
    demo: Project, demo_folder: Path, open_window: OpenWindow, modality: Modality
) -> None:
    release = demo.store.latest_release()
    assert release is not None
    pairs = release.pairs.values()
    names = {word.lower() for p in pairs for m in (p.old, p.new) for word in (m.name, m.version)}
    window = open_window(demo_folder, "Ana Annotator")
    window.session.filter_modality(modality)
    for _ in range(8):
        item_id = window.session.state.evidence.item
        assert item_id is not None
        item = demo.store.item(item_id.id)
        assert item.reference is not None
        reference = item.reference.text
        assert reference is not None
        before = all_texts(window)
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_X)
        texts = before | all_texts(window)
        assert not [text for text in texts for name in names if name in text.lower()]
        assert window.session.state.evidence.pair is not None
        shown = {window.session.state.evidence.pair.a.text, window.session.state.evidence.pair.b.text}
        if reference.lower() not in {text.lower() for text in shown}:
            assert not [text for text in texts if reference in text]
        window.session.ask_skip()
        window.session.answer(5)


def test_a_hidden_check_shows_what_the_same_item_shows_when_it_is_none(
    demo: Project, demo_folder: Path, open_window: OpenWindow
) -> None:
    file = demo_folder / "project.toml"
    file.write_text(file.read_text() + "\n[checks]\nrate = 0.5\nrepeats = 0.0\nrepeat_after = 1\nwrong = 0.0\n")
    settle(demo, next(p for p in demo.store.people() if p.role is Role.LEAD), 60)
    demo.store.add_person("Ana Annotator", at=NOON, person_id="p-ana")
    window = open_window(demo_folder, "Ana Annotator")
    compared = 0
    for _ in range(8):
        desk = window.session._desk
        assert desk is not None
        item_id, why = desk.opened.item.id, window.session.state.evidence.why
        if desk.opened.check is not None:
            QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_X)
            window.session.say("")
            checked = all_texts(window)
            why = window.session.state.evidence.why
            window.session.show_item(item_id)
            window.session.say("")
            assert checked - {why} == all_texts(window) - {why}
            compared += 1
            window.session.filter_modality(None)  # back to what is next
        window.session.ask_skip()
        window.session.answer(5)
        window.session.settle()  # nothing is painted here
    assert compared >= 2


def test_help_lists_every_key_of_what_is_shown_and_its_rubrics(demo_folder: Path, open_window: OpenWindow) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    texts = all_texts(window)
    listed = on_medium(COMMANDS, window.session.state.evidence.shows)
    assert {command.label for command in listed if command.key} <= texts
    assert window.session.state.judgement.rubric is not None
    assert {failure.label for failure in window.session.state.judgement.rubric.failures} <= texts
    keys = window.findChild(Help)
    assert keys is not None
    bar = keys.findChildren(QScrollArea)[0].verticalScrollBar()
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert not window.help_is_open

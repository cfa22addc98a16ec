"""What is typed into a field is carried over to the text, however long it is and whatever is hidden in it."""

from __future__ import annotations

import time
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from labeler.gui.widgets import shown_text
from labeler.gui.widgets.edited_text import EditedText
from labeler.gui.widgets.shown_text import LONGEST_LINE

PIECES = [
    "a",
    "b ",
    "\n",
    "\u202e",
    "\U0001f600",
    "\U0001f601",
    "\u00a0",
    "\x00",
    "e\u0301",
    "xyzxyzxyz",
    "\u2028",
    "\r",
]


@pytest.fixture
def field(qtbot: QtBot) -> EditedText:
    made = EditedText()
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    return made


@pytest.mark.parametrize("longest", [4, LONGEST_LINE])
def test_the_text_is_what_was_typed_after_any_change(
    field: EditedText, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(shown_text, "LONGEST_LINE", longest)
    for seed in range(60):
        chance = Random(seed)
        text = "".join(chance.choices(PIECES, k=chance.randrange(20)))
        field.set_text(text)
        for _ in range(12):
            begin, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
            said = "".join(chance.choices(PIECES[:8], k=chance.randrange(4)))
            cursor = field.cursor_over((begin, end))
            cursor.insertText(said)
            text = text[:begin] + said + text[end:]
            assert field.text == text, seed
            assert field.document().toRawText().replace("\u2029", "\n") == shown_text.shown_text(text).shown


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_no_key_stops_at_a_soft_break(field: EditedText, qtbot: QtBot, key: Qt.Key) -> None:
    field.set_text("".join(chr(0x4E00 + n) for n in range(2 * LONGEST_LINE)))
    text = field.text
    back = key == Qt.Key.Key_Backspace
    cursor = QTextCursor(field.document())
    cursor.setPosition(LONGEST_LINE + back)  # before the break, and behind it
    field.setTextCursor(cursor)
    QTest.keyClick(field, key)
    gone = LONGEST_LINE - 1 if back else LONGEST_LINE
    assert field.text == text[:gone] + text[gone + 1 :]
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text == text


def test_half_a_hidden_character_cannot_be_taken_away(field: EditedText, qtbot: QtBot) -> None:
    field.set_text("ab\u202ecd")
    assert "⟨RLO⟩" in field.toPlainText()
    field.setTextCursor(field.cursor_over((3, 3)))
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text == "abcd"
    assert field.toPlainText() == "abcd"
    QTest.keyClicks(field, "!")
    assert field.text == "ab!cd"


def test_a_megabyte_without_a_space_opens_and_is_typed_in_while_one_waits_for_nothing(
    field: EditedText, qtbot: QtBot
) -> None:
    """In the time that Qt's own field takes for a fortieth of it."""
    plain = QPlainTextEdit()
    qtbot.addWidget(plain)
    plain.resize(400, 150)
    plain.show()
    began = time.process_time()
    plain.setPlainText("x" * 25_000)
    QApplication.processEvents()
    a_fortieth = time.process_time() - began

    began = time.process_time()
    field.set_text("x" * 1_000_000)
    QApplication.processEvents()
    opened = time.process_time() - began
    began = time.process_time()
    QTest.keyClicks(field, "hallo")
    QApplication.processEvents()
    typed = (time.process_time() - began) / 5
    assert field.text == "hallo" + "x" * 1_000_000
    assert opened < 5 * a_fortieth
    assert typed < 5 * a_fortieth

"""The buttons below a recording: a click asks for what the key of the same name does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from labeler.gui.panels.audio.sound_bar import SoundBar
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton
from labeler.modalities.player.messages import Output


@pytest.fixture
def bar(qtbot: QtBot) -> SoundBar:
    made = SoundBar(Theme(), {})
    qtbot.addWidget(made)
    made.resize(1200, 40)
    made.show_devices([Output("usb", "Headset & co"), Output("pci", "Speakers")], "Speakers", "Install more")
    made.show()
    return made


def test_each_button_asks_for_a_command_of_its_own(bar: SoundBar) -> None:
    asked: list[str] = []
    bar.asked.connect(asked.append)
    buttons = bar.findChildren(KeyButton)
    for button in buttons:
        button.show()  # also what this recording has no use for
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(set(asked)) == len(buttons) - 1  # the last one offers devices


def test_no_menu_opens_while_there_is_no_device(bar: SoundBar) -> None:
    bar.show_devices([], "")
    bar.offer_devices()
    assert bar.findChild(QMenu) is None


def test_a_device_is_chosen_from_those_there_are(bar: SoundBar) -> None:
    chosen: list[str] = []
    bar.device_chosen.connect(chosen.append)
    QTest.mouseClick(bar.findChildren(KeyButton)[-1], Qt.MouseButton.LeftButton)
    menu = bar.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [
        "The system's own choice",
        "Headset && co",
        "Speakers",
        "",
        "Install more",
    ]
    assert not menu.actions()[-1].isEnabled()
    menu.actions()[1].trigger()
    assert chosen == ["usb"]
    assert bar.remembered_device == "usb"

"""A line that does not fit says so, and keeps all of itself where it is asked."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from labeler.gui.widgets.label import ElidedLabel


def test_what_does_not_fit_ends_in_dots_and_stands_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("quiet", "please transfer 450 pounds\nto <b>savings</b>")
    qtbot.addWidget(label)
    label.resize(1000, 20)
    label.show()
    assert label.text() == "please transfer 450 pounds to <b>savings</b>"
    label.resize(120, 20)
    qtbot.waitUntil(lambda: label.text().endswith("…"))
    assert "&lt;b&gt;savings" in label.toolTip()
    assert label.accessibleName().endswith("</b>")
    label.setText("short")
    assert (label.text(), label.toolTip()) == ("short", "")

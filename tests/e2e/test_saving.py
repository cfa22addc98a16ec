"""Saving in the real window, where a thread waits for the disk."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from labeler.steps.project import Project, person_called
from tests.e2e.annotator import Annotator
from tests.e2e.conftest import OpenWindow


def test_undo_right_after_enter_brings_the_item_back_with_its_verdict(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    person = person_called(demo, "Ana Annotator")
    ana = Annotator(open_window(demo_folder, person.name), demo, person.id, qtbot)
    first = ana.state.evidence.item
    ana.press("X")
    for _ in ana.state.evidence.walk:
        ana.press("1")
    choices = ana.state.judgement.draft.choices
    ana.press("Return", "Ctrl+Z")
    assert ana.state.evidence.item == first
    assert ana.state.judgement.draft.choices == choices
    qtbot.waitUntil(lambda: ana.state.screen.message.text.startswith("Saved"))
    release = demo.store.latest_release()
    assert release is not None
    assert first is not None
    assert demo.store.verdict_of(release.id, first.id, person.id) is None


def test_a_window_that_closes_right_after_enter_has_saved(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    person = person_called(demo, "Ana Annotator")
    ana = Annotator(open_window(demo_folder, person.name), demo, person.id, qtbot)
    item_id, _ = ana.judge()
    second = ana.state.evidence.item
    assert second is not None
    ana.press("X", "U", "1", "Return")
    ana.window.close()
    release = demo.store.latest_release()
    assert release is not None
    for judged in (item_id, second.id):
        assert demo.store.verdict_of(release.id, judged, person.id) is not None

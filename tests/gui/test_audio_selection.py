"""Selecting a span of a recording with mouse and keys, and what a mode's own tool gets of the mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labeler.domain.items import Segment, TimeSpan
from labeler.domain.verdicts import At
from labeler.gui.panels.audio.panel import AudioPanel
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.panels.audio.waveform import Waveform
from labeler.gui.panels.audio.words import words_of
from labeler.modalities.player.player import Player
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.evidence import Request, ShownEvidence, ShownPin, ViewRequest
from tests.gui.audio_states import SIXTY, reviewed
from tests.gui.pointer import drag


class Reviewer:
    """A panel and what a session would make of its signals."""

    def __init__(self, panel: AudioPanel) -> None:
        self.panel = panel
        self.state: ShownEvidence = reviewed(SIXTY)
        panel.selected.connect(self.select)

    def open(self, qtbot: QtBot) -> None:
        with qtbot.waitSignal(self.panel.painted):
            self.panel.show_state(None, self.state)

    def show(self, new: ShownEvidence) -> None:
        old, self.state = self.state, new
        self.panel.show_state(old, new)

    def select(self, span: TimeSpan | None) -> None:
        self.show(replace(self.state, selected=span))

    def ask(self, what: Request) -> None:
        self.show(replace(self.state, request=ViewRequest(self.state.request.serial + 1, what)))

    def at(self, time_s: float) -> QPointF:
        return QPointF(self.panel._view.x(time_s), 90)

    @property
    def waveform(self) -> Waveform:
        found = self.panel.findChild(Waveform)
        assert found is not None
        return found


@pytest.fixture
def reviewer(qtbot: QtBot, audio_panel: AudioPanel) -> Reviewer:
    made = Reviewer(audio_panel)
    made.open(qtbot)
    return made


def test_a_drag_selects_and_its_edges_can_be_moved(reviewer: Reviewer, player: Player) -> None:
    drag(reviewer.waveform, reviewer.at(3.0), reviewer.at(2.6), reviewer.at(2.0))
    assert reviewer.state.selected == pytest.approx((2.0, 3.0), abs=0.01)
    assert player.state.span == reviewer.state.selected
    assert player.state.loop
    drag(reviewer.waveform, reviewer.at(3.0), reviewer.at(3.2), reviewer.at(3.5))
    assert reviewer.state.selected == pytest.approx((2.0, 3.5), abs=0.01)
    drag(reviewer.waveform, reviewer.at(2.0), reviewer.at(4.0), reviewer.at(9.0))
    assert reviewer.state.selected == pytest.approx((3.5, reviewer.panel._view.duration_s), abs=0.01)


def test_a_short_move_is_a_click_and_selects_nothing(reviewer: Reviewer, player: Player) -> None:
    at = reviewer.at(2.0)
    drag(reviewer.waveform, at, at + QPointF(3, 0))
    assert reviewer.state.selected is None
    assert player.position() == pytest.approx(2.0, abs=0.02)


def test_keys_select_from_the_playhead_by_pixels_and_by_words(reviewer: Reviewer, player: Player) -> None:
    player.seek(2.0)
    reviewer.ask(Request.SELECT_FORWARD)
    reviewer.ask(Request.SELECT_FORWARD)
    step = 8 / reviewer.panel._view.pixels_per_s
    assert reviewer.state.selected == pytest.approx((2.0, 2.0 + 2 * step))
    reviewer.ask(Request.SELECT_WORD_FORWARD)
    edges = sorted(time for letter in ("A", "B") for word in words_of(reviewer.state, letter) for time in word.time_s)
    following = next(time for time in edges if time > 2.001 + 2 * step)
    assert reviewer.state.selected == pytest.approx((2.0, following))
    for _ in range(40):
        reviewer.ask(Request.SELECT_WORD_BACK)
    assert reviewer.state.selected == pytest.approx((0.0, 2.0))


def test_the_selection_is_played_from_its_start_until_nothing_is_selected(reviewer: Reviewer, player: Player) -> None:
    reviewer.select((1.0, 1.5))
    player.seek(1.2)
    reviewer.ask(Request.PLAY_AGAIN)
    assert player.state.span == (1.0, 1.5)
    assert player.position() == 1.0
    reviewer.select(None)
    assert player.state.span == (0.0, reviewer.panel._view.duration_s)
    assert not player.state.loop


def test_the_mouse_drawn_over_words_selects_them(reviewer: Reviewer) -> None:
    lane, words = reviewer.panel._transcripts.lanes["A"], words_of(reviewer.state, "A")
    places = [QPointF(reviewer.panel._view.x(sum(word.time_s) / 2), 17) for word in words]
    drag(lane, places[3], places[2], places[1])
    assert reviewer.state.selected == pytest.approx((words[1].time_s[0], words[3].time_s[1]))


class Boundary:
    """A mode's tool: one boundary that can be moved."""

    def __init__(self, time_s: float) -> None:
        self.time_s = time_s
        self.said: list[tuple[str, object]] = []

    def reaches(self, time_s: float, reach_s: float) -> bool:
        return abs(time_s - self.time_s) <= reach_s

    def grab(self, time_s: float, reach_s: float) -> None:
        self.said.append(("grab", time_s - reach_s < time_s))

    def move(self, time_s: float) -> None:
        self.time_s = time_s

    def drop(self) -> None:
        self.said.append(("drop", None))

    def paint(self, painter: QPainter, view: TimeView, area: QRectF) -> None:
        self.said.append(("paint", painter.isActive() and area.contains(view.x(self.time_s), area.center().y())))


def test_a_mode_takes_the_mouse_where_it_has_something_to_move(reviewer: Reviewer) -> None:
    boundary = Boundary(2.0)
    reviewer.panel.tools.add(boundary)
    drag(reviewer.waveform, reviewer.at(2.0), reviewer.at(2.5))
    assert boundary.time_s == pytest.approx(2.5, abs=0.01)
    assert boundary.said == [("grab", True), ("drop", None)]
    assert reviewer.state.selected is None
    reviewer.waveform.grab()
    assert boundary.said[-1] == ("paint", True)
    reviewer.panel.tools.remove(boundary)
    drag(reviewer.waveform, reviewer.at(2.5), reviewer.at(3.0))
    assert boundary.time_s == pytest.approx(2.5, abs=0.01)
    assert reviewer.state.selected == pytest.approx((2.5, 3.0), abs=0.01)


def test_the_boundary_of_a_gold_segment_goes_to_where_the_wave_crosses_zero(qtbot: QtBot, reviewer: Reviewer) -> None:
    assert reviewer.waveform.wave is not None
    recording = reviewer.waveform.wave.recording
    reviewer.show(replace(reviewer.state, gold_segments=(Segment(1.0, 2.0, "one"),), gold_segment=0))
    with qtbot.waitSignal(reviewer.panel.selected):
        drag(reviewer.waveform, reviewer.at(1.2), reviewer.at(2.4))
    assert reviewer.state.selected is not None
    for edge in reviewer.state.selected:
        at = int(edge * recording.sample_rate)
        before, after = recording.samples(at, at + 2)[:, 0]
        assert before * after <= 0


def test_pins_and_gold_segments_stand_in_lanes_of_their_own_and_are_taken_up_by_a_click(
    qtbot: QtBot, reviewer: Reviewer
) -> None:
    lanes = reviewer.panel._mark_lanes
    assert lanes.pins.isHidden()
    assert lanes.gold.isHidden()
    pin = Pin("B", "number", at=At(time_s=(1.0, 2.0)))
    reviewer.show(
        replace(
            reviewer.state,
            pins=(ShownPin(pin, "Number or date", At(time_s=(1.0, 2.0)), held=False),),
            gold_segments=(Segment(0.5, 1.5, "one"), Segment(2.0, 3.0, "two")),
        )
    )
    with qtbot.waitSignal(reviewer.panel.pin_picked) as picked:
        QTest.mouseClick(lanes.pins, Qt.MouseButton.LeftButton, pos=QPoint(round(reviewer.panel._view.x(1.5)), 30))
    assert picked.args == [pin]
    with qtbot.waitSignal(reviewer.panel.gold_segment_picked) as held:
        QTest.mouseClick(lanes.gold, Qt.MouseButton.LeftButton, pos=QPoint(round(reviewer.panel._view.x(2.5)), 17))
    assert held.args == [1]


def test_failures_at_the_same_words_are_all_in_view_and_each_is_taken_up(qtbot: QtBot, reviewer: Reviewer) -> None:
    codes, lanes = ("number", "name", "words"), reviewer.panel._mark_lanes
    at = At(time_s=(1.0, 2.0))
    pins = tuple(ShownPin(Pin("A", code, at=at), code, at, held=code == "name") for code in codes)
    alone = At(time_s=(2.0, 3.0))
    reviewer.show(
        replace(reviewer.state, pins=(*pins, ShownPin(Pin("B", "number", at=alone), "number", alone, held=False)))
    )
    taken: list[Pin] = []
    lanes.pins.picked.connect(taken.append)
    rows = range(10, lanes.pins.height(), 20)
    for time, y in [*((1.5, y) for y in rows), *((2.5, y) for y in rows)]:
        QTest.mouseClick(lanes.pins, Qt.MouseButton.LeftButton, pos=QPoint(round(reviewer.panel._view.x(time)), y))
    assert [(pin.letter, pin.code) for pin in taken] == [
        ("A", "name"),
        ("A", "number"),
        ("A", "words"),
        ("B", "number"),
    ]

"""The audio panel with the demo's recordings and outputs, and a player that finds no device."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from labeler.domain.blind import LETTERS
from labeler.domain.items import Modality, ModelVersion, Output
from labeler.gui.panels.audio.panel import AudioPanel
from labeler.gui.panels.audio.transport import RoundButton
from labeler.gui.panels.audio.waveform import Waveform, tick_label, tick_step
from labeler.gui.panels.audio.words import word_at, words_of
from labeler.gui.widgets.button import KeyButton
from labeler.gui.widgets.output_text import OutputText
from labeler.modalities.player.player import Player
from labeler.sessions.review.evidence import Request, ShownEvidence, ShownMedium, Upcoming, ViewRequest
from labeler.sessions.review.moments import clock
from tests.gui.audio_states import REPEATED, SIXTY, reviewed
from tests.gui.image_states import outputs
from tests.gui.pointer import move_to

Show = Callable[[ShownEvidence], ShownEvidence]


@pytest.fixture
def panel(audio_panel: AudioPanel) -> AudioPanel:
    return audio_panel


@pytest.fixture
def show(qtbot: QtBot, panel: AudioPanel) -> Show:
    def shown(new: ShownEvidence) -> ShownEvidence:
        with qtbot.waitSignal(panel.painted) as painted:
            panel.show_state(None, new)
        assert new.item is not None
        assert painted.args == [new.item.id]
        return new

    return shown


def asked(panel: AudioPanel, old: ShownEvidence, what: Request) -> ShownEvidence:
    new = replace(old, request=ViewRequest(old.request.serial + 1, what))
    panel.show_state(old, new)
    return new


def current_of(shown: ShownEvidence) -> str:
    assert shown.difference is not None
    return shown.difference.id


def texts(panel: AudioPanel) -> list[str]:
    return [text.text for text in panel.findChildren(OutputText) if text.isVisible()]


def said(panel: AudioPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_until_the_tier_is_set_only_the_recording_is_there(panel: AudioPanel, show: Show) -> None:
    hidden = show(reviewed(SIXTY, hidden=True))
    assert texts(panel) == []
    assert not any(lane.isVisible() for lane in panel._transcripts.lanes.values())
    assert "once the difficulty is set" in said(panel)
    assert "/ 0:05.35" in said(panel)
    panel.show_state(hidden, reviewed(SIXTY))
    assert len(texts(panel)) == 2
    assert all(lane.isVisible() for lane in panel._transcripts.lanes.values())


def test_pictures_of_a_recording_are_not_passed_over_in_silence(panel: AudioPanel, show: Show) -> None:
    shown = reviewed(SIXTY)
    made = outputs(*(Output(SIXTY, ModelVersion("painter", version)) for version in "12"))
    drawn = {letter: ShownMedium(Modality.IMAGE, None) for letter in LETTERS}
    show(replace(shown, pair=made, walk=(), current=None, media=drawn))
    notice = "A and B are pictures, not shown here: skip"
    assert said(panel).count(notice) == 2
    assert all(text.placeholderText() == notice for text in panel.findChildren(OutputText))
    assert not any(lane.isVisible() for lane in panel._transcripts.lanes.values())


def test_the_first_difference_is_cued_with_its_context_and_the_next_one_follows(
    panel: AudioPanel, show: Show, player: Player
) -> None:
    first = show(reviewed("aud-044"))
    assert player.state.span == pytest.approx((1.93, 6.6), abs=0.01)
    assert player.state.loop
    second = replace(first, current=1)
    panel.show_state(first, second)
    assert player.state.span == pytest.approx((6.17, 12.42), abs=0.01)
    panel.show_state(second, replace(second, view=replace(second.view, context_s=0.0)))
    assert player.state.span == pytest.approx((6.47, 12.12), abs=0.01)
    panel.show_state(second, replace(second, view=replace(second.view, loop=False)))
    assert not player.state.loop


def test_without_a_device_the_reason_is_said_and_all_else_works(
    qtbot: QtBot, panel: AudioPanel, show: Show, player: Player
) -> None:
    shown = show(reviewed(SIXTY))
    qtbot.waitUntil(lambda: "no sound" in said(panel))
    asked(panel, shown, Request.PLAY_PAUSE)
    qtbot.waitUntil(lambda: not player.state.playing)
    waveform = panel.findChild(Waveform)
    assert waveform is not None
    QTest.mouseClick(waveform, Qt.MouseButton.LeftButton, pos=QPoint(round(panel._view.x(2.0)), 100))
    assert player.position() == pytest.approx(2.0, abs=0.01)
    asked(panel, shown, Request.BACK)
    assert player.position() == pytest.approx(1.0, abs=0.01)


def test_the_wheel_zooms_at_the_pointer_and_keys_zoom_to_the_difference_and_back(panel: AudioPanel, show: Show) -> None:
    shown = show(reviewed(SIXTY))
    view, waveform = panel._view, panel.findChild(Waveform)
    assert waveform is not None
    x = view.x(3.0)
    at = QPointF(x, 100)
    wheel = QWheelEvent(
        at, waveform.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(waveform, wheel)
    assert view.length_s == pytest.approx(view.duration_s / 1.25**2)
    assert view.x(3.0) == pytest.approx(x)
    shown = asked(panel, shown, Request.ZOOM_TO_DIFFERENCE)
    assert view.x(3.0) - view.x(1.31) == pytest.approx(0.6 * view.length_s * view.pixels_per_s, rel=0.01)
    asked(panel, shown, Request.ZOOM_TO_DIFFERENCE)
    assert view.whole


def test_every_zoom_down_to_single_samples_is_drawn(panel: AudioPanel, show: Show) -> None:
    show(reviewed(SIXTY))
    waveform = panel.findChild(Waveform)
    assert waveform is not None
    for _ in range(40):
        panel._view.zoom(1.5, 2.05)
        picture = waveform.grab().toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(60, 900, 23) for y in range(30, picture.height())}
        assert len(colours) > 2  # field or band, and the wave
    assert panel._view.length_s == pytest.approx(0.002)


def test_pointing_at_a_word_lights_it_in_lane_and_text_and_its_difference_on_both_sides(
    panel: AudioPanel, show: Show, player: Player, qtbot: QtBot
) -> None:
    shown = show(reviewed(SIXTY))
    lane_a = panel._transcripts.lanes["A"]
    player.pause()  # the word that is heard lights up as well
    qtbot.waitUntil(lambda: not any(text.lit for text in panel.findChildren(OutputText)))
    words = words_of(shown, "A")
    sixty = next(n for n, word in enumerate(words) if word.text == "sixty")
    middle = QPoint(round(panel._view.x(sum(words[sixty].time_s) / 2)), 17)
    move_to(lane_a, middle)
    a, b = (text for text in panel.findChildren(OutputText))
    assert [a.text[slice(*span)] for span in a.lit] == ["sixty pounds"]
    assert [b.text[slice(*span)] for span in b.lit] == ["16 pounds"]
    assert panel._transcripts.lanes["B"]._lit == {
        n for n, word in enumerate(words_of(shown, "B")) if word.difference == current_of(shown)
    }
    move_to(lane_a, QPoint(20, 2))
    assert a.lit == b.lit == ()


def test_a_click_on_a_word_plays_it(panel: AudioPanel, show: Show, player: Player) -> None:
    shown = show(reviewed(REPEATED))
    lane = panel._transcripts.lanes["B" if len(words_of(shown, "B")) > 100 else "A"]
    boxes = lane._laid_out()
    assert len(boxes) < 60  # a hundred words at one time stand in one box
    assert all(one.right <= following.left + 3 for one, following in pairwise(boxes))
    box = max(boxes, key=lambda box: box.last - box.first)
    QTest.mouseClick(lane, Qt.MouseButton.LeftButton, pos=QPoint(round(box.left) + 2, 17))
    start, end = player.state.span
    assert end - start >= 0.299 or end == pytest.approx(panel._view.duration_s)


def test_the_words_of_a_broken_recording_stand_at_their_times(qtbot: QtBot, panel: AudioPanel, tmp_path: Path) -> None:
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"nonsense" * 99)
    with qtbot.waitSignal(panel.problem):
        panel.show_state(None, hidden := reviewed(SIXTY, hidden=True, media=broken))
    panel.show_state(hidden, reviewed(SIXTY, media=broken))
    assert panel._view.duration_s == panel._transcripts.end_s > 1.0


def test_of_a_long_recording_that_is_seen_whole_the_difference_is_shown_closer(
    panel: AudioPanel, show: Show, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "long.flac", np.zeros(8000 * 200), 8000)
    hidden = show(reviewed(SIXTY, hidden=True, media=tmp_path / "long.flac"))
    assert panel._view.whole
    panel.show_state(hidden, shown := reviewed(SIXTY, media=tmp_path / "long.flac"))
    assert shown.difference is not None
    start, end = panel._requests.span_of_difference(panel._shown_state) or (0.0, 0.0)
    assert panel._view.start_s <= start < end <= panel._view.end_s
    assert (end - start) * panel._view.pixels_per_s > 100


def test_a_broken_recording_is_named_in_its_pane_and_the_texts_are_there(
    qtbot: QtBot, panel: AudioPanel, show: Show, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"nonsense" * 99)
    with qtbot.waitSignal(panel.problem) as problem:
        show(reviewed(SIXTY, media=broken))
    assert "broken.flac is not sound that can be read" in str(problem.args)
    assert len(texts(panel)) == 2
    button = panel.findChild(RoundButton)
    assert button is not None
    assert not button.isEnabled()
    panel.grab()


def test_a_recording_that_was_decoded_ahead_is_there_at_once(qtbot: QtBot, panel: AudioPanel, show: Show) -> None:
    shown = show(reviewed(SIXTY))
    coming = reviewed("aud-044")
    assert coming.item is not None
    assert coming.item.media is not None
    panel.prefetch([Upcoming(coming.item.id, Modality.AUDIO, coming.item.media, None)])
    qtbot.waitUntil(lambda: "aud-044" in panel._shelf._ahead)
    panel.show_state(shown, coming)
    assert panel._view.duration_s == pytest.approx(12.68, abs=0.01)


def test_no_model_is_named_anywhere(panel: AudioPanel, show: Show) -> None:
    shown = show(reviewed(SIXTY))
    assert shown.pair is not None
    spoken = [
        text
        for widget in panel.findChildren(QWidget)
        for name in ("accessibleName", "accessibleDescription", "toolTip", "text")
        if callable(read := getattr(widget, name, None)) and isinstance(text := read(), str)
    ]
    assert not [text for text in spoken if re.search(r"whisper|sphinx|\b(old|new)\b", text.lower())]


def test_words_are_found_by_time() -> None:
    words = words_of(reviewed(SIXTY), "A")
    assert words_of(reviewed(SIXTY, hidden=True), "A") == ()
    for n, word in enumerate(words):
        assert word_at(words, word.time_s[0]) == n
    assert word_at(words, 99.0) is None
    shown = reviewed(SIXTY)
    said = [word for letter in LETTERS for word in words_of(shown, letter)]
    assert {word.text for word in said if word.difference == current_of(shown)} == {
        "sixty",
        "pounds",
        "16",
    }


@pytest.mark.parametrize(
    ("time_s", "step", "label"),
    [
        (5, 1, "5.0 s"),
        (0.25, 0.05, "0.25 s"),
        (1.8465, 0.0005, "1.8465 s"),
        (65, 5, "1:05"),
        (3605, 60, "1:00:05"),
        (6053.5, 0.5, "1:40:53.5"),
        (59.995, 0.005, "59.995 s"),
        (119.999, 0.01, "2:00.00"),
    ],
)
def test_a_tick_has_the_digits_that_its_step_needs(time_s: float, step: float, label: str) -> None:
    assert tick_label(time_s, step) == label


def test_ticks_stand_at_round_times() -> None:
    assert [tick_step(least) for least in (0.0007, 0.3, 0.8, 7, 40, 4000)] == [0.001, 0.5, 1, 10, 60, 5000]


def test_the_transport_reads_like_a_clock() -> None:
    assert [clock(s) for s in (0, 5.624, 65.999, 3605.5)] == ["0:00.00", "0:05.62", "1:06.00", "1:00:05.50"]


def test_the_spectrogram_is_drawn_under_the_waveform_and_follows_scale_and_range(
    qtbot: QtBot, panel: AudioPanel, show: Show
) -> None:
    shown = show(reviewed(SIXTY))
    spectrogram = panel._stage.spectrogram
    assert not spectrogram.isVisible()
    seen = replace(shown, view=replace(shown.view, spectrogram=True))
    panel.show_state(shown, seen)
    pictures = []
    for view in (seen.view, replace(seen.view, mel=False), replace(seen.view, range_db=40.0)):
        panel.show_state(seen, replace(seen, view=view))
        qtbot.waitUntil(lambda: spectrogram._making is None and spectrogram.grab() is not None, timeout=20_000)
        qtbot.waitUntil(lambda: all(key in spectrogram._tiles for key in spectrogram._in_view(spectrogram._level)))
        pictures.append(spectrogram.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    ink = {pictures[0].pixelColor(x, y).name() for x in range(60, 900, 5) for y in range(4, 60, 4)}
    assert len(ink) > 50
    for picture in pictures:
        edges = {picture.pixelColor(x, y).name() for x in range(40) for y in (0, picture.height() - 1)}
        assert len(edges) == 1, "a frequency is cut off"


def test_a_channel_of_a_call_is_heard_alone_and_the_other_is_pale(
    qtbot: QtBot, panel: AudioPanel, show: Show, tmp_path: Path
) -> None:
    wave = np.tile([[0.8], [-0.8]], (8000, 2))
    soundfile.write(tmp_path / "call.wav", wave, 8000)
    shown = show(reviewed(SIXTY, media=tmp_path / "call.wav"))
    assert "Hear both channels" in spoken_buttons(panel)
    for expected in (0, 1, None):
        with qtbot.waitSignal(panel.channel_chosen) as chosen:
            shown = asked(panel, shown, Request.NEXT_CHANNEL)
        assert chosen.args == [expected]
        new = replace(shown, view=replace(shown.view, channel=expected))
        panel.show_state(shown, new)
        shown = new
        if expected == 0:
            assert "Hear left" in spoken_buttons(panel)
            waveform = panel._stage.waveform
            picture, area = waveform.grab().toImage(), waveform.area
            heard, other = (picture.pixelColor(300, round(area.top() + area.height() * y)).name() for y in (0.2, 0.7))
            assert heard == waveform._theme.palette.wave
            assert other != heard


def spoken_buttons(panel: AudioPanel) -> list[str]:
    return [button.text() for button in panel.findChildren(KeyButton) if button.isVisible()]


def test_the_whole_recording_stays_in_sight_and_a_press_there_moves_the_view(panel: AudioPanel, show: Show) -> None:
    show(reviewed(SIXTY))
    minimap, view = panel._stage.minimap, panel._view
    whole = minimap.grab().toImage()
    view.show(1.0, 2.0)
    zoomed = minimap.grab().toImage()
    assert zoomed != whole
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=QPoint(round(minimap._x(4.0)), 10))
    assert (view.start_s, view.end_s) == pytest.approx((3.5, 4.5), abs=0.01)
    assert minimap.grab().toImage() != zoomed


def test_words_of_which_a_model_was_unsure_are_shaded_when_that_may_be_known(panel: AudioPanel, show: Show) -> None:
    shown = show(reviewed(SIXTY))
    assert shown.pair is not None
    lane = panel._transcripts.lanes["A"]
    assert not any(box.unsure for box in lane._laid_out())
    plain = lane.grab().toImage()
    count = len(shown.pair.a.segments)
    panel.show_state(None, replace(shown, confidence={"A": (0.2, *[0.9] * (count - 1)), "B": ()}))
    assert [box.unsure for box in lane._laid_out()] == [True, *[False] * (len(lane._laid_out()) - 1)]
    assert lane.grab().toImage() != plain

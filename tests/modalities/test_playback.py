from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import resample_poly

from labeler.modalities.audio.track import Track
from labeler.modalities.player.clock import Clock, Piece
from labeler.modalities.player.playback import FADE_S, Plan, Playback
from labeler.modalities.player.resample import Resampler
from labeler.modalities.player.ring import Ring
from labeler.modalities.player.stretch import Stretcher

Wave = NDArray[np.float32]


def track(folder: Path, wave: Wave, rate: int) -> Track:
    path = folder / "sound.pcm"
    wave.astype(np.float32).tofile(path)
    return Track(path, "float32", rate, wave.shape[1], len(wave))


def sine(hertz: float, rate: int, seconds: float) -> Wave:
    return np.asarray(0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate), np.float32)[:, None]


def played(playback: Playback, frames: int, block: int = 441) -> tuple[Wave, list[Piece]]:
    blocks: list[Wave] = []
    pieces: list[Piece] = []
    while (done := sum(map(len, blocks))) < frames:
        made, places = playback.render(min(block, frames - done), done)
        blocks.append(made)
        pieces += places
        if not len(made):
            break
    return np.concatenate(blocks), pieces


@pytest.mark.parametrize(("rate_in", "rate_out"), [(16000, 44100), (8000, 48000), (48000, 44100), (96000, 48000)])
def test_another_rate_sounds_as_scipy_makes_it(tmp_path: Path, rate_in: int, rate_out: int) -> None:
    rng = np.random.default_rng(1)
    spectrum = np.zeros(rate_in // 2 + 1, complex)
    band = slice(10, int(min(rate_in, rate_out) / 2 * 0.8))
    spectrum[band] = rng.normal(size=band.stop - 10) + 1j * rng.normal(size=band.stop - 10)
    noise = np.fft.irfft(spectrum)
    wave = np.asarray(noise / np.abs(noise).max(), np.float32)[:, None]
    made, _ = played(Playback(track(tmp_path, wave, rate_in), Plan(0, 1, False, 0), 1, rate_out), rate_out)
    ratio = Resampler(rate_in, rate_out)
    expected = resample_poly(wave[:, 0], ratio.up, ratio.down, window=("kaiser", 9.0))
    inner = slice(rate_out // 10, -rate_out // 10)
    assert np.sqrt(np.mean((made[inner, 0] - expected[: len(made)][inner]) ** 2)) < 0.01


def test_at_its_own_rate_the_samples_are_those_of_the_file(tmp_path: Path) -> None:
    wave = sine(440, 8000, 1.0)
    made, pieces = played(Playback(track(tmp_path, wave, 8000), Plan(0.25, 0.75, False, 0.25), 2, 8000), 8000)
    fade = round(FADE_S * 8000)
    assert len(made) == 4000
    assert np.array_equal(made[:-fade, 0], wave[2000 : 6000 - fade, 0])
    assert np.array_equal(made[:, 0], made[:, 1])
    assert pieces[0] == Piece(0, 0.25, 1 / 8000)


@pytest.mark.parametrize("rate_out", [8000, 44100])
def test_a_loop_of_a_sine_goes_on_for_twenty_turns_without_a_click(tmp_path: Path, rate_out: int) -> None:
    hertz, rate = 200, 8000
    playback = Playback(track(tmp_path, sine(hertz, rate, 1.0), rate), Plan(0.2, 0.7, True, 0.2), 1, rate_out)
    made, pieces = played(playback, rate_out * 10)
    expected = 0.5 * np.sin(2 * np.pi * hertz * np.arange(len(made)) / rate_out)
    assert np.abs(made[:, 0] - expected)[100:].max() < 0.01
    starts = [piece for piece in pieces if abs(piece.at_s - 0.2) < 1 / rate]
    assert len(starts) == 20
    assert abs(starts[-1].first - 19 * 0.5 * rate_out) <= 1


def test_a_loop_shorter_than_a_block_and_than_a_fade_still_plays(tmp_path: Path) -> None:
    playback = Playback(track(tmp_path, sine(200, 8000, 1.0), 8000), Plan(0.5, 0.504, True, 0.5), 1, 44100)
    made, _ = played(playback, 44100)
    assert len(made) == 44100
    assert np.abs(made).max() <= 0.6


def test_a_span_outside_of_the_recording_is_silent_and_ends(tmp_path: Path) -> None:
    made, pieces = played(Playback(track(tmp_path, sine(200, 8000, 1.0), 8000), Plan(5, 9, True, 7), 1, 8000), 8000)
    assert len(made) == 0
    assert pieces == []


def test_channels_fold_down_by_turns(tmp_path: Path) -> None:
    wave = np.ones((100, 4), np.float32) * np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    folded = track(tmp_path, wave, 8000).timeline(2)(0, 1)
    assert folded[0] == pytest.approx([0.2, 0.3])


def test_a_channel_can_be_heard_alone_on_all_of_the_device(tmp_path: Path) -> None:
    wave = np.ones((100, 2), np.float32) * np.array([0.1, 0.2], np.float32)
    sound = track(tmp_path, wave, 8000)
    assert sound.timeline(2, 1)(0, 1)[0] == pytest.approx([0.2, 0.2])
    assert sound.timeline(2, 7)(0, 1)[0] == pytest.approx([0.1, 0.2])  # it has no such channel
    alone, _ = played(Playback(sound, Plan(0, 1, False, 0, channel=0), 2, 8000), 20)
    assert alone[0] == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_another_speed_keeps_pitch_within_five_cents_and_length_within_a_percent(tmp_path: Path, speed: float) -> None:
    pytest.importorskip("python_stretch")
    rate, hertz = 16000, 440.0
    stretcher = Stretcher()
    plan = Plan(0, 3, False, 0, speed)
    made, pieces = played(
        Playback(track(tmp_path, sine(hertz, rate, 3.0), rate), plan, 1, rate, stretcher.stretched), 10**6
    )
    stretcher.close()
    inner = made[rate // 4 : -rate // 4, 0]
    spectrum = np.abs(np.fft.rfft(inner * np.hanning(len(inner)), 1 << 20))
    heard = np.argmax(spectrum) * rate / (1 << 20)
    assert abs(1200 * np.log2(heard / hertz)) < 5
    assert len(made) / rate == pytest.approx(3 / speed, rel=0.01)
    assert pieces[-1].moment(len(made)) == pytest.approx(3.0, abs=0.001)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock", create=True)


def test_a_jump_is_heard_with_the_next_frame_and_without_a_step(clock: Clock) -> None:
    ring = Ring(1000, 1, 50, clock)
    ring.write(np.full((600, 1), 0.5, np.float32), [Piece(0, 0.0, 0.001)])
    out = np.zeros((100, 1), np.float32)
    ring.take(out, 0.0)
    assert ring.cut() == pytest.approx(0.1)
    ring.write(np.full((300, 1), -0.5, np.float32), [Piece(100, 7.0, 0.001)])
    ring.take(out, 0.0)
    assert np.abs(np.diff(out[:, 0])).max() <= 1 / 50 + 1e-6
    assert out[60, 0] == -0.5
    assert np.allclose(ring.heard(), [(0.0, 0.1), (7.0, 7.1)])


@pytest.mark.parametrize("held_up", [0, 70, 199])
def test_a_sound_that_goes_on_leaves_no_gap_when_the_device_takes_the_old_one_meanwhile(
    clock: Clock, held_up: int
) -> None:
    ring = Ring(1000, 1, 50, clock)
    ring.write(np.full((600, 1), 0.5, np.float32), [Piece(0, 0.0, 0.001)])
    ring.take(np.zeros((100, 1), np.float32), 0.0)
    since, moment = ring.place()
    assert since == 100
    assert moment == pytest.approx(0.1)
    ring.take(np.zeros((held_up, 1), np.float32), 0.0)
    loops = [Piece(0, 0.1, 0.001), Piece(120, 0.0, 0.001)]  # back to the beginning after 0.22 s
    count = np.arange(200, dtype=np.float32)[:, None] / np.float32(1000)
    assert np.allclose(ring.splice(count, loops, since=since) or (), [(0.0, 0.1 + held_up / 1000)])
    out = np.zeros((200 - held_up, 1), np.float32)
    ring.take(out, 0.0)
    assert clock.read().late == 0
    assert np.array_equal(out[50:], count[held_up + 50 :])
    assert out[0, 0] == pytest.approx(0.5, abs=0.01)  # faded over from what would have come
    before_the_loop = [(0.1 + held_up / 1000, 0.22)] if held_up < 120 else []
    assert np.allclose(ring.heard(), [*before_the_loop, (max(0, held_up - 120) / 1000, 0.08)])


def test_a_sound_that_comes_too_late_to_go_on_changes_nothing(clock: Clock) -> None:
    ring = Ring(1000, 1, 50, clock)
    ring.write(np.full((600, 1), 0.5, np.float32), [Piece(0, 0.0, 0.001)])
    ring.take(np.zeros((200, 1), np.float32), 0.0)
    assert ring.splice(np.zeros((200, 1), np.float32), [Piece(0, 0.0, 0.001)], since=0) is None
    out = np.zeros((400, 1), np.float32)
    ring.take(out, 0.0)
    assert (out == 0.5).all()
    assert np.allclose(ring.heard(), [(0.0, 0.6)])


def test_rest_fades_out_and_counts_no_silence_as_late(clock: Clock) -> None:
    ring = Ring(1000, 1, 50, clock)
    ring.write(np.full((200, 1), 0.5, np.float32), [Piece(0, 0.0, 0.001)])
    ring.cut()
    ring.rest(3.0)
    out = np.ones((400, 1), np.float32)
    ring.take(out, 0.0)
    assert np.abs(np.diff(out[:, 0])).max() <= 0.5 / 50 + 1e-6
    assert not out[50:].any()
    assert clock.read().late == 0
    assert clock.read().position(100.0) == 3.0


def test_a_late_feeder_is_counted(clock: Clock) -> None:
    ring = Ring(1000, 1, 50, clock)
    ring.write(np.zeros((80, 1), np.float32), [Piece(0, 0.0, 0.001)])
    ring.take(np.zeros((100, 1), np.float32), 0.0)
    assert clock.read().late == 20


def test_the_playhead_is_at_the_frame_that_is_heard_now(clock: Clock) -> None:
    ring = Ring(1000, 1, 50, clock)
    clock.opened(1000.0)
    ring.write(np.zeros((900, 1), np.float32), [Piece(0, 2.0, 0.0005)])
    ring.take(np.zeros((100, 1), np.float32), 50.0)
    assert clock.read().position(49.0) == 2.0  # not before the place where it began
    assert clock.read().position(50.1) == pytest.approx(2.05)
    assert clock.read().position(99.0) == pytest.approx(2.45)  # nor after what there is

"""Recordings too long to be decoded before they are shown: sketched, decoded where one looks, resumed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from labeler.modalities.audio import peaks
from labeler.modalities.audio.blocks import BLOCK, DONE, TO_COME, UNREADABLE, Blocks
from labeler.modalities.audio.decode import decode
from labeler.modalities.audio.long_decode import LongDecode
from labeler.modalities.audio.recording import Recording, RecordingDecoder
from labeler.modalities.audio.track import Track
from labeler.modalities.player.playback import Plan, Playback

RATE = 8000
SECONDS = 310
FRAMES = RATE * SECONDS


@pytest.fixture(scope="module")
def wave() -> NDArray[np.int16]:
    """Stereo noise that swells once, so that a place can be told by its loudness."""
    swell = np.sin(np.pi * np.arange(FRAMES) / FRAMES)[:, None] * np.array([9000, 4000])
    return np.asarray(np.random.default_rng(3).normal(0, 1, (FRAMES, 2)).clip(-3, 3) * swell, np.int16)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory, wave: NDArray[np.int16]) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.flac"
    soundfile.write(path, wave, RATE)
    return path


def shape(folder: Path) -> peaks.Peaks:
    return peaks.Peaks.open(folder / "key.peaks", FRAMES, 2)


def test_a_sketch_shows_all_of_it_before_anything_is_decoded(long_file: Path, tmp_path: Path) -> None:
    work = LongDecode(long_file, "int16", tmp_path, "key")
    work.sketch()
    coarse = shape(tmp_path).levels[-1][:, 0, peaks.HIGH].astype(float)
    middle, edge = coarse[len(coarse) // 2], coarse[len(coarse) // 20]
    assert middle > 3 * edge > 0
    assert work.blocks.finished == 0
    work.close()


def test_a_file_that_seeks_slowly_is_sketched_from_its_beginning_and_the_rest_afterwards(
    long_file: Path, tmp_path: Path, wave: NDArray[np.int16]
) -> None:
    soundfile.write(tmp_path / "short.mp3", wave[:RATE, 0], RATE)
    short = LongDecode(tmp_path / "short.mp3", "int16", tmp_path, "short")
    work = LongDecode(long_file, "int16", tmp_path, "key")
    assert (short._forward, work._forward) == (True, False)
    work._forward = True  # to write minutes of MP3 takes seconds

    work._look(iter((0, 1, 2)))
    coarse = shape(tmp_path).levels[-1][:, 0, peaks.HIGH].astype(float)
    of_a_block = len(coarse) / work.blocks.count
    assert coarse[round(1.5 * of_a_block)] > 0
    assert not coarse[round(3.5 * of_a_block) :].any()
    work.finish_sketch()
    coarse = shape(tmp_path).levels[-1][:, 0, peaks.HIGH].astype(float)
    assert coarse[len(coarse) // 2] > 3 * coarse[len(coarse) // 20] > 0
    assert work.blocks.finished == 0
    short.close()
    work.close()


def test_what_is_wanted_is_decoded_first_and_in_the_end_all_is_as_the_file_has_it(
    long_file: Path, tmp_path: Path, wave: NDArray[np.int16]
) -> None:
    work = LongDecode(long_file, "int16", tmp_path, "key")
    work.sketch()
    Blocks(tmp_path / "key.blocks", FRAMES).want(FRAMES // 2)
    asked = work.blocks.take_wanted()
    assert asked == FRAMES // 2 // BLOCK
    assert asked is not None
    one = range(asked, asked + 1)
    assert work._keep(one, work._read_blocks(one))
    pcm = np.memmap(tmp_path / "key.pcm", np.int16, "r", shape=(FRAMES, 2))
    assert np.array_equal(pcm[asked * BLOCK : (asked + 1) * BLOCK], wave[asked * BLOCK : (asked + 1) * BLOCK])
    work.work()
    work.close()
    assert work.blocks.complete
    assert np.array_equal(pcm, wave)
    level = peaks.summed(wave)
    for found in shape(tmp_path).levels:
        assert np.array_equal(found[..., : peaks.RMS], level[..., : peaks.RMS])
        level = peaks.coarser(level)


def test_a_decode_that_was_interrupted_goes_on_where_it_was(
    long_file: Path, tmp_path: Path, wave: NDArray[np.int16]
) -> None:
    first = LongDecode(long_file, "int16", tmp_path, "key")
    for block in (0, 7):
        one = range(block, block + 1)
        first._keep(one, first._read_blocks(one))
        first.blocks.mark(block, DONE)
    first.close()
    second = LongDecode(long_file, "int16", tmp_path, "key")
    assert second.blocks.finished == 2
    second.work()
    second.close()
    assert np.array_equal(np.memmap(tmp_path / "key.pcm", np.int16, "r", shape=(FRAMES, 2)), wave)


def test_what_a_damaged_file_lacks_is_silence_and_said_to_be_unreadable(long_file: Path, tmp_path: Path) -> None:
    content = long_file.read_bytes()
    (tmp_path / "cut.flac").write_bytes(content[: len(content) // 2])
    told: list[dict[str, object]] = []
    assert decode(tmp_path / "cut.flac", tmp_path, "key", told.append) is None
    assert [one["long"] for one in told] == [True]
    states = Blocks(tmp_path / "key.blocks", FRAMES).states
    assert states[0] == DONE
    assert states[-1] == UNREADABLE
    assert TO_COME not in states


def test_the_decoders_process_answers_early_and_the_second_opening_needs_none(
    long_file: Path, tmp_path: Path, wave: NDArray[np.int16]
) -> None:
    decoder = RecordingDecoder()
    recording = decoder.open(long_file, tmp_path)
    blocks = recording.blocks()
    assert blocks is not None
    end = monotonic() + 60
    while not blocks.complete:
        assert monotonic() < end
        signal.sigtimedwait([], 0.005)
    decoder.close()
    again = RecordingDecoder()
    assert again.open(long_file, tmp_path) == recording
    assert again._child is None
    found = recording.samples(FRAMES - 100, FRAMES)
    assert np.array_equal(found, wave[-100:].astype(np.float32) / 32768)


def test_the_player_waits_for_what_is_not_decoded_and_asks_for_it(tmp_path: Path) -> None:
    np.zeros(FRAMES, np.int16).tofile(tmp_path / "key.pcm")
    blocks = Blocks.create(tmp_path / "key.blocks", FRAMES)
    track = Track(tmp_path / "key.pcm", "int16", RATE, 1, FRAMES, tmp_path / "key.blocks")
    playback = Playback(track, Plan(100.0, 200.0, False, 100.0), 1, RATE)
    assert playback.waits
    wanted = blocks.take_wanted()
    assert wanted == (100 - 1) * RATE // BLOCK
    for block in (wanted, wanted + 1):
        blocks.mark(block, DONE)
    assert not playback.waits


def test_what_is_decoded_for_later_stops_nothing_and_goes_on_when_it_is_wanted(long_file: Path, tmp_path: Path) -> None:
    decoder, keys = RecordingDecoder(), map(str, range(100))

    def begun(wanted_for: str) -> Recording:
        """The file under another hash, with its decoder held up before it is done: of a few it may be too late."""
        for key in keys:
            opened = decoder.open(long_file, tmp_path, key, wanted_for)
            if decoder.decodes(key):
                os.kill(decoder._long[key][1].pid, signal.SIGSTOP)
                blocks = opened.blocks()
                if blocks is not None and not blocks.complete:
                    return opened
        raise AssertionError("all were decoded at once")

    sides = begun("call 1"), begun("call 1")
    assert {os.getpriority(os.PRIO_PROCESS, decoder._long[side.sha256][1].pid) for side in sides} == {
        os.getpriority(os.PRIO_PROCESS, 0) + 5
    }
    later = next(one for one in (decoder.open(long_file, tmp_path, key) for key in keys) if not decoder.goes_on(one))
    assert [decoder.goes_on(one) for one in sides] == [True, True]
    assert decoder.open(long_file, tmp_path, later.sha256, "call 2") == later
    assert [decoder.goes_on(one) for one in (*sides, later)] == [False, False, True]
    decoder.close()

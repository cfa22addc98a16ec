from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import termios
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import correlate

from labeler.errors import LabelerError
from labeler.modalities.audio import cache as sound_cache
from labeler.modalities.audio import key as sound_key
from labeler.modalities.audio import peaks
from labeler.modalities.audio.recording import Recording, RecordingDecoder
from labeler.modalities.decoder_child import DecoderChild
from labeler.shipped import DEMO_PROJECT

DECODER = RecordingDecoder()
CLIP = DEMO_PROJECT / "media" / "audio" / "aud-001.flac"


@pytest.fixture(scope="module", autouse=True)
def decoder() -> Iterator[None]:
    yield
    DECODER.close()


def chirp(seconds: float = 1.0, rate: int = 16000, channels: int = 1) -> NDArray[np.float64]:
    t = np.arange(round(seconds * rate)) / rate
    wave = 0.8 * np.sin(2 * np.pi * (200 + 300 * t) * t)
    return np.stack([wave / (n + 1) for n in range(channels)], axis=1)


@pytest.mark.parametrize(
    ("name", "subtype", "error"),
    [
        ("a.wav", "PCM_U8", 1 / 64),
        ("a.wav", "PCM_16", 1 / 16384),
        ("a.wav", "PCM_24", 1e-6),
        ("a.wav", "PCM_32", 1e-6),
        ("a.wav", "FLOAT", 1e-6),
        ("a.wav", "DOUBLE", 1e-6),
        ("a.wav", "ULAW", 0.05),
        ("a.flac", "PCM_16", 1 / 16384),
        ("a.ogg", "VORBIS", 0.2),
        ("a.mp3", "MPEG_LAYER_III", 0.2),
    ],
)
def test_a_recording_keeps_its_samples(tmp_path: Path, name: str, subtype: str, error: float) -> None:
    wave = chirp(channels=2)
    soundfile.write(tmp_path / name, wave, 16000, subtype=subtype)
    recording = DECODER.open(tmp_path / name, tmp_path / "cache")
    assert (recording.sample_rate, recording.channels) == (16000, 2)
    if name == "a.mp3":  # its encoder adds silence before and after
        assert recording.frames >= len(wave)
    else:
        assert np.abs(recording.samples(0, recording.frames) - wave).max() < error


def test_the_cache_answers_again_and_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    recording = DECODER.open(CLIP, tmp_path)
    assert DECODER.open(CLIP, tmp_path, recording.sha256) == recording
    for file in (tmp_path / "audio").iterdir():
        file.unlink()
    assert DECODER.open(CLIP, tmp_path).peaks().levels[0].shape == recording_bins(recording)


def recording_bins(recording: Recording) -> tuple[int, int, int]:
    return (-(-recording.frames // peaks.BIN), recording.channels, 3)


def test_a_cache_cut_short_is_made_again(tmp_path: Path) -> None:
    recording = DECODER.open(CLIP, tmp_path)
    whole = recording.samples(0, recording.frames)
    recording.track.pcm.write_bytes(b"\0\0")
    assert np.array_equal(DECODER.open(CLIP, tmp_path).samples(0, recording.frames), whole)


def test_a_file_that_changed_is_not_shown_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, chirp(1.0), 16000)
    DECODER.open(path, tmp_path, "known")
    soundfile.write(path, chirp(2.0), 16000)
    assert DECODER.open(path, tmp_path, "known").duration_s == 2.0


def test_a_file_that_nobody_touched_is_known_again_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, chirp(40.0), 16000)
    first = DECODER.open(path, tmp_path)
    with monkeypatch.context() as unread:
        unread.setattr(sound_key, "hashed", lambda *_: pytest.fail("it was read again"))
        assert DECODER.open(path, tmp_path) == first
    stamp = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"\1\1")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # of the same size, and made to look as old
    assert DECODER.open(path, tmp_path).sha256 != first.sha256


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not sound that can be read"),
        (b"RIFF\xff\xff\xff\x7fWAVEfmt ", "is not sound that can be read"),
        (b"ID3" + bytes(range(256)) * 40, "is not sound that can be read"),
        (CLIP.read_bytes()[:60], ""),
    ],
)
def test_a_broken_file_is_named_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "broken.flac"
    path.write_bytes(content)
    with pytest.raises(LabelerError, match=r"broken\.flac.*" + reason):
        DECODER.open(path, tmp_path)
    assert not list(tmp_path.rglob("*.partial"))


FOREIGN = [
    (b"\0\0\0\x20ftypM4A ", "M4A or MP4"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81", "WebM or Matroska"),
    (b"#!AMR\n\x3c", "AMR"),
    (b"\xff\xf1P\x80\x1a", "AAC"),
]


@pytest.mark.parametrize(("begin", "name"), FOREIGN)
def test_sound_that_needs_ffmpeg_is_called_by_its_name_where_there_is_none(
    tmp_path: Path, begin: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "sound.bin").write_bytes(begin + bytes(4000))
    with closing(RecordingDecoder()) as decoder, pytest.raises(LabelerError) as told:
        decoder.open(tmp_path / "sound.bin", tmp_path)
    assert told.value.what.endswith(f"sound.bin is {name} sound, for which the program ffmpeg is needed")
    assert re.fullmatch(r"install ffmpeg .* or convert the file to FLAC or WAV and bring it again", told.value.remedy)


needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="not installed: ffmpeg (Debian: ffmpeg)")


@needs_ffmpeg
@pytest.mark.parametrize(("begin", "name"), [one for one in FOREIGN if one[1] != "AMR"])  # to which zeros are sound
def test_sound_that_ffmpeg_cannot_read_is_said_to_be_so(tmp_path: Path, begin: bytes, name: str) -> None:
    (tmp_path / "sound.bin").write_bytes(begin + bytes(4000))
    with pytest.raises(LabelerError, match=rf"is {name} sound that ffmpeg cannot read|holds no sound"):
        DECODER.open(tmp_path / "sound.bin", tmp_path)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("name", "codec", "rate", "channels", "least"),
    [
        ("a.m4a", "aac", 44_100, 2, 0.99),
        ("a.aac", "aac", 16_000, 1, 0.99),
        ("a.webm", "libopus", 48_000, 2, 0.98),
        ("a.wma", "wmav2", 44_100, 1, 0.98),
    ],
)
def test_what_libsndfile_does_not_read_is_read_by_ffmpeg(
    tmp_path: Path, name: str, codec: str, rate: int, channels: int, least: float
) -> None:
    wave = chirp(2.0, rate, channels) / 2
    soundfile.write(tmp_path / "given.wav", wave, rate)
    made = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / "given.wav", "-c:a", codec, tmp_path / name], check=False
    )
    if made.returncode:
        pytest.skip(f"this ffmpeg does not write {codec}")
    recording = DECODER.open(tmp_path / name, tmp_path / "cache")
    assert (recording.sample_rate, recording.channels) == (rate, channels)
    assert recording.duration_s == pytest.approx(2.0, abs=0.2)
    found = recording.samples(0, recording.frames)[:, 0]
    part = wave[rate // 2 : rate * 3 // 2, 0]
    at = int(np.argmax(correlate(found, part, mode="valid", method="fft")))
    assert np.corrcoef(found[at : at + len(part)], part)[0, 1] >= least


@needs_ffmpeg
def test_speech_of_telephones_is_read_by_ffmpeg(tmp_path: Path) -> None:
    # Debian's ffmpeg does not write AMR: a hundred frames of its lowest rate, of 20 ms each, that say nothing.
    (tmp_path / "a.amr").write_bytes(b"#!AMR\n" + (b"\x04" + bytes(12)) * 100)
    recording = DECODER.open(tmp_path / "a.amr", tmp_path / "cache")
    assert (recording.sample_rate, recording.channels) == (8000, 1)
    assert recording.duration_s == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("rate", "channels", "frames", "subtype"),
    [(8000, 1, 80, "PCM_U8"), (192_000, 8, 19_200, "FLOAT"), (11_025, 3, 1102, "PCM_32"), (44_100, 2, 441, "DOUBLE")],
)
def test_odd_rates_channels_and_lengths_are_read_and_have_a_shape(
    tmp_path: Path, rate: int, channels: int, frames: int, subtype: str
) -> None:
    wave = np.sin(np.arange(frames) / 9)[:, None] * np.linspace(0.2, 0.9, channels)
    soundfile.write(tmp_path / "odd.wav", wave, rate, subtype=subtype)
    recording = DECODER.open(tmp_path / "odd.wav", tmp_path)
    assert (recording.sample_rate, recording.channels, recording.frames) == (rate, channels, frames)
    highest = recording.peaks().levels[0][..., peaks.HIGH].max(axis=0) / peaks.FULL_SCALE
    assert highest == pytest.approx(wave.max(axis=0), abs=0.02)


def asked(child: DecoderChild) -> bool:
    """A request lies in the process's pipe."""
    assert child._process.stdin is not None
    unread = bytearray(4)
    fcntl.ioctl(child._process.stdin, termios.FIONREAD, unread)
    return any(unread)


def test_a_file_that_ends_the_decoder_is_named_and_the_next_one_opens(tmp_path: Path) -> None:
    assert DECODER.open(CLIP, tmp_path).frames
    child = DECODER._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED)  # before that it may still take a request out of the pipe
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(DECODER.open, CLIP.with_name("aud-002.flac"), tmp_path)
        while not asked(child):  # killed any earlier, it would be replaced before it is asked
            assert not waiting.done()
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(LabelerError, match=r"aud-002\.flac could not be decoded: it ended the decoder"):
            waiting.result()
    assert DECODER.open(CLIP.with_name("aud-003.flac"), tmp_path).frames


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match=r"gone\.wav"):
        DECODER.open(tmp_path / "gone.wav", tmp_path)


def test_a_recording_without_a_sample_holds_no_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros((0, 1)), 8000)
    with pytest.raises(LabelerError, match="holds no sound"):
        DECODER.open(tmp_path / "empty.wav", tmp_path)


def test_samples_that_are_no_numbers_do_not_reach_screen_or_ear(tmp_path: Path) -> None:
    wave = np.array([[0.5], [np.nan], [np.inf], [-np.inf]], np.float32)
    soundfile.write(tmp_path / "nan.wav", wave, 8000, subtype="FLOAT")
    assert DECODER.open(tmp_path / "nan.wav", tmp_path).samples(0, 4)[:, 0].tolist() == [0.5, 0.0, 1.0, -1.0]


@settings(max_examples=40, deadline=None)
@given(frames=st.integers(1, 70_000), channels=st.integers(1, 3), seed=st.integers(0, 99))
def test_every_level_bounds_its_samples(frames: int, channels: int, seed: int) -> None:
    wave = np.random.default_rng(seed).integers(-32768, 32768, (frames, channels), np.int16)
    level, size = peaks.summed(wave), peaks.BIN
    assert len(level) == peaks.level_sizes(frames)[0]
    while True:
        for n in (0, len(level) // 2, len(level) - 1):
            part = wave[n * size : (n + 1) * size]
            assert np.array_equal(level[n, :, peaks.LOW], part.min(axis=0))
            assert np.array_equal(level[n, :, peaks.HIGH], part.max(axis=0))
        if len(level) <= peaks.FEWEST_BINS:
            break
        level, size = peaks.coarser(level), size * peaks.FACTOR


def test_a_column_shows_all_that_lies_in_it() -> None:
    wave = np.zeros((peaks.BIN * 100, 1), np.int16)
    wave[peaks.BIN * 40 + 3] = 30_000  # one click
    drawn = peaks.columns(peaks.summed(wave), peaks.BIN, np.linspace(0, len(wave), 11))
    assert drawn[:, 0, peaks.HIGH].tolist() == [0, 0, 0, 0, 30_000, 0, 0, 0, 0, 0]
    assert not peaks.columns(peaks.summed(wave), peaks.BIN, np.linspace(len(wave), 2 * len(wave), 5)).any()


def test_recordings_that_were_not_opened_for_longest_make_room_for_others(tmp_path: Path) -> None:
    names = ["aud-001", "aud-002", "aud-003"]
    made = [DECODER.open(CLIP.with_name(f"{name}.flac"), tmp_path) for name in names]
    for age, recording in zip((30, 20, 10), made, strict=True):
        os.utime(tmp_path / "audio" / f"{recording.sha256}.json", (1e9 - age, 1e9 - age))
    assert DECODER.open(CLIP, tmp_path) == made[0], "the oldest one was opened last now"
    sound_cache.trim(tmp_path / "audio", keep=made[2].sha256, limit=450_000)
    left = {path.name.partition(".")[0] for path in (tmp_path / "audio").iterdir()}
    assert left == {made[0].sha256, made[2].sha256}
    assert DECODER.open(CLIP.with_name("aud-002.flac"), tmp_path) == made[1]


def test_a_decoder_that_is_closed_while_its_process_is_started_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = RecordingDecoder()
    started: list[DecoderChild] = []

    def start() -> DecoderChild:
        decoder.close()  # the window closes just now
        started.append(DecoderChild())
        return started[0]

    monkeypatch.setattr("labeler.modalities.audio.recording.DecoderChild", start)
    with pytest.raises(LabelerError, match="the window is closing"):
        decoder.open(CLIP, tmp_path)
    assert not started[0].alive

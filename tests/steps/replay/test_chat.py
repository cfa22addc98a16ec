from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import soundfile
from PIL import Image

from labeler.domain.items import Modality, ModelVersion
from labeler.steps.executor import Here
from labeler.steps.project import Project
from labeler.steps.replay.adapters import adapter_from
from labeler.steps.replay.question import AskError, Question
from labeler.steps.replay.run import ReplaySettings, items_to_replay, replay
from tests.steps.replay.chat_server import Asked, Reply, chat_server

ROOT = Path(__file__).parents[3]
QUESTION = Question("t1", "text", "Read.", None, "hello", 7, {"temperature": 0})
SETTINGS = ReplaySettings(ModelVersion("listener", "1"), seed=7, prompt="Repeat.", retries=2)


def first(reply: Callable[[], Reply], times: int = 1) -> Callable[[list[Asked]], Reply | None]:
    """Fail so many times, then answer."""
    return lambda asked: reply() if len(asked) <= times else None


def ask(address: str, question: Question = QUESTION, timeout_s: float = 20.0) -> dict[str, Any]:
    return dict(adapter_from(address, "listener").ask(question, timeout_s))


def why_not(reply: Reply, timeout_s: float = 20.0) -> AskError:
    with chat_server(lambda _asked: reply) as server, pytest.raises(AskError) as failed:
        ask(server.address, timeout_s=timeout_s)
    return failed.value


def test_an_endpoint_is_asked_as_the_protocol_says() -> None:
    with chat_server() as server:
        assert ask(server.address) == {"text": "Read.\n\nhello"}
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert {key: asked.body[key] for key in ("model", "seed", "temperature")} == {
        "model": "listener",
        "seed": 7,
        "temperature": 0,
    }


def test_a_busy_endpoint_is_asked_again_when_it_says_and_its_key_is_written_nowhere(
    texts: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_API_KEY", "very-secret")
    busy = Reply(429, b"slow down", {"Retry-After": "1"})
    with chat_server(first(lambda: busy)) as server:
        adapter = adapter_from(f"{server.address}/", "listener")
        done = replay(texts, items_to_replay(texts)[:2], adapter, SETTINGS, tmp_path / "out.jsonl", executor=Here())
    assert done.failed == ()
    written = (tmp_path / "out.jsonl").read_bytes()
    assert [orjson.loads(line)["text"] for line in written.splitlines()] == ["Repeat.\n\nText 1", "Repeat.\n\nText 2"]
    assert server.asked[1].at - server.asked[0].at >= 1.0
    assert {asked.key for asked in server.asked} == {"Bearer very-secret"}
    assert b"very-secret" not in written
    config = orjson.loads(written.splitlines()[0])["model"]["config"]
    assert config["adapter"].items() >= {"kind": "chat", "endpoint": server.address}.items()
    assert (config["prompt"], config["seed"]) == ("Repeat.", 7)


def test_a_date_to_ask_again_at_is_read_as_well() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    assert 30 < (why_not(Reply(503, b"", {"Retry-After": then})).again_s or 0) <= 40
    assert why_not(Reply(429, b"", {"Retry-After": "soon"})).again_s == 0
    assert why_not(Reply(429, b"", {"Retry-After": "99999"})).again_s == 120


@pytest.mark.parametrize(
    ("reply", "error", "said", "again"),
    [
        (Reply(401, b"who are you"), "other", "HTTP 401", False),
        (Reply(500, b"oops"), "other", "HTTP 500", True),
        (Reply(200, b"<html>not for you</html>"), "other", "no JSON", True),
        (Reply(200, b"[1, 2]"), "other", "no choices", True),
        (Reply(200, b'{"choices": []}'), "other", "no choices", True),
        (Reply(200, b'{"choices": [{"message": {"content": null}}]}'), "other", "no text", True),
        (Reply(200, b'{"choices": [{"message": {"refusal": "no"}}]}'), "refusal", "refused", False),
        (Reply(200, b'{"choices": [{"message": {}, "finish_reason": "length"}]}'), "truncated", "cut off", False),
        (Reply(200, b'{"choices": [{"mess', length=900), "other", "", True),
        (Reply(307, b"", {"Location": "/elsewhere"}), "other", "HTTP 307", False),
    ],
    ids=str,
)
def test_what_an_endpoint_does_wrong_is_said(reply: Reply, error: str, said: str, again: bool) -> None:
    failed = why_not(reply)
    assert failed.error == error
    assert failed.said
    assert said in failed.said
    assert (failed.again_s is not None) == again


def test_the_key_and_the_medium_go_to_no_address_that_nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_API_KEY", "very-secret")
    with chat_server() as other:
        there = Reply(302, b"", {"Location": f"{other.address}/chat/completions"})
        with chat_server(lambda _asked: there) as server, pytest.raises(AskError, match="HTTP 302"):
            ask(server.address)
    assert len(server.asked) == 1
    assert other.asked == []


def test_an_answer_that_trickles_in_is_late_although_bytes_keep_coming() -> None:
    began = time.monotonic()
    failed = why_not(Reply(200, b" " * 200, slow_s=0.02), timeout_s=0.3)
    assert (failed.error, failed.said) == ("timeout", "no answer within 0.3 s")
    assert time.monotonic() - began < 3


def test_a_server_that_is_not_there_is_asked_again() -> None:
    with chat_server() as server:
        pass
    with pytest.raises(AskError, match="refused") as failed:
        ask(server.address)
    assert failed.value.again_s is not None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    pem = tmp_path / "own.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-keyout", str(pem), "-out", str(tmp_path / "cert.pem"), "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(make, check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    with chat_server(certificate=pem) as server, pytest.raises(AskError, match="not safe") as failed:
        ask(server.address)
    assert failed.value.again_s is None, "a second time would not change it"
    assert server.asked == []


RECORDINGS = {"m4a": "aac", "aac": "aac", "webm": "libopus", "ogg": "libopus", "flac": "flac", "mp3": "libmp3lame"}


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg to make the recordings")
@pytest.mark.parametrize("kind", RECORDINGS)
def test_recordings_of_all_kinds_go_to_an_endpoint_as_what_the_protocol_knows(kind: str, tmp_path: Path) -> None:
    """A real file of each kind, over HTTP to a server that decodes what it gets."""
    wav, path = tmp_path / "made.wav", tmp_path / f"made.{kind}"
    soundfile.write(wav, [0.1, -0.1] * 24_000, 48_000)
    make = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(wav), "-c:a", RECORDINGS[kind], str(path)]
    subprocess.run(make, check=True)
    with chat_server() as server:
        said = ask(server.address, replace(QUESTION, media=str(path), modality="audio"))["text"]
    form, _, seconds = said.removesuffix(" s").partition(" of ")
    assert form == ("MP3" if kind == "mp3" else "WAV")
    assert float(seconds) == pytest.approx(1.0, abs=0.1)  # codecs pad


def test_a_recording_that_cannot_be_decoded_fails_alone(tmp_path: Path) -> None:
    for name, content in (("x.flac", b"no sound"), ("x.m4a", b"\0\0\0\x18ftypM4A and nothing else")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AskError, match=name.replace(".", r"\.")):
            ask("http://127.0.0.1:9/v1", replace(QUESTION, media=str(tmp_path / name), modality="audio"))


def test_pictures_go_as_they_are_or_page_by_page_as_png(tmp_path: Path) -> None:
    pages = [Image.new("L", (30 + n, 20)) for n in range(3)]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "b.jpg")
    with chat_server() as server:
        said = [
            ask(server.address, replace(QUESTION, media=str(tmp_path / name), modality="image"))["text"]
            for name in ("a.tiff", "b.jpg")
        ]
    assert said == ["PNG of 30 by 20, PNG of 31 by 20, PNG of 32 by 20", "JPEG of 30 by 20"]


def test_the_demos_recordings_get_an_answer_each(demo: Project, tmp_path: Path) -> None:
    items = items_to_replay(demo, Modality.AUDIO)[:3]
    with chat_server() as server:
        adapter = adapter_from(server.address, "listener")
        replay(demo, items, adapter, SETTINGS, tmp_path / "out.jsonl", executor=Here())
    for item, line in zip(items, (tmp_path / "out.jsonl").read_bytes().splitlines(), strict=True):
        path, _ = demo.medium(item)
        assert path is not None
        assert orjson.loads(line)["text"] == f"WAV of {soundfile.info(path).duration:.2f} s"


def test_a_run_over_http_that_is_killed_goes_on_behind_what_it_has(texts: Project, tmp_path: Path) -> None:
    """The server is busy now and then and slow; who was answered before the kill is not asked again."""

    def answering(asked: list[Asked]) -> Reply | None:
        time.sleep(0.05)
        return Reply(429, b"", {"Retry-After": "0"}) if len(asked) % 3 == 0 else None

    to = tmp_path / "a.jsonl"
    with chat_server(answering) as server:
        call = [sys.executable, "-m", "labeler", "replay", str(texts.folder), "--model", "listener@1"]
        call += ["--with", server.address, "--seed", "7", "--workers", "1", "--to", str(to)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(call, env=environment, stdout=subprocess.PIPE)
        part = tmp_path / "a.jsonl.part"
        while running.poll() is None and not (part.exists() and part.read_bytes().count(b"\n") > 2):
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert not to.exists()
        kept = [orjson.loads(line)["item_id"] for line in part.read_bytes().split(b"\n")[1:-1]]
        before = len(server.asked)
        subprocess.run(call, env=environment, check=True, capture_output=True)
        asked = [one.body["messages"][0]["content"][0]["text"] for one in server.asked[before:]]
    lines = [orjson.loads(line) for line in to.read_bytes().splitlines()]
    assert [line["text"] for line in lines] == [f"Text {n}" for n in range(1, 9)]
    assert kept, "it was killed between the first answer and the last"
    assert not {f"Text {item[1:]}" for item in kept} & set(asked)

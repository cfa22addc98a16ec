from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.items import ModelVersion
from labeler.errors import LabelerError
from labeler.steps.executor import Here
from labeler.steps.project import Project
from labeler.steps.replay.adapters import Command, PythonCallable, adapter_from
from labeler.steps.replay.question import AskError, Question
from labeler.steps.replay.run import Replayed, ReplaySettings, items_to_replay, replay
from tests.steps.replay import models

ROOT = Path(__file__).parents[3]

SETTINGS = ReplaySettings(ModelVersion("shouter", "1"), seed=7, params={"temperature": 0}, retries=0)
OCR = f"command:{sys.executable} {Path(__file__).with_name('ocr.py')}"


def ask_all(project: Project, name: str, to: Path, settings: ReplaySettings = SETTINGS) -> Replayed:
    adapter = PythonCallable(f"tests.steps.replay.models:{name}")
    return replay(project, items_to_replay(project), adapter, settings, to, executor=Here())


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_callables_answers_become_an_outputs_file_that_says_how_to_ask_again(texts: Project, tmp_path: Path) -> None:
    done = ask_all(texts, "add_up", tmp_path / "out.jsonl")
    assert (done.answered, done.failed) == (8, ())
    first = lines(tmp_path / "out.jsonl")[0]
    assert first["values"] == {"length": 6, "seed": 7}
    assert first["seed"] == 7
    assert first["model"]["version"] == "1"
    config = first["model"]["config"]
    assert config["adapter"].items() >= {"kind": "python", "callable": "tests.steps.replay.models:add_up"}.items()
    assert config["params"] == {"temperature": 0}
    assert "labeler" in config["adapter"]


def test_an_item_that_fails_says_so_in_the_file_and_stops_nothing(texts: Project, tmp_path: Path) -> None:
    done = ask_all(texts, "shout", tmp_path / "out.jsonl")
    assert done.failed == (("t3", "ValueError: three is too much"),)
    assert [(line["item_id"], line.get("error")) for line in lines(tmp_path / "out.jsonl")][2] == ("t3", "other")


def test_a_run_that_came_to_its_end_asks_what_failed_again_by_the_same_call(
    texts: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "out.jsonl"
    ask_all(texts, "shout", to)
    monkeypatch.setattr(models, "shout", lambda question: question["content"].upper())
    done = ask_all(texts, "shout", to)
    assert (done.answered, done.resumed, done.failed) == (8, 7, ())
    assert [line["item_id"] for line in lines(to)] == [f"t{n}" for n in range(1, 9)]
    assert not any("error" in line for line in lines(to))
    with pytest.raises(LabelerError, match="is there already"):
        ask_all(texts, "shout", to)


def test_an_answer_without_anything_that_an_output_holds_is_a_failure(texts: Project, tmp_path: Path) -> None:
    assert len(ask_all(texts, "nothing", tmp_path / "out.jsonl").failed) == 8


def test_each_process_keeps_its_part_of_the_limit_when_it_asks_and_not_when_tasks_are_handed_out(
    texts: Project, tmp_path: Path
) -> None:
    settings = replace(SETTINGS, workers=4, per_second=40.0)
    began = time.monotonic()
    done = ask_all(texts, "add_up", tmp_path / "out.jsonl", settings)
    assert time.monotonic() - began >= (done.answered - 1) * 4 / 40


def test_a_run_goes_on_with_what_it_has_and_asks_failures_again(texts: Project, tmp_path: Path) -> None:
    to = tmp_path / "out.jsonl"
    ask_all(texts, "add_up", to)
    whole = to.read_bytes()
    to.rename(tmp_path / "whole.jsonl")
    head = {
        "adapter": PythonCallable("tests.steps.replay.models:add_up").describe(),
        "params": {"temperature": 0},
        "prompt": None,
        "seed": 7,
        "model": "shouter 1",
    }
    kept = {"item_id": "t1", "values": {"length": 6, "seed": 7}, "label": ""}
    failed = {"item_id": "t2", "error": "other", "said": "was not there"}
    part = b"".join(orjson.dumps(line) + b"\n" for line in (head, kept, failed)) + b'{"item_id": "t3", "val'
    to.with_name("out.jsonl.part").write_bytes(part)
    done = ask_all(texts, "add_up", to)
    assert done.resumed == 1
    assert to.read_bytes() == whole
    assert not to.with_name("out.jsonl.part").exists()


def test_a_run_with_other_settings_is_not_mixed_into_the_one_that_was_begun(texts: Project, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl.part").write_bytes(b'{"model": "another 1"}\n')
    with pytest.raises(LabelerError, match="another model, adapter or settings"):
        ask_all(texts, "add_up", tmp_path / "out.jsonl")


QUESTION = Question("t1", "text", "Read.", None, "hello", 7)


def test_a_command_gets_json_and_answers_with_json_or_text() -> None:
    read = "import json, sys; q = json.load(sys.stdin)"
    say = "print(json.dumps({'text': q['content'], 'label': q['prompt']}))"
    assert Command((sys.executable, "-c", f"{read}; {say}")).ask(QUESTION, 30) == {"text": "hello", "label": "Read."}
    assert Command((sys.executable, "-c", "print('just text')")).ask(QUESTION, 30) == {"text": "just text"}


@pytest.mark.parametrize(
    ("program", "timeout_s", "error", "said"),
    [
        ("import sys; sys.exit('no such model')", 30.0, "other", "exit status 1: no such model"),
        ("input(); input()", 30.0, "other", "EOFError"),
        ("import time; time.sleep(60)", 0.2, "timeout", "no answer within 0.2 s"),
    ],
)
def test_a_command_that_fails_says_how(program: str, timeout_s: float, error: str, said: str) -> None:
    with pytest.raises(AskError) as failed:
        Command((sys.executable, "-c", program)).ask(QUESTION, timeout_s)
    assert failed.value.error == error
    assert said in failed.value.said


def test_a_callable_is_stopped_when_it_takes_too_long_and_may_not_end_the_run() -> None:
    with pytest.raises(AskError, match=r"no answer within 0\.2 s") as late:
        PythonCallable("tests.steps.replay.models:sleeps").ask(QUESTION, 0.2)
    assert late.value.error == "timeout"
    with pytest.raises(AskError, match="SystemExit: that is all"):
        PythonCallable("tests.steps.replay.models:leaves").ask(QUESTION, 5)


def test_a_callable_is_found_in_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model_of_mine.py").write_text("def read(q):\n    return q['content'] * 2\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert PythonCallable("model_of_mine:read").ask(QUESTION, 5) == {"text": "hellohello"}
    with pytest.raises(AskError, match="no_such_model"):
        PythonCallable("no_such_model:read").ask(QUESTION, 5)


def test_a_callable_that_crashes_its_process_loses_no_answer(texts: Project, tmp_path: Path) -> None:
    to, settings = tmp_path / "out.jsonl", replace(SETTINGS, params={"mark": str(tmp_path / "mark")}, workers=1)
    adapter = PythonCallable("tests.steps.replay.models:crashes_once")
    with pytest.raises(LabelerError, match="ended without a word"):
        replay(texts, items_to_replay(texts), adapter, settings, to)
    assert not to.exists()
    done = replay(texts, items_to_replay(texts), adapter, settings, to)
    assert (done.answered, done.failed) == (8, ())
    assert done.resumed == 2


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs tesseract")
@pytest.mark.parametrize(
    "limit", [5, pytest.param(60, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])], ids=["five", "all"]
)
def test_a_real_ocr_run_that_is_killed_and_goes_on_yields_the_same_file(
    demo_folder: Path, tmp_path: Path, limit: int
) -> None:
    """Pictures of the demo, read by Tesseract; the first run is killed once two answers are on disk."""
    call = [sys.executable, "-m", "labeler", "replay", str(demo_folder), "--model", "tesseract@5", "--with", OCR]
    call += ["--modality", "image", "--limit", str(limit), "--param", "psm=6", "--to"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_THREAD_LIMIT": "1"}
    first = subprocess.Popen([*call, str(tmp_path / "a.jsonl")], env=environment, stdout=subprocess.PIPE)
    part = tmp_path / "a.jsonl.part"
    while first.poll() is None and not (part.exists() and part.read_bytes().count(b"\n") > 2):
        pass
    first.send_signal(signal.SIGKILL)
    first.communicate()  # ends when the children have ended as well: they hold the pipe
    assert not (tmp_path / "a.jsonl").exists()
    went_on = subprocess.run([*call, str(tmp_path / "a.jsonl")], env=environment, capture_output=True, check=False)
    assert b"from before" in went_on.stdout
    subprocess.run([*call, str(tmp_path / "b.jsonl")], env=environment, capture_output=True, check=True)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_what_is_no_adapter_is_refused_with_what_is_known() -> None:
    for wrong in ("ocr", "command:", "python:module", "ftp://host"):
        with pytest.raises(LabelerError, match="no adapter"):
            adapter_from(wrong, "m")

"""Asking a model about items of the past, many at a time, in a way that can be killed and goes on.

Answers are written to `F.part` as they come, in the order of the items; when all are there, the outputs file is
written at once. A run that goes on asks only what has no answer yet, so that the file is the same as without a kill.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from labeler import __version__
from labeler.domain.items import Item, Modality, ModelVersion
from labeler.errors import LabelerError, unwritable
from labeler.formats.outputs import check_output
from labeler.formats.row import RefusedError
from labeler.steps.executor import Executor, Processes
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Project
from labeler.steps.replay.adapters import Adapter
from labeler.steps.replay.question import AskError, Question
from labeler.whole_file import write_whole

_KEPT = ("text", "table", "values", "regions", "segments", "label")
_FIRST_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """How to ask. `per_second` 0 is without a limit; `params` go to the model and into the outputs file."""

    model: ModelVersion
    seed: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    prompt: str | None = None
    """In place of each item's own."""
    workers: int = 2
    per_second: float = 0.0
    retries: int = 2
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `resumed` answers were there from a run before."""

    path: Path
    answered: int
    resumed: int
    failed: tuple[tuple[str, str], ...]
    """Item and what was wrong with the last attempt; the outputs file has an `error` for each."""


@dataclass(frozen=True, slots=True)
class _Task:
    question: Question
    adapter: Adapter
    settings: ReplaySettings


def items_to_replay(project: Project, modality: Modality | None = None, *, decided: bool = False) -> list[Item]:
    """Items in order of id: all, of one modality, or those on which past decisions rest."""
    wanted = project.store.decided_item_ids() if decided else None
    return [item for item in project.store.items(modality) if wanted is None or item.id in wanted]


def replay(
    project: Project,
    items: Sequence[Item],
    adapter: Adapter,
    settings: ReplaySettings,
    to: Path,
    *,
    executor: Executor | None = None,
    tell: Tell = silent,
) -> Replayed:
    """Ask about each item and write the outputs file. Where items failed, the same call asks these again.

    Raises LabelerError when the file is there already, a run with other settings was begun there, or nothing is asked.
    """
    part = to.with_name(f"{to.name}.part")
    if to.exists() and not part.exists():
        raise LabelerError(f"{to} is there already", kept="it was not touched", remedy="name another file: --to F")
    if not items:
        raise LabelerError("there is no item to replay")
    head = {"adapter": adapter.describe(), **_config(settings), "model": str(settings.model)}
    done = _read_part(part, head)
    tasks = [_Task(_question(project, item, settings), adapter, settings) for item in items if item.id not in done]
    resumed = len(items) - len(tasks)
    answers = dict(done)
    with _open_part(part, head, done) as file:
        asked = _asked(executor or Processes(settings.workers), tasks, settings, part)
        for n, line in enumerate(asked, resumed + 1):
            answers[line["item_id"]] = line
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            tell("Asking", n, len(items))
    model = {
        "name": settings.model.name,
        "version": settings.model.version,
        "config": {"adapter": {**adapter.describe(), "labeler": __version__}, **_config(settings)},
    }
    write_whole(to, b"".join(_output_line(answers[item.id], model, settings) for item in items))
    failed = tuple((item.id, answers[item.id]["said"]) for item in items if "error" in answers[item.id])
    if not failed:
        part.unlink()
    return Replayed(to, len(items) - len(failed), resumed, failed)


def _asked(
    executor: Executor, tasks: Sequence[_Task], settings: ReplaySettings, part: Path
) -> Iterator[dict[str, Any]]:
    """Lines of the part file. Raises LabelerError when the model's code takes its whole process with it."""
    try:
        yield from executor.map(_ask, _paced(tasks, settings.per_second))
    except BrokenExecutor:
        raise LabelerError(
            "a process that asks the model ended without a word; the model's code may have crashed it",
            kept=f"the answers so far, in {part}",
            remedy="the same call goes on behind them; a model that crashes is better asked as a command",
        ) from None


def _config(settings: ReplaySettings) -> dict[str, Any]:
    return {"params": dict(settings.params), "prompt": settings.prompt, "seed": settings.seed}


def _question(project: Project, item: Item, settings: ReplaySettings) -> Question:
    path, _ = project.medium(item)
    prompt = item.prompt if settings.prompt is None else settings.prompt
    media = None if path is None else str(path)
    return Question(item.id, str(item.modality), prompt, media, item.content, settings.seed, settings.params)


def _paced(tasks: Sequence[_Task], per_second: float) -> Iterator[_Task]:
    """The tasks, handed out no faster than so many a second."""
    began = time.monotonic()
    for n, task in enumerate(tasks):
        if per_second > 0:
            time.sleep(max(0.0, began + n / per_second - time.monotonic()))
        yield task


_asked_at: list[float] = []
"""When this process asked last."""


def _wait_for_turn(settings: ReplaySettings, pause: Callable[[float], None]) -> None:
    """Each process keeps its part of the limit, at the moment of asking: tasks pile up while processes start, and what
    is asked again was handed out long ago.
    """
    if settings.per_second > 0:
        if _asked_at:
            pause(max(0.0, _asked_at[-1] + settings.workers / settings.per_second - time.monotonic()))
        _asked_at[:] = [time.monotonic()]


def _ask(task: _Task, pause: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """One item's line of the part file; runs in a child process."""
    question, settings = task.question, task.settings
    if question.media is None and question.modality != Modality.TEXT:
        return {"item_id": question.item_id, "error": "other", "said": "its medium is not on this machine"}
    attempts = settings.retries + 1
    for attempt in range(attempts):
        _wait_for_turn(settings, pause)
        try:
            answer = task.adapter.ask(question, settings.timeout_s)
            return {"item_id": question.item_id, **_kept(answer)}
        except AskError as problem:
            failure = problem
        if failure.again_s is None or attempt == attempts - 1:
            break
        pause(max(failure.again_s, _FIRST_PAUSE_S * 2**attempt))
    return {"item_id": question.item_id, "error": failure.error, "said": failure.said}


def _kept(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What an outputs file takes of an answer. Raises AskError for what it cannot take."""
    kept = {key: answer[key] for key in _KEPT if answer.get(key) is not None}
    try:
        check_output({"item_id": "-", "model": {"name": "-", "version": "-"}, **kept})
    except RefusedError as refused:
        raise AskError("other", f"the answer is no output: {refused}") from None
    return kept


def _output_line(line: Mapping[str, Any], model: Mapping[str, Any], settings: ReplaySettings) -> bytes:
    output = {"item_id": line["item_id"], "model": model, **{k: v for k, v in line.items() if k in (*_KEPT, "error")}}
    if settings.seed is not None:
        output["seed"] = settings.seed
    return orjson.dumps(output, option=orjson.OPT_APPEND_NEWLINE)


def _read_part(part: Path, head: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Answers of a run that was stopped. Failures are asked again, and so is a line that a kill left half written."""
    if not part.exists():
        return {}
    lines = part.read_bytes().split(b"\n")[:-1]
    if lines and orjson.loads(lines[0]) != orjson.loads(orjson.dumps(head)):
        raise LabelerError(
            f"{part} is of a run with another model, adapter or settings",
            kept="it was not touched",
            remedy="go on with the same settings, or name another file: --to F",
        )
    done = {}
    for line in lines[1:]:
        with suppress(orjson.JSONDecodeError):
            read = orjson.loads(line)
            if "error" not in read:
                done[read["item_id"]] = read
    return done


def _open_part(part: Path, head: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]]) -> BinaryIO:
    """The part file with what is kept of it, open for what comes. Raises LabelerError where it cannot be written."""
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        write_whole(part, b"".join(orjson.dumps(x, option=orjson.OPT_APPEND_NEWLINE) for x in (head, *done.values())))
        return part.open("ab")
    except OSError as problem:
        raise unwritable(part, problem) from None

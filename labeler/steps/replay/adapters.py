"""Ways to ask a model: a command, a Python callable, an OpenAI-compatible endpoint. All are sent to child processes.

An adapter takes a question (see `Question.to_json`) and gives an answer: an object with `text`, `table`, `values`,
`regions`, `segments` or `label`, as in an outputs file; plain text stands for `{"text": …}`.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import orjson

from labeler.errors import OUR_SAFE_PATH, LabelerError
from labeler.steps.replay.question import Answer, AskError, Question

_OURS = ("PYTHONSAFEPATH", OUR_SAFE_PATH)


class Adapter(Protocol):
    """Can be sent to another process, so it holds plain values alone."""

    def ask(self, question: Question, timeout_s: float) -> Answer:
        """Raises AskError when there is no answer."""
        ...

    def describe(self) -> dict[str, Any]:
        """What has to be known to ask again, for the outputs file. No secrets."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """A program that reads the question as JSON on standard input and writes the answer to standard output."""

    words: tuple[str, ...]

    def ask(self, question: Question, timeout_s: float) -> Answer:
        try:
            done = subprocess.run(
                self.words,
                input=orjson.dumps(question.to_json()),
                capture_output=True,
                timeout=timeout_s,
                check=False,
                env={name: value for name, value in os.environ.items() if (name, value) != _OURS},
            )
        except subprocess.TimeoutExpired:
            raise AskError("timeout", f"no answer within {timeout_s:g} s") from None
        except OSError as problem:
            raise AskError("other", f"{self.words[0]}: {problem.strerror or problem}", again_s=None) from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise AskError("other", f"exit status {done.returncode}{': ' + said[-1] if said else ''}")
        return answer_from_text(done.stdout.decode(errors="replace"))

    def describe(self) -> dict[str, Any]:
        return {"kind": "command", "command": list(self.words)}


@dataclass(frozen=True, slots=True)
class PythonCallable:
    """`module:function`, which takes the question as a dict. Modules are also found in the folder one stands in."""

    name: str

    def ask(self, question: Question, timeout_s: float) -> Answer:
        module, _, function = self.name.partition(":")
        if (here := str(Path.cwd())) not in sys.path:
            sys.path.insert(0, here)
        try:
            found = getattr(import_module(module), function)
        except (ImportError, AttributeError) as problem:
            raise AskError("other", f"{self.name}: {problem}", again_s=None) from None
        try:
            with _at_most(timeout_s):
                said = found(question.to_json())
        except _LateError:
            raise AskError("timeout", f"no answer within {timeout_s:g} s") from None
        except (Exception, SystemExit) as problem:  # whatever a model's code raises is this item's failure
            raise AskError("other", f"{type(problem).__name__}: {problem}") from problem
        return {"text": said} if isinstance(said, str) else _checked(said)

    def describe(self) -> dict[str, Any]:
        return {"kind": "python", "callable": self.name}


class _LateError(BaseException):
    """Not an Exception, since the model's own code may catch those."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop Python code that takes longer, where the system has an alarm for it; elsewhere it runs to its end."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(_number: int, _frame: object) -> None:
        raise _LateError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def answer_from_text(text: str) -> Answer:
    """An answer that is written as a JSON object; other text is the answer's text."""
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        said = None
    return _checked(said) if isinstance(said, dict) else {"text": text.rstrip("\n")}


_ANSWERS = ("text", "table", "values", "regions", "segments", "label")


def _checked(said: Any) -> Answer:
    if not isinstance(said, Mapping) or not any(said.get(key) is not None for key in _ANSWERS):
        raise AskError("other", f"the answer has none of {', '.join(_ANSWERS)}")
    return said


def adapter_from(written: str, model: str) -> Adapter:
    """`command:PROGRAM …`, `python:module:function`, or the address of an OpenAI-compatible endpoint (`https://…/v1`).

    Raises LabelerError for anything else.
    """
    kind, _, rest = written.partition(":")
    if kind == "command" and rest.strip():
        words = shlex.split(rest)
        first = Path(words[0]).expanduser()
        return Command((str(first.resolve()) if os.sep in words[0] and first.exists() else words[0], *words[1:]))
    if kind == "python" and ":" in rest:
        return PythonCallable(rest)
    if kind in ("http", "https"):
        from labeler.steps.replay.chat import ChatEndpoint

        return ChatEndpoint(written.rstrip("/"), model)
    raise LabelerError(
        f"{written!r} is no adapter",
        remedy="--with 'command:./ocr --fast', --with python:module:function, or --with https://host/v1",
    )

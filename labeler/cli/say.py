"""What commands print: answers on standard output, progress and problems on standard error."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Self

import orjson
import typer

from labeler.errors import LabelerError, unwritable
from labeler.steps.progress import Problem, Tell, silent

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who you are; by default your user name.")]
ProjectFolder = Annotated[Path, typer.Argument(metavar="PROJECT", help="The project's folder.")]
Reports = Annotated[
    list[Path] | None,
    typer.Option("--report", metavar="F.jsonl", help="Write the refused and changed lines there; may be repeated."),
]

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
_SHOWN = 10
"""Problems that are printed; the rest is in the report."""


def answer(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.buffer.write(orjson.dumps(value, option=_JSON))
    sys.stdout.buffer.flush()


@contextmanager
def heard_or_not() -> Iterator[None]:
    """Prints what nobody may read to its end (`| head`). The exit status is the answer, and stays what it is: Rich and
    Typer would end with 1, which is an answer of its own."""
    try:
        yield
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def who_runs(given: str | None) -> str:
    """The name that was given, else of whom this is run by; nobody where the machine has no accounts."""
    try:
        return given or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def warn(text: str) -> None:
    typer.echo(text, err=True)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> str:
    """A table as text: the first `left` columns stand left, the others (numbers) right."""
    cells = [list(header), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return "\n".join([line(cells[0]), "  ".join("─" * width for width in widths), *map(line, cells[1:])])


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


@contextmanager
def progress() -> Iterator[Tell]:
    """A progress bar while a terminal looks on; nothing when it does not."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def tell(what: str, done: int, total: int) -> None:
            task = tasks.setdefault(what, TaskID(-1))
            if task == -1:
                task = tasks[what] = bar.add_task(what, total=max(total, 1))
            bar.update(task, completed=min(done, total) if total else 1)

        yield tell


class Problems:
    """Collects what was refused or changed: counts all, keeps the first for the screen, writes all to reports."""

    def __init__(self, reports: Sequence[Path] | None) -> None:
        self.count = 0
        self.first: list[Problem] = []
        self._files = [open_report(report) for report in reports or ()]

    def __call__(self, problem: Problem) -> None:
        self.count += 1
        if self.count <= _SHOWN:
            self.first.append(problem)
        line = {"file": str(problem.path), "line": problem.line, "kind": problem.kind, "reason": problem.reason}
        for file in self._files:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever came in between: where all lines were refused, that is why the rest could not be done."""
        for file in self._files:
            file.close()
        self._tell()

    def _tell(self) -> None:
        """Print the first problems, and how many there are besides."""
        for problem in self.first:
            warn(str(problem))
        if self.count > len(self.first):
            more = self.count - len(self.first)
            warn(f"… and {more:,} more{'; the report lists them all' if self._files else ''}")


def open_report(path: Path) -> BinaryIO:
    """A report of lines, opened for writing. Raises LabelerError for another ending, or where it cannot be written."""
    if path.suffix != ".jsonl":
        raise LabelerError(f"{path}: this command writes its report as .jsonl")
    try:
        return path.open("wb")
    except OSError as problem:
        raise unwritable(path, problem) from None


def write_template(path: Path, template: str) -> None:
    """Write a file for a person to fill in. Raises LabelerError when it is there already or cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template)
    except FileExistsError:
        raise LabelerError(f"{path} is there already", kept="it was not touched") from None
    except OSError as problem:
        raise unwritable(path, problem) from None

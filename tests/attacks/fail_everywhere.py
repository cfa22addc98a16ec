"""The program, made to fail wherever it handles what items, outputs and people say: run by `test_logs`.

Every fault has a real text of the project for its message. What each kind of fault is called is printed nowhere
else, so that whoever reads standard error finds which faults could be reported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from labeler.__main__ import main
from labeler.store.connection import Cursor
from tests.attacks.quoting import SECRET, Fault


class CommandFault(Fault): ...


class SqlFault(Fault): ...


@contextmanager
def loads_that_fail(after: int) -> Iterator[None]:
    """What is read from the log, the tables or a file as JSON is what the fault says."""
    loads, left = orjson.loads, [after]

    def failing(data: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and SECRET in (data if isinstance(data, str) else bytes(data).decode(errors="replace")):
            raise CommandFault(data)
        return loads(data)

    orjson.loads = failing
    try:
        yield
    finally:
        orjson.loads = loads


@contextmanager
def statements_that_fail(after: int) -> Iterator[None]:
    """As a driver that puts the statement and its values into its errors."""
    execute, left = Cursor.execute, [after]

    def failing(cursor: Cursor, sql: str, values: Any = ()) -> Cursor:
        left[0] -= 1
        if left[0] < 0:
            raise SqlFault(f"{sql} with {values!r} near {SECRET}")
        return execute(cursor, sql, values)

    Cursor.execute = failing  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Cursor.execute = execute  # type: ignore[method-assign]


def fail_in_commands(commands: list[list[str]], after: list[int]) -> None:
    for command in commands:
        for n in after:
            for failing in (loads_that_fail, statements_that_fail):
                sys.argv = ["labeler", *command]
                with failing(n), suppress(SystemExit):
                    main()


def fail_everywhere(given: dict[str, Any]) -> None:
    fail_in_commands(given["commands"], given["after"])
    from tests.attacks.fail_in_window import window

    window(Path(given["project"]))

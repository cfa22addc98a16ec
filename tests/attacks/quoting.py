"""Faults whose message quotes what they came upon; a child process that fails with one imports nothing else."""

from __future__ import annotations

from typing import Any, NoReturn

SECRET = "Wisperwort"


class Fault(RuntimeError):  # noqa: N818  # it is none of the program's
    """Its message quotes what it came upon."""


class ChildFault(Fault): ...


class PipeFault(Fault): ...


def fail(kind: type[Fault], words: str) -> NoReturn:
    raise kind(words)


class Bomb:
    """Fails where it arrives: pickled here, it fails in the process that takes it out of its pipe."""

    def __reduce__(self) -> Any:
        return fail, (PipeFault, SECRET)


def fail_in_child(words: str) -> None:
    fault = ChildFault(words)
    fault.add_note(f"while reading {words}")
    raise fault

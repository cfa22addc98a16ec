"""What is told of a fault of the program: of what kind it is and where, never what it says.

An exception's message, a warning's text or a line of a log may quote what stands in an item or what somebody wrote, and
whatever goes to standard error ends up in a CI's log, a system's journal or a report to strangers. So everything that
nobody caught, in any thread or child process, is told here. What a `LabelerError` says is an answer to a person and no
fault; it is said where they asked.
"""

from __future__ import annotations

import errno
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from labeler import __version__
from labeler.errors import LabelerError

_MOST_FRAMES = 30
_MOST_LINKS = 20
"""How many faults of a chain, or of a group, are told."""
_FROM_A_CHILD = "labeler_told_in_child"


def told(fault: BaseException) -> str:
    """Lines with kind and frames of a fault and of all that led to it, the first cause first."""
    return "\n".join(_told(fault, set()))


def headline(fault: BaseException) -> str:
    """Kind and innermost frame in one line."""
    frames = list(_frames(fault.__traceback__))
    return f"{_kind(fault)} at {frames[-1]}" if frames else _kind(fault)


def explain(fault: BaseException) -> LabelerError:
    """What to tell a person of any failure."""
    if isinstance(fault, LabelerError):
        return fault
    return LabelerError(
        f"A fault of the program: {headline(fault)}",
        kept="everything that was saved, and unsaved work as a draft",
        remedy="go on, or start the program again; please report it with this line and what the terminal shows",
    )


def tell(fault: BaseException) -> None:
    """Write a fault to standard error."""
    say(f"labeler {__version__}: a fault of the program\n{told(fault)}")


def say(text: str) -> None:
    """Write to standard error, if there is one that takes it: nobody is told of a fault while a fault is told."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def install() -> None:
    """From now on this process tells all faults here; a child process does not inherit it."""
    sys.excepthook = lambda _kind, fault, _trace: tell(fault)
    sys.unraisablehook = _tell_unraisable
    threading.excepthook = _tell_of_thread
    warnings.showwarning = _tell_warning
    logging.lastResort = _Nameless(logging.WARNING)
    logging.raiseExceptions = False  # it would print the record
    # What ends a child process is printed by multiprocessing itself, past every hook.
    traceback.print_exc = _tell_current


def keep_in_child(fault: BaseException) -> None:
    """In a child process: have the fault bring its frames along when it is sent to the parent."""
    with suppress(AttributeError):
        setattr(fault, _FROM_A_CHILD, told(fault))


def _told(fault: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(fault))
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None and id(before) not in seen and len(seen) < _MOST_LINKS:
        yield from _told(before, seen)
        yield "which led to" if fault.__cause__ else "while that was handled"
    yield _kind(fault)
    in_child = getattr(fault, _FROM_A_CHILD, None)
    if isinstance(in_child, str):
        yield from (f"  in a child process: {line.strip()}" for line in in_child.splitlines())
    yield from (f"  {frame}" for frame in _few(list(_frames(fault.__traceback__))))
    for part in getattr(fault, "exceptions", ()) if isinstance(fault, BaseExceptionGroup) else ():
        if id(part) not in seen and len(seen) < _MOST_LINKS:
            yield from (f"  | {line}" for line in _told(part, seen))


def _kind(fault: BaseException) -> str:
    """The type, the numbers by which the system and SQLite name errors, and how much more was said."""
    kind = type(fault)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    code = getattr(fault, "sqlite_errorname", None)
    if isinstance(fault, OSError):
        code = errno.errorcode.get(fault.errno or 0)
    notes = len(getattr(fault, "__notes__", ()))
    more = [code if isinstance(code, str) else "", f"{notes} notes" if notes else ""]
    return f"{name} ({', '.join(filter(None, more))})" if any(more) else name


def _frames(trace: TracebackType | None) -> Iterator[str]:
    """Frames from the outermost in, without the line itself: it may hold a value as well."""
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_place(code.co_filename)}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next


def _few(frames: list[str]) -> list[str]:
    if len(frames) <= _MOST_FRAMES:
        return frames
    half = _MOST_FRAMES // 2
    return [*frames[:half], f"… {len(frames) - 2 * half} more", *frames[-half:]]


def _place(file: str) -> str:
    """A module's file without the folders above its package, which are the person's own."""
    parts = Path(file).parts
    for root in ("site-packages", "labeler"):
        if root in parts:
            last = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[last + (root == "site-packages") :])
    return "/".join(parts[-2:])


def _tell_unraisable(unraisable: Any) -> None:
    """What was raised where nobody can catch it, as in `__del__`; `repr(unraisable.object)` could be anything."""
    say(f"labeler {__version__}: a fault in {type(unraisable.object).__qualname__}, which is gone on with")
    if unraisable.exc_value is not None:
        say(told(unraisable.exc_value))


def _tell_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and ended.exc_type is not SystemExit:
        tell(ended.exc_value)


def _tell_warning(
    message: Warning | str,  # noqa: ARG001  # the signature is that of `warnings.showwarning`
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    say(f"labeler {__version__}: {category.__qualname__} at {_place(filename)}:{lineno}")


def _tell_current(*_: Any, **__: Any) -> None:
    """In place of `traceback.print_exc`."""
    fault = sys.exc_info()[1]
    if fault is not None:
        tell(fault)


class _Nameless(logging.Handler):
    """For libraries that log, where nobody asked them to: who and where, not what."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"labeler {__version__}: {record.levelname} of {record.name} at {_place(record.pathname)}:{record.lineno}")
        if record.exc_info and record.exc_info[1] is not None:
            say(told(record.exc_info[1]))

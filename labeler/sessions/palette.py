"""Finding a command by a few letters of its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labeler.sessions.commands import Command


def found(commands: Iterable[Command[Any]], session: object, typed: str) -> list[Command[Any]]:
    """The commands that may act now and whose group and label have the typed letters in order, best first.

    Words that begin with what is typed go before letters scattered over the label; ties stay in the table's order.
    """
    able = [c for c in commands if not c.hidden and c.when(session)]
    ranked = [(rank, n, command) for n, command in enumerate(able) if (rank := _rank(command, typed)) is not None]
    return [command for _, _, command in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(command: Command[Any], typed: str) -> int | None:
    wanted, label = typed.casefold().split(), command.label.casefold()
    words = f"{label} {command.group.casefold()}".split()
    if all(any(word.startswith(part) for word in words) for part in wanted):
        return 0
    if all(part in label for part in wanted):
        return 1
    letters = iter(label)
    return 2 if all(letter in letters for part in wanted for letter in part) else None

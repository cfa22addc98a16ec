"""What a key does, where it stands in menus and help, and when it may: one table a screen.

Menus, help, tooltips, the palette and the keyboard all read these tables; nothing else knows a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

S = TypeVar("S")

MODIFIERS = ("Ctrl", "Alt", "Shift")


@dataclass(frozen=True)  # no slots: before Python 3.12 a frozen generic with slots cannot be made as Command[X](…)
class Command(Generic[S]):
    """One thing that a person can do on a screen, whose session is `S`.

    `key` is written as it is shown: `N`, `Shift+Q`, `Ctrl+Z`, `Enter`, `Space`, `?`. A letter is a letter wherever it
    stands; other signs are meant as the sign that is typed, with or without Shift, so that every layout has them.
    `when` says whether it may
    happen now. `in_text` lets it act while a text field has the focus; only keys with Ctrl or Alt, `Enter` and
    `Esc` may.
    """

    id: str
    label: str
    do: Callable[[S], None]
    key: str = ""
    when: Callable[[S], bool] = lambda s: True
    group: str = ""
    in_text: bool = False
    scope: str = ""
    """Where the command belongs, if not everywhere on its screen: commands of different scopes may share a key."""
    hidden: bool = False
    """Not listed in menus and palette (an alias of another command)."""


def rebind(commands: Iterable[Command[S]], keys: Mapping[str, str]) -> tuple[Command[S], ...]:
    """The commands with a person's own keys. Raises ValueError for an unknown command or a key given twice."""
    table = {command.id: command for command in commands}
    unknown = sorted(keys.keys() - table.keys())
    if unknown:
        raise ValueError(f"no such command: {', '.join(unknown)}")
    changed = {**table, **{name: replace(table[name], key=key) for name, key in keys.items()}}
    for command in changed.values():
        for other in changed.values():
            if command is not other and command.key and command.key == other.key and _compete(command, other):
                raise ValueError(f"{command.key} is the key of both {other.id} and {command.id}")
    return tuple(changed.values())


def _compete(one: Command[S], other: Command[S]) -> bool:
    return one.scope == other.scope or not one.scope or not other.scope

"""What a key does, where it stands in menus and help, and when it may: one table a screen.

Menus, help, tooltips, the palette and the keyboard all read these tables; nothing else knows a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
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
    came_with: str = ""
    """The key before a person changed it; "" where nobody did."""
    hidden: bool = False
    """Not listed in menus and palette (an alias of another command)."""


def rebind(commands: Iterable[Command[S]], keys: Mapping[str, str]) -> tuple[Command[S], ...]:
    """The commands with a person's own keys. Raises ValueError for an unknown command or a key given twice."""
    table = {command.id: command for command in commands}
    unknown = sorted(keys.keys() - table.keys())
    if unknown:
        raise ValueError(f"no such command: {', '.join(unknown)}")
    changed = {**table, **{name: _with_key(table[name], key) for name, key in keys.items()}}
    for command in changed.values():
        other = rival(changed.values(), command, command.key)
        if other is not None:
            raise ValueError(f"{command.key} is the key of both {other.id} and {command.id}")
    return tuple(changed.values())


def _with_key(command: Command[S], key: str) -> Command[S]:
    return replace(command, key=key, came_with=command.came_with or command.key)


def rebind_what_agrees(commands: Iterable[Command[S]], keys: Mapping[str, str]) -> tuple[Command[S], ...]:
    """The commands with those of a person's own keys that they can have.

    Left out is a key of a command that is not among these, and one that another command has: a later version may have
    given it away.
    """
    bound = tuple(commands)
    for name, key in keys.items():
        with suppress(ValueError):
            bound = rebind(bound, {name: key})
    return bound


def rival(commands: Iterable[Command[S]], command: Command[S], key: str) -> Command[S] | None:
    """The other command that a key would act on where this one may."""
    others = (c for c in commands if c.id != command.id and key and c.key == key)
    return next((c for c in others if c.scope == command.scope or not c.scope or not command.scope), None)


def why_not(commands: Iterable[Command[S]], command: Command[S], key: str, taken: Mapping[str, str]) -> str:
    """Why a command cannot have this key, in words; "" where it can. `taken` are keys of the window: what they do."""
    if key in taken:
        return f"{key} is taken: {taken[key]}"
    if command.in_text and not key.startswith(("Ctrl+", "Alt+")):
        return "This acts while you type: its key needs Ctrl or Alt"
    other = rival(commands, command, key)
    return "" if other is None else f"{key} is taken: {other.label}"

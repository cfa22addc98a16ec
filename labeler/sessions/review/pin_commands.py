"""The keys that pick places and move pins."""

from __future__ import annotations

from collections.abc import Callable

from labeler.sessions.commands import Command
from labeler.sessions.review.evidence import Request
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.when import (
    holding,
    holding_in_sound,
    judging,
    judging_image,
    picked_on_picture,
    picked_words,
)

Do = Callable[[ReviewSession], None]


def _shift(dx: int, dy: int) -> Do:
    return lambda session: session.pins.shift(dx, dy)


def _shift_corner(dx: int, dy: int) -> Do:
    return lambda session: session.pins.shift_corner(dx, dy)


def _shift_in_time(by_s: float) -> Do:
    return lambda session: session.pins.shift_in_time(by_s)


def _on_shape(name: str, label: str, do: Do, key: str, *, hidden: bool = False) -> Command[ReviewSession]:
    return Command(f"pin.{name}", label, do, key, picked_on_picture, "Pins", scope="image", hidden=hidden)


_ARROWS = (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1))
_MOVES = (
    ("place", "Move by 1 px, with Shift 10 px", _shift, ""),
    ("corner", "Move the corner the same way", _shift_corner, "Ctrl+"),
)

PIN_COMMANDS: tuple[Command[ReviewSession], ...] = (
    Command("pin.next_place", "Pick the next region or word", lambda s: s.pins.step(+1), "Ctrl+.", judging, "Pins"),
    Command("pin.previous_place", "Pick the one before", lambda s: s.pins.step(-1), "Ctrl+,", judging, "Pins"),
    Command(
        "pin.longer", "One word more", lambda s: s.pins.grow(+1), "Shift+Right", picked_words, "Pins", scope="text"
    ),
    Command(
        "pin.shorter", "One word less", lambda s: s.pins.grow(-1), "Shift+Left", picked_words, "Pins", scope="text"
    ),
    Command(
        *("pin.much_earlier", "Earlier by 0.1 s", _shift_in_time(-0.1), "Ctrl+Left", holding_in_sound, "Pins"),
        scope="audio",
    ),
    Command(
        *("pin.much_later", "Later by 0.1 s", _shift_in_time(0.1), "Ctrl+Right", holding_in_sound, "Pins"),
        scope="audio",
    ),
    Command(
        *("pin.draw", "Draw a box in the middle of the view", lambda s: s.request(Request.DRAW_BOX), "Alt+D"),
        *(judging_image, "Pins"),
        scope="image",
    ),
    Command("pin.hold", "Take up the next pin", lambda s: s.pins.hold_next(+1), ";", judging, "Pins"),
    Command("pin.remove", "Take it away", lambda s: s.pins.remove_held(), "Delete", holding, "Pins"),
    _on_shape("next_corner", "Next corner", lambda s: s.pins.next_corner(), "Ctrl+N"),
    _on_shape("add_corner", "Add a corner", lambda s: s.pins.add_corner(), "Ctrl+I"),
    _on_shape("remove_corner", "Remove the corner", lambda s: s.pins.remove_corner(), "Ctrl+Delete"),
    *(
        _on_shape(f"{name}_{way.lower()}{far}", label, shift(dx * by, dy * by), f"{keys}{way}", hidden=not first)
        for name, label, shift, ctrl in _MOVES
        for far, by, keys in (("", 1, ctrl), ("_far", 10, f"{ctrl}Shift+"))
        for way, dx, dy in _ARROWS
        for first in [way == "Left" and not far]  # one line in the list of keys stands for all eight
    ),
)

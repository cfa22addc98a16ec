"""From a key event to the key's name as commands write it, on any keyboard layout.

A letter is a letter wherever it stands. Other signs are meant as the sign that is typed: whether a layout needs Shift
for it does not matter. AZERTY has digits only with Shift; its unshifted signs stand for them.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NAMED = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
}
_AZERTY_DIGITS = {"&": "1", "é": "2", '"': "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9", "à": "0"}


def key_name(event: QKeyEvent) -> str:
    """`N`, `Shift+Q`, `Ctrl+Z`, `Enter`, `?`; empty for a key that is only a modifier."""
    modifiers = event.modifiers()
    ctrl = "Ctrl+" if modifiers & Qt.KeyboardModifier.ControlModifier else ""
    alt = "Alt+" if modifiers & Qt.KeyboardModifier.AltModifier else ""
    shift = "Shift+" if modifiers & Qt.KeyboardModifier.ShiftModifier else ""
    key = event.key()
    if key in _NAMED:
        return f"{ctrl}{alt}{shift}{_NAMED[Qt.Key(key)]}"
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
        return f"{ctrl}{alt}{shift}F{key - Qt.Key.Key_F1 + 1}"
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return f"{ctrl}{alt}{shift}{chr(key)}"
    # With Ctrl or Alt the text may be a control sign or nothing; the key says which sign it is.
    typed = event.text() if not (ctrl or alt) else ""
    sign = typed if typed.isprintable() and typed else _sign(key)
    return f"{ctrl}{alt}{sign}" if sign else ""


def aliases(name: str) -> str | None:
    """The digit that an unshifted sign of the AZERTY digit row stands for, with the same modifiers."""
    modifiers, _, sign = name.rpartition("+") if name[-1:] != "+" else ("", "", "+")
    digit = _AZERTY_DIGITS.get(sign)
    return None if digit is None else f"{modifiers}+{digit}" if modifiers else digit


@lru_cache(maxsize=512)
def shown(key: str) -> str:
    """A key's name as it stands on a key cap."""
    key = key.replace("PageUp", "Page ↑").replace("PageDown", "Page ↓")
    return key.replace("Shift+", "⇧").replace("Ctrl+", "Ctrl ").replace("Alt+", "Alt ")


def _sign(key: int) -> str:
    return chr(key) if 0x20 < key < 0x7F else ""

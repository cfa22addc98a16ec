"""The strip of layers above the picture: how each is drawn, and the keys that change the one in hand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from labeler.gui.panels.image.strip import Strip
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.sessions.review.evidence import Layer, LayerLook, Layers
from labeler.sessions.review.view_commands import LAYERS

_ACTIONS = {
    "layers.hide": "Hide",
    "layers.fainter": "Fainter",
    "layers.stronger": "Stronger",
    "layers.wider": "Wider",
    "layers.next": "Next",
}


class LayerStrip(Strip):
    """Shown while a layer is in hand."""

    taken = Signal(Layer)
    """A layer was clicked, to be taken in hand."""

    def __init__(self, theme: Theme, keys: Mapping[str, str]) -> None:
        super().__init__(left=8, spacing=6)
        self._layers: dict[Layer, KeyButton] = {}
        for layer, words in LAYERS.items():
            chip = self._layers[layer] = KeyButton(theme, Look.CHIP, words)
            chip.clicked.connect(lambda _checked, layer=layer: self.taken.emit(layer))
            self.row.addWidget(chip)
        self.add_buttons(theme, keys, _ACTIONS)

    def show_layers(self, layers: Layers) -> None:
        self.setVisible(layers.in_hand is not None)
        for layer, chip in self._layers.items():
            chip.set_label(f"{LAYERS[layer]}{in_words(layers.look(layer))}")
            chip.setChecked(layer is layers.in_hand)
        if layers.in_hand is not None:
            self.buttons["layers.hide"].set_label("Hide" if layers.look(layers.in_hand).shown else "Show")


def in_words(look: LayerLook) -> str:
    """How a layer differs from the usual: ` · hidden`, ` · 60 %, 2×`."""
    if not look.shown:
        return " · hidden"
    parts = [f"{look.opacity:.0%}".replace("%", " %")] if look.opacity < 1 else []
    parts += [f"{look.width}×"] if look.width > 1 else []
    return f" · {', '.join(parts)}" if parts else ""

"""The second row under the lanes: how the recording is shown and how it comes out of the loudspeaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSettings, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from labeler.gui import keys as key_names
from labeler.gui.panels.audio.transport import NARROW
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import set_tip
from labeler.modalities.player.messages import Output
from labeler.sessions.review.evidence import ViewSettings

_DEVICE = "audio/device"
_TAKE = "view.blink"
_NAMES = ("original", "spectrogram", "scale", "channel", "normalise", "quieter", "louder")


class SoundBar(QWidget):
    """Shows what it is told and says what was clicked."""

    asked = Signal(str)
    """Id of a command whose button was clicked."""
    device_chosen = Signal(str)
    """Name of the sound device to play on; empty: the system's own choice."""

    def __init__(self, theme: Theme, keys: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices: tuple[Output, ...] = ()
        self._devices_hint = ""
        self._range_keys = {"more": keys.get("audio.more_range", ""), "less": keys.get("audio.less_range", "")}
        self._narrow = False
        self._shown: tuple[ViewSettings, int, Sequence[str]] | None = None
        self._buttons: dict[str, KeyButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 8)
        row.setSpacing(12)
        for command in (_TAKE, *(f"audio.{name}" for name in _NAMES)):
            button = KeyButton(theme, Look.FLAT, "", keys.get(command, ""))
            button.clicked.connect(lambda _checked, command=command: self.asked.emit(command))
            self._buttons[command.rpartition(".")[2]] = button
            row.addWidget(button)
        row.addStretch(1)
        self._device = KeyButton(theme, Look.FLAT, "", keys.get("audio.output", ""))
        self._device.clicked.connect(self.offer_devices)
        row.addWidget(self._device)

    @property
    def remembered_device(self) -> str:
        """The device that was chosen on this machine; empty: none was."""
        return str(QSettings().value(_DEVICE, ""))

    def show_view(self, view: ViewSettings, channels: int, takes: Sequence[str]) -> None:
        """`channels` of the recording; 0 while there is none. `takes`: names of the recordings on one clock."""
        buttons = self._buttons
        heard = "the item's own" if view.hear_original and len(takes) > 2 else view.blink_letter
        buttons["blink"].set_label(f"Hearing {heard}")
        buttons["blink"].setVisible(len(takes) > 1)
        buttons["original"].set_label("Own" if self._narrow else "The item's own")
        buttons["original"].setVisible(len(takes) > 2)
        buttons["spectrogram"].set_label("Spectrogram on" if view.spectrogram else "Spectrogram off")
        scale = "Mel" if view.mel else "Linear"
        buttons["scale"].set_label(scale if self._narrow else f"{scale}, {view.range_db:g} dB")
        more = " · ".join(f"{key_names.shown(key)} {does}" for does, key in self._range_keys.items() if key)
        set_tip(buttons["scale"], f"{view.range_db:g} dB below full scale are shown{f' · {more}' if more else ''}")
        buttons["scale"].setVisible(view.spectrogram)
        buttons["channel"].set_label(f"Hear {channel_name(view.channel, channels)}")
        buttons["channel"].setVisible(channels > 1)
        evened = "Level-matched" if len(takes) > 1 else "Normalised"
        buttons["normalise"].set_label(evened if view.normalise else "As recorded")
        volume = f"{view.volume_db:+g} dB" if view.volume_db else "0 dB"
        buttons["quieter"].set_label(volume if self._narrow else f"Volume {volume}")
        self._shown = (view, channels, takes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In fewer words where there is no room for all: a key that is cut off says nothing."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            if self._shown is not None:
                self.show_view(*self._shown)

    def show_devices(self, devices: Sequence[Output], current: str, hint: str = "") -> None:
        """The outputs that were there last, what the one in use is called (empty while none is), and what to do so that
        there are more to choose among.
        """
        self._devices, self._devices_hint = tuple(devices), hint
        name = current if len(current) <= 28 else f"{current[:26]}…"
        self._device.set_label(f"Output: {name or 'none'}")
        self._device.setVisible(bool(current or devices))
        set_tip(self._device, current)

    def offer_devices(self) -> None:
        """As a menu, where there is one."""
        if not self._device.isVisible():
            return
        menu, chosen = QMenu(self), self.remembered_device
        menu.aboutToHide.connect(menu.deleteLater)
        for device in (Output("", "The system's own choice"), *self._devices):
            action = QAction(device.label.replace("&", "&&"), menu, checkable=True)
            action.setChecked(device.name == chosen)
            action.triggered.connect(lambda _checked, name=device.name: self._choose_device(name))
            menu.addAction(action)
        if self._devices_hint:
            menu.addSeparator()
            menu.addAction(self._devices_hint).setEnabled(False)
        menu.popup(self._device.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _choose_device(self, name: str) -> None:
        QSettings().setValue(_DEVICE, name)
        self.device_chosen.emit(name)


def channel_name(channel: int | None, channels: int) -> str:
    """What is heard of a recording with so many channels."""
    if channel is None or channel >= channels:
        return "both channels" if channels == 2 else f"all {channels} channels"
    return ("left", "right")[channel] if channels == 2 else f"channel {channel + 1}"

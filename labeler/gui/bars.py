"""The window's frame: top bar with filters and progress, rail with the screens, status bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from labeler.domain.blind import Letter
from labeler.domain.items import Modality
from labeler.gui.screen import Status
from labeler.gui.theme import Theme, icon
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import plain, set_tip
from labeler.gui.widgets.progress import ProgressLine
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState
from labeler.sessions.review.words import progress

_MODALITIES = {Modality.IMAGE: "Images", Modality.AUDIO: "Audio", Modality.TEXT: "Text"}


class ReviewBar(QFrame):
    """Top bar of Review: where one is, what is filtered, how far one is; and nothing that names a model."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys
        self.setObjectName("topBar")
        self.setFixedHeight(44)
        self._theme = theme
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        self._name = plain("projectName")
        self._release = plain("crumb")
        row.addWidget(self._name)
        row.addWidget(plain("crumb", "/"))
        row.addWidget(self._release)
        row.addSpacing(6)
        self._build(row)

    def _build(self, row: QHBoxLayout) -> None:
        """What stands behind the place: filters and progress."""
        self._modalities: dict[Modality, KeyButton] = {}
        # One modality alone is nothing to choose from.
        for modality in self._session.state.place.modalities if len(self._session.state.place.modalities) > 1 else ():
            chip = KeyButton(self._theme, Look.CHIP, _MODALITIES[modality])
            chip.clicked.connect(lambda _checked, modality=modality: self._choose(modality))
            self._modalities[modality] = chip
            row.addWidget(chip)
        self._slices = QHBoxLayout()
        row.addLayout(self._slices)
        row.addStretch(1)
        self._guess = GuessQuestion(self._theme, self._session, self._keys)
        row.addWidget(self._guess)
        row.addSpacing(6)
        self._count = plain("quiet")
        row.addWidget(self._count)
        self._bar = ProgressLine(self._theme)
        row.addWidget(self._bar)

    def _choose(self, modality: Modality) -> None:
        chosen = self._session.state.place.filter.modality
        self._session.filter_modality(None if chosen is modality else modality)

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:
        self.show_place(new)
        for modality, chip in self._modalities.items():
            chip.setChecked(new.place.filter.modality is modality)
        if old is None or old.place.filter != new.place.filter:
            self._show_slices(new)
        if self._guess.isHidden() is new.screen.guessing:
            self._guess.setVisible(new.screen.guessing)
        self._count.setText(progress(new.place.progress))
        set_tip(self._count, "Judged by you, of what is yours to judge with this filter")
        self._bar.show_progress(new.place.progress.done, new.place.progress.total)

    def show_place(self, new: ReviewState) -> None:
        self._name.setText(new.place.project)
        self._release.setText(f"Release {new.place.release}")

    def _show_slices(self, state: ReviewState) -> None:
        clear(self._slices)
        for key, value in state.place.filter.slices.items():
            chip = KeyButton(self._theme, Look.CHIP, f"{key} = {value}  ✕")
            set_tip(chip, "Take this filter away")
            chip.clicked.connect(lambda _checked, key=key: self._session.filter_slice(key, None))
            self._slices.addWidget(chip)


class GuessQuestion(QFrame):
    """Which side was the new model, asked beside the next item; whoever goes on has not answered."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        question = plain("guess", "Last item: which was the new model?")
        set_tip(question, "Asked now and then, to see whether sides are blind. Go on, and it is gone.")
        row.addWidget(question)
        answers: Sequence[tuple[Letter | None, str, str]] = (
            ("A", "A", "a"),
            ("B", "B", "b"),
            (None, "No idea", "open"),
        )
        for said, text, name in answers:
            chip = KeyButton(theme, Look.CHIP, text, keys[f"guess.{name}"])
            chip.setCheckable(False)
            chip.clicked.connect(lambda _checked, said=said: session.guess(said))
            row.addWidget(chip)
        self.hide()


class StatusBar(QFrame):
    """What happened last, who is here, and where help is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setFixedHeight(26)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(18)
        self._message = plain("status")
        self._message.setMinimumWidth(200)  # a long one is cut off and does not widen the window
        self._who = plain("status")
        self._notes = plain("status")
        for label in (self._message, self._who, self._notes):
            row.addWidget(label)
        row.addStretch(1)
        for part in (plain("status", "Press"), KeyCap(theme, "?"), plain("status", "for all keys")):
            row.addWidget(part)

    def show_status(self, status: Status) -> None:
        self._message.setText(f"{'!' if status.serious else '●'} {status.text}")
        set_tip(self._message, status.more)
        name = "statusSerious" if status.serious else "status"
        if self._message.objectName() != name:
            self._message.setObjectName(name)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self._who.setText(status.person)
        self._notes.setText("    ".join(status.notes))


class Rail(QFrame):
    """The screens there are; the chosen one stands out by more than its colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(64)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 9, 2, 9)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self._buttons: list[tuple[QToolButton, str]] = []
        theme.changed.connect(self._paint_icons)

    def add(self, name: str, picture: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("railButton")
        button.setText(name)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(60, 52)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked: act())
        self._column.insertWidget(self._column.count() - 1, button)
        button.toggled.connect(self._paint_icons)
        self._buttons.append((button, picture))
        self._paint_icons()
        return button

    def _paint_icons(self) -> None:
        palette = self._theme.palette
        for button, picture in self._buttons:
            button.setIcon(icon(picture, palette.accent if button.isChecked() else palette.quiet))

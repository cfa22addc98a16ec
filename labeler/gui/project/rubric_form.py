"""The form of one failure code or tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from labeler.errors import LabelerError
from labeler.gui.project.fields import CropView, LineField, TextField
from labeler.gui.screen import Frame
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain, set_tip
from labeler.modalities.image.decoder import Picture
from labeler.sessions.project.rubric import RubricSession
from labeler.sessions.project.rubric_state import RubricEditorState, RubricForm, ShownCrop

if TYPE_CHECKING:
    from labeler.gui.project.sound_crop import SoundCrop

_NAMES = {
    "code": "Code",
    "label": "Label",
    "definition": "Definition",
    "example": "Example",
    "key": "Key",
}
Field = LineField | TextField


class RubricFormCard(QFrame):
    """Shows the line that is chosen, and hands on what is typed and asked."""

    left = Signal()

    def __init__(self, frame: Frame, session: RubricSession) -> None:
        super().__init__()
        self.setObjectName("card")
        self._frame, self._session = frame, session
        self._crop_shown: ShownCrop | None = None
        self._keys: Mapping[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        self._title = plain("sectionTitle")
        column.addWidget(self._title)
        self._fields: dict[str, Field] = {
            "code": LineField("Code", 60),
            "label": LineField("Label", 60),
            "definition": TextField("Definition", 4),
            "example": TextField("Example", 3),
            "key": LineField("Key", 1),
        }
        self._heads: dict[str, QLabel] = {}
        column.addLayout(self._grid())
        self._problem = plain("statusSerious")
        self._problem.setWordWrap(True)
        column.addWidget(self._problem)
        self._buttons: dict[str, KeyButton] = {}
        column.addLayout(self._rows_of_buttons())
        self._crop_head = plain("head", "Shown on a real item")
        self._crop_words = plain("quiet")
        self._crop_words.setWordWrap(True)
        self._crop = CropView(frame.theme)
        for widget in (self._crop_head, self._crop_words):
            column.addWidget(widget)
        column.addWidget(self._crop, 1)
        self._sound: SoundCrop | None = None
        column.addStretch(0)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 1)
        places = {
            "label": (0, 0, 1),
            "key": (0, 2, 1),
            "code": (1, 0, 3),
            "definition": (2, 0, 3),
            "example": (3, 0, 3),
        }
        for name, (row, at, span) in places.items():
            field = self._fields[name]
            head = self._heads[name] = plain("quiet", _NAMES[name])
            head.setBuddy(field)
            grid.addWidget(head, row, at)
            grid.addWidget(field, row, at + 1, 1, span)
            field.left.connect(self.left)
        for name in ("label", "definition", "example", "key"):
            self._fields[name].typed.connect(lambda text, name=name: self._session.edit(name, text))
        code = self._fields["code"]
        assert isinstance(code, LineField)
        code.editingFinished.connect(self._rename)
        set_tip(code, "Another name is a rename: old verdicts are read with the new one. Enter takes it over")
        return grid

    def _rows_of_buttons(self) -> QVBoxLayout:
        """Two rows: what the line means, and what becomes of it; one row would not fit into a small window."""
        session, theme, column = self._session, self._frame.theme, QVBoxLayout()
        column.setSpacing(6)
        for named in (
            (
                ("rubric.severity", "Major", session.toggle_severity),
                ("rubric.again", "Ask again who named it", session.toggle_again),
                ("rubric.crop", "Real example", session.next_crop),
            ),
            (
                ("rubric.split", "Split", session.ask_split),
                ("rubric.merge", "Merge", session.ask_merge),
                ("rubric.remove", "Take out", session.remove),
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(6)
            for name, text, act in named:
                button = self._buttons[name] = KeyButton(theme, Look.CHIP, text)
                button.clicked.connect(lambda _checked, act=act: act())
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        set_tip(self._buttons["rubric.again"], "It means something else now: items that name it are looked at again")
        return column

    def _rename(self) -> None:
        code = self._fields["code"]
        assert isinstance(code, LineField)
        self._session.rename(code.text().strip())
        form = self._session.state.form
        if form is not None:  # a name that is refused does not stay there as if it held
            code.show_text(form.code, read_only=code.isReadOnly())

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        for name, button in self._buttons.items():
            button.set_key(keys[name])

    def take_up(self) -> None:
        """Put the cursor into the first text that a person would type."""
        label = self._fields["label"]
        label.setFocus()
        label.selectAll()

    def show_state(self, state: RubricEditorState) -> None:
        form = state.form
        if form is None:
            return
        texts, read_only = dict(form.texts), bool(state.read_only)
        self._title.setText(texts["label"] or form.code)
        for name, field in self._fields.items():
            for widget in (field, self._heads[name]):
                if widget.isHidden() is (name in texts):
                    widget.setVisible(name in texts)
            if name in texts:
                field.show_text(texts[name], read_only=read_only)
        self._problem.setText(form.problem and f"! {form.problem}")
        self._problem.setVisible(bool(form.problem))
        self._show_buttons(form, read_only=read_only)
        for part in (self._crop_head, self._crop_words):
            part.setVisible(form.tier is None)
        if form.crop != self._crop_shown:
            self._show_crop(form.crop)
        if form.crop is None:
            how = "" if read_only else ": a real example steps through the places where people pinned it"
            self._crop_words.setText(f"None is chosen{how}.")

    def _show_buttons(self, form: RubricForm, *, read_only: bool) -> None:
        for name, button in self._buttons.items():
            shown = form.tier is None or name == "rubric.again"
            if button.isHidden() is shown:
                button.setVisible(shown)
            button.setEnabled(not read_only)
        self._buttons["rubric.severity"].set_label(form.severity.capitalize() or "Major")
        self._buttons["rubric.severity"].setChecked(form.severity == "major")
        self._buttons["rubric.again"].setChecked(form.again)

    def _show_crop(self, crop: ShownCrop | None) -> None:
        self._crop_shown = crop
        self._crop.clear()
        if self._sound is not None:
            self._sound.clear()
        if crop is None:
            return
        self._crop_words.setText(crop.words)
        if crop.path is not None and crop.span is not None:
            key = self._keys.get("rubric.hear", "")
            self._crop_words.setText(f"{crop.words} · {key} or a click plays it")
            self._sound_view().show_span(crop.path, crop.sha256, crop.span)
        if crop.path is not None and crop.box is not None:
            path, box, decoder = crop.path, crop.box, self._frame.media.decoder

            def show(picture: Picture) -> None:
                if self._crop_shown is crop:
                    self._crop.show_picture(picture, box)

            self._frame.tasks.run("crop", lambda: decoder.decode(path), show, self._fail)

    def hear(self) -> None:
        """Play the recording that is shown, or stop it."""
        if self._sound is not None:
            self._sound.play()

    def _sound_view(self) -> SoundCrop:
        """Made when the first recording is shown: a project of pictures decodes and plays nothing."""
        from labeler.gui.project.sound_crop import SoundCrop

        frame = self._frame
        if self._sound is None:
            self._sound = SoundCrop(frame.theme, frame.tasks, frame.media, frame.opened.cache)
            self._sound.failed.connect(self._crop_words.setText)
            column = self.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(column.indexOf(self._crop), self._sound)
        return self._sound

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._crop_words.setText(str(problem))

"""One record of the Backfill screen: what happened, and what can be done."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from labeler.gui.backfill.disposal_form import DisposalForm
from labeler.gui.backfill.step_form import StepForm
from labeler.gui.widgets.asked import Asked
from labeler.gui.widgets.button import KeyButton
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import WrappedLabel
from labeler.gui.widgets.scrolled import scrolled
from labeler.sessions.backfill.state import BackfillState, Story


class RecordButtons(NamedTuple):
    """What can be done about a record."""

    dossier: KeyButton
    dispose: KeyButton
    step: KeyButton
    approve: KeyButton


class StoryCard(QFrame):
    """One record: what happened, and what can be done."""

    def __init__(self, buttons: RecordButtons, form: StepForm, disposal: DisposalForm, ask: Asked) -> None:
        super().__init__()
        self.setObjectName("card")
        self.buttons, self.form, self.disposal = buttons, form, disposal
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        self._title, self._sentence = WrappedLabel("cardTitle"), WrappedLabel("quiet")
        for label in (self._title, self._sentence):
            column.addWidget(label)
        self._area, self._lines = scrolled(spacing=3)
        self._lines.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._area, 1)
        self._ask = ask
        column.addWidget(self._ask)
        column.addWidget(form)
        column.addWidget(disposal)
        column.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def show_state(self, state: BackfillState) -> None:
        self._show_story(state.story)
        self._ask.ask(state.ask.text if state.ask else "", state.ask.options if state.ask else ())
        self.form.show_draft(state.step)
        self.disposal.show_draft(state.disposal, second=state.asks_second)
        typing = state.step is not None or state.disposal is not None
        self._area.setVisible(state.ask is None and not typing)
        story, buttons = state.story, self.buttons
        awaits = story is not None and story.awaits_second
        for button in (buttons.dossier, buttons.dispose):
            button.setVisible(not typing)
            button.setEnabled(story is not None)
        # One that waits for approval has no step to record yet: the one button stands in the other's place.
        buttons.step.setVisible(not typing and not awaits)
        buttons.step.setEnabled(story is not None and bool(story.owed))
        buttons.approve.setVisible(not typing and awaits)

    def _show_story(self, story: Story | None) -> None:
        self._title.setText(story.title if story else "")
        self._sentence.setText(story.sentence if story else "No record is chosen.")
        clear(self._lines)
        for line in story.lines if story else ():
            name = "statusSerious" if line.serious else "storyLine"
            self._lines.addWidget(WrappedLabel(name, f"{line.at} · {line.what}"))
        self._lines.addStretch(1)

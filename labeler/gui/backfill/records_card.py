"""The list of records with what stands above it: how many there are, files in and out, and what came of a file."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from labeler.gui.backfill.records_table import RecordsTable
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton
from labeler.gui.widgets.label import laid_out, plain
from labeler.sessions.backfill.state import ALL, BackfillState

_REPORT = 96


class RecordsCard(QFrame):
    """Where there is no record it says why."""

    def __init__(self, theme: Theme, bring: KeyButton, ledger: KeyButton) -> None:
        super().__init__()
        self.setObjectName("card")
        self.ledger = ledger
        column = QVBoxLayout(self)
        column.setSpacing(4)
        column.setContentsMargins(0, 8, 0, 4)
        self._head = plain("cardTitle", "Contested records")
        self._note = plain("quiet")
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.addWidget(self._head)
        head.addWidget(self._note)
        head.addStretch(1)
        head.addWidget(bring)
        head.addWidget(ledger)
        column.addLayout(head)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setFixedHeight(_REPORT)
        self.report.setAccessibleName("What came of the file")
        self.report.hide()
        column.addWidget(self.report)
        self.table = RecordsTable(theme)
        column.addWidget(self.table, 1)
        self.empty = plain("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        column.addWidget(self.empty, 1)

    def show_state(self, old: BackfillState | None, new: BackfillState) -> None:
        shown = (new.filter, new.typed, new.loading, new.busy)
        if old is None or old.rows is not new.rows or (old.filter, old.typed, old.loading, old.busy) != shown:
            if old is None or old.rows is not new.rows:
                self.table.show_rows(new.rows, new.chosen)
            self._say(new)
        elif old.chosen != new.chosen:
            self.table.choose(new.chosen)
        if old is not None and old.report != new.report:
            self.report.setVisible(new.report is not None)
            lines = (f"{new.report.said}  (Esc closes this)", *new.report.lines) if new.report else ()
            self.report.setPlainText(laid_out("\n".join(lines)))

    def _say(self, state: BackfillState) -> None:
        self.table.setVisible(bool(state.rows))
        self.empty.setVisible(not state.rows)
        self.empty.setText(_nothing(state))
        self._head.setText("Contested records" if state.filter == ALL else f"Records: {state.filter.words}")
        self._note.setText(f"{len(state.rows):,}, each opens its evidence" if state.rows else "")


def _nothing(state: BackfillState) -> str:
    if state.busy and state.loading:
        return "Reading records…"
    if not state.cards:
        return state.message.text
    if state.typed.strip():
        return f"No record that is listed has all of these words: {state.typed.strip()}"
    return "No decision is contested." if state.filter == ALL else f"No record is {state.filter.words}."

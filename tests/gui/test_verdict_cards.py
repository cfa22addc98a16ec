"""Verdict cards fit into their column, whatever people said."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from labeler.gui.adjudicate import SIDE_WIDTH
from labeler.gui.theme import Theme
from labeler.gui.widgets.verdict_card import CardColumn, VerdictCard
from labeler.sessions.adjudicate.state import AdjudicationState, Card, CardFailure

ARABIC = "يرجى تحويل أربعمائة وخمسين جنيهًا إلى حساب التوفير قبل يوم الجمعة"


def test_twelve_cards_of_long_words_are_no_wider_than_their_column(qtbot: QtBot) -> None:
    """Their keys stand at the right: where a card was wider, they were cut off."""
    column = CardColumn(Theme())
    qtbot.addWidget(column)
    column.setFixedSize(SIDE_WIDTH, 600)
    column.show()
    cards = tuple(
        Card(
            key=f"F{n}",
            name="Amina bint Abdulrahman al-Qahtani-Rosenzweig" if n == 2 else f"Annotator {n}",
            took="1,234 s",
            verdict="Undecidable",
            tier="Frontier",
            failures=(CardFailure("A", "A failure with a label that goes on", everyones=False),),
            gold="please refund the full order because the lamp came without a plug" if n % 2 else ARABIC * n,
            gold_marks=((0, 4),),
            note=f"{ARABIC} Donaudampfschifffahrtsgesellschaftskapitänsmützenband " * n,
            sure=False,
            whole=False,
            differs=frozenset({"verdict", "tier", "failures", "gold"}),
        )
        for n in range(1, 13)
    )
    column.show_cards(AdjudicationState(cards=cards, verdicts=12, revealed=True))
    shown = column.findChildren(VerdictCard)
    assert len(shown) == 12
    qtbot.waitUntil(lambda: max(card.width() for card in shown) <= SIDE_WIDTH)
    assert not [text for text in column.findChildren(QPlainTextEdit) if text.horizontalScrollBar().isVisible()]

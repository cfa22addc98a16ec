"""The card above the medium gives the prompt the room that its letters take."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from labeler.gui.prompt_card import PromptCard
from labeler.sessions.review.evidence import ShownItem


def test_a_prompt_whose_letters_grow_keeps_its_words_in_one_line(qtbot: QtBot) -> None:
    card = PromptCard()
    qtbot.addWidget(card)
    card.resize(760, 40)
    card.show()
    card.show_item(
        ShownItem("i1", Modality.IMAGE, "Read the table, row by row.", {}, None, None),
        with_content=False,
        why="",
        filtered={},
    )
    prompt = card._prompt
    for style in ("#prompt { font-size: 11px; }", "#prompt { font-size: 20px; font-weight: 700; }"):
        card.setStyleSheet(style)
        qtbot.waitUntil(lambda: prompt.width() >= prompt.fontMetrics().horizontalAdvance(prompt.text()), timeout=2000)

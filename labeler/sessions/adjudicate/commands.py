"""Every key of the Adjudicate screen: those of Review that look and judge, and those that decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.adjudicate.state import Listed
from labeler.sessions.commands import Command
from labeler.sessions.review.commands import COMMANDS as REVIEW
from labeler.sessions.review.when import picked_on_picture

CARD_KEYS = 12
"""F1 to F12 take a card, …"""
LISTED = 4
"""… of which the first ones stand in the list of keys."""
_OTHERWISE = frozenset({"save", "save.in_text", "skip", "ask_lead", "guess.a", "guess.b", "guess.open"})
"""What Review's commands do here under another name, or not at all."""
_KEYS = {"view.raw_text": "Shift+J"}
_LABELS = {"note.edit": "Why, for the audit trail", "ask_another": "Ask one more person"}

AdjudicateCommand = Command[AdjudicateSession]


def _has_item(session: AdjudicateSession) -> bool:
    return session.state.evidence.item is not None and not session.asking


def _revealed(session: AdjudicateSession) -> bool:
    return session.adjudication.revealed and not session.asking


def _walking(session: AdjudicateSession) -> bool:
    """The arrows walk the list, but while a place on the picture is in hand they move that."""
    return not session.asking and not picked_on_picture(session)


def _take(number: int) -> Callable[[AdjudicateSession], None]:
    return lambda session: session.take(number)


def _card(number: int) -> Callable[[AdjudicateSession], bool]:
    return lambda session: _revealed(session) and number <= len(session.adjudication.cards)


_OWN: tuple[AdjudicateCommand, ...] = (
    AdjudicateCommand(
        "cards.show",
        "Show the verdicts",
        AdjudicateSession.reveal,
        "J",
        lambda s: _has_item(s) and not s.adjudication.revealed,
        "Verdicts",
    ),
    *(
        AdjudicateCommand(
            f"cards.take_{n}", f"Build from card {n}", _take(n), f"F{n}", _card(n), "Verdicts", hidden=n > 4
        )
        for n in range(1, CARD_KEYS + 1)
    ),
    AdjudicateCommand("cards.names", "Names", AdjudicateSession.toggle_names, "Ctrl+R", _revealed, "Verdicts"),
    AdjudicateCommand("resolve.gap", "Guideline gap", AdjudicateSession.ask_gap, "Ctrl+K", _revealed, "Decision"),
    AdjudicateCommand("save", "Resolve, next item", AdjudicateSession.save, "Enter", _has_item, "Decision"),
    AdjudicateCommand(
        "save.in_text", "Resolve from a text field", AdjudicateSession.save, "Ctrl+Enter", _has_item, "Decision", True
    ),
    AdjudicateCommand(
        "resolve.reopen",
        "Open again",
        AdjudicateSession.reopen,
        "Ctrl+O",
        lambda s: _has_item(s) and bool(s.adjudication.standing),
        "Decision",
    ),
    AdjudicateCommand("list.next", "Next item", lambda s: s.go_by(+1), "Down", _walking, "List", scope="list"),
    AdjudicateCommand("list.previous", "Item before", lambda s: s.go_by(-1), "Up", _walking, "List", scope="list"),
    AdjudicateCommand(
        "list.settle",
        "Settle what the verdicts are sure of",
        AdjudicateSession.settle_sure,
        "Ctrl+U",
        lambda s: not s.asking,
        "List",
    ),
    AdjudicateCommand(
        "list.resolved",
        "What is resolved",
        partial(AdjudicateSession.show_list, listed=Listed.RESOLVED),
        "Ctrl+D",
        lambda s: not s.asking,
        "List",
    ),
    AdjudicateCommand(
        "list.checks",
        "Where hidden checks failed",
        partial(AdjudicateSession.show_list, listed=Listed.CHECKS),
        "Ctrl+F",
        lambda s: not s.asking and s.adjudication.checks is not None,
        "List",
    ),
)

COMMANDS: tuple[Command[Any], ...] = (
    *_OWN,
    *(
        replace(command, key=_KEYS.get(command.id, command.key), label=_LABELS.get(command.id, command.label))
        for command in REVIEW
        if command.id not in _OTHERWISE
    ),
)

"""The keys of the Board screen."""

from __future__ import annotations

from functools import partial

from labeler.sessions.board.session import BoardSession
from labeler.sessions.board.state import TITLES, Part
from labeler.sessions.commands import Command

BoardCommand = Command[BoardSession]
_PAGE = 15


def _part(number: int, part: Part) -> BoardCommand:
    return BoardCommand(
        f"board.{part}",
        TITLES[part],
        lambda session: session.go_to(part),
        str(number),
        lambda session: part in session.state.parts and not session.asking,
        "Show",
    )


def _move(by: int, session: BoardSession) -> None:
    session.move(by)


def _idle(session: BoardSession) -> bool:
    return not session.asking and not session.state.typing


COMMANDS: tuple[BoardCommand, ...] = (
    *(_part(number, part) for number, part in enumerate(Part, 1)),
    BoardCommand("line.up", "Line above", partial(_move, -1), "Up", _idle, "Walk"),
    BoardCommand("line.down", "Line below", partial(_move, +1), "Down", _idle, "Walk"),
    BoardCommand("line.page_up", "Lines above", partial(_move, -_PAGE), "PageUp", _idle, "Walk"),
    BoardCommand("line.page_down", "Lines below", partial(_move, +_PAGE), "PageDown", _idle, "Walk"),
    BoardCommand("line.first", "First line", lambda s: s.choose(0), "Home", _idle, "Walk"),
    BoardCommand("line.last", "Last line", lambda s: s.choose(10**9), "End", _idle, "Walk"),
    BoardCommand(
        "line.open",
        "Show the item in Review",
        lambda s: s.open(),
        "Enter",
        lambda s: _idle(s) and s.state.row is not None and bool(s.state.row.item_id),
        "Walk",
    ),
    BoardCommand(
        "item.requeue",
        "Bring the item back to who skipped it",
        lambda s: s.requeue(),
        "R",
        lambda s: _idle(s) and s.state.row is not None and bool(s.state.row.skipped_by),
        "Item",
    ),
    BoardCommand(
        "item.ask_another",
        "Ask that one more person judges the item",
        lambda s: s.ask_another(),
        "B",
        lambda s: _idle(s) and s.state.lead and s.state.row is not None and bool(s.state.row.item_id),
        "Item",
    ),
    BoardCommand(
        "question.answer",
        "Answer the question",
        lambda s: s.begin_answer(),
        "A",
        lambda s: _idle(s) and s.state.lead and s.state.can_answer,
        "Questions",
    ),
    BoardCommand(
        "question.send",
        "Send the answer",
        lambda s: s.send(),
        "Ctrl+Enter",
        lambda s: s.state.typing,
        "Questions",
        True,
    ),
    BoardCommand("times.erase", "Erase your times and guesses", lambda s: s.ask_erase(), "E", _idle, "Times"),
    BoardCommand("data.refresh", "Read again", lambda s: s.refresh(), "F5", group="Show"),
)

"""The keys of the Assignment tab."""

from __future__ import annotations

from labeler.sessions.commands import Command
from labeler.sessions.project.assignment import AssignmentSession
from labeler.sessions.project.assignment_state import Pane

AssignmentCommand = Command[AssignmentSession]


def _free(session: AssignmentSession) -> bool:
    return session.state.form is None


def _on_rules(session: AssignmentSession) -> bool:
    return _free(session) and session.state.pane is Pane.RULES


def _on_person(session: AssignmentSession) -> bool:
    return _free(session) and session.state.lead and session.line is not None


def _lead(session: AssignmentSession) -> bool:
    return _free(session) and session.state.lead


COMMANDS: tuple[AssignmentCommand, ...] = (
    AssignmentCommand("assignment.next", "Next line", lambda s: s.move(+1), "Down", _free, "Assignment"),
    AssignmentCommand("assignment.previous", "Line before", lambda s: s.move(-1), "Up", _free, "Assignment"),
    AssignmentCommand("assignment.first", "First line", lambda s: s.move(-(10**9)), "Home", _free, "Assignment"),
    AssignmentCommand("assignment.last", "Last line", lambda s: s.move(10**9), "End", _free, "Assignment"),
    AssignmentCommand("assignment.rules", "Rules", lambda s: s.go_to(Pane.RULES), "Left", _free, "Assignment"),
    AssignmentCommand(
        "assignment.people", "People and rounds", lambda s: s.go_to(Pane.PEOPLE), "Right", _free, "Assignment"
    ),
    AssignmentCommand(
        "assignment.change", "Change the rule", AssignmentSession.change, "Enter", _on_rules, "Assignment"
    ),
    AssignmentCommand(
        "assignment.reserve", "Reserve items for the person", lambda s: s.ask("reserve"), "V", _on_person, "Assignment"
    ),
    AssignmentCommand(
        "assignment.give_back",
        "Give back what is reserved for the person",
        AssignmentSession.give_back,
        "B",
        lambda s: _on_person(s) and s.line is not None and s.line.reserved > 0,
        "Assignment",
    ),
    AssignmentCommand(
        "assignment.term", "Due date and capacity", lambda s: s.ask("term"), "D", _on_person, "Assignment"
    ),
    AssignmentCommand(
        "assignment.requeue",
        "Bring back what the person skipped",
        AssignmentSession.requeue,
        "R",
        lambda s: _on_person(s) and s.line is not None and s.line.skipped > 0,
        "Assignment",
    ),
    AssignmentCommand(
        "assignment.let_begin",
        "Let the person begin without training",
        AssignmentSession.let_begin,
        "L",
        lambda s: _on_person(s) and s.line is not None and s.line.training,
        "Assignment",
    ),
    AssignmentCommand(
        "assignment.round", "Start a calibration round", lambda s: s.ask("round"), "C", _lead, "Assignment"
    ),
    AssignmentCommand(
        "assignment.save",
        "Save what is typed",
        AssignmentSession.save,
        "Ctrl+Enter",
        lambda s: s.state.form is not None and not s.state.form.options,
        "Assignment",
        in_text=True,
    ),
)

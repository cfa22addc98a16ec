"""Every key of the rubric editor."""

from __future__ import annotations

from labeler.sessions.commands import Command
from labeler.sessions.project.rubric import RubricSession

RubricCommand = Command[RubricSession]


def _may(session: RubricSession) -> bool:
    return session.may_change


def _code(session: RubricSession) -> bool:
    return session.may_change and bool(session.code)


def _sound(session: RubricSession) -> bool:
    form = session.state.form
    return form is not None and form.crop is not None and form.crop.span is not None and form.crop.path is not None


COMMANDS: tuple[RubricCommand, ...] = (
    RubricCommand("rubric.next", "Next line", lambda s: s.move(+1), "Down", group="Lines"),
    RubricCommand("rubric.previous", "Line before", lambda s: s.move(-1), "Up", group="Lines"),
    RubricCommand("rubric.first", "First line", lambda s: s.move(-(10**9)), "Home", group="Lines"),
    RubricCommand("rubric.last", "Last line", lambda s: s.move(10**9), "End", group="Lines"),
    RubricCommand("rubric.modality", "Next modality", lambda s: s.next_modality(), "Right", group="Lines"),
    RubricCommand("rubric.modality_before", "Modality before", lambda s: s.next_modality(-1), "Left", group="Lines"),
    RubricCommand("rubric.add", "Add a code", RubricSession.add, "A", _may, "Codes"),
    RubricCommand("rubric.split", "Split", RubricSession.ask_split, "S", _code, "Codes"),
    RubricCommand("rubric.merge", "Merge into another", RubricSession.ask_merge, "G", _code, "Codes"),
    RubricCommand("rubric.remove", "Take out", RubricSession.remove, "Delete", _code, "Codes"),
    RubricCommand("rubric.up", "Move up", lambda s: s.place(-1), "Ctrl+Up", _code, "Codes"),
    RubricCommand("rubric.down", "Move down", lambda s: s.place(+1), "Ctrl+Down", _code, "Codes"),
    RubricCommand("rubric.severity", "Major or minor", RubricSession.toggle_severity, "M", _code, "Codes"),
    RubricCommand("rubric.again", "Ask again who named it", RubricSession.toggle_again, "R", _may, "Codes"),
    RubricCommand("rubric.crop", "Next real example", lambda s: s.next_crop(), "E", _code, "Codes"),
    RubricCommand("rubric.crop_before", "Real example before", lambda s: s.next_crop(-1), "Shift+E", _code, "Codes"),
    RubricCommand("rubric.hear", "Hear the real example", RubricSession.hear, "Space", _sound, "Codes"),
    RubricCommand("rubric.undo", "Undo", RubricSession.undo, "Ctrl+Z", _may, "Version"),
    RubricCommand("rubric.discard", "Drop these changes", RubricSession.discard, "Ctrl+D", _may, "Version"),
    RubricCommand("rubric.publish", "Put in force", RubricSession.publish, "Ctrl+Enter", _may, "Version", in_text=True),
    RubricCommand(
        "rubric.open", "Open an item to look at again", lambda s: s.open_again(), "O", lambda s: bool(s.state.again)
    ),
)

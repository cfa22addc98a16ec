"""Every key of the Review screen. Menus, buttons, tooltips and help read this table."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.rubric import Rubric, Tier
from labeler.sessions.commands import Command
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.evidence import Request
from labeler.sessions.review.judging import failure_key
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.sound_commands import SOUND_COMMANDS
from labeler.sessions.review.view_commands import PICTURE_COMMANDS

ReviewCommand = Command[ReviewSession]
Do = Callable[[ReviewSession], None]


def _judging(session: ReviewSession) -> bool:
    return session.state.evidence.revealed and session.state.screen.ask is None


def _item(session: ReviewSession) -> bool:
    return session.state.evidence.item is not None and session.state.screen.ask is None


def _undoable(session: ReviewSession) -> bool:
    return session.state.screen.can_undo and session.state.screen.ask is None


def _image(session: ReviewSession) -> bool:
    return session.state.evidence.item is not None and session.state.evidence.item.modality == "image"


def _tier(tier: Tier) -> Do:
    return lambda session: session.set_tier(tier)


def _judge(choice: Choice) -> Do:
    return lambda session: session.judge(choice)


def _overrule(choice: Choice) -> Do:
    return lambda session: session.overrule(choice)


def _failure(letter: Letter, code: str) -> Do:
    return lambda session: session.toggle_failure(letter, code)


def _ask(what: Request) -> Do:
    return lambda session: session.request(what)


_TIER_KEYS = {Tier.EASY: "Z", Tier.MEDIUM: "X", Tier.HARD: "C", Tier.FRONTIER: "V"}
_CHOICES = {
    Choice.A: ("1", "A is right"),
    Choice.B: ("2", "B is right"),
    Choice.BOTH: ("3", "Both are right"),
    Choice.NONE: ("4", "None is right"),
}


COMMANDS: tuple[ReviewCommand, ...] = (
    *(
        ReviewCommand(f"tier.{tier}", tier.value.capitalize(), _tier(tier), key, _item, "Difficulty")
        for tier, key in _TIER_KEYS.items()
    ),
    *(
        ReviewCommand(
            f"difference.{choice.name.lower()}",
            f"{words} here",
            _judge(choice),
            key,
            _judging,
            "This difference",
        )
        for choice, (key, words) in _CHOICES.items()
    ),
    ReviewCommand(
        "difference.same_kind",
        "Same answer for all of this kind",
        ReviewSession.judge_same_kind,
        "M",
        _judging,
        "This difference",
    ),
    ReviewCommand("difference.next", "Next", ReviewSession.next_difference, "N", _judging, "This difference"),
    ReviewCommand(
        "difference.previous", "Previous", ReviewSession.previous_difference, "P", _judging, "This difference"
    ),
    *(
        ReviewCommand(
            f"verdict.{choice.name.lower()}",
            f"Verdict: {words[0].lower() if choice in (Choice.BOTH, Choice.NONE) else words[0]}{words[1:]}",
            _overrule(choice),
            f"Ctrl+{key}",
            _judging,
            "Verdict",
            in_text=True,
        )
        for choice, (key, words) in _CHOICES.items()
    ),
    ReviewCommand("verdict.undecidable", "Undecidable", ReviewSession.ask_undecidable, "U", _judging, "Verdict"),
    ReviewCommand("verdict.not_sure", "Not sure", ReviewSession.toggle_sure, "I", _judging, "Verdict"),
    ReviewCommand(
        "failures.more",
        "More failures",
        lambda s: s.change_view(more_codes=not s.state.evidence.view.more_codes),
        ",",
        _judging,
        "Failures",
    ),
    ReviewCommand("gold.edit", "Edit gold answer", _ask(Request.EDIT_GOLD), "G", _judging, "Gold answer"),
    ReviewCommand(
        "gold.rebuild",
        "Build gold answer again",
        lambda s: s.edit_gold(None),
        "Ctrl+G",
        lambda s: _judging(s) and s.state.judgement.draft.gold_text is not None,
        "Gold answer",
        in_text=True,
    ),
    ReviewCommand(
        "verdict.whole", "Whole item checked", ReviewSession.toggle_whole_checked, "H", _judging, "Gold answer"
    ),
    ReviewCommand("note.edit", "Note for the lead", _ask(Request.EDIT_NOTE), "K", _judging, "Gold answer"),
    ReviewCommand("save", "Save verdict, next item", ReviewSession.save, "Enter", _item, "Item"),
    ReviewCommand(
        "save.in_text", "Save from a text field", ReviewSession.save, "Ctrl+Enter", _item, "Item", in_text=True
    ),
    ReviewCommand("skip", "Skip", ReviewSession.ask_skip, "S", _item, "Item"),
    ReviewCommand(
        "undo",
        "Undo",
        ReviewSession.undo,
        "Ctrl+Z",
        lambda s: s.state.screen.can_undo and s.state.screen.ask is None,
        "Item",
    ),
    ReviewCommand(
        "view.raw_text",
        "Texts as the models wrote them",
        lambda s: s.change_view(raw_text=not s.state.evidence.view.raw_text),
        "J",
        _judging,
        "View",
    ),
    ReviewCommand(
        "view.overlay",
        "Overlay",
        lambda s: s.change_view(overlay=not s.state.evidence.view.overlay),
        "O",
        lambda s: _image(s) and _judging(s),
        "View",
    ),
    ReviewCommand(
        "view.blink", "Compare by blink", ReviewSession.blink, "B", lambda s: _image(s) and _judging(s), "View"
    ),
    ReviewCommand(
        "view.linked",
        "Link both panes",
        lambda s: s.change_view(linked=not s.state.evidence.view.linked),
        "Ctrl+L",
        lambda s: _image(s) and s.state.evidence.view.layout.panes > 1,
        "View",
    ),
    *PICTURE_COMMANDS,
    ReviewCommand("view.fit", "Fit", _ask(Request.FIT), "0", _item, "View"),
    ReviewCommand("view.zoom_in", "Zoom in", _ask(Request.ZOOM_IN), "+", _item, "View"),
    ReviewCommand("view.zoom_out", "Zoom out", _ask(Request.ZOOM_OUT), "-", _item, "View"),
    ReviewCommand("view.actual", "100 %", _ask(Request.ACTUAL_SIZE), "Ctrl+0", _image, "View"),
    ReviewCommand("view.to_difference", "Zoom to difference", _ask(Request.ZOOM_TO_DIFFERENCE), "F", _judging, "View"),
    *SOUND_COMMANDS,
)


def failure_commands(rubric: Rubric) -> tuple[ReviewCommand, ...]:
    """The rubric's own keys: a letter acts on A, with Shift on B."""
    return tuple(
        ReviewCommand(
            f"failure.{letter}.{code.code}",
            code.label,
            _failure(letter, code.code),
            failure_key(code, letter),
            _judging,
            f"Failures in {letter}",
        )
        for letter in LETTERS
        for code in rubric.failures
    )

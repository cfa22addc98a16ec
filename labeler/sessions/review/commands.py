"""Every key of the Review screen. Menus, buttons, tooltips and help read this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality
from labeler.domain.rubric import Rubric, Tier
from labeler.sessions.commands import Command
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.evidence import LARGEST_TEXT_PX, SMALLEST_TEXT_PX, Request
from labeler.sessions.review.gold_commands import GOLD_COMMANDS, SEGMENT_COMMANDS
from labeler.sessions.review.judging import failure_key
from labeler.sessions.review.pin_commands import PIN_COMMANDS
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.sound_commands import SOUND_COMMANDS
from labeler.sessions.review.view_commands import PICTURE_COMMANDS
from labeler.sessions.review.when import asking_lead, comparable, going_on, image, item, judging, judging_image

ReviewCommand = Command[ReviewSession]
Do = Callable[[ReviewSession], None]

OF_THE_RUBRIC = "failure."
"""Ids that start like this are of failure codes, whose keys stand in the rubric that all share."""


def _tier(tier: Tier) -> Do:
    return lambda session: session.set_tier(tier)


def _judge(choice: Choice) -> Do:
    return lambda session: session.judge(choice)


def _overrule(choice: Choice) -> Do:
    return lambda session: session.overrule(choice)


def _failure(letter: Letter, code: str) -> Do:
    return lambda session: session.pins.toggle_failure(letter, code)


def _guess(letter: Letter | None) -> Do:
    return lambda session: session.guess(letter)


def _guessing(session: ReviewSession) -> bool:
    return session.state.screen.guessing


def _ask(what: Request) -> Do:
    return lambda session: session.request(what)


_TIER_KEYS = {Tier.EASY: "Z", Tier.MEDIUM: "X", Tier.HARD: "C", Tier.FRONTIER: "V"}
_CHOICES = {
    Choice.A: ("1", "A is right"),
    Choice.B: ("2", "B is right"),
    Choice.BOTH: ("3", "Both are right"),
    Choice.NONE: ("4", "None is right"),
}


_GUESSES: tuple[tuple[str, Letter | None, str, str], ...] = (
    ("a", "A", "A was the new one", "Ctrl+7"),
    ("b", "B", "B was the new one", "Ctrl+8"),
    ("open", None, "I cannot tell which was the new one", "Ctrl+9"),
)


def _text_size(by: int) -> Do:
    def change(session: ReviewSession) -> None:
        px = session.state.evidence.view.text_px + by
        session.change_view(text_px=max(SMALLEST_TEXT_PX, min(px, LARGEST_TEXT_PX)))

    return change


COMMANDS: tuple[ReviewCommand, ...] = (
    *(
        ReviewCommand(f"tier.{tier}", tier.value.capitalize(), _tier(tier), key, item, "Difficulty")
        for tier, key in _TIER_KEYS.items()
    ),
    *(
        ReviewCommand(
            f"difference.{choice.name.lower()}",
            f"{words} here",
            _judge(choice),
            key,
            judging,
            "This difference",
        )
        for choice, (key, words) in _CHOICES.items()
    ),
    ReviewCommand(
        "difference.same_kind",
        "Same answer for all of this kind",
        ReviewSession.judge_same_kind,
        "M",
        judging,
        "This difference",
    ),
    ReviewCommand("difference.next", "Next", ReviewSession.next_difference, "N", judging, "This difference"),
    ReviewCommand(
        "difference.previous", "Previous", ReviewSession.previous_difference, "P", judging, "This difference"
    ),
    *(
        ReviewCommand(
            f"verdict.{choice.name.lower()}",
            f"Verdict: {words[0].lower() if choice in (Choice.BOTH, Choice.NONE) else words[0]}{words[1:]}",
            _overrule(choice),
            f"Ctrl+{key}",
            judging,
            "Verdict",
            in_text=True,
        )
        for choice, (key, words) in _CHOICES.items()
    ),
    ReviewCommand("verdict.undecidable", "Undecidable", ReviewSession.ask_undecidable, "U", judging, "Verdict"),
    ReviewCommand("verdict.not_sure", "Not sure", ReviewSession.toggle_sure, "I", judging, "Verdict"),
    ReviewCommand(
        "failures.more",
        "More failures",
        lambda s: s.change_view(more_codes=not s.state.evidence.view.more_codes),
        ",",
        judging,
        "Failures",
    ),
    ReviewCommand(
        "failures.severity",
        "Failure minor or major",
        lambda s: s.pins.regrade_last(),
        "Ctrl+M",
        judging,
        "Failures",
    ),
    *PIN_COMMANDS,
    *GOLD_COMMANDS,
    *SEGMENT_COMMANDS,
    ReviewCommand("gold.edit", "Edit gold answer", _ask(Request.EDIT_GOLD), "G", judging, "Gold answer"),
    ReviewCommand(
        "gold.rebuild",
        "Build gold answer again",
        lambda s: s.edit_gold(None),
        "Ctrl+G",
        lambda s: judging(s) and s.state.judgement.draft.gold_text is not None,
        "Gold answer",
        in_text=True,
    ),
    ReviewCommand(
        "verdict.whole", "Whole item checked", ReviewSession.toggle_whole_checked, "H", judging, "Gold answer"
    ),
    ReviewCommand("note.edit", "Note for the lead", _ask(Request.EDIT_NOTE), "K", judging, "Gold answer"),
    ReviewCommand("save", "Save verdict, next item", ReviewSession.save, "Enter", going_on, "Item"),
    ReviewCommand(
        "save.in_text",
        "Save or send while typing",
        ReviewSession.save_or_send,
        "Ctrl+Enter",
        lambda s: item(s) or asking_lead(s),
        "Item",
        in_text=True,
    ),
    *(
        ReviewCommand(f"guess.{name}", words, _guess(letter), key, _guessing, "Last item", in_text=True)
        for name, letter, words, key in _GUESSES
    ),
    ReviewCommand("skip", "Skip", ReviewSession.ask_skip, "S", item, "Item"),
    ReviewCommand("ask_another", "Ask for another person's verdict", lambda s: s.ask_another(), "Ctrl+H", item, "Item"),
    ReviewCommand("ask_lead", "Ask a lead about this item", ReviewSession.ask_lead, "Ctrl+T", item, "Item"),
    ReviewCommand(
        "rubric.newer",
        "Judge this item by the new rubric",
        ReviewSession.judge_by_newer_rubric,
        "Ctrl+Shift+N",
        lambda s: bool(s.state.screen.newer_rubric),
        "Item",
        in_text=True,
    ),
    ReviewCommand(
        "undo",
        "Undo",
        ReviewSession.undo,
        "Ctrl+Z",
        lambda s: s.state.screen.can_undo and s.state.screen.ask is None,
        "Item",
    ),
    ReviewCommand("redo", "Redo", ReviewSession.redo, "Ctrl+Y", judging, "Item"),
    ReviewCommand(
        "view.raw_text",
        "Texts as the models wrote them",
        lambda s: s.change_view(raw_text=not s.state.evidence.view.raw_text),
        "J",
        judging,
        "View",
    ),
    ReviewCommand(
        "view.overlay",
        "Overlay",
        lambda s: s.change_view(overlay=not s.state.evidence.view.overlay),
        "O",
        judging_image,
        "View",
        scope="image",
    ),
    ReviewCommand("view.blink", "Compare by blink, or hear the other", ReviewSession.blink, "B", comparable, "View"),
    ReviewCommand(
        "view.linked",
        "Link both panes",
        lambda s: s.change_view(linked=not s.state.evidence.view.linked),
        "Ctrl+L",
        lambda s: image(s) and s.state.evidence.view.layout.panes > 1,
        "View",
        scope="image",
    ),
    ReviewCommand("view.larger_text", "Larger texts", _text_size(+1), "Ctrl++", item, "View", in_text=True),
    ReviewCommand("view.larger_text_too", "Larger texts", _text_size(+1), "Ctrl+=", item, "View", True, hidden=True),
    ReviewCommand("view.smaller_text", "Smaller texts", _text_size(-1), "Ctrl+-", item, "View", in_text=True),
    *PICTURE_COMMANDS,
    ReviewCommand("view.fit", "Fit", _ask(Request.FIT), "0", item, "View"),
    ReviewCommand("view.zoom_in", "Zoom in", _ask(Request.ZOOM_IN), "+", item, "View"),
    ReviewCommand("view.zoom_out", "Zoom out", _ask(Request.ZOOM_OUT), "-", item, "View"),
    ReviewCommand("view.actual", "100 %", _ask(Request.ACTUAL_SIZE), "Ctrl+0", image, "View", scope="image"),
    ReviewCommand("view.to_difference", "Zoom to difference", _ask(Request.ZOOM_TO_DIFFERENCE), "F", judging, "View"),
    *SOUND_COMMANDS,
)


def failure_commands(rubric: Rubric) -> tuple[ReviewCommand, ...]:
    """The rubric's own keys: a letter acts on A, with Shift on B."""
    return tuple(
        ReviewCommand(
            f"{OF_THE_RUBRIC}{letter}.{code.code}",
            code.label,
            _failure(letter, code.code),
            failure_key(code, letter),
            judging,
            f"Failures in {letter}",
            scope=str(rubric.modality),
        )
        for letter in LETTERS
        for code in rubric.failures
    )


_ON_ANOTHER_MEDIUM: Mapping[Modality | None, Sequence[str]] = {
    Modality.IMAGE: ("audio",),
    Modality.AUDIO: ("image", "text"),  # words are taken in hand as time
    Modality.TEXT: ("audio", "image"),
    None: (),
}


def on_medium(commands: Sequence[Command[Any]], shows: Modality | None) -> tuple[Command[Any], ...]:
    """The commands without those that act on another medium than the one shown. The rubric's stay."""
    elsewhere = _ON_ANOTHER_MEDIUM[shows]
    return tuple([c for c in commands if c.scope not in elsewhere or c.id.startswith(OF_THE_RUBRIC)])

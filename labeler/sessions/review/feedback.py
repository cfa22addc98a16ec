"""What someone in training is told once an item is judged: how it was settled, in the letters that it was shown in."""

from __future__ import annotations

from labeler.domain.blind import LETTERS
from labeler.domain.consensus import normalised_answer
from labeler.domain.fold import fold
from labeler.domain.items import Answer
from labeler.domain.verdicts import Verdict
from labeler.sessions.review import gold_text
from labeler.sessions.review.case import Case
from labeler.sessions.review.right_words import in_a_sentence
from labeler.sessions.review.state import Ask
from labeler.steps.line_up import Training
from labeler.store.verdict_state import StoredResolution

TRAINING = "training"
_NEXT = ("Next item",)
_MOST = 160
"""Characters of a gold answer that are shown."""


def training_ask(
    case: Case, verdict: Verdict, settled: StoredResolution, answer: Answer | None, *, folded: bool
) -> Ask:
    """The panel that stands between a training item and the next one. `answer` is the gold answer that was decided;
    `folded` shows it without the style that would give a model away.
    """
    known, sides = settled.resolution, case.sides
    agreed = verdict.right is known.right
    lines = [f"Settled: {in_a_sentence(known.right, sides)}, {known.tier.value}"]
    if not agreed or verdict.tier is not known.tier:
        lines.append(f"You: {in_a_sentence(verdict.right, sides)}, {verdict.tier.value}")
    for letter in LETTERS:
        failed = [one.code for one in known.failures if sides.letter(one.side) == letter]
        labels = [code.label if (code := case.rubric.failure(name)) else name for name in failed]
        if labels:
            lines.append(f"Failed in {letter}: {', '.join(labels)}")
    if answer is not None:
        same = verdict.gold is not None and normalised_answer(verdict.gold.answer) == normalised_answer(answer)
        text = gold_text.said(answer)
        text = fold(text).text if folded else text
        text = " · ".join(text.splitlines())  # a line a cell would fill the panel
        cut = f"{text[:_MOST]}{'…' if len(text) > _MOST else ''}"
        lines.append("The gold answer is yours" if same else f"Gold answer: {cut}")
    if known.reason:
        lines.append(f"Why: {known.reason}")
    return Ask(TRAINING, "As settled" if agreed else "Settled otherwise", _NEXT, tuple(lines))


def training_words(training: Training) -> str:
    """For the status bar: that these items are for training, and how far one is."""
    if training.left == 0:
        return (
            f"Training: {training.agreed} of the last {training.answered} as settled, {training.needed} are needed. "
            "No settled item is left: ask a lead to let you begin, or to settle more"
        )
    needed = f"{training.needed} of {training.wanted} are needed"
    if training.judged >= training.wanted:
        more = "1 more item" if training.more == 1 else f"{training.more} more items"
        return f"Training: {training.agreed} of the last {training.answered} as settled, {needed}: at least {more}"
    so_far = f"{training.agreed} of {training.answered} as settled so far, " if training.answered else ""
    return f"Training: {so_far}{needed}"

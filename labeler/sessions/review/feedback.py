"""What someone in training is told once an item is judged: how it was settled, in the letters that it was shown in."""

from __future__ import annotations

from labeler.domain.consensus import normalised_answer
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


def training_ask(case: Case, verdict: Verdict, settled: StoredResolution) -> Ask:
    """The panel that stands between a training item and the next one."""
    known, sides = settled.resolution, case.sides
    agreed = verdict.right is known.right
    lines = [f"Settled: {in_a_sentence(known.right, sides)}, {known.tier.value}"]
    if not agreed or verdict.tier is not known.tier:
        lines.append(f"You: {in_a_sentence(verdict.right, sides)}, {verdict.tier.value}")
    for failure in known.failures:
        code = case.rubric.failure(failure.code)
        lines.append(f"{sides.letter(failure.side)}: {code.label if code else failure.code}")
    if known.gold is not None:
        same = verdict.gold is not None and normalised_answer(verdict.gold.answer) == normalised_answer(known.gold)
        text = gold_text.said(known.gold)
        lines.append("The answer is yours" if same else f"Answer: {text[:_MOST]}{'…' if len(text) > _MOST else ''}")
    if known.reason:
        lines.append(f"Why: {known.reason}")
    return Ask(TRAINING, "As settled" if agreed else "Settled otherwise", _NEXT, tuple(lines))


def training_words(training: Training) -> str:
    """For the status bar: that these items are for training, and how far one is."""
    if training.left == 0:
        return (
            f"Training: {training.agreed} of {training.answered} as settled, {training.needed} are needed. "
            "No settled item is left: ask the lead"
        )
    agreed = f"{training.agreed} of {training.answered} as settled"
    return f"Training: {agreed}; {training.needed} of {training.wanted} are needed"

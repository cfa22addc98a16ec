"""A simulated annotator's verdict of one item, as the Review screen would have saved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from rapidfuzz.distance import Levenshtein

from labeler.domain.blind import Sides, sides
from labeler.domain.consensus import normalised_answer
from labeler.domain.differences.answer import Choice, build_answer
from labeler.domain.differences.model import Comparison, Difference
from labeler.domain.differences.sides import text_of
from labeler.domain.items import SIDES, Answer, Item, Modality, Output, Side, output_sha256
from labeler.domain.proposals import place_of, proposed_code
from labeler.domain.rubric import FailureCode, Rubric, Tier
from labeler.domain.simulation.annotators import SimulatedAnnotator
from labeler.domain.simulation.chance import uniform
from labeler.domain.simulation.mistakes import happens, mistaken, readings_believed
from labeler.domain.simulation.tiers import neighbour, tier_by_slices
from labeler.domain.simulation.truth import Truth
from labeler.domain.verdicts import At, Checked, DifferenceVerdict, Failure, Gold, Right, Verdict, right_of

_UNSURE = {Tier.EASY: 0.0, Tier.MEDIUM: 0.02, Tier.HARD: 0.06, Tier.FRONTIER: 0.15}
"""How often an annotator is not sure, whoever it is."""


@dataclass(frozen=True, slots=True)
class Task:
    """An item to be judged, with what the reference says of it."""

    item: Item
    outputs: Mapping[Side, Output]
    comparison: Comparison
    truth: Truth
    rubric: Rubric
    release: str


def simulated_verdict(
    annotator: SimulatedAnnotator, task: Task, seed: int, wrong: float, shown: Sides | None = None
) -> Verdict:
    """The annotator's verdict. `wrong` is the probability that it is not the true one; `seed` is the project's.

    `shown` says which side is A; by default as the project's seed has it.
    """
    item, who = task.item, (annotator.id, task.item.id, seed)
    shown = shown or sides(item.id, annotator.id, seed)
    right = task.truth.right
    if happens(wrong, "wrong", *who):
        right = mistaken(annotator, task.truth, task.comparison, shown, *who)
    readings = readings_believed(task.truth, right, task.comparison, *who)
    tier = tier_by_slices(item)
    sure = not happens(_UNSURE[tier], "unsure", *who)
    if happens(annotator.tier_off, "tier", *who):
        tier = neighbour(tier, harder=happens(0.5, "harder", *who))
    whole = not readings or happens(annotator.whole, "whole", *who)
    return Verdict(
        item_id=item.id,
        release=task.release,
        right=right,
        tier=tier,
        tier_before_outputs=True,
        checked=Checked.WHOLE if whole else Checked.DIFFERENCES,
        shown={"A": shown.a, "B": shown.b},
        rubric=task.rubric.version,
        outputs={side: output_sha256(task.outputs[side]) for side in SIDES},
        differences=tuple(DifferenceVerdict(d, right_of(holds)) for d, holds in readings.items()),
        failures=_failures(annotator, task, right, readings, who),
        sure=sure,
        gold=_gold(annotator, task, right, readings, shown, who),
        duration_ms=_duration_ms(annotator, task, len(readings), who),
        heard_s=_heard_s(task, whole),
    )


Readings = Mapping[str, Mapping[Side, bool]]
Who = tuple[object, ...]


def _failures(
    annotator: SimulatedAnnotator, task: Task, right: Right, readings: Readings, who: Who
) -> tuple[Failure, ...]:
    """One failure a code and side, in the rubric's order, with all its places."""
    places: dict[tuple[Side, str], list[At]] = {}
    for side in SIDES:
        if right.holds_for(side):
            continue
        wrong = [d for d in task.comparison.differences if d.id in readings and not readings[d.id][side]]
        for difference in wrong:
            code = _code(annotator, task, difference, side, who)
            place = place_of(difference, side)
            places.setdefault((side, code.code), []).extend([place] if place is not None else [])
        if not wrong:  # the fault lies where both outputs say the same
            places[side, _common_fault(task.rubric)] = []
    return tuple(
        Failure(side, code.code, code.severity, tuple(dict.fromkeys(places[side, code.code])))
        for side in SIDES
        for code in task.rubric.failures
        if (side, code.code) in places
    )


def _code(annotator: SimulatedAnnotator, task: Task, difference: Difference, side: Side, who: Who) -> FailureCode:
    proposed = proposed_code(task.rubric, difference, side, task.outputs) or task.rubric.failures[0]
    if not happens(annotator.code_off, "code", difference.id, side, *who):
        return proposed
    # The chip beside it: the slip of a finger.
    beside = task.rubric.failures.index(proposed) + 1
    return task.rubric.failures[beside % len(task.rubric.failures)]


_COMMON_FAULTS = {Modality.IMAGE: "text_misread", Modality.AUDIO: "words_substituted", Modality.TEXT: "wrong_fact"}


def _common_fault(rubric: Rubric) -> str:
    code = _COMMON_FAULTS[rubric.modality]
    return code if rubric.failure(code) is not None else rubric.failures[0].code


def _gold(
    annotator: SimulatedAnnotator, task: Task, right: Right, readings: Readings, shown: Sides, who: Who
) -> Gold | None:
    """The answer built from the readings, if it is the right one; else what the annotator believes, typed over it."""
    built = _built(task, readings)
    believed = _believed(task, right, shown)
    sources = tuple(f"{d}:{right_of(holds)}" for d, holds in readings.items())
    slips = happens(annotator.gold_slip, "slip", *who)
    if built is not None and not slips and normalised_answer(built) == normalised_answer(Answer(text=believed)):
        return Gold(built, sources)
    text = _slipped(believed, who) if slips else believed
    return Gold(Answer(text=text), sources, edits=Levenshtein.distance((built and built.text) or "", text))


def _built(task: Task, readings: Readings) -> Answer | None:
    """What the Review screen builds from the readings chosen; None while a reading is none of the two."""
    choices = {d: _choice(holds) for d, holds in readings.items()}
    built = build_answer(task.outputs["old"], task.outputs["new"], task.comparison.differences, choices)
    return None if built.open else built.answer


def _choice(holds: Mapping[Side, bool]) -> Choice:
    if holds["old"]:
        return "both" if holds["new"] else "old"
    return "new" if holds["new"] else None


def _believed(task: Task, right: Right, shown: Sides) -> str:
    """The reference; the output's text where only wrong outputs are taken for right."""
    held = [side for side in (shown.a, shown.b) if right.holds_for(side)]
    if held and not any(task.truth.outputs[side] for side in held):
        return text_of(task.outputs[held[0]])
    reference = task.item.reference
    return (reference.text if reference is not None else None) or ""


def _slipped(text: str, who: Who) -> str:
    """Two neighbouring characters change places."""
    places = [n for n in range(len(text) - 1) if text[n] != text[n + 1] and text[n : n + 2].isalnum()]
    if not places:
        return text
    at = places[int(uniform("slip at", *who) * len(places))]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _duration_ms(annotator: SimulatedAnnotator, task: Task, differences: int, who: Who) -> int:
    """A base, the sound once, and some seconds a difference; between 0.6 and 1.6 times that, by chance."""
    usual = 6.0 + 2.5 * differences + 1.2 * (_seconds(task.item) or 2.0)
    return round(1000 * annotator.pace * usual * 0.6 * exp(uniform("duration", *who)))


def _heard_s(task: Task, whole: bool) -> float | None:
    seconds = _seconds(task.item)
    return None if seconds is None else round(seconds if whole else 0.6 * seconds, 2)


def _seconds(item: Item) -> float | None:
    seconds = item.slices.get("duration_s")
    return float(seconds) if item.modality is Modality.AUDIO and isinstance(seconds, int | float) else None

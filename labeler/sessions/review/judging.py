"""What follows from a draft: the failures proposed, the verdict, the gold answer. Pure functions, in letters.

Nothing here is stored; a screen and a saved verdict derive it from the same draft, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.checks import seeded_wrong
from labeler.domain.differences.answer import BuiltAnswer, build_answer
from labeler.domain.differences.answer import Choice as Reading
from labeler.domain.fold import Folded, fold
from labeler.domain.items import Answer, Region, Segment, Span
from labeler.domain.rubric import FailureCode, Severity
from labeler.domain.verdicts import Prefill
from labeler.sessions.review import gold_text, pinning
from labeler.sessions.review.case import Case
from labeler.sessions.review.draft import Choice, Draft, Pin
from labeler.sessions.review.state import GoldDraft, OpenPlace, ShownFailure


def verdict(case: Case, draft: Draft) -> Choice | None:
    """Which output is right: the one without a failure of major severity, unless the person overruled it.

    None while nothing is judged, and where nobody can tell.
    """
    if draft.undecidable is not None:
        return None
    if draft.overruled is not None:
        return draft.overruled
    if case.walk and not draft.choices and not draft.added:
        return None
    return _choice(*(not _fails(case, draft, letter) for letter in LETTERS))


def _fails(case: Case, draft: Draft, letter: Letter) -> bool:
    codes = {pin.code for pin in pinning.pins(case, draft) if pin.letter == letter}
    found = (code for code in case.rubric.every if code.code in codes)
    return any(pinning.severity(draft, letter, code) is Severity.MAJOR for code in found)


def _choice(a: bool, b: bool) -> Choice:
    if a and b:
        return Choice.BOTH
    if a:
        return Choice.A
    return Choice.B if b else Choice.NONE


def shown_failures(case: Case, draft: Draft) -> tuple[ShownFailure, ...]:
    """One chip a code and side: A's in the rubric's order, then B's in the same order."""
    proposed = pinning.proposed_pins(case, draft.choices) - draft.removed
    in_force: dict[tuple[Letter, str], list[Pin]] = {}
    for pin in pinning.pins_in_order(case, draft):
        in_force.setdefault((pin.letter, pin.code), []).append(pin)
    # A code that is not given any more shows where an older verdict named it, and can only be taken away.
    by_proposal = {(pin.letter, pin.code) for pin in proposed}
    return tuple(
        ShownFailure(
            letter=letter,
            code=code.code,
            label=code.label,
            definition=code.definition,
            example=_example(code),
            key=failure_key(code, letter),
            severity=pinning.severity(draft, letter, code),
            regraded=(letter, code.code) in draft.regraded,
            pins=tuple(in_force.get((letter, code.code), ())),
            proposed=(letter, code.code) in by_proposal,
        )
        for letter in LETTERS
        for code in case.rubric.every
        if code not in case.rubric.retired or (letter, code.code) in in_force
    )


def failure_key(code: FailureCode, letter: Letter) -> str:
    """The key that sets a failure: the code's own for A; for B with Shift, or (a digit, where Shift types another
    sign on most keyboards) with Alt.
    """
    if letter == "A" or not code.key:
        return code.key
    return f"{'Alt' if code.key.isdigit() else 'Shift'}+{code.key}"


def missing(case: Case, draft: Draft) -> str:
    """What is still to do before the verdict can be saved, in words; empty when nothing is."""
    if draft.tier is None:
        return "Set the difficulty first"
    if draft.undecidable is not None:
        return ""
    still_open = [n for n, d in enumerate(case.walk, 1) if d.id not in draft.choices]
    if still_open and draft.overruled is None:
        return f"Judge difference {still_open[0]} first"
    if draft.overruled is not None:
        for letter in LETTERS:
            if not draft.overruled.holds_for(letter) and not any(p.letter == letter for p in pinning.pins(case, draft)):
                return f"Say what failed in {letter}"
            if draft.overruled.holds_for(letter) and _fails(case, draft, letter):
                return f"{letter} cannot be right with that failure: take it away, or change the verdict"
    return ""


def gold(case: Case, draft: Draft, *, folded: bool) -> GoldDraft | None:
    """The gold answer as it stands; None where nobody can tell. `folded` shows it without style that tells sides."""
    if draft.undecidable is not None:
        return None
    if not case.walk and verdict(case, draft) is Choice.NONE and draft.gold_text is None:
        # Both say the same and both are wrong: nothing to build from.
        return GoldDraft("", Answer(), open=(OpenPlace("", None),))
    if case.prefill is Prefill.EMPTY and draft == replace(draft, gold_text=None, gold_regions=None, gold_segments=None):
        return GoldDraft("", Answer(), open=(OpenPlace("", None),))
    built = _built(case, draft)
    text, structured = gold_text.shown(built.answer), gold_text.is_structured(built.answer)
    sources = tuple(f"{d}:{c.value}" for d, c in draft.choices.items())
    if draft.gold_text is not None:
        typed = gold_text.read(built.answer, draft.gold_text)
        return GoldDraft(draft.gold_text, _with_parts(typed, draft), sources, edited=True)
    if case.says_regions_only and draft.gold_regions is not None:
        # Settled by whoever edits them: a text of its own would be one more answer that nobody gave.
        said = "\n".join(region.text for region in draft.gold_regions)
        return GoldDraft(said, Answer(regions=draft.gold_regions), sources, edited=True)
    if draft.gold_segments is not None:
        said = " ".join(filter(None, (segment.text for segment in draft.gold_segments)))
        answer = replace(built.answer, text=said, segments=draft.gold_segments)
        return GoldDraft(fold(said).text if folded else said, answer, sources, edited=True)
    shown = fold(text) if folded and not structured else None
    places = tuple(OpenPlace(o.id, _open_span(o.span, shown, structured=structured)) for o in built.open)
    edited = draft.gold_regions is not None
    return GoldDraft(shown.text if shown else text, _with_parts(built.answer, draft), sources, places, edited)


def built_answer(case: Case, draft: Draft) -> Answer:
    """The answer that follows from the readings chosen, before anything is typed or edited."""
    return _built(case, draft).answer


def _built(case: Case, draft: Draft) -> BuiltAnswer:
    chosen = {d.id: _reading(case, draft.choices.get(d.id)) for d in case.walk}
    built = build_answer(case.old, case.new, case.comparison.differences, chosen)
    if case.prefill is not Prefill.SEEDED_WRONG or built.open:
        return built
    wrong = seeded_wrong(gold_text.shown(built.answer), case.seed)
    return replace(built, answer=gold_text.read(built.answer, wrong))


def _open_span(span: Span | None, shown: Folded | None, *, structured: bool) -> Span | None:
    """Where an open place stands in what is shown; spans count in the answer's text, not in a table or values."""
    if span is None or structured:
        return None
    return span if shown is None else shown.span(span)


def _with_parts(answer: Answer, draft: Draft) -> Answer:
    """The answer with the regions and segments edited. Where the text was typed, no span of it holds any more."""
    regions = answer.regions if draft.gold_regions is None else draft.gold_regions
    if draft.gold_text is not None:
        regions = tuple(replace(region, span=None) for region in regions)
    return replace(answer, regions=regions, segments=draft.gold_segments or answer.segments)


def gold_edits(case: Case, draft: Draft, *, folded: bool) -> int:
    """How many characters of the built answer were typed, deleted or replaced, and how many regions changed."""
    edits = 0
    if draft.gold_text is not None:
        built = gold(case, replace(draft, gold_text=None), folded=folded)
        edits += Levenshtein.distance(built.text if built else "", draft.gold_text)
    if draft.gold_regions is not None:
        edits += _changed_regions(built_answer(case, draft).regions, draft.gold_regions)
    if draft.gold_segments is not None:
        edits += _changed_segments(built_answer(case, draft).segments, draft.gold_segments)
    return edits


def _changed_segments(built: Sequence[Segment], edited: Sequence[Segment]) -> int:
    before, after = ({(s.start_s, s.end_s, s.text, s.speaker) for s in segments} for segments in (built, edited))
    return max(len(before - after), len(after - before))


def _changed_regions(built: Sequence[Region], edited: Sequence[Region]) -> int:
    before, after = ({(r.box, r.polygon, r.text, r.label, r.page) for r in regions} for regions in (built, edited))
    return max(len(before - after), len(after - before))


def _reading(case: Case, choice: Choice | None) -> Reading:
    if choice is None or choice is Choice.NONE:
        return None
    return "both" if choice is Choice.BOTH else case.sides.side("A" if choice is Choice.A else "B")


def merge_heard(
    heard: Sequence[tuple[float, float]], more: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """The union of time spans, disjoint and in order."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted([*heard, *more]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _example(code: FailureCode) -> str:
    """The words of the rubric, and where a real item shows it: its picture would not fit into a tooltip."""
    return f"{code.example}\nShown on {code.crop.item}: Project, Rubric" if code.crop else code.example

"""From a draft to the verdict that is saved, and from a saved verdict back to a draft. Here A and B end."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.blind import Letter
from labeler.domain.items import Region, Segment, output_sha256
from labeler.domain.verdicts import (
    Checked,
    DifferenceVerdict,
    Failure,
    Gold,
    Prefill,
    Right,
    Verdict,
)
from labeler.sessions.review import gold_text, judging, pinning
from labeler.sessions.review.case import Case
from labeler.sessions.review.draft import Choice, Draft, Pin, length_of


def verdict_of(case: Case, draft: Draft, release: str, *, folded: bool, timed: bool = True) -> Verdict:
    """The verdict that a draft amounts to; not `timed`, without how long it took.

    Raises ValueError for a draft that is not complete.
    """
    lacking = judging.missing(case, draft)
    if lacking or draft.tier is None:
        raise ValueError(lacking)
    return Verdict(
        item_id=case.old.item_id,
        release=release,
        right=_right(case, judging.verdict(case, draft)),
        reason=draft.undecidable,
        closer=draft.closer and case.sides.side(draft.closer),
        sure=draft.sure,
        differences=tuple(
            DifferenceVerdict(d.id, _right(case, draft.choices[d.id])) for d in case.walk if d.id in draft.choices
        ),
        failures=() if draft.undecidable is not None else _failures(case, draft),
        tier=draft.tier,
        tier_before_outputs=draft.tier_before_outputs,
        gold=_gold(case, draft, folded=folded),
        note=draft.note.strip(),
        # Where nothing differs, both outputs were read against the medium or not at all.
        checked=Checked.WHOLE if draft.whole_checked or not case.walk else Checked.DIFFERENCES,
        heard_s=round(draft.heard_s, 2) if draft.heard else None,
        heard_of_s={case.sides.side(one): round(length_of(spans), 2) for one, spans in draft.heard_of.items()},
        shown={"A": case.sides.a, "B": case.sides.b},
        duration_ms=draft.spent_ms if timed else 0,
        rubric=case.rubric.version,
        outputs={"old": output_sha256(case.old), "new": output_sha256(case.new)},
        exposed=tuple(sorted(draft.exposed)),
    )


def _right(case: Case, choice: Choice | None) -> Right:
    match choice:
        case None:
            return Right.UNDECIDABLE
        case Choice.BOTH:
            return Right.BOTH
        case Choice.NONE:
            return Right.NEITHER
        case Choice.A:
            return Right(case.sides.a)
        case Choice.B:
            return Right(case.sides.b)


def _choice(case: Case, right: Right) -> Choice | None:
    if right is Right.UNDECIDABLE:
        return None
    if right in (Right.BOTH, Right.NEITHER):
        return Choice.BOTH if right is Right.BOTH else Choice.NONE
    return Choice(case.sides.letter("old" if right is Right.OLD else "new"))


def _failures(case: Case, draft: Draft) -> tuple[Failure, ...]:
    """The pins in force, one failure a code and side, in the rubric's order, with all its places."""
    found = []
    for shown in judging.shown_failures(case, draft):
        if shown.pins:
            places = (pinning.pin_place(case, pin) for pin in shown.pins)
            at = tuple(dict.fromkeys(place for place in places if place is not None))
            found.append(Failure(case.sides.side(shown.letter), shown.code, shown.severity, at))
    return tuple(found)


def _gold(case: Case, draft: Draft, *, folded: bool) -> Gold | None:
    """The gold answer, or None while places in it are open: half an answer would become half a truth."""
    gold = judging.gold(case, draft, folded=folded)
    if gold is None or not gold.complete:
        return None
    sources = tuple(f"{d.id}:{_right(case, draft.choices[d.id])}" for d in case.walk if d.id in draft.choices)
    return Gold(gold.answer, sources, judging.gold_edits(case, draft, folded=folded), case.prefill)


def draft_of(case: Case, verdict: Verdict) -> Draft:
    """The draft that leads to this verdict, so that a person can take it up again after undo."""
    draft = Draft(
        tier=verdict.tier,
        tier_before_outputs=verdict.tier_before_outputs,
        choices={d.id: choice for d in verdict.differences if (choice := _choice(case, d.right)) is not None},
        undecidable=verdict.reason,
        closer=verdict.closer and case.sides.letter(verdict.closer),
        sure=verdict.sure,
        whole_checked=verdict.checked is Checked.WHOLE,
        note=verdict.note,
        exposed=frozenset(verdict.exposed),
        heard=((0.0, verdict.heard_s),) if verdict.heard_s else (),
        heard_of={case.sides.letter(side): ((0.0, seconds),) for side, seconds in verdict.heard_of_s.items()},
        spent_ms=verdict.duration_ms,
    )
    draft = replace(draft, regraded=_regraded(case, verdict))
    proposed = pinning.proposed_pins(case, draft.choices)
    saved = frozenset(pin for failure in verdict.failures for pin in _pins(case, failure, proposed))
    draft = replace(draft, added=saved - proposed, removed=proposed - saved)
    draft = _with_edited(case, draft, verdict.gold)
    follows = judging.verdict(case, draft)
    said = _choice(case, verdict.right)
    return draft if follows is said else replace(draft, overruled=said)


def _regraded(case: Case, verdict: Verdict) -> frozenset[tuple[Letter, str]]:
    return frozenset(
        (case.sides.letter(failure.side), failure.code)
        for failure in verdict.failures
        if (code := case.rubric.failure(failure.code)) is not None and failure.severity is not code.severity
    )


def _with_edited(case: Case, draft: Draft, saved: Gold | None) -> Draft:
    """The draft with what was typed and edited: where the saved answer is not the one that the readings build."""
    if saved is None or not saved.edits:
        return draft
    built = judging.built_answer(case, draft)
    regions = saved.answer.regions
    if [_bare(region) for region in regions] != [_bare(region) for region in built.regions]:
        draft = replace(draft, gold_regions=regions)
    segments = saved.answer.segments
    if segments and [_heard(s) for s in segments] != [_heard(s) for s in built.segments]:
        return replace(draft, gold_segments=segments)
    text = gold_text.shown(saved.answer)
    as_built = text == gold_text.shown(built) and case.prefill is not Prefill.EMPTY
    return draft if as_built else replace(draft, gold_text=text)


def _heard(segment: Segment) -> Segment:
    return replace(segment, confidence=None, span=None)


def _bare(region: Region) -> Region:
    return replace(region, id="", confidence=None, span=None)


def _pins(case: Case, failure: Failure, proposed: frozenset[Pin]) -> set[Pin]:
    """The pins that a saved failure comes from: at the differences that have its places, and at places of its own."""
    letter = case.sides.letter(failure.side)
    at_differences = {pin: pinning.pin_place(case, pin) for d in case.walk for pin in [Pin(letter, failure.code, d.id)]}
    if not failure.at:
        # A difference without a place leaves none in the verdict.
        return {pin for pin, at in at_differences.items() if at is None and pin in proposed} or {
            Pin(letter, failure.code)
        }
    found = set()
    for at in failure.at:
        here = [pin for pin, place in at_differences.items() if place == at]
        # Several differences may stand in one region.
        found |= {pin for pin in here if pin in proposed} or set(here[:1]) or {Pin(letter, failure.code, at=at)}
    return found

"""From a draft to the verdict that is saved, and from a saved verdict back to a draft. Here A and B end."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.blind import Letter
from labeler.domain.items import output_sha256
from labeler.domain.verdicts import (
    Checked,
    DifferenceVerdict,
    Failure,
    Gold,
    Right,
    Verdict,
)
from labeler.sessions.review import judging
from labeler.sessions.review.draft import Choice, Draft, Pin
from labeler.sessions.review.judging import Case, table_text


def verdict_of(case: Case, draft: Draft, release: str, *, folded: bool) -> Verdict:
    """The verdict that a draft amounts to. Raises ValueError for a draft that is not complete."""
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
        shown={"A": case.sides.a, "B": case.sides.b},
        duration_ms=draft.spent_ms,
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
        code = case.rubric.failure(shown.code)
        if shown.pins and code is not None:
            places = (judging.pin_place(case, pin) for pin in shown.pins)
            at = tuple(dict.fromkeys(place for place in places if place is not None))
            found.append(Failure(case.sides.side(shown.letter), shown.code, code.severity, at))
    return tuple(found)


def _gold(case: Case, draft: Draft, *, folded: bool) -> Gold | None:
    """The gold answer, or None while places in it are open: half an answer would become half a truth."""
    gold = judging.gold(case, draft, folded=folded)
    if gold is None or not gold.complete:
        return None
    sources = tuple(f"{d.id}:{_right(case, draft.choices[d.id])}" for d in case.walk if d.id in draft.choices)
    return Gold(gold.answer, sources, judging.gold_edits(case, draft, folded=folded))


def draft_of(case: Case, verdict: Verdict) -> Draft:
    """The draft that leads to this verdict, so that a person can take it up again after undo."""
    draft = Draft(
        tier=verdict.tier,
        tier_before_outputs=verdict.tier_before_outputs,
        choices={d.id: choice for d in verdict.differences if (choice := _choice(case, d.right)) is not None},
        undecidable=verdict.reason,
        closer=verdict.closer and case.sides.letter(verdict.closer),
        sure=verdict.sure,
        gold_text=_typed(verdict),
        whole_checked=verdict.checked is Checked.WHOLE,
        note=verdict.note,
        exposed=frozenset(verdict.exposed),
        heard=((0.0, verdict.heard_s),) if verdict.heard_s else (),
        spent_ms=verdict.duration_ms,
    )
    proposed = judging.proposed_pins(case, draft.choices)
    saved = frozenset(pin for failure in verdict.failures for pin in _pins(case, failure))
    draft = replace(draft, added=saved - proposed, removed=proposed - saved)
    follows = judging.verdict(case, draft)
    said = _choice(case, verdict.right)
    return draft if follows is said else replace(draft, overruled=said)


def _typed(verdict: Verdict) -> str | None:
    if verdict.gold is None or not verdict.gold.edits:
        return None
    answer = verdict.gold.answer
    return answer.text if answer.table is None else table_text(answer.table)


def _pins(case: Case, failure: Failure) -> set[Pin]:
    letter = case.sides.letter(failure.side)
    if not failure.at:
        return {Pin(letter, failure.code, None)}
    pins = {_pin_at(case, letter, failure, d.id) for d in case.walk}
    return {pin for pin in pins if pin is not None} or {Pin(letter, failure.code, None)}


def _pin_at(case: Case, letter: Letter, failure: Failure, difference: str) -> Pin | None:
    pin = Pin(letter, failure.code, difference)
    return pin if judging.pin_place(case, pin) in failure.at else None

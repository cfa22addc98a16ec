"""From what the session holds to what a view is shown."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.blind import BlindPair, Letter, ShownDifference
from labeler.domain.differences.sides import text_of
from labeler.domain.fold import fold
from labeler.domain.items import Segment
from labeler.domain.queue import Why
from labeler.domain.verdicts import At
from labeler.sessions.review import judging, pinning
from labeler.sessions.review.case import Case
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.evidence import ShownEvidence, ShownPin, ShownSpot, ViewRequest, ViewSettings
from labeler.sessions.review.region_hand import RegionHand
from labeler.sessions.review.state import Judgement

_DRAWN = "Drawn at random: the outputs may say the same"
_WHY = {Why.FLIP: "The outputs differ", Why.RANDOM: _DRAWN, Why.BACKFILL: _DRAWN}


def shown_evidence(desk: Desk | None, view: ViewSettings, request: ViewRequest) -> ShownEvidence:
    """The evidence on the desk. Until the tier is set it holds no output: what is not there cannot be shown."""
    if desk is None:
        return ShownEvidence(view=view, request=request)
    opened = desk.opened
    if not desk.revealed:
        return ShownEvidence(
            item=opened.item,
            seen=desk.seen,
            selected=desk.selected,
            lengths_s=desk.lengths_s,
            view=view,
            request=request,
        )
    pair = opened.folded if opened.folded is not None and desk.folded else opened.raw
    return ShownEvidence(
        item=opened.item,
        why=_WHY[opened.why] if opened.why else "",
        pair=pair,
        media=opened.media,
        confidence=opened.confidence,
        models=opened.models,
        alike=opened.case.alike,
        walk=_walk(opened.case, pair),
        current=desk.current,
        seen=desk.seen,
        selected=desk.selected,
        lengths_s=desk.lengths_s,
        pins=_pins(desk),
        spot=_spot(desk),
        gold_segments=_gold_segments(desk),
        gold_segment=desk.segment_bench.held if desk.editing_segments else None,
        gold_regions=desk.region_hand.regions if desk.editing_regions else None,
        view=view,
        request=request,
    )


class Judged:
    """What follows from a draft, made anew only when something that it follows from changed: the answer that is built
    from ten thousand words takes longer than a frame, and most keys only look somewhere else.
    """

    def __init__(self) -> None:
        self._basis: tuple[object, ...] = ()
        self._made = judgement(None)

    def of(self, desk: Desk | None) -> Judgement:
        if desk is None:
            self._basis, self._made = (), judgement(None)
            return self._made
        draft, before = desk.draft, self._made.draft
        basis = (desk.opened, desk.revealed, desk.folded)
        # The very same objects: comparing what two models said would cost what is to be saved.
        same = len(self._basis) == len(basis) and all(a is b for a, b in zip(basis, self._basis, strict=True))
        if not same or replace(draft, heard=before.heard, heard_of=before.heard_of) != before:
            self._basis, self._made = basis, judgement(desk)
        elif draft is not before:  # while a recording plays, a few times a second
            self._made = replace(self._made, draft=draft)
        return self._made


def judgement(desk: Desk | None) -> Judgement:
    """The draft and what follows from it; nothing follows before the outputs are shown."""
    if desk is None:
        return Judgement(save_label=_save_label(None, Draft()))
    opened, draft = desk.opened, desk.draft
    case, hidden = opened.case, not desk.revealed
    return Judgement(
        rubric=case.rubric,
        draft=draft,
        verdict=None if hidden else judging.verdict(case, draft),
        follows=draft.overruled is None,
        failures=judging.shown_failures(case, draft),
        gold=None if hidden else judging.gold(case, draft, folded=desk.folded),
        missing=judging.missing(case, draft),
        save_label=_save_label(case, draft),
    )


def _pins(desk: Desk) -> tuple[ShownPin, ...]:
    """The pins that stand somewhere, in the coordinates of what is shown."""
    case = desk.opened.case
    shown = []
    for pin in pinning.pins_in_order(case, desk.draft):
        at, code = pinning.pin_place(case, pin), case.rubric.failure(pin.code)
        if at is not None and code is not None:
            shown.append(ShownPin(pin, code.label, _shown_at(desk, pin.letter, at), pin == desk.pin_hand.held))
    return tuple(shown)


def _gold_segments(desk: Desk) -> tuple[Segment, ...] | None:
    """As they are while they are edited, without the style that would give a model away."""
    if not desk.editing_segments:
        return None
    segments = desk.segment_bench.segments
    if not desk.folded:
        return segments
    return tuple(replace(segment, text=fold(segment.text).text) for segment in segments)


def _spot(desk: Desk) -> ShownSpot | None:
    if desk.editing_regions:
        return _region_in_hand(desk.region_hand)
    hand = desk.pin_hand
    if hand.empty:
        # What is selected of a recording takes failures, too.
        return None if hand.selected is None else ShownSpot(At(time_s=hand.selected))
    if hand.spot is None:
        return ShownSpot(held=hand.held, drawn=hand.drawn)
    letter, at = hand.spot.letter, hand.spot.at
    shown = at if letter is None else _shown_at(desk, letter, at)
    return ShownSpot(shown, letter, hand.held, corner=hand.corner, drawn=hand.drawn)


def _region_in_hand(hand: RegionHand) -> ShownSpot | None:
    if hand.held is None and not hand.drawn:
        return None
    return ShownSpot(
        at=None if hand.spot is None else hand.spot.at, region=hand.held, corner=hand.corner, drawn=hand.drawn
    )


def _shown_at(desk: Desk, letter: Letter, at: At) -> At:
    if at.span is None or not desk.folded:
        return at
    return At(span=fold(text_of(desk.opened.case.output(letter))).span(at.span))


def _walk(case: Case, pair: BlindPair) -> tuple[ShownDifference, ...]:
    shown = {d.id: d for d in pair.differences}
    return tuple(shown[d.id] for d in case.walk)


def _save_label(case: Case | None, draft: Draft) -> str:
    """What Enter does, said in full where it records more than the person has set.

    Before the tier is set nothing says that the outputs are alike: it would be led by that.
    """
    if (
        case is None
        or case.walk
        or draft.tier is None
        or draft.undecidable is not None
        or draft.overruled is not None
        or draft.added
    ):
        return "Save verdict, next item"
    return "Save: both right, all checked"

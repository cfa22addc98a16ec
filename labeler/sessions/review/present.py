"""From what the session holds to what a view is shown."""

from __future__ import annotations

from labeler.domain.blind import BlindPair, ShownDifference
from labeler.domain.queue import Why
from labeler.sessions.review import judging
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.evidence import ShownEvidence, ViewRequest, ViewSettings
from labeler.sessions.review.opening import Opened
from labeler.sessions.review.state import Judgement

_DRAWN = "Drawn at random: the outputs may say the same"
_WHY = {Why.FLIP: "The outputs differ", Why.RANDOM: _DRAWN, Why.BACKFILL: _DRAWN}


def shown_evidence(desk: Desk | None, view: ViewSettings, request: ViewRequest) -> ShownEvidence:
    """The evidence on the desk. Until the tier is set it holds no output: what is not there cannot be shown."""
    if desk is None:
        return ShownEvidence(view=view, request=request)
    opened = desk.opened
    pair = _pair(opened, desk.draft, view)
    if pair is None:
        return ShownEvidence(item=opened.item, seen=desk.seen, selected=desk.selected, view=view, request=request)
    return ShownEvidence(
        item=opened.item,
        why=_WHY[opened.why] if opened.why else "",
        pair=pair,
        alike=opened.case.alike,
        walk=_walk(opened.case, pair),
        current=desk.current,
        seen=desk.seen,
        selected=desk.selected,
        view=view,
        request=request,
    )


def judgement(desk: Desk | None, view: ViewSettings) -> Judgement:
    """The draft and what follows from it; nothing follows before the outputs are shown."""
    if desk is None:
        return Judgement(save_label=_save_label(None, Draft()))
    opened, draft = desk.opened, desk.draft
    case, hidden = opened.case, draft.tier is None
    folded = opened.folded is not None and not view.raw_text
    return Judgement(
        rubric=case.rubric,
        draft=draft,
        verdict=None if hidden else judging.verdict(case, draft),
        follows=draft.overruled is None,
        failures=judging.shown_failures(case, draft),
        gold=None if hidden else judging.gold(case, draft, folded=folded),
        missing=judging.missing(case, draft),
        save_label=_save_label(case, draft),
    )


def _pair(opened: Opened, draft: Draft, view: ViewSettings) -> BlindPair | None:
    if draft.tier is None:
        return None
    return opened.raw if opened.folded is None or view.raw_text else opened.folded


def _walk(case: judging.Case, pair: BlindPair) -> tuple[ShownDifference, ...]:
    shown = {d.id: d for d in pair.differences}
    return tuple(shown[d.id] for d in case.walk)


def _save_label(case: judging.Case | None, draft: Draft) -> str:
    """What Enter does, said in full where it records more than the person has set."""
    if case is None or case.walk or draft.undecidable is not None or draft.overruled is not None or draft.added:
        return "Save verdict, next item"
    return "Both right, whole item checked: save"

"""From what the session holds to what a view is shown."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.blind import BlindPair, ShownDifference
from labeler.domain.items import Modality
from labeler.domain.queue import Why
from labeler.sessions.review import judging
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.opening import Opened
from labeler.sessions.review.state import (
    Ask,
    Draft,
    Filter,
    Message,
    Progress,
    ReviewState,
    Upcoming,
    ViewRequest,
    ViewSettings,
)

_WHY = {Why.FLIP: "The outputs differ", Why.RANDOM: "Drawn at random: the outputs may say the same"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person stands: in which project and release, with which filter, and how far."""

    project: str
    release: str
    person: str
    modalities: tuple[Modality, ...]
    simulated: int
    filter: Filter
    progress: Progress
    upcoming: tuple[Upcoming, ...]
    can_undo: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """What belongs to the screen and not to the item: question, message, view."""

    ask: Ask | None
    message: Message
    view: ViewSettings
    request: ViewRequest


def review_state(place: Place, screen: Screen, desk: Desk | None) -> ReviewState:
    """The state of the screen. Until the tier is set it holds no output: what is not there cannot be shown."""
    opened = desk.opened if desk else None
    draft = desk.draft if desk else Draft()
    case = opened.case if opened else None
    pair = _pair(opened, draft, screen.view)
    hidden = pair is None or case is None
    folded = opened is not None and opened.folded is not None and not screen.view.raw_text
    return ReviewState(
        project=place.project,
        release=place.release,
        person=place.person,
        progress=place.progress,
        filter=place.filter,
        modalities=place.modalities,
        item=opened.item if opened else None,
        why=_WHY[opened.why] if opened and opened.why and draft.tier is not None else "",
        pair=pair,
        rubric=case.rubric if case else None,
        alike=case is not None and not hidden and case.alike,
        walk=() if case is None or pair is None else _walk(case, pair),
        current=None if hidden or desk is None else desk.current,
        seen=desk.seen if desk else frozenset(),
        draft=draft,
        verdict=None if case is None or hidden else judging.verdict(case, draft),
        follows=draft.overruled is None,
        failures=() if case is None else judging.shown_failures(case, draft),
        gold=None if case is None or hidden else judging.gold(case, draft, folded=folded),
        missing="" if case is None else judging.missing(case, draft),
        save_label=_save_label(case, draft),
        can_undo=place.can_undo,
        ask=screen.ask,
        message=screen.message,
        view=screen.view,
        request=screen.request,
        upcoming=place.upcoming,
        simulated=place.simulated,
    )


def _pair(opened: Opened | None, draft: Draft, view: ViewSettings) -> BlindPair | None:
    if opened is None or draft.tier is None:
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

"""From the list, the item on the desk and its verdicts to what the Adjudicate screen shows."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.verdicts import Resolution, Right
from labeler.sessions.adjudicate.accord import pinned_here
from labeler.sessions.adjudicate.agenda import Agenda, decided_by
from labeler.sessions.adjudicate.hearing import Hearing, gap_in_words
from labeler.sessions.adjudicate.state import AdjudicationState
from labeler.sessions.review import judging
from labeler.sessions.review.case import Case
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.right_words import in_letters

_LATER = "shown with the verdicts"


def listed(agenda: Agenda, policy: str, *, lead: bool) -> AdjudicationState:
    """The list alone: nothing is on the desk. Hidden checks are no annotator's to hear of."""
    return AdjudicationState(
        lines=agenda.in_words(),
        open=len(agenda.docket.open),
        resolved=len(agenda.docket.resolved),
        checks=len(agenda.docket.checks) if lead else None,
        listed=agenda.listed,
        looking=agenda.looking,
        unblinded=agenda.docket.unblinded,
        policy=policy,
    )


def with_item(
    known: AdjudicationState,
    desk: Desk,
    hearing: Hearing,
    standing: str,
    blocked: str,
    *,
    folded: bool,
) -> AdjudicationState:
    """The same with the item on the desk. Cards are there once the verdicts were seen; `standing` is what stands."""
    case, draft = desk.opened.case, desk.draft
    revealed = has_seen(desk)
    pinned, short = "", ""
    answer = judging.gold(case, draft, folded=folded) if revealed else None
    if revealed and desk.current is not None:
        pinned, short = pinned_here(case.walk[desk.current], [stored.verdict for stored in hearing.verdicts])
    return replace(
        known,
        chosen=desk.opened.item.id,
        verdicts=len(hearing),
        cards=hearing.cards(case, folded=folded) if revealed else (),
        pinned=pinned,
        pinned_short=short,
        revealed=revealed,
        names=hearing.names_shown,
        taken=hearing.taken_in_words(case, draft),
        vouched=hearing.vouched_in_words(answer.answer) if answer is not None and answer.complete else "",
        in_hand=hearing.number_taken(draft),
        gap=gap_in_words(case, draft.gap) if draft.gap else "",
        standing=standing,
        blocked=blocked,
        checked=hearing.checked_in_words(case.sides) if revealed else "",
        another=hearing.next_one,
    )


def carried_in_words(case: Case, right: Right, *, told: bool) -> str:
    """Of a lead's decision of an earlier release; that there is one, to who looks first."""
    how = in_letters(right, case.sides) if told else _LATER
    return f"Resolved by a lead in an earlier release: {how}"


def has_seen(desk: Desk | None) -> bool:
    """Whether the verdicts are shown. They stay so with the draft: what was seen cannot be unseen."""
    return desk is not None and "verdicts" in desk.draft.exposed


def standing_in_words(case: Case, standing: Resolution, *, told: bool) -> str:
    """Of the decision that stands; that there is one, to who looks first."""
    how = f"{in_letters(standing.right, case.sides)}, {standing.tier}" if told else _LATER
    return f"Resolved {decided_by(standing.by, standing.policy)}: {how}"

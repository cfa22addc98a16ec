"""When the commands of the Review screen may act."""

from __future__ import annotations

from labeler.sessions.review.feedback import TRAINING
from labeler.sessions.review.session import ReviewSession


def judging(session: ReviewSession) -> bool:
    return session.state.evidence.revealed and session.state.screen.ask is None


def judging_image(session: ReviewSession) -> bool:
    return judging(session) and image(session)


def item(session: ReviewSession) -> bool:
    return session.state.evidence.item is not None and session.state.screen.ask is None


def going_on(session: ReviewSession) -> bool:
    """There is an item to save, or what was said of a saved one is read and the next one can come."""
    ask = session.state.screen.ask
    return item(session) or (ask is not None and ask.what == TRAINING)


def asking_lead(session: ReviewSession) -> bool:
    ask = session.state.screen.ask
    return ask is not None and ask.typed is not None


def audio(session: ReviewSession) -> bool:
    return session.state.evidence.shows == "audio"


def comparable(session: ReviewSession) -> bool:
    """A and B can take each other's place: on the screen, or in the ear."""
    return judging(session) and (image(session) or bool(session.state.evidence.takes))


def image(session: ReviewSession) -> bool:
    return session.state.evidence.shows == "image"


def picked_on_picture(session: ReviewSession) -> bool:
    spot = session.state.evidence.spot
    return judging(session) and spot is not None and spot.at is not None and bool(spot.at.box or spot.at.polygon)


def picked_words(session: ReviewSession) -> bool:
    spot = session.state.evidence.spot
    return judging(session) and spot is not None and spot.at is not None and spot.at.span is not None


def holding(session: ReviewSession) -> bool:
    spot = session.state.evidence.spot
    if editing_segment(session):
        return True
    return judging(session) and spot is not None and (spot.held is not None or spot.region is not None)


def holding_in_sound(session: ReviewSession) -> bool:
    """A pin that stands at a span of the recording."""
    evidence = session.state.evidence
    spot = evidence.spot
    held = spot is not None and spot.held is not None and spot.at is not None and spot.at.time_s is not None
    return held and judging_audio(session) and evidence.gold_segments is None


def judging_audio(session: ReviewSession) -> bool:
    return judging(session) and audio(session)


def editing_segments(session: ReviewSession) -> bool:
    return judging(session) and session.state.evidence.gold_segments is not None


def editing_segment(session: ReviewSession) -> bool:
    return editing_segments(session) and session.state.evidence.gold_segment is not None


def editing_regions(session: ReviewSession) -> bool:
    return judging(session) and session.state.evidence.gold_regions is not None


def editing_region(session: ReviewSession) -> bool:
    spot = session.state.evidence.spot
    return editing_regions(session) and spot is not None and spot.region is not None

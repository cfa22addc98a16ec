"""What the keys of the picture's view do to a real session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from labeler.sessions.review.commands import COMMANDS
from labeler.sessions.review.evidence import Layer, LayerLook, Layout, ViewSettings
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.view_commands import FAINTEST, WIDEST
from labeler.steps.project import Project, person_called


@pytest.fixture
def session(texts: Project) -> Iterator[ReviewSession]:
    seconds = count(1)
    person = person_called(texts, "Ada Lead")
    made = ReviewSession(texts, person, lambda: datetime.now(UTC), lambda: float(next(seconds)))
    yield made
    made.close()


def do(session: ReviewSession, *ids: str) -> ViewSettings:
    for name in ids:
        next(command for command in COMMANDS if command.id == name).do(session)
    return session.state.evidence.view


def test_layouts_follow_each_other_and_begin_again(session: ReviewSession) -> None:
    assert [do(session, "view.layout").layout for _ in Layout] == [
        Layout.STACKED,
        Layout.BLINK,
        Layout.SWIPE,
        Layout.BOTH,
        Layout.SIDE_BY_SIDE,
    ]


def test_blink_goes_back_to_the_layout_of_before(session: ReviewSession) -> None:
    do(session, "view.layout.stacked")
    views = [do(session, "view.blink") for _ in range(3)]
    assert [(view.layout, view.blink_letter) for view in views] == [
        (Layout.BLINK, "A"),
        (Layout.BLINK, "B"),
        (Layout.STACKED, "B"),
    ]


def test_only_the_layer_in_hand_changes(session: ReviewSession) -> None:
    before = do(session, "layers.fainter").layers
    assert before.look(Layer.B) == LayerLook(), "no layer is in hand yet"
    layers = do(session, "layers.next", "layers.next", "layers.fainter", "layers.wider", "layers.hide").layers
    assert (layers.in_hand, layers.b) == (Layer.B, LayerLook(shown=False, opacity=0.8, width=2))
    assert layers.a == layers.differences == layers.labels == LayerLook()
    assert do(session, *["layers.next"] * 3).layers.in_hand is None


def test_a_layer_stays_visible_and_its_lines_come_back_to_thin(session: ReviewSession) -> None:
    view = do(session, "layers.next", *["layers.fainter"] * 9, *["layers.wider"] * WIDEST)
    assert view.layers.a == LayerLook(opacity=FAINTEST, width=1)


def test_the_divider_stays_on_the_pane(session: ReviewSession) -> None:
    assert do(session, *["view.divider_left"] * 30).divider == 0.0
    assert do(session, *["view.divider_right"] * 50).divider == 1.0

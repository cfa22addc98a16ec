"""Sessions without a window, and the keys of a person in front of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project, person_called

Open = Callable[[Project], ReviewSession]


@pytest.fixture
def review() -> Open:
    seconds = count(1)

    def open_session(project: Project) -> ReviewSession:
        person = person_called(project, "Ada Lead")
        return ReviewSession(project, person, lambda: datetime.now(UTC), lambda: float(next(seconds)))

    return open_session


@pytest.fixture
def session(texts: Project, review: Open) -> Iterator[ReviewSession]:
    made = review(texts)
    yield made
    made.close()

"""Judges item after item of a project and says each saved verdict on standard output, until it is killed."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from labeler.domain.rubric import Tier
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice


def main() -> None:
    session = open_review(Path(sys.argv[1]), "Ana", lambda: datetime.now(UTC), time.monotonic).session
    while (item := session.state.evidence.item) is not None:
        session.set_tier(Tier.MEDIUM)
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        session.save()
        sys.stdout.write(f"{item.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What the commands of `labeler backfill` share: their options, the policy in force, and the log of who looked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import warn
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.domain.backfill.policy import BackfillPolicy
    from labeler.steps.backfill.records import Records

Decision = Annotated[str, typer.Argument(metavar="DECISION", help="Id of the decision.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="What was known then: 2026-11-19, or 2026-11-19T10:00:00Z."),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="F", help="By default backfill.toml in the project's folder.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. Stays outside the chain of events.")]


def note_listing(project: Path, found: Records, listed: int, where: str, as_: str | None) -> None:
    """Log who looked at a list; where nothing can be written, say that it is not logged."""
    from labeler.steps.backfill import handle
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    try:
        with open_project(project) as opened:
            handle.note_listing(opened, found, listed, f"command: {where}", person_called(opened, user_name(as_)))
    except LabelerError as problem:
        warn(f"This look is not logged: {problem.what}")


def policy_file(project: Path) -> Path:
    from labeler.formats.backfill_toml import FILE_NAME

    return project / FILE_NAME


def policy_of(project: Path, given: Path | None) -> BackfillPolicy:
    """The policy given, else the project's, else that of the template."""
    from labeler.formats.backfill_toml import default_policy, read_backfill_policy

    own = policy_file(project)
    if given is None and not own.exists():
        return default_policy()
    return read_backfill_policy(given or own)


def time_of(written: str | None) -> datetime | None:
    """A day stands for its last moment, in UTC."""
    from labeler.steps.backfill.records import end_of

    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise LabelerError(
            f"{written!r} is neither a day nor a time", remedy="write 2026-11-19 or …T10:00:00Z"
        ) from None
    return end_of(moment.date() if len(written) == len("2026-11-19") else moment)


def day_of(written: str) -> str:
    try:
        return datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        raise LabelerError(f"{written!r} is not a day", remedy="write 2026-12-01") from None

"""Keys of the Backfill screen."""

from __future__ import annotations

from labeler.domain.backfill.records import Status
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import ALL, Filter
from labeler.sessions.commands import Command

BackfillCommand = Command[BackfillSession]
_UNSEEN = Filter(status=Status.NOT_REVIEWED, words="not reviewed")
_UNSURE = Filter(status=Status.UNDER_REVIEW, words="under review")
_WRONG = Filter(status=Status.WRONG, words="old wrong")
_UPHELD = Filter(status=Status.UPHELD, words="upheld")
_OVERDUE = Filter(overdue=True, words="overdue")


def _has_record(session: BackfillSession) -> bool:
    return session.state.story is not None


COMMANDS: tuple[BackfillCommand, ...] = (
    BackfillCommand("backfill.next", "Next record", lambda s: s.move(1), "Down", group="Records"),
    BackfillCommand("backfill.previous", "Previous record", lambda s: s.move(-1), "Up", group="Records"),
    BackfillCommand("backfill.first", "First record", lambda s: s.move(-(10**9)), "Home", group="Records"),
    BackfillCommand("backfill.last", "Last record", lambda s: s.move(10**9), "End", group="Records"),
    BackfillCommand("backfill.figure", "Next figure", lambda s: s.move_figure(1), "Right", group="Figures"),
    BackfillCommand("backfill.figure_back", "Previous figure", lambda s: s.move_figure(-1), "Left", group="Figures"),
    BackfillCommand("backfill.all", "All contested", lambda s: s.show_only(ALL), "A", group="Filter"),
    BackfillCommand("backfill.unseen", "Not reviewed", lambda s: s.show_only(_UNSEEN), "N", group="Filter"),
    BackfillCommand("backfill.unsure", "Under review", lambda s: s.show_only(_UNSURE), "I", group="Filter"),
    BackfillCommand("backfill.wrong", "Old wrong", lambda s: s.show_only(_WRONG), "W", group="Filter"),
    BackfillCommand("backfill.upheld", "Upheld", lambda s: s.show_only(_UPHELD), "U", group="Filter"),
    BackfillCommand("backfill.overdue", "Overdue", lambda s: s.show_only(_OVERDUE), "D", group="Filter"),
    BackfillCommand("backfill.step", "Record a step", lambda s: s.ask_step(), "R", _has_record, group="Record"),
    BackfillCommand(
        "backfill.record_step",
        "Record the step that is typed",
        lambda s: s.record_step(),
        "Ctrl+Enter",
        lambda s: s.state.step is not None,
        group="Record",
        in_text=True,
    ),
    BackfillCommand("backfill.approve", "Approve", lambda s: s.approve(), "V", _has_record, group="Record"),
    BackfillCommand("backfill.policy", "Apply the policy", lambda s: s.apply_policy(), "Shift+P", group="Release"),
    BackfillCommand("backfill.queue", "Put the plan in force", lambda s: s.put_plan_in_force(), "Q", group="Release"),
    BackfillCommand("backfill.ledger", "Export the ledger", lambda s: s.export_ledger(), "Shift+E", group="Release"),
    BackfillCommand("backfill.refresh", "Read again", lambda s: s.refresh(), "F5", group="Release"),
)

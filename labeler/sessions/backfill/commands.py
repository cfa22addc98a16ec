"""Keys of the Backfill screen."""

from __future__ import annotations

from labeler.domain.backfill.records import Status
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import ALL, Filter, ToDo, only, still
from labeler.sessions.commands import Command

BackfillCommand = Command[BackfillSession]


def _has_record(session: BackfillSession) -> bool:
    return session.state.story is not None


def _filter(name: str, label: str, key: str, chosen: Filter) -> BackfillCommand:
    return BackfillCommand(f"backfill.{name}", label, lambda s: s.show_only(chosen), key, group="Filter")


FILTERS: tuple[tuple[str, Filter], ...] = (
    ("all", ALL),
    ("unseen", only(Status.NOT_REVIEWED)),
    ("unsure", only(Status.UNDER_REVIEW)),
    ("upheld", only(Status.UPHELD)),
    ("wrong", only(Status.WRONG)),
    ("undecidable", only(Status.UNDECIDABLE)),
    ("dispose", still(ToDo.DISPOSE)),
    ("second", still(ToDo.SECOND)),
    ("due", still(ToDo.DUE_SOON)),
    ("overdue", still(ToDo.OVERDUE)),
)
"""The end of a command's id, and the filter that it chooses."""
_KEYS = {
    "all": "A",
    "unseen": "N",
    "unsure": "I",
    "upheld": "U",
    "wrong": "W",
    "undecidable": "Y",
    "dispose": "T",
    "second": "S",
    "due": "E",
    "overdue": "D",
}

COMMANDS: tuple[BackfillCommand, ...] = (
    BackfillCommand("backfill.next", "Next record", lambda s: s.move(1), "Down", group="Records"),
    BackfillCommand("backfill.previous", "Previous record", lambda s: s.move(-1), "Up", group="Records"),
    BackfillCommand("backfill.first", "First record", lambda s: s.move(-(10**9)), "Home", group="Records"),
    BackfillCommand("backfill.last", "Last record", lambda s: s.move(10**9), "End", group="Records"),
    BackfillCommand("backfill.figure", "Next figure", lambda s: s.move_figure(1), "Right", group="Figures"),
    BackfillCommand("backfill.figure_back", "Previous figure", lambda s: s.move_figure(-1), "Left", group="Figures"),
    *(_filter(name, chosen.words.capitalize(), _KEYS[name], chosen) for name, chosen in FILTERS),
    BackfillCommand("backfill.disposal", "Dispose", lambda s: s.ask_disposition(), "P", _has_record, group="Record"),
    BackfillCommand("backfill.step", "Record a step", lambda s: s.ask_step(), "R", _has_record, group="Record"),
    BackfillCommand(
        "backfill.record_step",
        "Record what is typed",
        lambda s: s.record(),
        "Ctrl+Enter",
        lambda s: s.state.step is not None or s.state.disposal is not None,
        group="Record",
        in_text=True,
    ),
    BackfillCommand("backfill.approve", "Approve", lambda s: s.approve(), "V", _has_record, group="Record"),
    BackfillCommand("backfill.policy", "Apply the policy", lambda s: s.apply_policy(), "Shift+P", group="Release"),
    BackfillCommand("backfill.queue", "Put the plan in force", lambda s: s.put_plan_in_force(), "Q", group="Release"),
    BackfillCommand("backfill.ledger", "Export the ledger", lambda s: s.export_ledger(), "Shift+E", group="Release"),
    BackfillCommand("backfill.refresh", "Read again", lambda s: s.refresh(), "F5", group="Release"),
)

"""Keys of the Gold screen."""

from __future__ import annotations

from labeler.sessions.commands import Command
from labeler.sessions.gold.session import GoldSession
from labeler.sessions.gold.state import Deed

GoldCommand = Command[GoldSession]


def _has_nodes(session: GoldSession) -> bool:
    return bool(session.state.nodes)


def _has_thin(session: GoldSession) -> bool:
    return bool(session.state.thin)


COMMANDS: tuple[GoldCommand, ...] = (
    GoldCommand("gold.next", "Next node", lambda s: s.move(1), "Down", _has_nodes, "Gate"),
    GoldCommand("gold.previous", "Previous node", lambda s: s.move(-1), "Up", _has_nodes, "Gate"),
    GoldCommand("gold.explain", "Explain this node", lambda s: s.toggle_explained(), "E", _has_nodes, "Gate"),
    GoldCommand("gold.wrong", "Show what is newly wrong", lambda s: s.open_newly_wrong(), "O", _has_nodes, "Gate"),
    GoldCommand("gold.copy", "Copy Markdown", lambda s: s.copy_markdown(), "Ctrl+C", _has_nodes, "Gate"),
    GoldCommand(
        "gold.do",
        "Build the draft, or publish",
        lambda s: s.do(),
        "Ctrl+Enter",
        lambda s: s.state.deed is not Deed.NONE,
        "Version",
    ),
    GoldCommand("gold.queue", "Queue these first in Review", lambda s: s.queue_thin_first(), "Q", _has_thin, "Version"),
    GoldCommand("gold.refresh", "Read again", lambda s: s.refresh(), "F5", group="Version"),
)

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


def _has_versions(session: GoldSession) -> bool:
    return len(session.state.versions) > 1


def _has_outputs(session: GoldSession) -> bool:
    return len(session.state.outputs) > 1


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
    GoldCommand(
        "gold.settle",
        "Decide an unresolved item in Adjudicate",
        lambda s: s.settle_next(),
        "U",
        lambda s: bool(s.state.unresolved),
        "Version",
    ),
    GoldCommand("gold.earlier", "An earlier version", lambda s: s.go_by(-1), "[", _has_versions, "Version"),
    GoldCommand("gold.later", "A later version, and the draft", lambda s: s.go_by(1), "]", _has_versions, "Version"),
    GoldCommand("gold.outputs", "The gate with other outputs", lambda s: s.next_outputs(), "P", _has_outputs, "Gate"),
    GoldCommand(
        "gold.export",
        "Export a version",
        lambda s: s.choose_export(),
        "Ctrl+S",
        lambda s: bool(s.state.exports),
        "Version",
    ),
    GoldCommand("gold.refresh", "Read again", lambda s: s.refresh(), "F5", group="Version"),
)

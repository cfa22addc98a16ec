"""The keys of the Insights screen."""

from __future__ import annotations

from labeler.domain.rubric import Tier
from labeler.sessions.commands import Command
from labeler.sessions.insights.session import InsightsSession

InsightsCommand = Command[InsightsSession]


def _has_page(session: InsightsSession) -> bool:
    return session.state.page is not None


def _only(tier: Tier, key: str) -> InsightsCommand:
    return InsightsCommand(f"tier.{tier}", f"Only {tier}", lambda s: s.toggle_tier(tier), key, _has_page, "Filter")


def _filter(name: str, words: str, key: str) -> InsightsCommand:
    return InsightsCommand(f"filter.{name}", words, lambda s: s.open_filter(name), key, _has_page, "Filter")


COMMANDS: tuple[InsightsCommand, ...] = (
    InsightsCommand("panel.next", "Next panel", lambda s: s.next_panel(), "N", _has_page, "Walk"),
    InsightsCommand("panel.previous", "Previous panel", lambda s: s.next_panel(-1), "P", _has_page, "Walk"),
    InsightsCommand("mark.left", "Mark to the left", lambda s: s.move(0, -1), "Left", _has_page, "Walk"),
    InsightsCommand("mark.right", "Mark to the right", lambda s: s.move(0, 1), "Right", _has_page, "Walk"),
    InsightsCommand("mark.up", "Mark above", lambda s: s.move(-1, 0), "Up", _has_page, "Walk"),
    InsightsCommand("mark.down", "Mark below", lambda s: s.move(1, 0), "Down", _has_page, "Walk"),
    InsightsCommand("mark.open", "Items behind a mark, item in Review", lambda s: s.open(), "Enter", _has_page, "Walk"),
    InsightsCommand("failures.modality", "Failures, next modality", lambda s: s.next_heat(), "M", _has_page, "Show"),
    InsightsCommand("failures.slice", "Failures by the next slice", lambda s: s.next_slice(), "S", _has_page, "Show"),
    InsightsCommand("failures.side", "Failures of the other side", lambda s: s.choose_side(), "O", _has_page, "Show"),
    *(_only(tier, str(number)) for number, tier in enumerate(Tier, 1)),
    _filter("modality", "Choose a modality", "5"),
    _filter("slice", "Choose a slice", "6"),
    _filter("person", "Choose a person", "7"),
    _filter("date", "Choose since when", "8"),
    InsightsCommand("filter.clear", "Take all filters away", lambda s: s.clear_filter(), "0", _has_page, "Filter"),
    InsightsCommand("panel.csv", "Copy the panel as CSV", lambda s: s.copy("csv"), "Ctrl+C", _has_page, "Copy"),
    InsightsCommand(
        "panel.picture",
        "Copy the panel as a picture",
        lambda s: s.copy("picture"),
        "Ctrl+P",
        _has_page,
        "Copy",
    ),
    InsightsCommand("report.write", "Save as an HTML page", lambda s: s.copy("report"), "Ctrl+S", _has_page, "Copy"),
    InsightsCommand("data.refresh", "Read again", lambda s: s.refresh(), "F5", group="Show"),
)

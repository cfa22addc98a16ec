"""The screens of a project's window, in the order in which they stand on its rail: one line each.

A screen is imported when it is first gone to, so that the window opens as fast with ten of them as with one.
"""

from __future__ import annotations

from importlib import import_module

from labeler.domain.statistics.intervals import clopper_pearson_lower
from labeler.gui.screen import Frame, Line, Screen

_AHEAD = ("labeler.sessions.insights.session", "labeler.sessions.gold.session")
"""What the screens of figures take longest to import. Qt's classes are left to the window's thread."""


def _review(frame: Frame) -> Screen:
    from labeler.gui.review import ReviewScreen

    return ReviewScreen(frame)


def _adjudicate(frame: Frame) -> Screen:
    from labeler.gui.adjudicate import AdjudicateScreen

    return AdjudicateScreen(frame)


def _backfill(frame: Frame) -> Screen:
    from labeler.gui.backfill.screen import BackfillScreen

    return BackfillScreen(frame)


def _insights(frame: Frame) -> Screen:
    from labeler.gui.insights.screen import InsightsScreen

    return InsightsScreen(frame)


def _gold(frame: Frame) -> Screen:
    from labeler.gui.gold.screen import GoldScreen

    return GoldScreen(frame)


def _project(frame: Frame) -> Screen:
    from labeler.gui.project.screen import ProjectScreen

    return ProjectScreen(frame)


def _board(frame: Frame) -> Screen:
    from labeler.gui.board.screen import BoardScreen

    return BoardScreen(frame)


SCREENS: tuple[Line, ...] = (
    Line("review", "Review", "text", "Ctrl+Shift+R", _review),
    Line("adjudicate", "Adjudicate", "scale", "Ctrl+Shift+A", _adjudicate),
    Line("board", "Board", "list-checks", "Ctrl+Shift+O", _board),
    Line("insights", "Insights", "chart-column", "Ctrl+Shift+I", _insights),
    Line("gold", "Gold", "star", "Ctrl+Shift+V", _gold),
    Line("backfill", "Backfill", "rotate-ccw", "Ctrl+Shift+B", _backfill),
    Line("project", "Project", "folder", "Ctrl+Shift+E", _project),
)
"""The first one is shown when a project opens. Keys are `Ctrl+Shift` with a letter, which no screen uses for itself."""


def import_ahead() -> None:
    """Import, on any thread, what a lead's first look at the figures would wait for; SciPy comes with its first use."""
    for name in _AHEAD:
        import_module(name)
    clopper_pearson_lower(1, 2, 0.05)

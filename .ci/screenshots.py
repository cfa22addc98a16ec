"""Draws every screen of the demo into docs/screenshots/, light and dark, as the README shows them."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from made_projects import cleaned_scans, stereo_call
from PySide6.QtWidgets import QApplication, QMainWindow

from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.gui.app import application
from labeler.gui.backfill.screen import BackfillScreen
from labeler.gui.new_project import NewProjectCard
from labeler.gui.project.screen import TABS, ProjectScreen
from labeler.gui.start import StartWindow
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.gui.window import ProjectWindow
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.board.session import BoardSession
from labeler.sessions.board.state import Part
from labeler.sessions.gold.session import GoldSession
from labeler.sessions.insights.session import InsightsSession
from labeler.sessions.projects import card, open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.evidence import Layout, Request
from labeler.steps.demo import make_demo
from tests.pulse import missing, pulse

TO = Path(__file__).parent.parent / "docs" / "screenshots"
ZOOMS_TO_SAMPLES = 24
SIZES = {"": (1440, 900), "-small": (1280, 720)}
ITEMS = {Modality.IMAGE: "img-040", Modality.AUDIO: "aud-001"}
LAYOUTS: dict[str, dict[str, object]] = {
    "stacked": {"layout": Layout.STACKED},
    "swipe": {"layout": Layout.SWIPE},
    "both": {"layout": Layout.BOTH},
    "list": {"listed": True},
}


MADE_LAYOUTS: dict[str, dict[str, object]] = {
    "side": {},
    "swipe": {"layout": Layout.SWIPE},
    "difference": {"layout": Layout.BOTH, "threshold": 72},
}


def main() -> None:
    """With a folder as argument the pictures go there."""
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else TO
    to.mkdir(parents=True, exist_ok=True)
    application()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HOME"] = scratch  # what the pictures show is nobody's own folder
        folder = Path(scratch) / "Labeler demo"
        make_demo(folder, "Ada")
        with sound_device():
            for theme_name, theme in ((name, themed(name)) for name in ("light", "dark")):
                start = StartWindow(theme, [card(folder, "Ada")], NewProjectCard(theme, Tasks(), "Ada"))
                keep(start, to / f"start-{theme_name}.png", (1440, 900))
                review(theme, theme_name, folder, to)
                if theme_name == "light":
                    made_pictures(theme, Path(scratch), to)
                    call(theme, Path(scratch), to)
                insights(theme, theme_name, folder, to)
                gold(theme, theme_name, folder, to)
        no_device(themed("light"), folder, to)


def themed(name: str) -> Theme:
    theme = Theme()
    theme.choose(name)
    return theme


def review(theme: Theme, theme_name: str, folder: Path, to: Path) -> None:
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    window = ProjectWindow(theme, opened, {})
    session = opened.session
    for modality, item_id in ITEMS.items():
        session.show_item(item_id)
        for suffix, size in SIZES.items():
            if session.state.judgement.draft.tier is None:
                show(window, size)
                keep(window, to / f"review-{modality}-before-{theme_name}.png", size)
                session.set_tier(Tier.MEDIUM)
                session.judge(Choice.A)
            keep(window, to / f"review-{modality}{suffix}-{theme_name}.png", size)
        if modality is Modality.IMAGE:
            for name, changes in LAYOUTS.items():
                session.change_view(**changes)
                keep(window, to / f"review-image-{name}-{theme_name}.png", (1440, 900))
                session.change_view(layout=Layout.SIDE_BY_SIDE, listed=False)
        if modality is Modality.AUDIO:
            session.select((1.4, 2.4))
            session.change_view(spectrogram=True)
            keep(window, to / f"review-audio-spectrogram-{theme_name}.png", (1440, 900))
            session.change_view(spectrogram=False)
        pins_and_gold(window, modality, to, theme_name)
        session.undo()
        while session.state.judgement.draft.touched:
            session.undo()
    window.toggle_help()
    keep(window, to / f"keys-{theme_name}.png", (1440, 900))
    window.toggle_help()
    backfill(window, theme_name, to)
    adjudicate(window, theme_name, to)
    project(window, theme_name, to)
    board(window, theme_name, to)
    window.close()


def made_pictures(theme: Theme, scratch: Path, to: Path) -> None:
    """Outputs that are pictures."""
    window = opened_at(theme, cleaned_scans(scratch))
    session = window.session
    session.set_tier(Tier.EASY)
    for name, changes in MADE_LAYOUTS.items():
        session.change_view(**changes)
        keep(window, to / f"review-made-{name}-light.png", SIZES[""])
    session.request(Request.NEXT_PLACE)
    session.pins.toggle_failure("A", "region_missed")
    keep(window, to / "review-made-pins-light.png", SIZES[""])
    window.close()


def call(theme: Theme, scratch: Path, to: Path) -> None:
    """A call of two sides: whole, at a difference, one side alone, down to the samples."""
    window = opened_at(theme, stereo_call(scratch))
    session = window.session
    session.set_tier(Tier.HARD)
    keep(window, to / "review-audio-call-whole-light.png", SIZES[""])
    session.request(Request.ZOOM_TO_DIFFERENCE)
    keep(window, to / "review-audio-call-words-light.png", SIZES[""])
    for _ in range(ZOOMS_TO_SAMPLES):
        session.request(Request.ZOOM_IN)
    keep(window, to / "review-audio-call-samples-light.png", SIZES[""])
    window.close()


def no_device(theme: Theme, folder: Path, to: Path) -> None:
    """The recording can be seen and judged; the player says what is wrong."""
    window = opened_at(theme, folder)
    window.session.show_item(ITEMS[Modality.AUDIO])
    window.session.set_tier(Tier.MEDIUM)
    keep(window, to / "review-audio-no-device-light.png", SIZES[""])
    window.close()


def backfill(window: ProjectWindow, theme_name: str, to: Path) -> None:
    window.go_to("backfill")
    screen = window.current
    assert isinstance(screen, BackfillScreen)
    session = screen.session
    wait(lambda: not session.state.busy)
    for act in (session.put_plan_in_force, session.apply_policy):
        act()
        wait(lambda: not session.state.busy)
    for suffix, size in SIZES.items():
        keep(window, to / f"backfill{suffix}-{theme_name}.png", size)


def board(window: ProjectWindow, theme_name: str, to: Path) -> None:
    window.go_to("board")
    session = window.current.session
    assert isinstance(session, BoardSession)
    for part in (Part.LEFT, Part.PEOPLE):
        wait(lambda: not session.state.loading)
        session.go_to(part)
        keep(window, to / f"board-{part}-{theme_name}.png", (1440, 900))


def project(window: ProjectWindow, theme_name: str, to: Path) -> None:
    window.go_to("project")
    screen = window.current
    assert isinstance(screen, ProjectScreen)
    for tab in TABS:
        screen.go_to(tab.id)
        wait(lambda: not screen.tab.status().text.endswith("…"))
        keep(window, to / f"project-{tab.id}-{theme_name}.png", (1440, 900))


def adjudicate(window: ProjectWindow, theme_name: str, to: Path) -> None:
    """The list beside the lead's own look, then the verdicts and a resolution taken from one of them."""
    window.go_to("adjudicate")
    session = window.current.session
    assert isinstance(session, AdjudicateSession)
    wait(lambda: not session.adjudication.looking)
    session.set_tier(Tier.HARD)
    keep(window, to / f"adjudicate-look-{theme_name}.png", (1440, 900))
    session.reveal()
    session.take(1)
    for suffix, size in SIZES.items():
        keep(window, to / f"adjudicate{suffix}-{theme_name}.png", size)


def pins_and_gold(window: ProjectWindow, modality: Modality, to: Path, theme_name: str) -> None:
    """A failure pinned to a place, and the gold answer's regions or segments while they are edited."""
    session = window.session
    session.pins.step(+1)
    session.pins.toggle_failure("A", session.state.judgement.failures[0].code)
    keep(window, to / f"review-{modality}-pins-{theme_name}.png", (1440, 900))
    (session.gold.toggle_segments if modality is Modality.AUDIO else session.gold.toggle_regions)()
    session.gold.take_over("A")
    session.pins.hold_next(+1)
    keep(window, to / f"review-{modality}-gold-{theme_name}.png", (1440, 900))
    while session.state.evidence.gold_regions is not None or session.state.evidence.gold_segments is not None:
        session.dismiss()


def insights(theme: Theme, theme_name: str, folder: Path, to: Path) -> None:
    window = opened_at(theme, folder)
    window.go_to("insights")
    session = window.current.session
    assert isinstance(session, InsightsSession)
    wait(lambda: session.state.agreement is not None)
    for suffix, size in SIZES.items():
        keep(window, to / f"insights{suffix}-{theme_name}.png", size)
    window.close()


def gold(theme: Theme, theme_name: str, folder: Path, to: Path) -> None:
    window = opened_at(theme, folder)
    window.go_to("gold")
    session = window.current.session
    assert isinstance(session, GoldSession)
    wait(lambda: session.state.read)
    for suffix, size in SIZES.items():
        keep(window, to / f"gold{suffix}-{theme_name}.png", size)
    window.close()


def opened_at(theme: Theme, folder: Path) -> ProjectWindow:
    """A window on a project, shown at its first size."""
    window = ProjectWindow(theme, open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic), {})
    show(window, SIZES[""])
    return window


@contextmanager
def sound_device() -> Iterator[None]:
    """A sound device that makes no noise, where the system can have one."""
    if reason := missing():
        print(f"the pictures show no sound device: {reason}", file=sys.stderr)  # noqa: T201
        yield
        return
    with pulse() as server:
        os.environ |= {name: value for name, value in server.environment.items() if name != "HOME"}
        yield


def wait(until: Callable[[], bool] = lambda: False, seconds: float = 60) -> None:
    """Let the window run. Sleeps in between: an event loop without a pause leaves the worker threads no turn."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QApplication.processEvents()
        time.sleep(0.01)
    QApplication.processEvents()


def show(window: QMainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.show()
    wait(seconds=0.7)


def keep(window: QMainWindow, path: Path, size: tuple[int, int]) -> None:
    show(window, size)
    window.grab().save(str(path))
    print(path)  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()

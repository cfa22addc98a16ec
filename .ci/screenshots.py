"""Draws every screen of the demo into docs/screenshots/, light and dark, as the README shows them."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
from PIL import Image, ImageFilter
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
from labeler.shipped import DEMO_PROJECT
from labeler.steps.demo import make_demo
from labeler.steps.import_release import Files, bring
from labeler.steps.opening import create_project
from labeler.steps.project import person_called

TO = Path(__file__).parent.parent / "docs" / "screenshots"
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
        for theme_name in ("light", "dark"):
            theme = Theme()
            theme.choose(theme_name)
            start = StartWindow(theme, [card(folder, "Ada")], NewProjectCard(theme, Tasks(), "Ada"))
            keep(start, to / f"start-{theme_name}.png", (1440, 900))
            review(theme, theme_name, folder, to)
            if theme_name == "light":
                made_pictures(theme, Path(scratch), to)
            insights(theme, theme_name, folder, to)
            gold(theme, theme_name, folder, to)


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
    """Outputs that are pictures: a receipt of the demo, cleaned by two filters of which one takes a line away."""
    given = scratch / "cleaned"
    given.mkdir()
    scan = Image.open(DEMO_PROJECT / "media" / "images" / "img-040.jpg").convert("RGB")
    sharp = scan.point([min(255, value + 24) if value > 160 else value for value in range(256)] * 3)
    sharp.paste("white", (165, 315, 265, 335))
    pictures = {"scan": scan, "old": scan.filter(ImageFilter.MedianFilter(3)), "new": sharp}
    for name, picture in pictures.items():
        picture.resize((860, 930), Image.Resampling.LANCZOS).save(given / f"{name}.png")
    item = {"id": "receipt", "modality": "image", "media": "scan.png", "prompt": "Take the noise out of the scan."}
    (given / "items.jsonl").write_bytes(orjson.dumps(item))
    for side in ("old", "new"):
        output = {"item_id": "receipt", "model": {"name": "cleaner", "version": side}, "media": f"{side}.png"}
        (given / f"{side}.jsonl").write_bytes(orjson.dumps(output))
    folder = scratch / "Cleaned scans"
    with create_project(folder) as project:
        lead = person_called(project, "Ada")
        bring(project, Files(*(given / f"{name}.jsonl" for name in ("items", "old", "new"))), lead)
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    window = ProjectWindow(theme, opened, {})
    show(window, SIZES[""])
    opened.session.set_tier(Tier.EASY)
    for name, changes in MADE_LAYOUTS.items():
        opened.session.change_view(**changes)
        keep(window, to / f"review-made-{name}-light.png", SIZES[""])
    opened.session.request(Request.NEXT_PLACE)
    opened.session.pins.toggle_failure("A", "region_missed")
    keep(window, to / "review-made-pins-light.png", SIZES[""])
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
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    window = ProjectWindow(theme, opened, {})
    show(window, SIZES[""])
    window.go_to("insights")
    session = window.current.session
    assert isinstance(session, InsightsSession)
    wait(lambda: session.state.agreement is not None)
    for suffix, size in SIZES.items():
        keep(window, to / f"insights{suffix}-{theme_name}.png", size)
    window.close()


def gold(theme: Theme, theme_name: str, folder: Path, to: Path) -> None:
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    window = ProjectWindow(theme, opened, {})
    show(window, SIZES[""])
    window.go_to("gold")
    session = window.current.session
    assert isinstance(session, GoldSession)
    wait(lambda: session.state.read)
    for suffix, size in SIZES.items():
        keep(window, to / f"gold{suffix}-{theme_name}.png", size)
    window.close()


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

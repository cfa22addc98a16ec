"""The system ends a window in which somebody types fast, most often between an Enter and the disk's answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.events import EventKind
from labeler.domain.verdicts import fold
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from tests.attacks import type_until_killed
from tests.attacks.test_kills import opened_at
from tests.attacks.texts import make_texts


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a window for each kill is forked")
@pytest.mark.parametrize("kills", [4, pytest.param(500, marks=pytest.mark.soak)])
def test_a_window_that_is_killed_while_somebody_types_loses_nothing_doubles_nothing_and_keeps_the_order(
    tmp_path: Path, kills: int
) -> None:
    make_texts(tmp_path / "texts", 40)
    unwritten = 0
    for folder, told in killed(tmp_path / "texts", tmp_path / "killed", kills):
        with open_project(folder) as left:
            assert left.store.chain_damage() == []
            assert left.store.integrity_damage() == []
            assert left.store.state() == fold(left.store.events())
            asked, written = [one for one in told if one[0] in ("verdict", "skip", "undo")], log_of(left)
            assert written == [(what, item) for what, item, _ in asked[: len(written)]], "another order, or twice"
            assert [one for one in told if one[0] == "serious"] == []
            assert said_too_early(told, len(written)) == []
            assert lost(left, told, asked[len(written) :]) == []
            unwritten += len(asked) > len(written)
    assert unwritten >= kills // 10, "no kill came between an Enter and the disk"


def killed(template: Path, scratch: Path, times: int) -> Iterator[tuple[Path, list[list[str]]]]:
    command = [sys.executable, type_until_killed.__file__, str(template), str(scratch), "1", str(times)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    scratch.mkdir()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as batch:
        assert batch.stdout is not None
        for line in batch.stdout:
            report: dict[str, Any] = orjson.loads(line)
            assert report["ended"] == "killed", report
            yield Path(report["folder"]), report["told"]
    assert batch.returncode == 0


def log_of(left: Project) -> list[tuple[str, str]]:
    """What the log has of the typist, in order."""
    names = {EventKind.VERDICT: "verdict", EventKind.SKIP: "skip", EventKind.WITHDRAWAL: "undo"}
    found: list[tuple[str, str]] = []
    items: dict[str, str] = {}
    for event in left.store.events(kinds=list(names)):
        if event.author != "ada":
            continue
        item = items[event.id] = event.body.get("item_id") or items[event.body["event"]]
        found.append((names[EventKind(event.kind)], item))
    return found


def said_too_early(told: list[list[str]], written: int) -> list[list[str]]:
    """What the status bar said to be saved that is not in the log."""
    number, asked, early = 0, {"": 0}, []
    for line in told:
        what, item, _ = line
        number += what in ("verdict", "skip", "undo")
        if what in ("verdict", "skip"):  # an undo is told before it begins, and begins with waiting for the disk
            asked[item] = asked[""] = number
        elif what in ("told", "all") and asked[item] > written:
            early.append(line)
    return early


def taken_back(written: list[tuple[str, str]]) -> set[str]:
    """Items of which the last that the log has is a verdict and its withdrawal."""
    newest: dict[str, list[str]] = {}
    for what, item in written:
        newest[item] = [*newest.get(item, [])[-1:], what]
    return {item for item, whats in newest.items() if whats == ["verdict", "undo"]}


def lost(left: Project, told: list[list[str]], unwritten: list[list[str]]) -> list[str]:
    """Drafts that are gone: of what was asked for and not written, of verdicts that were taken back and not saved
    again, and of the item that was on the screen.
    """
    tiers = {item: tier for what, item, tier in told if what == "draft"}
    last = next((item for what, item, _ in reversed(told) if what == "draft"), "")
    wanted = {item for what, item, _ in unwritten if what == "verdict"} | {last} - {""}
    wanted |= taken_back(log_of(left))
    release = left.store.releases()[0].id
    judged = {item for item in wanted if left.store.verdict_of(release, item, "ada") is not None}
    skipped = left.store.skipped_by(release, "ada")
    return [
        item for item in wanted - judged - set(skipped) if str(opened_at(left, item).draft.tier) != tiers.get(item, "")
    ]

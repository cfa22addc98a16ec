"""A session and commands under a quota of a real file system: the kernel refuses the write that would exceed it.

Btrfs keeps its quotas itself, so that no other support of the kernel is needed: a subvolume on a loop device, for root.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from labeler.domain.rubric import Tier
from labeler.errors import Exit
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.steps.check import check_project
from labeler.steps.opening import open_project
from labeler.store import Store
from tests.attacks.test_small_disk import labeler
from tests.attacks.texts import make_texts

ITEMS = 30
ROOM = 256 * 1024
"""Left under the quota when the work begins: for some verdicts, and for no copy of the store."""


def does(*command: object) -> bool:
    return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode == 0


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A project on a volume that can be given a quota."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.btrfs") is None:
        pytest.skip("needs root on Linux, and btrfs-progs")
    image, place = tmp_path / "image", tmp_path / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(150 * 1024 * 1024)
    if not (does("mkfs.btrfs", "-q", "-m", "single", image) and does("mount", "-o", "loop", image, place)):
        pytest.skip("no loop device or no btrfs in this kernel")
    try:
        volume = place / "volume"
        assert does("btrfs", "quota", "enable", place)
        assert does("btrfs", "subvolume", "create", volume)
        make_texts(volume / "texts", ITEMS)
        yield volume
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def set_quota(volume: Path, limit: int | None) -> None:
    """`limit` bytes, or none."""
    assert does("btrfs", "filesystem", "sync", volume)
    # Named by its number: on the volume itself the change of the quota would be counted, and refused.
    found = subprocess.run(["btrfs", "inspect-internal", "rootid", volume], capture_output=True, text=True, check=True)
    assert does("btrfs", "qgroup", "limit", limit or "none", f"0/{found.stdout.strip()}", volume.parent)


def used(volume: Path) -> int:
    assert does("btrfs", "filesystem", "sync", volume)
    shown = subprocess.run(
        ["btrfs", "qgroup", "show", "--raw", "-f", str(volume)], capture_output=True, text=True, check=True
    )
    return int(shown.stdout.split("\n")[2].split()[1])


def test_a_quota_of_the_file_system_loses_nothing_and_is_met_in_words(volume: Path, tmp_path: Path) -> None:
    folder = volume / "texts"
    set_quota(volume, used(volume) + ROOM)
    with pytest.raises(OSError, match="quota") as refused:
        (volume / "filler").write_bytes(os.urandom(4 * ROOM))
    assert refused.value.errno == errno.EDQUOT, "the kernel says so itself"
    (volume / "filler").unlink()
    seconds = count(1)
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), lambda: float(next(seconds)))
    session, judged = opened.session, list[str]()
    while True:
        item = session.state.evidence.item
        assert item is not None, "the quota was never met"
        session.set_tier(Tier.HARD)
        session.edit_note(f"about {item.id} {os.urandom(20_000).hex()}")
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        draft = session.state.judgement.draft
        session.save()
        if session.state.screen.message.serious:
            break
        judged.append(item.id)
    assert "the disk refused to save" in session.state.screen.message.text
    assert (session.state.evidence.item, session.state.judgement.draft) == (item, draft)
    set_quota(volume, None)
    session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    session.close()
    opened.close()
    with open_project(folder) as project:
        assert set(project.store.judged_items(project.store.releases()[0].id)) == {*judged, item.id}
        assert check_project(project).findings == ()


LATER = [pytest.param(command, marks=pytest.mark.soak) for command in ("export", "report")]


@pytest.mark.parametrize("command", ["backup", *LATER])
def test_a_command_that_meets_the_quota_says_so_and_leaves_nothing_half_written(
    volume: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = volume / "texts"
    with Store.open(folder) as store:  # more than what is left
        store.connection.execute("INSERT INTO facts VALUES ('padding', ?)", (os.urandom(2_000_000).hex(),))
    arguments = {
        "backup": ("backup", folder),
        "export": ("export", folder, "--verdicts", volume / "out.jsonl"),
        "report": ("report", folder, "--report", volume / "page.html"),
    }[command]
    set_quota(volume, used(volume) + (ROOM if command == "backup" else 1))
    before = {path for path in volume.rglob("*") if not path.name.endswith(("-wal", "-shm"))}
    capsys.readouterr()
    status = labeler(*arguments)
    said = capsys.readouterr().err
    assert status == Exit.INVALID, said
    assert "to do:" in said
    assert "quota" in said.lower() or "disk" in said, said
    after = {path for path in volume.rglob("*") if not path.name.endswith(("-wal", "-shm"))}
    assert after - before <= {folder / "backups"}, "something is half written"
    set_quota(volume, None)
    assert labeler(*arguments) == Exit.DONE, capsys.readouterr().err

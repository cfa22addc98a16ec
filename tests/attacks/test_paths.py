"""Media are read from the file's folder and the project's alone, and from no host but those that are allowed."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import labeler
from labeler.formats.gold.folder import GoldWriter, verify
from labeler.formats.gold.manifest import sealed
from labeler.formats.inside import file_inside
from labeler.formats.row import RefusedError
from labeler.steps.bring.media import MediaSource
from labeler.steps.erased import _erase_files
from labeler.steps.project import Project

OUTSIDE = "secret.txt"
UNPACKS = re.compile(r"\bimport (zipfile|tarfile|gzip|bz2|lzma)\b|unpack_archive|extractall")
REFUSED = (
    f"../{OUTSIDE}",
    f"media/../../{OUTSIDE}",
    f"./../{OUTSIDE}",
    f"media/./.././../{OUTSIDE}",
    "..",
    ".",
    "",
    "media",
    "media/",
    "/etc/passwd",
    "//etc/passwd",
    "///etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "~/secret.txt",
    "~root/.bashrc",
    "$HOME/secret.txt",
    "%2e%2e/secret.txt",
    "..%2fsecret.txt",
    "\u2025/secret.txt",
    "．．/secret.txt",
    "C:\\Windows\\win.ini",
    "C:/Windows/win.ini",
    "c:secret.txt",
    "\\\\server\\share\\x.png",
    "//server/share/x.png",
    "..\\secret.txt",
    "media\\..\\..\\secret.txt",
    "media/x.png\0.txt",
    "\0",
    "media/x.png/../../../secret.txt",
    "media/x.png/y.png",
    "a" * 5000,
    "a/" * 3000 + "x",
    "link-to-file.txt",
    "link-to-folder/secret.txt",
    "link-to-link/secret.txt",
    "link-in-circles",
    "link-to-device",
    "pipe",
    "media/missing.png",
    "MEDIA/../../secret.txt",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "http://allowed.example/x.png",
    "ftp://allowed.example/x.png",
    "HTTPS://evil.example/x.png",
    "https://evil.example/x.png",
    "https://allowed.example.evil.example/x.png",
    "https://evilallowed.example/x.png",
    "https://allowed.example@evil.example/x.png",
    "https://evil.example/#allowed.example",
    "https://evil.example/?allowed.example",
    "https://evil.example\\@allowed.example/x.png",
    "https://127.0.0.1/x.png",
    "https://[::1]/x.png",
    "https://localhost/x.png",
    "https://169.254.169.254/latest/meta-data",
    "https:///x.png",
    "https://",
    "://x.png",
    "data://text/plain,hello",
    "javascript://allowed.example/%0aalert(1)",
    "s3://other-bucket/x.png",
    "https://[broken/x.png",
    "https://user:secret@allowed.example/x.png",
)


@pytest.fixture
def source(tmp_path: Path) -> MediaSource:
    (tmp_path / OUTSIDE).write_text("nobody may read this")
    beside, project = tmp_path / "given", tmp_path / "project"
    (beside / "media").mkdir(parents=True)
    project.mkdir()
    (beside / "media" / "x.png").write_bytes(b"a picture")
    (beside / "link-to-file.txt").symlink_to(tmp_path / OUTSIDE)
    (beside / "link-to-folder").symlink_to(tmp_path)
    (beside / "link-to-link").symlink_to(beside / "link-to-folder")
    (beside / "link-in-circles").symlink_to(beside / "link-in-circles")
    (beside / "link-to-device").symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        os.mkfifo(beside / "pipe")
    return MediaSource(beside, project, frozenset({"allowed.example"}))


@pytest.mark.parametrize("media", REFUSED, ids=[f"{n}" for n in range(len(REFUSED))])
def test_a_path_that_leads_elsewhere_is_refused_by_name(source: MediaSource, media: str) -> None:
    with pytest.raises(RefusedError, match="media"):
        source.bring(media, None)
    assert [path for path in source.project.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "media", ["media/x.png", "./media/x.png", "https://allowed.example/x.png", "https://ALLOWED.example:8443/x.png"]
)
def test_what_may_be_read_is(source: MediaSource, media: str) -> None:
    assert source.bring(media, None).media


LEADING_OUT = (
    "../secret.txt",
    "media/../../secret.txt",
    "/etc/passwd",
    "link-to-file.txt",
    "link-to-folder/secret.txt",
    "link-in-circles",
    "\0",
    "a" * 5000,
)


@pytest.mark.parametrize("name", LEADING_OUT, ids=range(len(LEADING_OUT)))
def test_a_manifest_or_a_ledger_cannot_name_a_file_of_others(source: MediaSource, name: str) -> None:
    assert file_inside(source.beside, name) is None


def test_what_a_manifest_names_in_its_own_folder_is_found(source: MediaSource) -> None:
    found = file_inside(source.beside, "media/x.png")
    assert found is not None
    assert found.is_file()
    assert file_inside(source.beside, "media/missing.png") == source.beside / "media/missing.png"


def test_a_gold_set_that_names_a_file_elsewhere_is_damaged(tmp_path: Path) -> None:
    (tmp_path / OUTSIDE).write_text("nobody may read this")
    folder = tmp_path / "gold"
    with GoldWriter(folder) as writer:
        manifest = writer.finish(
            {
                "name": "g",
                "version": "v0001",
                "parent": None,
                "left_out": {},
                "heads": {},
                "last_event_at": "2026-09-01T08:00:00Z",
            },
            "",
        )
    files = {**manifest.files, f"../{OUTSIDE}": {"bytes": 20, "sha256": "x"}}
    (folder / "manifest.json").write_bytes(sealed({**manifest.raw, "files": files}).to_bytes())
    assert any("leads out" in said for said in verify(folder))


def test_two_names_that_differ_in_case_alone_keep_two_files(source: MediaSource) -> None:
    """Where a disk tells them apart, and where it does not: what is there with another content is never replaced."""
    (source.beside / "media" / "X.PNG").write_bytes(b"another picture")
    first, second = source.bring("media/x.png", None), source.bring("media/X.PNG", None)
    assert (source.project / first.media).read_bytes() == b"a picture"
    assert (source.project / second.media).read_bytes() == b"another picture"
    taken = source.project / "media" / "y.png"
    taken.write_bytes(b"as if by another case")
    (source.beside / "media" / "y.png").write_bytes(b"a third picture")
    third = source.bring("media/y.png", None)
    assert taken.read_bytes() == b"as if by another case"
    assert (source.project / third.media).read_bytes() == b"a third picture"


def test_nothing_is_copied_through_a_link_out_of_the_project(source: MediaSource, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (source.project / "media").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError, match="out of it"):
        source.bring("media/x.png", None)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "media", [f"../{OUTSIDE}", f"media/../../{OUTSIDE}", "{outside}", "link.txt", "folder/" + OUTSIDE]
)
def test_a_strangers_store_cannot_name_a_file_elsewhere(texts: Project, media: str) -> None:
    """What an import would have refused may stand in a store that somebody else made; it is not shown or erased."""
    outside = texts.folder.parent / OUTSIDE
    outside.write_text("nobody may read this")
    (texts.folder / "link.txt").symlink_to(outside)
    (texts.folder / "folder").symlink_to(outside.parent)
    item = replace(texts.store.item("t1"), media=media.format(outside=outside))
    assert texts.medium(item) == (None, f"{item.media} lies outside the project")
    _erase_files(texts, item, [item.media or ""])
    assert outside.exists()


OWN = ("labels.db", "LABELS.db", "labels.db-wal", "project.toml", "backups/labels-1.db", "drafts/ada/d.json", "own.png")


@pytest.mark.parametrize("media", OWN)
def test_no_item_has_one_of_the_projects_own_files_for_its_medium(texts: Project, media: str) -> None:
    """It would be sent to a model, published with a gold set, and deleted when the item is erased."""
    (texts.folder / "own.png").symlink_to(texts.folder / "labels.db")
    file = texts.folder / media
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        file.touch(exist_ok=False)
    for beside in (texts.folder, texts.folder.parent / "given"):
        with pytest.raises(RefusedError, match=r"itself|no file"):
            MediaSource(beside, texts.folder, frozenset()).bring(media, None)
    item = replace(texts.store.item("t1"), media=media)
    assert texts.medium(item) == (None, f"{media} is a file of the project itself")
    _erase_files(texts, item, [media])
    assert file.exists()


def test_a_zip_is_no_way_in() -> None:
    """Nothing is unpacked anywhere in the program: a zip is one more file that is no picture."""
    found = [
        path.name for path in Path(labeler.__file__).parent.rglob("*.py") if UNPACKS.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_sixty_cases_are_tried() -> None:
    assert len(set(REFUSED)) >= 60

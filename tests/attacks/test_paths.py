"""Media are read from the file's folder and the project's alone, and from no host but those that are allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labeler.formats.rows import RefusedError
from labeler.steps.bring_media import MediaSource

OUTSIDE = "secret.txt"
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


def test_sixty_cases_are_tried() -> None:
    assert len(set(REFUSED)) >= 60

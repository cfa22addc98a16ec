"""Frames of moving pictures and pages of files: right in any order, and without reading those before them again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from labeler.modalities.image.decoder import PictureDecoder
from labeler.modalities.image.upright import Shelf, UnreadableError

ORDER = (3, 0, 7, 2, 2, 5, 7)


def save_frames(path: Path, start: int = 0) -> None:
    """Eight frames that each change a stripe of the one before."""
    page = Image.new("RGB", (64, 48), "#204060")
    frames = []
    for n in range(8):
        page.paste((30 * n, 200 - 20 * n, start), (0, 6 * n, 64, 6 * n + 6))
        frames.append(page.copy())
    more: dict[str, Any] = {} if path.suffix == ".tif" else {"duration": 40, "loop": 0}
    if path.suffix == ".webp":
        more["lossless"] = True
    frames[0].save(path, save_all=True, append_images=frames[1:], **more)


@pytest.mark.parametrize("ending", [".gif", ".webp", ".tif", ".png"])
def test_every_frame_is_the_same_whatever_was_shown_before(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"moves{ending}"
    save_frames(path)
    with PictureDecoder(cache_bytes=0) as decoder:
        for page in ORDER:
            with Image.open(path) as alone:
                alone.seek(page)
                wanted = np.asarray(alone.convert("RGB"))
            assert (decoder.decode(path, page).levels[0][..., 2::-1] == wanted).all(), page


def test_a_file_of_several_frames_stays_open_until_another_is_asked_for_or_it_changes(tmp_path: Path) -> None:
    moving, still = tmp_path / "moves.gif", tmp_path / "still.png"
    save_frames(moving)
    Image.new("L", (4, 4)).save(still)
    shelf, seen = Shelf(), []
    for path, page in ((moving, 0), (moving, 5), (still, 0), (still, 0), (moving, 6), (moving, 1)):
        with shelf.picture(path, page) as picture:
            picture.seek(page)
            seen.append(picture)
    assert seen[0] is seen[1]
    assert seen[2] is not seen[3]
    assert seen[4] is not seen[1]
    assert seen[5] is not seen[4], "back is from the beginning"
    save_frames(moving, start=90)
    os.utime(moving, (1, 1))
    with shelf.picture(moving) as picture:
        assert picture is not seen[5]
    shelf.close()


def test_a_frame_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "moves.gif"
    save_frames(path)
    shelf = Shelf()
    with pytest.raises(UnreadableError), shelf.picture(path):
        raise UnreadableError("is damaged")
    with shelf.picture(path) as picture:
        assert picture.tell() == 0
    shelf.close()

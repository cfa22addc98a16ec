"""A picture of as many pixels as are shown coarse first."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SIZE = (6400, 6304)


def save_big_picture(path: Path) -> Path:
    """40 megapixels as JPEG, on its side: a colour that runs both ways, so that each place looks different."""
    down = Image.linear_gradient("L")
    bands = [down.resize(SIZE), down.rotate(90).resize(SIZE), Image.new("L", SIZE, 90)]
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.merge("RGB", bands).save(path, quality=80, exif=exif)
    return path

"""Pictures of more pixels than Pillow is let near, stripe by stripe with libvips (the extra `huge`).

Runs in the decoder's process only. Never more than a few stripes are in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from labeler.modalities.pixel_layout import PixelLayout, Size, smaller
from labeler.modalities.upright import UnreadableError

if TYPE_CHECKING:
    import pyvips

MAX_PIXELS = 1_000_000_000
COARSE_SIDE = 2048
"""About how long the longer side of a coarse picture is, in pixels."""
_ROWS = 256


def available() -> bool:
    return find_spec("pyvips") is not None


def coarse(path: Path, file: BinaryIO) -> PixelLayout:
    """Write a small picture of the whole, fast where the format can be read in coarse steps (JPEG, pyramids)."""
    with _in_words():
        import pyvips

        full = _open(path)
        shrunk = 0
        while max(full.width, full.height) >> shrunk > COARSE_SIDE:
            shrunk += 1
        width, height = -(-full.width >> shrunk), -(-full.height >> shrunk)
        small = pyvips.Image.thumbnail(str(path), width, height=height, size="force", fail_on="truncated")
        file.write(_screen(small).write_to_memory())
        sizes = ((width, height), *_levels_below(file, (width, height)))
        return PixelLayout(sizes, 1, small.hasalpha(), (full.width, full.height), shrunk)


def whole(path: Path, file: BinaryIO) -> PixelLayout:
    """Write all pixels, then each level from the one before it."""
    with _in_words():
        import pyvips

        full = _open(path)
        region = pyvips.Region.new(_screen(full))
        file.writelines(
            region.fetch(0, top, full.width, min(_ROWS, full.height - top)) for top in range(0, full.height, _ROWS)
        )
        size = full.width, full.height
        return PixelLayout((size, *_levels_below(file, size)), 1, full.hasalpha(), size)


@contextmanager
def _in_words() -> Iterator[None]:
    """What libvips raises on damaged files, as a reason."""
    import pyvips

    pyvips.block_untrusted_set(True)  # loaders that libvips itself does not trust with hostile files
    try:
        yield
    except pyvips.Error as problem:
        reason = " ".join(str(problem).split())
        raise UnreadableError(f"is damaged: {reason or 'libvips gives no reason'}") from problem


def _open(path: Path) -> pyvips.Image:
    """The picture upright. Raises UnreadableError for what is larger still."""
    import pyvips

    image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated")
    if image.get_typeof("orientation") != 0 and image.get("orientation") > 1:
        # A row of the upright picture may need every row of the file.
        image = pyvips.Image.new_from_file(str(path), access="random", fail_on="truncated").autorot()
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableError(f"has more than {MAX_PIXELS // 10**6:,} megapixels, the most that can be shown")
    return image


def _screen(image: pyvips.Image) -> pyvips.Image:
    """As sRGB in the order blue, green, red, alpha, with alpha multiplied in."""
    if image.get_typeof("icc-profile-data") != 0:
        image = image.icc_transform("srgb", embedded=True)
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.premultiply().cast("uchar")
        red, green, blue, alpha = (image[band] for band in range(4))
        return blue.bandjoin([green, red, alpha])
    image = image.cast("uchar")
    return image[2].bandjoin([image[1], image[0], 255])


def _levels_below(file: BinaryIO, size: Size) -> Iterator[Size]:
    """Append each level, half the one before it, down to the smallest; the sizes of those appended."""
    start = 0
    while (following := smaller(size)) is not None:
        width, height = size
        for top in range(0, height, _ROWS):
            rows = min(_ROWS, height - top)
            file.seek(start + top * width * 4)
            stripe = Image.frombuffer("RGBX", (width, rows), file.read(rows * width * 4), "raw", "RGBX", 0, 1)
            file.seek(0, 2)
            file.write(stripe.reduce(2).tobytes())
        start += width * height * 4
        size = following
        yield size

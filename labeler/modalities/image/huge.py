"""Pictures of more pixels than Pillow is let near, band by band with libvips (the extra `huge`).

Runs in the decoder's process only. Never more than a few bands are in memory, but for formats whose first row may need
the last byte of the file: of those as much is held as HELD_BYTES says, and larger ones are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from labeler.modalities.image import upright
from labeler.modalities.image.pixel_layout import COARSE, PixelLayout, Size, chain, smaller
from labeler.modalities.image.rows_as_they_come import StartWriter
from labeler.modalities.image.upright import NothingCoarseError, UnreadableError, refuse_hollow

if TYPE_CHECKING:
    import pyvips

MAX_PIXELS = 1_000_000_000
HELD_BYTES = 2 * 10**9
"""What may be held of one picture at a time where its format leaves no other way; the decoder may take 3 GB."""
_WAY_OUT = "saved as a TIFF in tiles it can be shown"
_ROWS = 256


def available() -> bool:
    return find_spec("pyvips") is not None


def coarse(path: Path, file: BinaryIO) -> PixelLayout:
    """Write a small picture of the whole. Raises NothingCoarseError where that takes as long as all of it.

    It is fast where a format can be read in coarse steps: JPEG, WebP and pyramids.
    """
    with _in_words():
        import pyvips

        full, _ = _open(path)
        size = full.width, full.height
        if not _has_coarse_steps(full):
            raise NothingCoarseError(1, size)
        width, height = (-(-side >> COARSE) for side in size)
        small = pyvips.Image.thumbnail(str(path), width, height=height, size="force", fail_on="truncated")
        file.write(_screen(small).write_to_memory())
        sizes = ((width, height), *_levels_below(file, (width, height)))
        return PixelLayout(sizes, 1, small.hasalpha(), size, COARSE)


def write_all(path: Path, start: StartWriter) -> PixelLayout:
    """Write all pixels, those that are looked at first where the format lets one choose: a tiled TIFF does."""
    with _in_words():
        full, in_order = _open(path)
        size = full.width, full.height
        layout = PixelLayout(chain(size), 1, full.hasalpha(), size)
        unit = int(full.get("tile-height")) if _is_tiled(full) else 1
        return start(layout, unit).write(_Rows(_screen(full), in_order=in_order))


class _Rows:
    def __init__(self, image: pyvips.Image, *, in_order: bool) -> None:
        import pyvips

        self.in_order = in_order
        self._region, self._width = pyvips.Region.new(image), image.width

    def read(self, top: int, until: int) -> bytes:
        return bytes(self._region.fetch(0, top, self._width, until - top))


def _has_coarse_steps(image: pyvips.Image) -> bool:
    loader = str(image.get("vips-loader"))
    pyramid = image.get_typeof("n-subifds") != 0 or (image.get_typeof("n-pages") != 0 and image.get("n-pages") > 1)
    return loader.startswith(("jpegload", "webpload")) or (loader.startswith("tiffload") and pyramid)


def _is_tiled(image: pyvips.Image) -> bool:
    """A part can be read without what lies before it."""
    return bool(image.get_typeof("tile-height") != 0)


@contextmanager
def _in_words() -> Iterator[None]:
    """What libvips raises on damaged files, as a reason."""
    import pyvips

    pyvips.cache_set_max(0)  # it would hold the file that the coarse picture was read of
    pyvips.block_untrusted_set(True)  # loaders that libvips itself does not trust with hostile files
    try:
        yield
    except pyvips.Error as problem:
        reason = " ".join(str(problem).split())
        if "known f" in reason:
            raise UnreadableError(
                f"is of a kind that is read up to {upright.MAX_PIXELS // 10**6} megapixels: {_WAY_OUT}"
            ) from problem
        if "memory" in reason.lower():
            raise UnreadableError(f"needs more memory than the decoder may take: {_WAY_OUT}") from problem
        raise UnreadableError(f"is damaged: {reason or 'libvips gives no reason'}") from problem


def _open(path: Path) -> tuple[pyvips.Image, bool]:
    """The picture upright, and whether its rows can only be had in order. Raises UnreadableError for larger ones."""
    import pyvips

    image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated")
    lies = image.get_typeof("orientation") != 0 and image.get("orientation") > 1
    in_order = not (lies or _is_tiled(image))
    if not in_order:
        # A row of the upright picture may need every row of the file; and of tiles any can be read without the others.
        image = pyvips.Image.new_from_file(str(path), access="random", fail_on="truncated").autorot()
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableError(f"has more than {MAX_PIXELS // 10**6:,} megapixels, the most that can be shown")
    refuse_hollow((image.width, image.height), path.stat().st_size)
    _refuse_what_must_be_held(image, in_order=in_order)
    return image, in_order


def _refuse_what_must_be_held(image: pyvips.Image, *, in_order: bool) -> None:
    """Raises UnreadableError for what would take the decoder's memory and end it, before it has taken any."""
    bytes_a_pixel, kind = _held(image, in_order=in_order)
    held = image.width * image.height * bytes_a_pixel
    if held > HELD_BYTES:
        raise UnreadableError(
            f"has {image.width * image.height / 10**6:,.0f} megapixels and is {kind}, of which {held / 10**9:.1f} GB "
            f"would have to be held at once, more than {HELD_BYTES / 10**9:g} GB: {_WAY_OUT}"
        )


def _held(image: pyvips.Image, *, in_order: bool) -> tuple[int, str]:
    """Bytes a pixel that are held at a time while it is read, and what is said of such a picture. 0: a few rows."""

    def says(name: str) -> bool:
        return bool(image.get_typeof(name) != 0 and image.get(name))

    loader, a_sample = str(image.get("vips-loader")), 2 if image.format == "ushort" else 1
    if loader.startswith("jpegload") and says("jpeg-multiscan"):
        # Two bytes a coefficient, of colours for every fourth pixel as a rule.
        halved = says("jpeg-chroma-subsample") and image.get("jpeg-chroma-subsample") == "4:2:0"
        return 3 if halved else 2 * image.bands, "a progressive JPEG"
    if loader.startswith("pngload") and says("interlaced"):
        return image.bands * a_sample, "an interlaced PNG"
    for name, kind in (("webpload", "a WebP"), ("heifload", "an AVIF"), ("gifload", "a GIF")):
        if loader.startswith(name):
            return 2 * 4, f"{kind} picture"  # what libvips is handed, and its own copy
    if not in_order and not _is_tiled(image):
        return image.bands * a_sample, "turned or mirrored in its file"
    return 0, ""


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

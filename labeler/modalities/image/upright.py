"""A picture's bytes to upright 8-bit sRGB, with Pillow. Runs in the decoder's process only (see `image`)."""

from __future__ import annotations

import stat
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageOps,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    QoiImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from labeler.modalities.image.pixel_layout import COARSE, Size, smaller
from labeler.modalities.image.srgb import to_srgb

MAX_PIXELS = 200_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # above it Pillow warns, and the warning is made an error below
_PLUGINS = (
    AvifImagePlugin.AvifImageFile,
    BmpImagePlugin.BmpImageFile,
    GifImagePlugin.GifImageFile,
    Jpeg2KImagePlugin.Jpeg2KImageFile,
    JpegImagePlugin.JpegImageFile,  # opens MPO, too
    PngImagePlugin.PngImageFile,
    PpmImagePlugin.PpmImageFile,
    QoiImagePlugin.QoiImageFile,
    TiffImagePlugin.TiffImageFile,
    WebPImagePlugin.WebPImageFile,
)
FORMATS = tuple(plugin.format for plugin in _PLUGINS)
"""What may be opened. Pillow reads more; what nobody needs is only a larger surface for hostile files."""

BIG_PIXELS = 40_000_000
"""From here on a picture is first shown coarse, and its pixels are kept in a file and not in memory."""
_MOST_PIXELS_A_BYTE = 20_000
"""A big picture that claims more is none. Deflate packs 1,032 bytes into one, 8,256 pixels in black and white; JPEG,
WebP and fax codes reach less than that where there is anything to be seen. A few kilobytes would fill the disk.
"""
_ON_ITS_SIDE = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""
_STRIPE_BYTES = 2**18
_KNOWN = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"RIFF", "a sound or video file"),
    (b"fLaC", "a sound file"),
    (b"OggS", "a sound file"),
    (b"version https://git-lfs", "a Git LFS pointer and not the picture itself"),
)

# What Pillow and its plugins raise on damaged files.
PILLOW_PROBLEMS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
    AttributeError,
    RuntimeError,
    struct.error,
)


BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises of more pixels than it is let near."""

BeforeLoad = Callable[[Image.Image, Callable[[Image.Image], Image.Image]], None]
"""Takes a picture that is opened and not read yet, and what turns a part of it into sRGB."""


class UnreadableError(Exception):
    """The file cannot be shown; the text is the reason, in words that follow the file's name."""


class TooLargeError(UnreadableError):
    """The picture has more pixels than Pillow may be given."""


class NothingCoarseError(Exception):
    """A coarse picture was asked for, and the big file is of a format that has none."""

    def __init__(self, pages: int, full: Size) -> None:
        super().__init__()
        self.pages, self.full = pages, full


@dataclass(frozen=True, slots=True)
class Upright:
    """One page as sRGB in mode RGB or RGBA."""

    picture: Image.Image
    pages: int
    full: Size
    """Of the whole page; `picture` is smaller when it is coarse."""
    shrunk: int
    duration_s: float
    turned: bool
    """The picture does not stand in the file as it is shown."""


def open_upright(
    path: Path,
    page: int = 0,
    *,
    coarse: bool = False,
    shelf: Shelf | None = None,
    before_load: BeforeLoad | None = None,
) -> Upright:
    """A page of a picture file, upright. Raises UnreadableError, and TooLargeError above MAX_PIXELS.

    `coarse`: a big picture comes halved a few times where its format makes that fast, else NothingCoarseError is
    raised; any other comes as ever. `shelf` keeps a file of several pages open for the next one. `before_load` is
    called for a picture that stands upright as it is.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableError("is not a file")
        own = Shelf()
        with quiet(), closing(own), (shelf or own).picture(path, page) as picture:
            turn_to(picture, page)
            refuse_hollow(picture.size, path.stat().st_size)
            return _upright(picture, page, coarse=coarse, before_load=before_load)
    except FileNotFoundError:
        raise UnreadableError("is missing") from None
    except PermissionError:
        raise UnreadableError("may not be read (no permission)") from None
    except UnidentifiedImageError:
        raise UnreadableError(_what_it_is(path)) from None
    except BOMBS:
        raise TooLargeError(
            f"has more than {MAX_PIXELS // 10**6} megapixels, the most that can be shown without the extra `huge`"
        ) from None
    except MemoryError:
        raise UnreadableError("needs more memory than the decoder may take") from None
    except PILLOW_PROBLEMS as problem:
        raise UnreadableError(f"is damaged: {str(problem) or type(problem).__name__}") from problem


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow's warnings are nobody's business, but for that of too many pixels, which is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def levels(picture: Image.Image) -> Iterator[Image.Image]:
    """The picture, then each time half as wide and high (rounded up), for showing it below 100 %.

    Takes mode RGB or RGBA; gives RGB or RGBa, which has its alpha multiplied in.
    """
    picture = premultiplied(picture)
    while True:
        yield picture
        if smaller(picture.size) is None:
            return
        # Averaged with alpha multiplied in: colour that cannot be seen must not bleed into what can.
        picture = picture.reduce(2)


def premultiplied(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBa") if picture.mode == "RGBA" else picture


def write_pixels(picture: Image.Image, file: BinaryIO) -> None:
    """Append the pixels, four bytes each: blue, green, red, alpha, with alpha multiplied in."""
    file.writelines(_stripes(picture))


def pixel_bytes(picture: Image.Image) -> bytes:
    """As `write_pixels` writes them. Takes mode RGB or RGBA."""
    return b"".join(_stripes(premultiplied(picture)))


def _stripes(picture: Image.Image) -> Iterator[bytes]:
    rows = max(1, _STRIPE_BYTES // (4 * picture.width))
    for top in range(0, picture.height, rows):
        # In stripes that fit a processor's cache: three times as fast as at once, and without two more copies.
        stripe = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        if picture.mode == "RGBa":
            yield stripe.tobytes("raw", "BGRa")
        else:
            yield stripe.convert("RGBA").tobytes("raw", "BGRA")


class Shelf:
    """Keeps the last file of several pages open: a frame of a moving picture builds on those before it, and to read
    them all again for each one takes longer with every frame.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[Path, int, int], BinaryIO, Image.Image] | None = None

    @contextmanager
    def picture(self, path: Path, page: int = 0) -> Iterator[Image.Image]:
        """The file's picture, at a page that does not lie behind `page`.

        After anything that goes wrong with it the file is opened anew, and to go back, too: Pillow loses its way in
        some formats after that.
        """
        status = path.stat()
        key = path, status.st_mtime_ns, status.st_size
        kept, self._kept = self._kept, None
        if kept is not None and (kept[0] != key or kept[2].tell() > page):
            kept[1].close()
            kept = None
        if kept is None:
            file = path.open("rb")
            try:
                kept = key, file, _opened(file)
            except BaseException:
                file.close()
                raise
        try:
            yield kept[2]
        except BaseException:
            kept[1].close()
            raise
        if _pages(kept[2]) > 1:
            self._kept = kept
        else:
            kept[1].close()

    def close(self) -> None:
        if self._kept is not None:
            self._kept[1].close()
            self._kept = None


def _opened(file: BinaryIO) -> Image.Image:
    if not file.read(1):
        raise UnreadableError("is empty (0 bytes)")
    file.seek(0)
    return Image.open(file, formats=FORMATS)


def _pages(picture: Image.Image) -> int:
    return int(getattr(picture, "n_frames", 1))


def _upright(picture: Image.Image, page: int, *, coarse: bool, before_load: BeforeLoad | None) -> Upright:
    pages = turn_to(picture, page)
    orientation = _orientation(picture)
    full = picture.size[::-1] if orientation in _ON_ITS_SIDE else picture.size
    shrunk = _draft(picture) if coarse and full[0] * full[1] >= BIG_PIXELS else 0
    if shrunk == 0 and coarse and full[0] * full[1] >= BIG_PIXELS:
        raise NothingCoarseError(pages, full)
    profile = picture.info.get("icc_profile")
    if before_load is not None and orientation == 1:
        before_load(picture, lambda part: to_srgb(part, profile))
    picture.load()
    orientation, profile = _orientation(picture, loaded=True), picture.info.get("icc_profile")
    duration_s = float(picture.info.get("duration", 0)) / 1000 if getattr(picture, "is_animated", False) else 0.0
    if pages > 1:  # kept for the next page, and may not be turned itself
        picture = ImageOps.exif_transpose(picture)
    else:
        ImageOps.exif_transpose(picture, in_place=True)
    picture = to_srgb(picture, profile)
    return Upright(picture, pages, full if shrunk else picture.size, shrunk, duration_s, orientation != 1)


def _orientation(picture: Image.Image, *, loaded: bool = False) -> int:
    """As EXIF counts. Of a PNG that is not loaded, what stands before its pixels: Pillow would read them all for it."""
    if isinstance(picture, PngImagePlugin.PngImageFile) and not loaded and "exif" not in picture.info:
        return 1
    return int(picture.getexif().get(ExifTags.Base.Orientation, 1))


def _draft(picture: Image.Image) -> int:
    """Have a JPEG read coarse: how often it is halved then. 0 for other formats."""
    if picture.format not in ("JPEG", "MPO"):
        return 0
    width, height = picture.size
    picture.draft(None, (width >> COARSE, height >> COARSE))
    return COARSE if picture.size == (-(-width >> COARSE), -(-height >> COARSE)) else 0


def turn_to(picture: Image.Image, page: int) -> int:
    """Have Pillow read that page; how many there are. Raises UnreadableError, and TooLargeError."""
    pages = _pages(picture)
    if page == 0 and pages == 1:
        return pages
    if not 0 <= page < pages:
        raise UnreadableError(f"has no page {page + 1}: it has {pages}")
    picture.seek(page)
    width, height = picture.size
    if width * height > MAX_PIXELS:  # Pillow looks at the first page alone
        raise TooLargeError(f"has more than {MAX_PIXELS // 10**6} megapixels on page {page + 1}")
    return pages


def refuse_hollow(size: Size, file_bytes: int) -> None:
    """Raises UnreadableError for a file that claims many more pixels than it can hold: no disk is filled for it."""
    pixels = size[0] * size[1]
    if pixels >= BIG_PIXELS and pixels > _MOST_PIXELS_A_BYTE * file_bytes:
        raise UnreadableError(
            f"claims {pixels / 10**6:,.0f} megapixels in {file_bytes:,} bytes: no picture is that empty. It is not "
            f"unpacked, since that would take {pixels * 16 / 3 / 10**9:.1f} GB of disk"
        )


def _what_it_is(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(512)
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "is a HEIC picture, which cannot be read; save it as JPEG or PNG"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, kind in _KNOWN:
        if start.lower().startswith(signature.lower()):
            return f"is {kind}, not a picture"
    if b"\0" not in head and head.isascii():
        return "is a text file, not a picture"
    return "is not a picture of a kind that can be read (or its beginning is damaged)"

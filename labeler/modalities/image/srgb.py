"""Colours of any mode and profile to 8-bit sRGB, with Pillow. Runs in the decoder's process only (see `image`)."""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import product
from typing import Any

from PIL import Image, ImageChops, ImageCms

_LEVELS, _SAME_COLOUR = (0, 16, 64, 128, 192, 255), 3
"""Levels of each channel that a profile is tried with, and how far apart nobody tells two colours."""


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In mode RGB or RGBA, from any mode, converted by the ICC profile if there is one."""
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    picture = _to_eight_bits(picture)
    if picture.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _transformed(picture, lab, "RGB")
    if picture.mode in ("P", "PA", "LA", "La", "RGBa", "1"):
        picture = picture.convert(wanted)
    if profile and picture.mode in ("L", "RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if not _is_srgb(profile):
                return _transformed(picture, source, wanted if picture.mode == "RGBA" else "RGB").convert(wanted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is damaged or meant for another kind of picture: most viewers go on without it, too
    return picture if picture.mode == wanted else picture.convert(wanted)


@lru_cache(maxsize=8)
def _is_srgb(profile: bytes) -> bool:
    """A profile leaves colours as they are, whatever it calls itself: converting is skipped for what it does."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if source.profile.xcolor_space.strip() != "RGB":
        return False
    colours = Image.new("RGB", (len(_LEVELS) ** 2, len(_LEVELS)))
    colours.putdata(list(product(_LEVELS, repeat=3)))
    found: Any = ImageChops.difference(colours, _transformed(colours, source, "RGB")).getextrema()
    return all(greatest <= _SAME_COLOUR for _, greatest in found)


def _transformed(picture: Image.Image, source: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    done = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
    if done is None:
        raise ImageCms.PyCMSError("no transform")
    return done


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Wider numbers are scaled by the range that they seem to have; without a usual one, from least to greatest."""
    if picture.mode.startswith("I;16"):
        picture, least, greatest = picture.convert("I"), 0.0, 65535.0
    elif picture.mode in ("I", "F"):
        least, greatest = _range(picture)
    else:
        return picture
    scale = 255 / (greatest - least) if greatest > least else 0.0
    shift = 0.5 - least * scale
    return picture.point(lambda value: value * scale + shift).convert("L")


def _range(picture: Image.Image) -> tuple[float, float]:
    found: Any = picture.getextrema()  # a pair: the picture has one band
    least, greatest = (float(value) for value in found)
    usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    return next(((0.0, top) for top in usual if least >= 0 and greatest <= top), (least, greatest))

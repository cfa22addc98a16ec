"""Two outputs that are pictures or recordings themselves."""

from __future__ import annotations

from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.items import Modality, Output

_PICTURES = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif", ".jp2", ".qoi", ".ppm", ".pgm"}
)
_RECORDINGS = frozenset({".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aiff", ".aif", ".wma"})
_NAMES = {Modality.IMAGE: "picture", Modality.AUDIO: "recording"}
_DIGITS = 12


def compare_media(old: Output, new: Output) -> list[Difference]:
    """One difference if the files differ in a single byte; whether that matters only eyes and ears can tell.

    A file without a known hash is the same as another one if both are the same path or URI. The readings hold the
    beginning of the hash, and no name: a name may be the model's.
    """
    if medium_of(old) == medium_of(new):
        return []
    return [Difference("", Of.MEDIA, Kind.MEDIA, False, _reading(old), _reading(new), _place(old, new))]


def medium_of(output: Output) -> str | None:
    """What identifies an output's file: its hash, or its path or URI where the hash is not known."""
    return _digest(output) or output.media


def made(output: Output) -> Modality | None:
    """What an output's file is, by its name: a picture or a recording; None where that cannot be said."""
    if output.media is None:
        return None
    ending = "." + output.media.rpartition(".")[2].lower()
    if ending in _PICTURES:
        return Modality.IMAGE
    return Modality.AUDIO if ending in _RECORDINGS else None


def _digest(output: Output) -> str:
    return (output.media_sha256 or "").lower().removeprefix("sha256:")


def _reading(output: Output) -> Reading | None:
    return None if medium_of(output) is None else Reading(_digest(output)[:_DIGITS])


def _place(old: Output, new: Output) -> str:
    """`picture`, `recording`, or `file` where they are not both the same."""
    kinds = {made(output) for output in (old, new) if medium_of(output) is not None}
    kind = kinds.pop() if len(kinds) == 1 else None
    return "file" if kind is None else _NAMES[kind]

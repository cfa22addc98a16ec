"""A picture as PNG, for programs that take nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path


def pages_as_png(path: Path) -> Iterator[bytes]:
    """Each page, upright and in sRGB. Raises OSError when it cannot be read or decoded."""
    try:
        from labeler.modalities.image.upright import UnreadableError, open_upright
    except ImportError as missing:
        raise OSError(f"{path.name} has to be turned into PNG, which needs labeler[desktop] ({missing})") from None
    page, pages = 0, 1
    while page < pages:
        try:
            shown = open_upright(path, page)
        except UnreadableError as problem:
            raise OSError(f"{path.name} {problem}") from None
        out = BytesIO()
        shown.picture.save(out, "PNG")
        yield out.getvalue()
        page, pages = page + 1, shown.pages

"""How much of the disk decoded recordings may take, and which of them go first."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from pathlib import Path

LIMIT = 20 << 30
"""Bytes a project: 50 hours of 48 kHz, or 150 hours of 16 kHz, in one channel of 16 bit."""


def trim(folder: Path, keep: str, limit: int = LIMIT) -> None:
    """Delete the recordings that were not opened for longest until the rest fit; never the one named `keep`.

    A recording's files are named by its hash; the `.json` among them is as old as its last opening. What is deleted is
    decoded again when it is opened. Files that cannot be deleted, or that another window deletes meanwhile, are left.
    """
    sizes: dict[str, int] = defaultdict(int)
    opened: dict[str, float] = {}
    files: dict[str, list[Path]] = defaultdict(list)
    for path in folder.iterdir():
        with suppress(OSError):
            name, facts = path.name.partition(".")[0], path.stat()
            # A recording that is being decoded is a file of full size with holes.
            sizes[name] += getattr(facts, "st_blocks", -(-facts.st_size // 512)) * 512
            files[name].append(path)
            if path.suffix == ".json" or name not in opened:
                opened[name] = facts.st_mtime
    taken = sum(sizes.values())
    for name in sorted(opened, key=opened.__getitem__):
        if taken <= limit:
            return
        if name != keep:
            for path in sorted(files[name], key=lambda path: path.suffix != ".json"):
                with suppress(OSError):
                    path.unlink()
            taken -= sizes[name]

"""What changed between two versions of a gold set."""

from __future__ import annotations

from pathlib import Path

from labeler.domain.gold.changes import walk
from labeler.domain.gold.words import Summary
from labeler.formats.gold.diff import GoldDiff
from labeler.formats.gold.folder import check_whole, read_records, read_removed, versions_of


def diff_gold(before: Path, after: Path) -> GoldDiff:
    """Compare two versions. Raises LabelerError when one of them is missing, or damaged (exit 4)."""
    manifests = [check_whole(folder, media=False) for folder in (before, after)]
    summary, steps = Summary(), []
    for step in walk(read_records(before), read_records(after)):
        summary.add(step)
        if step.before is None or step.after is None or step.fields:
            steps.append(step)
    return GoldDiff(manifests[0], manifests[1], summary, tuple(steps), tuple(read_removed(after)))


def removal_alarm(folder: Path) -> str:
    """Whether more failing records are gone than chance explains, since the version before this one; "" where not, and
    where that version is not beside it.

    Raises LabelerError when one of the two is damaged.
    """
    folder = folder.resolve()
    earlier = [version for version in versions_of(folder.parent) if version.name < folder.name]
    return diff_gold(earlier[-1], folder).summary.alarm if earlier else ""

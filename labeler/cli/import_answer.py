"""What `new` and `import` say of what they did."""

from __future__ import annotations

from typing import Any

from labeler.cli.say import table
from labeler.domain.differences.model import ItemClass
from labeler.steps.bring.release import ImportReport


def as_json(report: ImportReport) -> dict[str, Any]:
    return {
        "files": [
            {
                "file": str(file.path),
                "what": file.what,
                "records": file.records,
                "new": file.new,
                "known": file.known + file.skipped,
                "changed": file.changed,
                "refused": file.refused,
            }
            for file in report.files
        ],
        "release": report.release and report.release.id,
        "new_release": report.is_new_release,
        "compared": {
            modality: {item_class: classes.items[item_class] for item_class in ItemClass}
            for modality, classes in report.classes.items()
        },
        "queued": report.queued
        and {
            "flips": report.queued.flips,
            "random": report.queued.drawn,
            "spared": report.queued.spared,
            "thin_first": report.queued.thin,
        },
        "left_out": list(report.left_out),
    }


def as_text(report: ImportReport) -> str:
    parts = []
    if report.files:
        rows = [
            (file.path.name, file.what, file.new, file.known + file.skipped, file.changed, file.refused)
            for file in report.files
        ]
        parts.append(table(("file", "what", "new", "known", "changed", "refused"), rows, left=2))
    if report.release is not None:
        pairs = [f"{modality}: {pair.old} → {pair.new}" for modality, pair in report.release.pairs.items()]
        heading = "New release" if report.is_new_release else "Release"
        parts.append("\n".join([f"{heading} {report.release.id}", *(f"  {pair}" for pair in pairs)]))
    compared = {modality: classes for modality, classes in report.classes.items() if classes.items.total()}
    if compared:
        counts = [(str(m), *(classes.items[item_class] for item_class in ItemClass)) for m, classes in compared.items()]
        parts.append(table(("compared", "same", "cosmetic", "flips"), counts))
    if report.queued is not None and (report.queued.flips or report.queued.drawn or report.queued.spared):
        queued = report.queued
        said = f"Queued {queued.flips:,} flips, and {queued.drawn:,} drawn at random among the rest."
        if queued.spared:
            said += (
                f"\n{queued.spared:,} of {queued.spared + queued.flips + queued.drawn:,} are saved: "
                "people judged their very outputs before, and those verdicts stand."
            )
        if queued.thin:
            said += f"\n{queued.thin:,} come first: their tier or a slice of theirs holds few resolved items."
        parts.append(said)
    if report.left_out:
        parts.append(f"Left out, since no old model answered them: {', '.join(report.left_out)}.")
    return "\n\n".join(parts)

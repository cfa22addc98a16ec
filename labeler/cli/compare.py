"""labeler compare"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import AsJson, Problems, answer, open_report, progress, table

if TYPE_CHECKING:
    from labeler.steps.compare_files import FilesCompared

app = typer.Typer(add_completion=False)

_KINDS = 8


@app.command()
def compare(
    old: Annotated[Path, typer.Option(metavar="F", help="Outputs of the old model.")],
    new: Annotated[Path, typer.Option(metavar="F", help="Outputs of the new model.")],
    items: Annotated[Path | None, typer.Option(metavar="F", help="Items, to count by modality.")] = None,
    report: Annotated[
        list[Path] | None, typer.Option(metavar="F.jsonl", help="One line an item with its differences; repeatable.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show flips and differences of two outputs files. No project is needed.

    Example: labeler compare --old reader-3.1.jsonl --new reader-3.2.jsonl --report differences.jsonl
    """
    from labeler.steps.compare_files import compare_files

    with ExitStack() as stack:
        problems = stack.enter_context(Problems(None))
        files = [stack.enter_context(open_report(path)) for path in report or ()]
        tell = stack.enter_context(progress())

        def write(line: bytes) -> None:
            for file in files:
                file.write(line)

        found = compare_files(old, new, items, write=write, tell=tell, on_problem=problems)
    if json:
        answer(_as_json(found))
    else:
        typer.echo(_as_text(found))


def _as_json(found: FilesCompared) -> dict[str, object]:
    from labeler.domain.differences.model import ItemClass

    return {
        "classes": {
            group: {item_class: classes.items[item_class] for item_class in ItemClass}
            for group, classes in sorted(found.classes.items())
        },
        "kinds": {group: dict(classes.kinds.most_common()) for group, classes in sorted(found.classes.items())},
        "only_old": found.only_old,
        "only_new": found.only_new,
        "refused": found.refused,
    }


def _as_text(found: FilesCompared) -> str:
    from labeler.domain.differences.model import ItemClass

    rows = [
        (group, *(classes.items[item_class] for item_class in ItemClass), classes.items.total())
        for group, classes in sorted(found.classes.items())
    ]
    parts = [table(("items", "same", "cosmetic", "flips", "compared"), rows)]
    for group, classes in sorted(found.classes.items()):
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in classes.kinds.most_common(_KINDS))
        if kinds:
            parts.append(f"Differences ({group}): {kinds}")
    if found.only_old or found.only_new:
        parts.append(f"Without a partner: {found.only_old:,} old and {found.only_new:,} new outputs")
    return "\n\n".join(parts)

"""labeler backup"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    project: ProjectFolder,
    to: Annotated[Path | None, typer.Option(metavar="F.db", help="Where to; by default among the backups.")] = None,
    json: AsJson = False,
) -> None:
    """Write a copy of the project's store, while others may work in it, and check the copy.

    It holds every verdict, item and output; media, project.toml and rubric.toml are not in it. The app and `import`
    make one a day by themselves, and every version of Labeler makes one before it changes the store's form.

    Example: labeler backup invoices --to /media/stick/invoices.db
    """
    from labeler.steps.backup import back_up_project

    made = back_up_project(project, to)
    if json:
        answer({"file": str(made.path), "bytes": made.path.stat().st_size})
    else:
        typer.echo(f"Wrote and checked {made.path}")

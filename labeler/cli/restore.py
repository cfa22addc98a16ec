"""labeler restore"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    project: ProjectFolder,
    backup: Annotated[
        Path | None, typer.Argument(metavar="[BACKUP]", help="Its name or path; by default the newest.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only show which backups there are.")] = False,
    json: AsJson = False,
) -> None:
    """Put a backup in the place of the project's store. The state that it replaces is kept among the backups.

    The backup is checked first, and nothing happens while the project is open in another program. To go back again,
    restore what was replaced.

    Example: labeler restore invoices labels-20260301T120000Z-daily.db
    """
    from labeler.steps.backup import backups_of, restore_project

    if list_:
        found = backups_of(project)
        if json:
            answer([{"file": str(one.path), "at": one.at.isoformat(), "why": str(one.why)} for one in found])
        else:
            for one in found:
                typer.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.why:<14}  {one.path.name}")
            typer.echo(f"{len(found):,} backups in {project}")
        return
    done = restore_project(project, backup)
    if json:
        answer({"events": done.events, "replaced": str(done.replaced) if done.replaced else None})
    else:
        typer.echo(f"Restored: the project holds {done.events:,} events")
        if done.replaced is not None:
            typer.echo(f"What it held before is in {done.replaced}")

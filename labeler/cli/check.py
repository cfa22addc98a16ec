"""labeler check"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer, progress
from labeler.errors import Exit

app = typer.Typer(add_completion=False)


@app.command()
def check(
    project: ProjectFolder,
    seen: Annotated[
        list[Path] | None,
        typer.Option(metavar="F", help="A verdicts file or gold set of this project from earlier; may be repeated."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a project for damage: the database, the chain of events, the state, the outputs, the media.

    Exit status 0 when all is well, 1 when something is damaged. Nothing is changed. Who holds the machine could
    rewrite the whole log: with --seen, the log must still hold every event that others have seen.

    Example: labeler check invoices --seen gold/invoices/v0002
    """
    from labeler.steps.check import check_project
    from labeler.steps.project import open_project

    with open_project(project, read_only=True) as opened, progress() as tell:
        found = check_project(opened, seen=seen or (), tell=tell)
    if json:
        answer(
            {
                "events": found.events,
                "media": found.media,
                "media_elsewhere": found.elsewhere,
                "damage": [{"part": finding.part, "what": finding.what} for finding in found.findings],
            }
        )
    else:
        for finding in found.findings:
            typer.echo(f"{finding.part}: {finding.what}")
        elsewhere = f"; {found.elsewhere:,} media are elsewhere and were not looked at" if found.elsewhere else ""
        verdict = f"{len(found.findings):,} damaged" if found.findings else "all is well"
        typer.echo(f"Looked at {found.events:,} events and {found.media:,} media: {verdict}{elsewhere}")
    raise typer.Exit(Exit.NO if found.findings else Exit.DONE)

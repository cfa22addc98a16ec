"""labeler open"""

from __future__ import annotations

import typer

from labeler.cli.say import As, ProjectFolder

app = typer.Typer(add_completion=False)


@app.command("open")
def open_(context: typer.Context, project: ProjectFolder, as_: As = None) -> None:
    """Open a project in the app, at the next item.

    Example: labeler open invoices --as Ada
    """
    from labeler.formats.project import read_settings

    read_settings(project)  # says what is wrong before a window is there
    raise typer.Exit(context.obj(project, as_))

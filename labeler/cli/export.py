"""labeler export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer

app = typer.Typer(add_completion=False)


@app.command()
def export(
    project: ProjectFolder,
    verdicts: Annotated[Path, typer.Option(metavar="F", help="Where to write the events, as JSONL.")],
    json: AsJson = False,
) -> None:
    """Write every verdict and resolution as JSONL, with notes, names and gold answers.

    The file can be imported into another copy of the project: labeler import PROJECT --verdicts F

    Example: labeler export invoices --verdicts verdicts.jsonl
    """
    from labeler.steps.exchange import export_verdicts
    from labeler.steps.project import open_project

    with open_project(project, read_only=True) as opened:
        count = export_verdicts(opened.store, verdicts)
    if json:
        answer({"file": str(verdicts), "events": count})
    else:
        typer.echo(f"Wrote {count:,} events to {verdicts}")

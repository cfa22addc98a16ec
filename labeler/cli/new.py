"""labeler new"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, Problems, ProjectFolder, Reports, answer, progress

app = typer.Typer(add_completion=False)


@app.command()
def new(
    project: ProjectFolder,
    items: Annotated[Path, typer.Option(metavar="F", help="Items: .jsonl, .csv or .parquet.")],
    old: Annotated[Path, typer.Option(metavar="F", help="Outputs of the old models, one a modality.")],
    new: Annotated[Path, typer.Option(metavar="F", help="Outputs of the new models, one a modality.")],
    decisions: Annotated[Path | None, typer.Option(metavar="F", help="Past decisions on old outputs.")] = None,
    report: Reports = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Make a project with its first release: import, compare, queue.

    Lines that cannot be taken are reported and the rest is imported. The same call again goes on where it stopped.

    Example: labeler new invoices --items items.jsonl --old reader-3.1.jsonl --new reader-3.2.jsonl
    """
    from labeler.cli import import_answer
    from labeler.steps.import_release import Files, bring
    from labeler.steps.project import create_project, person_called, user_name

    problems = Problems(report)
    try:
        with create_project(project) as made, progress() as tell:
            person = person_called(made, user_name(as_))
            done = bring(made, Files(items, old, new, decisions), person, tell=tell, on_problem=problems)
    finally:
        problems.close()
    problems.tell()
    if json:
        answer({"project": str(project), **import_answer.as_json(done)})
    else:
        typer.echo(import_answer.as_text(done))
        typer.echo(f"\nOpen it: labeler open {project}")

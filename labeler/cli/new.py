"""labeler new"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, Problems, ProjectFolder, Reports, answer, progress
from labeler.errors import LabelerError

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

    Lines that cannot be taken are reported and the rest is imported. Where it was stopped, the same call goes on.
    Media are copied, but for those that lie in the project's folder already: `labeler new .` takes them as they are.

    Example: labeler new invoices --items items.jsonl --old reader-3.1.jsonl --new reader-3.2.jsonl
    """
    from labeler.cli import import_answer
    from labeler.steps.bring.release import Files, bring
    from labeler.steps.opening import create_or_go_on
    from labeler.steps.project import person_called, user_name

    for path in (items, old, new, decisions):
        if path is not None and not path.is_file():
            raise LabelerError(f"{path}: there is no such file", kept="nothing was made yet")
    with Problems(report) as problems, create_or_go_on(project) as made, progress() as tell:
        person = person_called(made, user_name(as_))
        done = bring(made, Files(items, old, new, decisions), person, tell=tell, on_problem=problems)
    if json:
        answer({"project": str(project), **import_answer.as_json(done)})
    else:
        typer.echo(import_answer.as_text(done))
        typer.echo(f"\nOpen it: labeler open {project}")

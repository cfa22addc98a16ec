"""labeler demo"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, answer, progress

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; by default in your documents.")] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Only make the project.")] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Make a copy of the demo project and open it in the app; one that is there already is opened.

    120 pictures and recordings, read and heard by two pairs of real models, with verdicts of simulated annotators.

    Example: labeler demo
    """
    from labeler.steps.demo import demo_folder, make_demo
    from labeler.steps.project import user_name

    target = folder if folder is not None else demo_folder()
    with progress() as tell:
        made = make_demo(target, user_name(as_), tell=tell)
    if json:
        answer({"project": str(target), "made": made})
    else:
        typer.echo(f"{'Made' if made else 'Found'} the demo in {target}")
    if not no_open:
        raise typer.Exit(context.obj(target, as_))

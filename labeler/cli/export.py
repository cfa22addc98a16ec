"""labeler export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer

app = typer.Typer(add_completion=False)


@app.command()
def export(
    project: ProjectFolder,
    verdicts: Annotated[Path, typer.Option(metavar="F", help="Where to write the events, as JSONL.")],
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Write every verdict and resolution as JSONL, with notes, names and gold answers.

    The file can be imported into another copy of the project: labeler import PROJECT --verdicts F

    What you wrote in this copy is signed with this device's key, in a file beside it, where the system has a keyring.

    Example: labeler export invoices --verdicts verdicts.jsonl
    """
    from labeler.steps.hand_over import hand_over
    from labeler.steps.project import user_name

    done = hand_over(project, verdicts, user_name(as_))
    if json:
        answer({"file": str(verdicts), "events": done.events, "signed": not done.unsigned, "unsigned": done.unsigned})
    else:
        signed = f"not signed: {done.unsigned}" if done.unsigned else "signed"
        typer.echo(f"Wrote {done.events:,} events to {verdicts}, {signed}")

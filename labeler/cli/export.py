"""labeler export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, warn
from labeler.errors import LabelerError

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
    from labeler.steps.exchange import export_verdicts
    from labeler.steps.project import open_project, user_name

    signed = _sign(project, verdicts, user_name(as_))
    with open_project(project, read_only=True) as opened:
        count = export_verdicts(opened.store, verdicts)
    if json:
        answer({"file": str(verdicts), "events": count, "signed": signed})
    else:
        typer.echo(f"Wrote {count:,} events to {verdicts}" + (", signed" if signed else ""))


def _sign(project: Path, verdicts: Path, name: str) -> bool:
    """Sign what this person wrote here; False where that cannot be: no keyring, a stranger, a project to read only."""
    from labeler.steps.identity import sign_stream, system_keyring, write_signatures
    from labeler.steps.project import now_utc, open_project

    keys = system_keyring()
    if keys is None:
        return False
    try:
        with open_project(project) as opened:
            person = opened.store.person(name)
            if person is None or opened.store.read_only:
                return False
            signature = sign_stream(opened.store, person, keys, now_utc())
        return signature is not None and bool(write_signatures(verdicts, [signature]))
    except (OSError, LabelerError) as problem:  # a disk that can only be read is exported all the same
        warn(f"not signed: {problem}")
        return False

"""labeler export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer
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
    from labeler.steps.opening import open_project
    from labeler.steps.project import user_name

    unsigned = _sign(project, verdicts, user_name(as_))
    with open_project(project, read_only=True) as opened:
        count = export_verdicts(opened.store, verdicts)
    if json:
        answer({"file": str(verdicts), "events": count, "signed": not unsigned, "unsigned": unsigned})
    else:
        typer.echo(f"Wrote {count:,} events to {verdicts}, {f'not signed: {unsigned}' if unsigned else 'signed'}")


def _sign(project: Path, verdicts: Path, name: str) -> str:
    """Sign what this person wrote here; the answer is why that could not be, and empty where it was."""
    from labeler.steps.identity import sign_stream, system_keyring, why_unsigned, write_signatures
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    keys = system_keyring()
    try:
        with open_project(project) as opened:
            person = opened.store.person(name)
            if person is None:
                return f"nobody here is called {name} (--as NAME says who you are)"
            if opened.store.read_only:
                return "the project can only be read"
            signature = sign_stream(opened.store, person, keys, now_utc())
            if signature is None:
                return why_unsigned(opened.store, person, keys)
        write_signatures(verdicts, [signature])
    except (OSError, LabelerError) as problem:  # a disk that can only be read is exported all the same
        return str(problem)
    return ""

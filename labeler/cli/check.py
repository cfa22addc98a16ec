"""labeler check"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, answer, progress
from labeler.errors import Exit, LabelerError

app = typer.Typer(add_completion=False)


@app.command()
def check(
    project: Annotated[Path | None, typer.Argument(metavar="[PROJECT]", help="The project's folder.")] = None,
    seen: Annotated[
        list[Path] | None,
        typer.Option(metavar="F", help="A verdicts file or gold set of this project from earlier; may be repeated."),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="F", help="A ledger's folder or ledger.jsonl; needs no project.")
    ] = None,
    digest: Annotated[
        str | None, typer.Option(metavar="SHA256", help="What the ledger's export said its digest is.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a project for damage: the database, the chain of events, the state, the outputs, the media.

    Exit status 0 when all is well, 1 when something is damaged. Nothing is changed. Who holds the machine could
    rewrite the whole log: with --seen, the log must still hold every event that others have seen.

    A ledger is checked with --ledger, without the project it came from; with it, or with --digest, a ledger that was
    rewritten as a whole is found as well.

    Example: labeler check invoices --seen gold/invoices/v0002

    Example: labeler check --ledger ledger-2026-11 --digest sha256:4f…
    """
    if ledger is not None:
        _check_ledger(ledger, digest, project, json=json)
    elif project is None:
        raise LabelerError("there is nothing to check", remedy="name a project, or a ledger: --ledger F")
    else:
        _check_project(project, seen or (), json=json)


def _check_ledger(ledger: Path, digest: str | None, project: Path | None, *, json: bool) -> None:
    from labeler.formats.ledger import check_ledger

    found = check_ledger(ledger, digest)
    damage = list(found.damage)
    if project is not None:
        from labeler.steps.backfill.ledger import was_exported
        from labeler.steps.opening import open_project

        with open_project(project, read_only=True) as opened:
            if not was_exported(opened, found.digest):
                damage.append(f"{project} exported no ledger with this digest")
    if json:
        answer({"records": found.records, "digest": found.digest, "erased": sorted(found.erased), "damage": damage})
    else:
        for said in damage:
            typer.echo(said)
        erased = f", {len(found.erased):,} of them erased" if found.erased else ""
        verdict = f"{len(damage):,} damaged" if damage else "nothing was changed, dropped or reordered"
        typer.echo(f"Looked at {found.records:,} records{erased}: {verdict}\ndigest {found.digest}")
    raise typer.Exit(Exit.NO if damage else Exit.DONE)


def _check_project(project: Path, seen: Sequence[Path], *, json: bool) -> None:
    from labeler.steps.check import check_project
    from labeler.steps.opening import open_project

    with open_project(project, read_only=True) as opened, progress() as tell:
        found = check_project(opened, seen=seen, tell=tell)
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

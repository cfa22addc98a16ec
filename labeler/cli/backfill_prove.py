"""labeler backfill ledger, hold and erase: proof, and what of it may go"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.backfill_common import Decision, Reason
from labeler.cli.say import As, AsJson, ProjectFolder, answer, progress, warn

app = typer.Typer(add_completion=False)


@app.command()
def ledger(
    project: ProjectFolder,
    to: Annotated[Path, typer.Option(metavar="DIR", help="A new folder for the ledger.")],
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Export every contested record with evidence, verdicts, disposition, history and proof.

    Keep the digest apart from the ledger: who holds it can tell any changed ledger from this one.

    Example: labeler backfill ledger invoices --to ledger-2026-11
    """
    from labeler.steps.backfill.ledger import export_ledger
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened, progress() as tell:
        person = person_called(opened, user_name(as_))
        made = export_ledger(opened, read_records(opened), to, person, tell=tell)
    if json:
        answer({"folder": str(made.folder), "records": made.records, "digest": made.digest})
    else:
        typer.echo(f"Wrote {made.folder}: {made.records:,} records\ndigest {made.digest}")


@app.command()
def hold(
    project: ProjectFolder,
    decision: Decision,
    off: Annotated[bool, typer.Option("--off", help="Lift the hold.")] = False,
    reason: Reason = "",
    as_: As = None,
) -> None:
    """Forbid, as a lead, that anything of a record is erased (legal hold), or lift that.

    Example: labeler backfill hold invoices d-881 --reason "claim 12/2026"
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.erased import finish_erasures
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened:
        person = person_called(opened, user_name(as_))
        handle.hold(opened, read_records(opened), decision, person, on=not off, reason=reason)
        gone = finish_erasures(opened, opened.store.carry_out_erasures()) if off else None
    typer.echo(f"{decision}: the legal hold {'is lifted' if off else 'stands'}")
    if gone is not None and (gone.values or gone.outputs):
        typer.echo(f"What was erased elsewhere meanwhile is gone: {gone.values:,} values, {gone.outputs:,} outputs.")


@app.command()
def erase(
    project: ProjectFolder,
    decision: Decision,
    reason: Reason = "",
    ledgers: Annotated[
        list[Path] | None, typer.Option("--ledger", metavar="DIR", help="Erase there as well; may be repeated.")
    ] = None,
    content: Annotated[
        bool, typer.Option("--content", help="The item's texts, outputs and medium as well: nobody can judge it again.")
    ] = False,
    as_: As = None,
) -> None:
    """Erase, as a lead, what is personal about a record; chain, ledgers and gold sets still verify.

    Outputs and media stay unless --content says so; their hashes stay in any case. A gold answer that is erased leaves
    the next gold set, with the reason `erased`. Published versions, exports and backups are yours to delete; the gold
    sets that may hold it are named.

    Example: labeler backfill erase invoices d-881 --reason "request of 3 December" --ledger ledger-2026-11
    """
    from labeler.steps.backfill.erase import erase as erase_record
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened:
        person = person_called(opened, user_name(as_))
        gone = erase_record(
            opened, read_records(opened), decision, reason, person, ledgers=ledgers or (), content=content
        )
    also = f", {gone.outputs:,} outputs{' and the medium' if gone.medium else ''}" if content else ""
    typer.echo(f"{decision}: {gone.values:,} values{also} are erased, and in {len(gone.ledgers):,} ledgers")
    if gone.gold:
        named = ", ".join(f"{one.name} {one.version}{' (published)' if one.published else ''}" for one in gone.gold)
        typer.echo(
            f"Gold sets built meanwhile may hold it: {named}.\n"
            "Build and publish the next version, which leaves it out, and delete these wherever they went."
        )
    if not gone.scrubbed:
        warn("Free pages of labels.db may still hold them, since somebody reads in it: close the window, erase again")

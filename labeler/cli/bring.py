"""labeler import"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.say import As, AsJson, Problems, ProjectFolder, Reports, answer, progress, warn
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.steps.bring.release import ImportReport
    from labeler.steps.bring.verdicts import Brought

app = typer.Typer(add_completion=False)
_File = Path | None


@app.command("import")
def import_(
    project: ProjectFolder,
    items: Annotated[_File, typer.Option(metavar="F", help="More items.")] = None,
    old: Annotated[
        _File, typer.Option(metavar="F", help="Outputs of the old models; else the newest release's.")
    ] = None,
    new: Annotated[_File, typer.Option(metavar="F", help="Outputs of the new models: the next release.")] = None,
    decisions: Annotated[_File, typer.Option(metavar="F", help="Past decisions on old outputs.")] = None,
    verdicts: Annotated[_File, typer.Option(metavar="F", help="What `labeler export` wrote elsewhere.")] = None,
    report: Reports = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Bring the next release, more items, decisions or other people's verdicts.

    Importing a file again changes nothing; what changed since is reported and never overwritten.

    Example: labeler import invoices --new reader-3.3.jsonl
    """
    from labeler.steps.bring.release import Files, ImportReport, bring
    from labeler.steps.bring.verdicts import bring_verdicts
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc, person_called, user_name

    files = Files(items, old, new, decisions)
    if files == Files() and verdicts is None:
        raise LabelerError("there is nothing to import", remedy="name a file: --new F, --decisions F, --verdicts F, …")
    done, brought = ImportReport(), None
    with Problems(report) as problems, open_project(project) as opened, progress() as tell:
        if files != Files():
            person = person_called(opened, user_name(as_))
            done = bring(opened, files, person, tell=tell, on_problem=problems)
        if verdicts is not None:
            brought = bring_verdicts(opened, verdicts, as_, on_problem=problems)
        opened.store.back_up_daily(project, now_utc())
    _say(done, brought, json=json)
    if brought is not None and brought.merged.damage:
        raise typer.Exit(Exit.NO)


def _say(done: ImportReport, brought: Brought | None, *, json: bool) -> None:
    from labeler.cli import import_answer

    if json:
        answer({**import_answer.as_json(done), "verdicts": brought and _as_json(brought)})
    else:
        typer.echo(import_answer.as_text(done))
        if brought is not None:
            _say_brought(brought)
    if brought is not None and not brought.gone.scrubbed:
        warn(
            "Free pages of labels.db may still hold what was erased elsewhere, since somebody reads in it: close the "
            "window, then erase the record here too (labeler backfill erase)"
        )


def _as_json(brought: Brought) -> dict[str, Any]:
    merged = brought.merged
    return {
        "added": merged.added,
        "known": merged.known,
        "damaged": len(merged.damage),
        "settled": brought.settled,
        "rules": brought.rules,
        "signed": sorted(merged.signed),
        "unsigned": sorted(merged.unsigned),
        "erased": {"values": merged.erased.values, "outputs": merged.erased.outputs},
        "held": merged.erased.held,
    }


def _say_brought(brought: Brought) -> None:
    merged, erased = brought.merged, brought.merged.erased
    typer.echo(f"Took in {merged.added:,} events; {merged.known:,} were here already.")
    if merged.signed or merged.unsigned:
        typer.echo(f"Signed by the key of their device: {len(merged.signed):,} streams; not: {len(merged.unsigned):,}.")
    if erased.values or erased.outputs:
        typer.echo(f"What was erased elsewhere is gone here: {erased.values:,} values, {erased.outputs:,} outputs.")
    for decision in erased.held:
        warn(
            f"A legal hold on {decision} keeps here what was erased elsewhere; it goes when the hold is lifted: "
            f"labeler backfill hold PROJECT {decision} --off"
        )
    if brought.settled:
        typer.echo(f"Consensus settled or opened again {brought.settled:,} items.")
    if brought.rules:
        typer.echo(
            f"A lead changed {brought.rules:,} of the project's rules; they hold here from now on (project.toml)."
        )

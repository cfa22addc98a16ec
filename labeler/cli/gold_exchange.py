"""labeler gold export and import"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.say import AsJson, Problems, answer
from labeler.errors import LabelerError

app = typer.Typer(add_completion=False)
_Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="jsonl, parquet, csv, label-studio or coco.")
]


@app.command("export")
def export_(
    gold: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one version: gold/NAME/v0001.")],
    to: Annotated[Path, typer.Option(metavar="F", help="The file; its ending says the format where it can.")],
    form: _Format = None,
    json: AsJson = False,
) -> None:
    """Write a gold set for another tool: Parquet, CSV, JSONL, Label Studio, or COCO (pictures alone).

    Example: labeler gold export gold/invoices/v0003 --to invoices.parquet
    """
    from labeler.steps.gold.exchange import export_gold

    done = export_gold(gold, to, form)
    if json:
        answer({"file": str(to), "records": done.records, "left_out": done.left_out})
        return
    typer.echo(f"Wrote {to}: {done.records:,} records")
    if done.left_out:
        typer.echo(f"{done.left_out:,} are no pictures and were left out")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="F", help="A gold set from elsewhere.")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="Where gold sets lie: makes DIR/NAME/v0001.")],
    name: Annotated[str, typer.Option(help="The gold set's name.")],
    form: _Format = None,
    tier: Annotated[str, typer.Option(metavar="NAME", help="Tier of records that name none.")] = "medium",
    json: AsJson = False,
) -> None:
    """Begin a gold set with one from elsewhere; what a project decides later takes its records' places.

    Example: labeler gold import answers.json --format label-studio --to gold --name invoices
    """
    from labeler.domain.rubric import Tier
    from labeler.steps.gold.exchange import import_gold

    if tier not in list(Tier):
        raise LabelerError(f"{tier} is no tier", remedy=f"use {', '.join(Tier)}")
    with Problems(None) as problems:
        taken = import_gold(file, to, name, form, Tier(tier), problems)
    if json:
        answer({"folder": str(taken.folder), "records": taken.manifest.records, "refused": taken.refused})
    else:
        typer.echo(f"Wrote {taken.folder}: {taken.manifest.records:,} records, {taken.refused:,} refused")

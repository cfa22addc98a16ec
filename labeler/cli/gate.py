"""labeler gate"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import AsJson, answer, progress, warn
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.formats.gate_reports import GateDocument
    from labeler.steps.gate import GateRun

app = typer.Typer(add_completion=False)
_DEFAULT_POLICY = Path("gate.toml")


@app.command()
def gate(
    gold: Annotated[Path | None, typer.Option(metavar="DIR", help="A version of a gold set: gold/NAME/v0001.")] = None,
    old: Annotated[Path | None, typer.Option(metavar="F", help="Outputs of the old model.")] = None,
    new: Annotated[Path | None, typer.Option(metavar="F", help="Outputs of the new model.")] = None,
    best: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Outputs of the best version shipped so far: no loss against it either."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="F", help="gate.toml; by default the profile `standard`.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="F", help="Write a report: .json, .xml (JUnit), .md or .html. May be repeated."),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Where attempts are written down; else attempts.jsonl beside the versions."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Look without spending an attempt; never answers with 0.")
    ] = False,
    init: Annotated[bool, typer.Option("--init", help="Write a commented gate.toml and stop.")] = False,
    json: AsJson = False,
) -> None:
    """Check a model version's outputs against a gold set, cell by cell.

    Exit status: 0 ship, 1 block, 2 the input is wrong, 3 not enough evidence, 4 the gold set is damaged.
    Every further attempt at a release may spend less error than the one before; the same outputs are the same attempt.

    Example: labeler gate --gold gold/invoices/v0003 --old reader-3.1.jsonl --new reader-3.2.jsonl --report gate.xml
    """
    if init:
        _write_policy(policy or _DEFAULT_POLICY)
        return
    if gold is None or old is None or new is None:
        missing = [name for name, value in (("--gold", gold), ("--old", old), ("--new", new)) if value is None]
        raise LabelerError(f"{' and '.join(missing)} must be given", remedy="labeler gate --help shows an example")
    from labeler.domain.policy import STANDARD
    from labeler.formats.attempts import FILE_NAME
    from labeler.formats.gate_reports import check_ending, write_gate_report
    from labeler.formats.policy import read_policy
    from labeler.steps.gate import Ledger, run_gate

    reports = report or []
    for path in reports:
        check_ending(path)
    asked = STANDARD if policy is None else read_policy(policy)
    attempts = Ledger(ledger or gold.resolve().parent / FILE_NAME, datetime.now(UTC), preview)
    with progress() as tell:
        run = run_gate(gold, {"old": old, "new": new, **({"best": best} if best else {})}, asked, attempts, tell)
    document = _document(run)
    for path in reports:
        write_gate_report(path, document)
    if json:
        from labeler.formats.gate_json import gate_to_json

        answer(gate_to_json(document.report, document.provenance))
    else:
        _print(document)
    raise typer.Exit(run.exit_status)


def _write_policy(path: Path) -> None:
    from labeler.formats.policy import TEMPLATE

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise LabelerError(f"{path} is there already", kept="it was not touched") from None
    except OSError as problem:
        raise LabelerError(f"{path} cannot be written: {problem.strerror or problem}") from None
    typer.echo(f"Wrote {path}. Use it: labeler gate --policy {path} …")


def _document(run: GateRun) -> GateDocument:
    from labeler.formats.gate_reports import GateDocument
    from labeler.steps.gate import provenance, title

    hashes = {"gold": run.gold.digest, **{f"{version} outputs": seen.digest for version, seen in run.seen.items()}}
    facts = {name: digest[: len("sha256:") + 12] for name, digest in hashes.items()}
    if run.spent:
        kind = "preview of attempt" if run.spent.preview else "attempt"
        facts[kind] = f"{run.spent.number} of this release, alpha {run.spent.alpha:.4f}"
    if run.gold.simulated:
        facts["records with simulated verdicts"] = f"{run.gold.simulated:,} of {run.gold.records:,}"
    return GateDocument(run.report, title(run), facts, provenance(run))


def _print(document: GateDocument) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from labeler.domain.gate_report import Decision, NodeState
    from labeler.formats import gate_words as words

    report = document.report
    styles = {
        NodeState.PASSES: "green",
        NodeState.REGRESSED: "bold red",
        NodeState.BELOW_FLOOR: "bold red",
        NodeState.INSUFFICIENT: "yellow",
        NodeState.WATCHED: "dim",
        Decision.SHIP: "bold green",
        Decision.BLOCK: "bold red",
        Decision.INSUFFICIENT: "bold yellow",
    }
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
    if warning := words.pilot_warning(report):
        warn(warning)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(words.COLUMNS):
        words_column = number in (0, len(words.COLUMNS) - 1)
        table.add_column(column, justify="left" if words_column else "right", no_wrap=not words_column)
    for node in report.nodes:
        *figures, said = words.cells(node)
        table.add_row(*map(Text, figures), Text(said, style=styles[node.state]))
    console.print(Text(f"{words.DECISIONS[report.decision]}: {document.title}", style=styles[report.decision]))
    console.print()
    console.print(table)
    for heading, lines in (
        ("Why", report.grounds),
        (words.average_title(report), [words.average(report)]),
        ("Tiers and the average", words.cliffs(report)),
        ("Decided without people; let someone judge these first", words.undecided_by_people(report)),
    ):
        if lines:
            console.print()
            console.print(Text(heading, style="bold"))
            for line in lines:
                console.print(Text(f"  {line}"))
    console.print()
    console.print(Text(words.fine_print(report, document.facts), style="dim"))

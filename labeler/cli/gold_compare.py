"""labeler gold diff and drift"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, answer, progress, table, warn

if TYPE_CHECKING:
    from labeler.domain.gold.turned import Turned
    from labeler.formats.gold.diff import GoldDiff

app = typer.Typer(add_completion=False)


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="The folder of one version.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The folder of another one.")],
    project: Annotated[
        Path | None, typer.Option(metavar="PROJECT", help="Judge past attempts at the gate anew: with its outputs.")
    ] = None,
    outputs: Annotated[
        list[Path] | None, typer.Option(metavar="F", help="The same with this outputs file. May be repeated.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="F", help="Those attempts; else attempts.jsonl beside A.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(metavar="F", help="The gate's policy.")] = None,
    report: Annotated[
        list[Path] | None, typer.Option(metavar="F.md", help="Write it as Markdown or .json. May be repeated.")
    ] = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Say what was added, changed and removed between two versions, and which events are behind it.

    With --project or --outputs also which past answers of the gate would turn; that you have seen it is kept beside
    the versions.

    Example: labeler gold diff gold/invoices/v0002 gold/invoices/v0003 --project invoices
    """
    from labeler.formats.gold.diff import check_ending, diff_to_json, diff_to_markdown, write_diff
    from labeler.steps.gold.diff import diff_gold

    for path in report or ():
        check_ending(path)
    found = diff_gold(before, after)
    if project or outputs:
        found = replace(found, turned=_turned(before, after, project, outputs or [], ledger, policy, as_))
    as_json = diff_to_json(found)
    for path in report or ():
        write_diff(path, as_json, diff_to_markdown(found))
    if json:
        answer(as_json)
    else:
        _tell_diff(found)


def _turned(
    before: Path,
    after: Path,
    project: Path | None,
    outputs: list[Path],
    ledger: Path | None,
    policy: Path | None,
    as_: str | None,
) -> tuple[Turned, ...]:
    from labeler.domain.gate.policy import STANDARD
    from labeler.formats.gate.attempts import FILE_NAME, read_attempts
    from labeler.formats.gate.policy import read_policy
    from labeler.steps.gate.turn import note_looks, outputs_of, turned_attempts
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc, user_name

    attempts = list(read_attempts(ledger or before.resolve().parent / FILE_NAME))
    with ExitStack() as stack:
        files = list(outputs)
        if project is not None:
            files += stack.enter_context(outputs_of(stack.enter_context(open_project(project, read_only=True))))
        asked = STANDARD if policy is None else read_policy(policy)
        with progress() as tell:
            found = turned_attempts(before, after, attempts, files, asked, tell)
    note_looks(after, found, user_name(as_), now_utc())
    return found


def _tell_diff(found: GoldDiff) -> None:
    from labeler.domain.gold.turned import turned_words

    summary = found.summary
    rows = [("added", summary.added), ("changed", summary.changed), ("removed", summary.removed)]
    typer.echo(table((f"{found.before.version} → {found.after.version}", "records"), rows))
    if summary.alarm:
        warn(f"Alarm: {summary.alarm}")
    for sort, lines in summary.lines.items():
        for line in lines:
            typer.echo(f"{sort.lower()} {line.replace('`', '')}")
    falls = summary.ratchet.falls()
    accounted = [fall for fall in falls if fall.before - fall.after <= fall.explained]
    for fall in falls:
        if fall not in accounted:
            typer.echo(f"less: {fall.words()}")
    if accounted:
        typer.echo(
            f"less: {len(accounted)} counts of cells, all accounted for in the removal ledger; --report lists them"
        )
    for one in found.turned or ():
        typer.echo(f"{'turns' if one.turns else 'gate'}: {turned_words(one)}")
    if found.turned == ():
        typer.echo(f"gate: no attempt on {found.before.version} is in the ledger")


@app.command()
def drift(
    gold: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one version: gold/NAME/v0001.")],
    traffic: Annotated[Path, typer.Option(metavar="F", help="A sample of the traffic, as an items file.")],
    report: Annotated[
        list[Path] | None, typer.Option(metavar="F.md", help="Write it as Markdown or .json. May be repeated.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Say how far a gold set's mix has drifted from the traffic, slice by slice, and what to add.

    Jensen-Shannon divergence in bits, with a permutation test corrected for all slices.

    Example: labeler gold drift gold/invoices/v0003 --traffic last-week.jsonl
    """
    from labeler.domain.gold.drift import drift_words
    from labeler.formats.gold.diff import check_ending, write_diff
    from labeler.formats.gold.drift_reports import drift_to_json, drift_to_markdown
    from labeler.steps.gold.drift import gold_drift

    for path in report or ():
        check_ending(path)
    found = gold_drift(gold, traffic)
    as_json = drift_to_json(found)
    for path in report or ():
        write_diff(path, as_json, drift_to_markdown(found, f"{gold} against {traffic.name}"))
    if json:
        answer(as_json)
        return
    typer.echo(f"{found.gold_items:,} gold records against {found.traffic_items:,} items of traffic")
    for modality in found.unseen:
        typer.echo(f"{modality}: nothing of it is in the gold set")
    for one in found.slices:
        typer.echo(f"{one.modality} · {drift_words(one)}")
        for need in one.needs:
            typer.echo(f"  add {need.add:,} {one.key}={need.value}")

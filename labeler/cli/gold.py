"""labeler gold build, diff and verify"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, progress, table, warn
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.domain.turned import Turned
    from labeler.formats.gold_diff import GoldDiff
    from labeler.steps.publish_gold import Published

app = typer.Typer(add_completion=False, help="Build, compare and verify gold sets.", no_args_is_help=True)
_SHOWN = 20


@app.command()
def build(
    project: ProjectFolder,
    to: Annotated[Path, typer.Option(metavar="DIR", help="Where gold sets lie: makes DIR/NAME/vNNNN.")],
    name: Annotated[str | None, typer.Option(help="The gold set; by default the project's name.")] = None,
    with_media: Annotated[bool, typer.Option("--with-media", help="Copy pictures and recordings along.")] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Write the next version of a gold set from what is resolved; nothing new makes no version.

    Example: labeler gold build invoices --to gold
    """
    from labeler.steps.project import open_project, person_called, user_name
    from labeler.steps.publish_gold import build_gold, record_publication

    with open_project(project) as opened:
        published = build_gold(opened, to, name or opened.settings.name, with_media=with_media)
        if published.new:
            record_publication(opened, published.manifest, person_called(opened, user_name(as_)).id)
    if json:
        answer(_as_json(published))
    else:
        _tell(published)


def _as_json(published: Published) -> dict[str, object]:
    manifest, summary = published.manifest, published.summary
    return {
        "folder": str(published.folder),
        "new": published.new,
        "version": manifest.version,
        "digest": manifest.digest,
        "records": manifest.records,
        "simulated": manifest.simulated,
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "removal_alarm_p": summary.alarm_p,
        "left_out": published.left_out.by_reason(),
        "media_kept_back": published.media_kept_back,
    }


def _tell(published: Published) -> None:
    from labeler.domain.gold_words import ALARM

    manifest, summary = published.manifest, published.summary
    if published.new:
        changes = f"{summary.added:,} added, {summary.changed:,} changed, {summary.removed:,} removed"
        typer.echo(f"Wrote {published.folder}: {manifest.records:,} records; {changes}")
    else:
        typer.echo(f"Nothing changed: {published.folder} holds all {manifest.records:,} records")
    typer.echo(f"digest {manifest.digest}")
    if published.new:
        typer.echo(f"It is a draft until somebody else publishes it: labeler gold publish PROJECT {published.folder}")
    if manifest.simulated:
        typer.echo(f"{manifest.simulated:,} records rest on verdicts of simulated annotators")
    for reason, items in published.left_out.by_reason().items():
        more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
        typer.echo(f"left out, {reason.replace('_', ' ')}: {len(items):,} ({', '.join(items[:_SHOWN])}{more})")
    if published.media_kept_back:
        typer.echo(f"{published.media_kept_back:,} media were not copied: missing, or marked with pii or residency")
    if summary.alarm_p < ALARM:
        warn(f"Alarm: what was removed fails more often than chance explains (p {summary.alarm_p:.2g})")


@app.command()
def publish(
    project: ProjectFolder,
    gold: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one version: gold/NAME/v0001.")],
    ledger: Annotated[
        Path | None, typer.Option(metavar="F", help="The gate's attempts; else attempts.jsonl beside the versions.")
    ] = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Publish a version that somebody else built; who had seen what it does to the gate is written down.

    From the first published version on, the gate ships nothing on one that is not.

    Example: labeler gold publish invoices gold/invoices/v0003 --as ben
    """
    from labeler.formats.publications import publication_to_json
    from labeler.steps.project import open_project, person_called, user_name
    from labeler.steps.sign_off_gold import publish_gold

    with open_project(project) as opened:
        published = publish_gold(opened, gold, person_called(opened, user_name(as_)), ledger=ledger)
    if json:
        answer(publication_to_json(published))
        return
    typer.echo(f"Published {published.version}: built by {published.built_by}, published by {published.published_by}")
    typer.echo(f"digest {published.digest}")
    for look in published.seen:
        typer.echo(f"seen before: {look.decision}, {look.how} by {look.by or 'nobody named'} at {look.at}")


@app.command()
def verify(
    gold: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one version: gold/NAME/v0001.")],
    json: AsJson = False,
) -> None:
    """Find every changed, missing or extra byte of a gold set. Exit status 0 whole, 4 damaged.

    Example: labeler gold verify gold/invoices/v0003
    """
    from labeler.formats.gold import verify as find_damage

    damage = find_damage(gold)
    if json:
        answer({"folder": str(gold), "damage": damage})
    else:
        for found in damage:
            typer.echo(f"{gold / found}")
        typer.echo(f"{gold} {f'is damaged in {len(damage):,} places' if damage else 'is whole'}")
    raise typer.Exit(Exit.GOLD_DAMAGED if damage else Exit.DONE)


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
    from labeler.formats.gold_diff import check_ending, diff_to_json, diff_to_markdown, write_diff
    from labeler.steps.diff_gold import diff_gold

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
    from labeler.domain.policy import STANDARD
    from labeler.formats.attempts import FILE_NAME, read_attempts
    from labeler.formats.policy import read_policy
    from labeler.steps.project import now_utc, open_project, user_name
    from labeler.steps.turn_gate import note_looks, outputs_of, turned_attempts

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
    from labeler.domain.turned import turned_words

    summary = found.summary
    rows = [("added", summary.added), ("changed", summary.changed), ("removed", summary.removed)]
    typer.echo(table((f"{found.before.version} → {found.after.version}", "records"), rows))
    for sort, lines in summary.lines.items():
        for line in lines:
            typer.echo(f"{sort.lower()} {line.replace('`', '')}")
    for fall in summary.ratchet.falls():
        typer.echo(f"less: {fall.words()}")
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
    from labeler.domain.drift import drift_words
    from labeler.formats.drift_reports import drift_to_json, drift_to_markdown
    from labeler.formats.gold_diff import check_ending, write_diff
    from labeler.steps.drift import gold_drift

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
    from labeler.steps.exchange_gold import export_gold

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
    from labeler.cli.say import Problems
    from labeler.domain.rubric import Tier
    from labeler.steps.exchange_gold import import_gold

    if tier not in list(Tier):
        raise LabelerError(f"{tier} is no tier", remedy=f"use {', '.join(Tier)}")
    problems = Problems(None)
    taken = import_gold(file, to, name, form, Tier(tier), problems)
    problems.tell()
    if json:
        answer({"folder": str(taken.folder), "records": taken.manifest.records, "refused": taken.refused})
    else:
        typer.echo(f"Wrote {taken.folder}: {taken.manifest.records:,} records, {taken.refused:,} refused")

"""labeler gold: build, publish, verify; and the commands of `gold_compare` and `gold_exchange`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli import gold_compare, gold_exchange
from labeler.cli.say import As, AsJson, ProjectFolder, answer, heard_or_not, warn
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.steps.gold.build import Published

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
    from labeler.steps.gold.build import build_gold, record_publication
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

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
        "policies": dict(manifest.policies),
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "removal_alarm_p": summary.alarm_p,
        "left_out": published.left_out.by_reason(),
        "media_kept_back": published.media_kept_back,
    }


def _tell(published: Published) -> None:
    manifest, summary = published.manifest, published.summary
    if published.new:
        changes = f"{summary.added:,} added, {summary.changed:,} changed, {summary.removed:,} removed"
        typer.echo(f"Wrote {published.folder}: {manifest.records:,} records; {changes}")
    else:
        typer.echo(f"Nothing changed: {published.folder} holds all {manifest.records:,} records")
    typer.echo(f"digest {manifest.digest}")
    if published.new:
        typer.echo(f"It is a draft until somebody else publishes it: labeler gold publish PROJECT {published.folder}")
    for policy, count in manifest.policies.items():
        typer.echo(f"{count:,} records were settled by {policy}, although somebody differed")
    if manifest.simulated:
        typer.echo(f"{manifest.simulated:,} records rest on verdicts of simulated annotators")
    for reason, items in published.left_out.by_reason().items():
        more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
        typer.echo(f"left out, {reason.replace('_', ' ')}: {len(items):,} ({', '.join(items[:_SHOWN])}{more})")
    if published.media_kept_back:
        typer.echo(f"{published.media_kept_back:,} media were not copied: missing, or marked with pii or residency")
    if summary.alarm:
        warn(f"Alarm: {summary.alarm}")


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

    Whoever publishes is in the project already: a name that nobody has is not a second person.
    From the first published version on, the gate ships nothing on one that is not.

    Example: labeler gold publish invoices gold/invoices/v0003 --as ben
    """
    from labeler.formats.gold.publications import publication_to_json
    from labeler.steps.gold.diff import removal_alarm
    from labeler.steps.gold.sign_off import publish_gold
    from labeler.steps.opening import open_project
    from labeler.steps.project import user_name

    with open_project(project) as opened:
        name = user_name(as_)
        person = opened.store.person(name)
        if person is None:
            raise LabelerError(
                f"nobody in this project is called {name}",
                kept="the version, as a draft",
                remedy="give with --as who publishes; labeler people add lets somebody in",
            )
        published = publish_gold(opened, gold, person, ledger=ledger)
    if json:
        answer(publication_to_json(published))
        return
    typer.echo(f"Published {published.version}: built by {published.built_by}, published by {published.published_by}")
    typer.echo(f"digest {published.digest}")
    for look in published.seen:
        outputs = look.new_outputs.removeprefix("sha256:")[:12]
        by = look.by or "nobody named"
        typer.echo(f"seen before: {look.decision} for outputs {outputs}, {look.how} by {by} at {look.at}")
    if alarm := removal_alarm(gold):
        warn(f"Alarm: {alarm}")


@app.command()
def verify(
    gold: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one version: gold/NAME/v0001.")],
    json: AsJson = False,
) -> None:
    """Find every changed, missing or extra byte of a gold set, and columns for the gate that its records do not give.

    Exit status 0 whole, 4 damaged.

    Example: labeler gold verify gold/invoices/v0003
    """
    from labeler.formats.gold.folder import verify as find_damage

    damage = find_damage(gold, columns=True)
    with heard_or_not():
        if json:
            answer({"folder": str(gold), "damage": damage})
        else:
            for found in damage:
                typer.echo(f"{gold / found}")
            places = "1 place" if len(damage) == 1 else f"{len(damage):,} places"
            typer.echo(f"{gold} {f'is damaged in {places}' if damage else 'is whole'}")
    raise typer.Exit(Exit.GOLD_DAMAGED if damage else Exit.DONE)


app.registered_commands += [*gold_compare.app.registered_commands, *gold_exchange.app.registered_commands]

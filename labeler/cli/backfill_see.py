"""labeler backfill records, overdue, plan and estimate: what there is, what was found of it, how much is wrong"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from labeler.cli.backfill_common import AsOf, PolicyFile, day_of, note_listing, policy_of, time_of
from labeler.cli.say import As, AsJson, ProjectFolder, answer
from labeler.errors import Exit, LabelerError

app = typer.Typer(add_completion=False)


@app.command()
def records(
    project: ProjectFolder,
    as_of: AsOf = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="not_reviewed, under_review, upheld, wrong or undecidable.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Decisions that no flip contests, too.")] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """List contested records and their status, now or at any past date. Who looked is logged.

    Example: labeler backfill records invoices --as-of 2026-11-19 --status wrong
    """
    from labeler.cli import backfill_answer
    from labeler.domain.backfill.records import Status
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project

    if status is not None and status not in list(Status):
        raise LabelerError(f"{status!r} is no status (known: {', '.join(Status)})")
    with open_project(project, read_only=True) as opened:
        found = read_records(opened, as_of=time_of(as_of))
    listed = found.records if everything else found.contested
    listed = tuple(record for record in listed if status is None or record.status == status)
    note_listing(project, found, len(listed), " ".join(filter(None, ("records", status, as_of))), as_)
    if json:
        answer(backfill_answer.records_to_json(found, listed))
    else:
        typer.echo(backfill_answer.records_as_text(found, listed))


@app.command()
def overdue(
    project: ProjectFolder,
    on: Annotated[str | None, typer.Option(metavar="DAY", help="As of which day; by default today.")] = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """List records whose deadline has passed with something still to do. Exit status 1 when there are any.

    Who looked is logged.

    Example: labeler backfill overdue invoices
    """
    from labeler.cli import backfill_answer
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project

    today = day_of(on) if on else datetime.now(UTC).date().isoformat()
    with open_project(project, read_only=True) as opened:
        found = read_records(opened)
    late = tuple(record for record in found.records if found.handled(record.id).overdue(today))
    note_listing(project, found, len(late), f"overdue {today}", as_)
    if json:
        answer(backfill_answer.records_to_json(found, late))
    elif late:
        typer.echo(backfill_answer.records_as_text(found, late))
    else:
        typer.echo("Nothing is overdue.")
    raise typer.Exit(Exit.NO if late else Exit.DONE)


@app.command()
def plan(
    project: ProjectFolder,
    policy: PolicyFile = None,
    margin: Annotated[
        float | None, typer.Option(min=0.5, metavar="N", help="Margin of error of the number; else the policy's.")
    ] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Put the plan in force, and its items into the queue.")
    ] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Say how many decisions to review, and of which strata, for the wanted margin of error.

    Example: labeler backfill plan invoices --margin 30 --queue
    """
    from dataclasses import replace

    from labeler.cli import backfill_answer
    from labeler.steps.backfill.plan import left_of, plan_review, put_in_force
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    settings = policy_of(project, policy).plan
    settings = settings if margin is None else replace(settings, margin=margin)
    with open_project(project, read_only=not queue) as opened:
        found = read_records(opened)
        made = plan_review(opened, found, settings)
        queued = put_in_force(opened, found, made, person_called(opened, user_name(as_))) if queue else None
        left = left_of(opened, found, made.strata)
    if json:
        answer(backfill_answer.plan_to_json(made, left, queued))
    else:
        typer.echo(backfill_answer.plan_as_text(made, left, queued))


@app.command()
def estimate(project: ProjectFolder, policy: PolicyFile = None, as_of: AsOf = None, json: AsJson = False) -> None:
    """Say how many decisions were wrong and what they amount to, with 95 % intervals.

    Example: labeler backfill estimate invoices
    """
    from labeler.cli import backfill_answer
    from labeler.steps.backfill.estimate import error_in_force, estimate_backfill
    from labeler.steps.opening import open_project

    with open_project(project, read_only=True) as opened:
        error, said = error_in_force(opened, policy_of(project, policy).error)
        found, made = estimate_backfill(opened, error, as_of=time_of(as_of))
    if json:
        answer({**backfill_answer.estimate_to_json(found, made), "reviewer_error_from": said})
    else:
        typer.echo(f"{backfill_answer.estimate_as_text(found, made)}\n{said[0].upper()}{said[1:]}")

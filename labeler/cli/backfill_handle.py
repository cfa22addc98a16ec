"""labeler backfill policy, dispose, approve and step: what is done about a record"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.backfill_common import Decision, PolicyFile, Reason, day_of, policy_file, policy_of, time_of
from labeler.cli.say import As, AsJson, ProjectFolder, answer, write_template

app = typer.Typer(add_completion=False)


@app.command()
def policy(
    project: ProjectFolder,
    policy: PolicyFile = None,
    apply: Annotated[bool, typer.Option("--apply", help="Give the dispositions; without it nothing is done.")] = False,
    init: Annotated[bool, typer.Option("--init", help="Write a commented backfill.toml and stop.")] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Show how many contested records each rule takes and which none takes; with --apply, dispose of them so.

    Example: labeler backfill policy invoices --apply --as lea
    """
    from labeler.cli import backfill_answer
    from labeler.domain.backfill.policy import dry_run
    from labeler.steps.backfill.handle import apply_policy
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    if init:
        _write_policy(policy or policy_file(project))
        return
    read = policy_of(project, policy)
    with open_project(project, read_only=not apply) as opened:
        found = read_records(opened)
        run = dry_run(read, found.contested)
        done = apply_policy(opened, found, read, person_called(opened, user_name(as_))) if apply else None
    if json:
        answer(backfill_answer.policy_to_json(run, done))
    else:
        typer.echo(backfill_answer.policy_as_text(run, done))


@app.command()
def dispose(
    project: ProjectFolder,
    decision: Decision,
    disposition: Annotated[str, typer.Argument(help="What is to be done, as the policy would call it.")],
    reason: Reason = "",
    steps: Annotated[list[str] | None, typer.Option("--step", help="A step owed; may be repeated.")] = None,
    due: Annotated[str | None, typer.Option(metavar="DAY", help="By when, as 2026-12-01.")] = None,
    four_eyes: Annotated[
        bool, typer.Option("--four-eyes", help="Somebody else has to approve, also where the policy does not ask.")
    ] = False,
    policy: PolicyFile = None,
    as_: As = None,
) -> None:
    """Decide, as a lead, what is to be done about a record; goes before the policy, but for its four eyes.

    Example: labeler backfill dispose invoices d-881 compensate --reason "known customer" --step notified
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    read = policy_of(project, policy)
    day = None if due is None else day_of(due)
    with open_project(project) as opened:
        given = handle.dispose(
            opened,
            read_records(opened),
            decision,
            disposition,
            reason,
            person_called(opened, user_name(as_)),
            policy=read,
            steps=tuple(steps or ()),
            due=day,
            four_eyes=four_eyes,
        )
    waits = " (waits for a second pair of eyes)" if given.body["four_eyes"] else ""
    typer.echo(f"{decision}: {disposition}{waits}")


@app.command()
def approve(project: ProjectFolder, decision: Decision, as_: As = None) -> None:
    """Be the second pair of eyes on a disposition; never those of who gave it.

    Example: labeler backfill approve invoices d-881 --as bo
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened:
        handle.approve(opened, read_records(opened), decision, person_called(opened, user_name(as_)))
    typer.echo(f"{decision}: approved")


@app.command()
def step(
    project: ProjectFolder,
    decision: Decision,
    done: Annotated[str, typer.Argument(metavar="STEP", help="What was done: corrected, notified, …")],
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When it was done; by default now.")] = None,
    channel: Annotated[str, typer.Option(help="How: letter, e-mail, call, …")] = "",
    to: Annotated[str, typer.Option(metavar="WHOM", help="Who was told. Stays outside the chain.")] = "",
    text: Annotated[str, typer.Option(help="What was said. Stays outside the chain.")] = "",
    as_: As = None,
) -> None:
    """Record a step that was taken about a record.

    Example: labeler backfill step invoices d-902 notified --channel letter --to "A. Smith" --text "We have …"
    """
    from labeler.domain.events import in_utc
    from labeler.steps.backfill.handle import StepDone, record_step
    from labeler.steps.backfill.records import read_records
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name

    taken = StepDone(done, in_utc(time_of(at) or datetime.now(UTC)), channel, to, text)
    with open_project(project) as opened:
        record_step(opened, read_records(opened), decision, taken, person_called(opened, user_name(as_)))
        left = read_records(opened).handled(decision).owed
    typer.echo(f"{decision}: {done}; {'still owed: ' + ', '.join(left) if left else 'nothing more is owed'}")


def _write_policy(path: Path) -> None:
    from labeler.formats.backfill_toml import TEMPLATE

    write_template(path, TEMPLATE)
    typer.echo(f"Wrote {path}. Try it: labeler backfill policy PROJECT")

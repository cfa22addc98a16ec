"""labeler backfill records, plan, estimate, policy, dispose, approve, step, hold, overdue, erase and ledger"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, progress, warn, write_template
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.domain.backfill.policy import BackfillPolicy
    from labeler.steps.backfill.records import Records

app = typer.Typer(
    add_completion=False,
    help="What the old model already decided: how much was wrong, what is done about it, and proof.",
    no_args_is_help=True,
)
_Decision = Annotated[str, typer.Argument(metavar="DECISION", help="Id of the decision.")]
_AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="What was known then: 2026-11-19, or 2026-11-19T10:00:00Z."),
]
_Policy = Annotated[
    Path | None, typer.Option("--policy", metavar="F", help="By default backfill.toml in the project's folder.")
]
_Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. Stays outside the chain of events.")]


@app.command()
def records(
    project: ProjectFolder,
    as_of: _AsOf = None,
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
    from labeler.steps.project import open_project

    if status is not None and status not in list(Status):
        raise LabelerError(f"{status!r} is no status (known: {', '.join(Status)})")
    with open_project(project, read_only=True) as opened:
        found = read_records(opened, as_of=_time(as_of))
    listed = found.records if everything else found.contested
    listed = tuple(record for record in listed if status is None or record.status == status)
    _note_listing(project, found, len(listed), " ".join(filter(None, ("records", status, as_of))), as_)
    if json:
        answer(backfill_answer.records_to_json(found, listed))
    else:
        typer.echo(backfill_answer.records_as_text(found, listed))


@app.command()
def plan(
    project: ProjectFolder,
    policy: _Policy = None,
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
    from labeler.steps.project import open_project, person_called, user_name

    settings = _policy(project, policy).plan
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
def estimate(project: ProjectFolder, policy: _Policy = None, as_of: _AsOf = None, json: AsJson = False) -> None:
    """Say how many decisions were wrong and what they amount to, with 95 % intervals.

    Example: labeler backfill estimate invoices
    """
    from labeler.cli import backfill_answer
    from labeler.steps.backfill.estimate import error_in_force, estimate_backfill
    from labeler.steps.project import open_project

    with open_project(project, read_only=True) as opened:
        error, said = error_in_force(opened, _policy(project, policy).error)
        found, made = estimate_backfill(opened, error, as_of=_time(as_of))
    if json:
        answer({**backfill_answer.estimate_to_json(found, made), "reviewer_error_from": said})
    else:
        typer.echo(f"{backfill_answer.estimate_as_text(found, made)}\n{said[0].upper()}{said[1:]}")


@app.command()
def policy(
    project: ProjectFolder,
    policy: _Policy = None,
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
    from labeler.steps.project import open_project, person_called, user_name

    if init:
        _write_policy(policy or _policy_file(project))
        return
    read = _policy(project, policy)
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
    decision: _Decision,
    disposition: Annotated[str, typer.Argument(help="What is to be done, as the policy would call it.")],
    reason: _Reason = "",
    steps: Annotated[list[str] | None, typer.Option("--step", help="A step owed; may be repeated.")] = None,
    due: Annotated[str | None, typer.Option(metavar="DAY", help="By when, as 2026-12-01.")] = None,
    four_eyes: Annotated[bool, typer.Option("--four-eyes", help="Somebody else has to approve.")] = False,
    as_: As = None,
) -> None:
    """Decide, as a lead, what is to be done about a record; goes before the policy.

    Example: labeler backfill dispose invoices d-881 compensate --reason "known customer" --step notified
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.project import open_project, person_called, user_name

    day = None if due is None else _day(due)
    with open_project(project) as opened:
        person = person_called(opened, user_name(as_))
        owed = tuple(steps or ())
        handle.dispose(
            opened,
            read_records(opened),
            decision,
            disposition,
            reason,
            person,
            steps=owed,
            due=day,
            four_eyes=four_eyes,
        )
    typer.echo(f"{decision}: {disposition}{' (waits for a second pair of eyes)' if four_eyes else ''}")


@app.command()
def approve(project: ProjectFolder, decision: _Decision, as_: As = None) -> None:
    """Be the second pair of eyes on a disposition; never those of who gave it.

    Example: labeler backfill approve invoices d-881 --as bo
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.project import open_project, person_called, user_name

    with open_project(project) as opened:
        handle.approve(opened, read_records(opened), decision, person_called(opened, user_name(as_)))
    typer.echo(f"{decision}: approved")


@app.command()
def step(
    project: ProjectFolder,
    decision: _Decision,
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
    from labeler.steps.project import open_project, person_called, user_name

    taken = StepDone(done, in_utc(_time(at) or datetime.now(UTC)), channel, to, text)
    with open_project(project) as opened:
        record_step(opened, read_records(opened), decision, taken, person_called(opened, user_name(as_)))
        left = read_records(opened).handled(decision).owed
    typer.echo(f"{decision}: {done}; {'still owed: ' + ', '.join(left) if left else 'nothing more is owed'}")


@app.command()
def hold(
    project: ProjectFolder,
    decision: _Decision,
    off: Annotated[bool, typer.Option("--off", help="Lift the hold.")] = False,
    reason: _Reason = "",
    as_: As = None,
) -> None:
    """Forbid, as a lead, that anything of a record is erased (legal hold), or lift that.

    Example: labeler backfill hold invoices d-881 --reason "claim 12/2026"
    """
    from labeler.steps.backfill import handle
    from labeler.steps.backfill.records import read_records
    from labeler.steps.project import open_project, person_called, user_name

    with open_project(project) as opened:
        person = person_called(opened, user_name(as_))
        handle.hold(opened, read_records(opened), decision, person, on=not off, reason=reason)
    typer.echo(f"{decision}: the legal hold {'is lifted' if off else 'stands'}")


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
    from labeler.steps.project import open_project

    today = _day(on) if on else datetime.now(UTC).date().isoformat()
    with open_project(project, read_only=True) as opened:
        found = read_records(opened)
    late = tuple(record for record in found.records if found.handled(record.id).overdue(today))
    _note_listing(project, found, len(late), f"overdue {today}", as_)
    if json:
        answer(backfill_answer.records_to_json(found, late))
    elif late:
        typer.echo(backfill_answer.records_as_text(found, late))
    else:
        typer.echo("Nothing is overdue.")
    raise typer.Exit(Exit.NO if late else Exit.DONE)


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
    from labeler.steps.project import open_project, person_called, user_name

    with open_project(project) as opened, progress() as tell:
        person = person_called(opened, user_name(as_))
        made = export_ledger(opened, read_records(opened), to, person, tell=tell)
    if json:
        answer({"folder": str(made.folder), "records": made.records, "digest": made.digest})
    else:
        typer.echo(f"Wrote {made.folder}: {made.records:,} records\ndigest {made.digest}")


@app.command()
def erase(
    project: ProjectFolder,
    decision: _Decision,
    reason: _Reason = "",
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
    the next gold set, with the reason `erased`. Published versions, exports and backups are yours to delete.

    Example: labeler backfill erase invoices d-881 --reason "request of 3 December" --ledger ledger-2026-11
    """
    from labeler.steps.backfill.erase import erase as erase_record
    from labeler.steps.backfill.records import read_records
    from labeler.steps.project import open_project, person_called, user_name

    with open_project(project) as opened:
        person = person_called(opened, user_name(as_))
        gone = erase_record(
            opened, read_records(opened), decision, reason, person, ledgers=ledgers or (), content=content
        )
    also = f", {gone.outputs:,} outputs{' and the medium' if gone.medium else ''}" if content else ""
    typer.echo(f"{decision}: {gone.values:,} values{also} are erased, and in {len(gone.ledgers):,} ledgers")
    if not gone.scrubbed:
        warn("Free pages of labels.db may still hold them, since somebody reads in it: close the window, erase again")


def _note_listing(project: Path, found: Records, listed: int, where: str, as_: str | None) -> None:
    """Log who looked at a list; where nothing can be written, say that it is not logged."""
    from labeler.steps.backfill.handle import note_listing
    from labeler.steps.project import open_project, person_called, user_name

    try:
        with open_project(project) as opened:
            note_listing(opened, found, listed, f"command: {where}", person_called(opened, user_name(as_)))
    except LabelerError as problem:
        warn(f"This look is not logged: {problem.what}")


def _policy_file(project: Path) -> Path:
    from labeler.formats.backfill_toml import FILE_NAME

    return project / FILE_NAME


def _policy(project: Path, given: Path | None) -> BackfillPolicy:
    """The policy given, else the project's, else that of the template."""
    from labeler.formats.backfill_toml import default_policy, read_backfill_policy

    own = _policy_file(project)
    if given is None and not own.exists():
        return default_policy()
    return read_backfill_policy(given or own)


def _write_policy(path: Path) -> None:
    from labeler.formats.backfill_toml import TEMPLATE

    write_template(path, TEMPLATE)
    typer.echo(f"Wrote {path}. Try it: labeler backfill policy PROJECT")


def _time(written: str | None) -> datetime | None:
    """A day stands for its last moment, in UTC."""
    from labeler.steps.backfill.records import end_of

    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise LabelerError(
            f"{written!r} is neither a day nor a time", remedy="write 2026-11-19 or …T10:00:00Z"
        ) from None
    return end_of(moment.date() if len(written) == len("2026-11-19") else moment)


def _day(written: str) -> str:
    try:
        return datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        raise LabelerError(f"{written!r} is not a day", remedy="write 2026-12-01") from None

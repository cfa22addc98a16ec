"""labeler quality show and erase-times"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, table

if TYPE_CHECKING:
    from labeler.domain.guesses import GuessFigures
    from labeler.domain.quality import Share
    from labeler.steps.quality import PersonQuality, Quality

app = typer.Typer(
    add_completion=False,
    help="What hidden checks, agreement and times say of each person's work; for leads.",
    no_args_is_help=True,
)


@app.command()
def show(project: ProjectFolder, json: AsJson = False) -> None:
    """Show each person's figures with 95 % intervals, those who stand out first.

    Settled items judged as they were settled, own items judged the same again, seeded mistakes left in the gold
    answer (hidden checks); accuracy by Dawid and Skene's model; A against B; time an item and hasty verdicts.

    Example: labeler quality show invoices
    """
    from labeler.steps.opening import open_project
    from labeler.steps.quality import measure_quality, measured_error

    with open_project(project, read_only=True) as opened:
        found = measure_quality(opened)
        error, said = measured_error(opened)
    if json:
        answer({**_as_json(found), "reviewer_error": asdict(error), "reviewer_error_from": said})
    else:
        typer.echo(f"{_as_text(found)}\n\nFor backfill: {said}")


@app.command(name="erase-times")
def erase_times(
    project: ProjectFolder,
    who: Annotated[str | None, typer.Option("--for", metavar="NAME", help="Whose times; by default your own.")] = None,
    as_: As = None,
) -> None:
    """Erase how long each verdict of a person took and what they guessed, here and wherever it is imported.

    Example: labeler quality erase-times invoices --as bo
    """
    from labeler.cli.assign import people_of
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc
    from labeler.steps.quality import erase_times as erase

    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        count = erase(opened, author, person, now_utc())
    typer.echo(f"{count:,} times and guesses of {person.name} are erased")


def _as_json(found: Quality) -> dict[str, Any]:
    return {
        "simulated": found.simulated,
        "times_recorded": found.times_recorded,
        "guesses": _guesses_as_json(found.guesses.everyone),
        "people": [
            {
                "id": one.person.id,
                "name": one.person.name,
                "findings": list(one.findings),
                "work": one.work and asdict(one.work),
                "checks": one.checks and _checks_as_json(one),
                "guesses": one.guesses and _guesses_as_json(one.guesses),
            }
            for one in found.people
        ],
    }


def _checks_as_json(one: PersonQuality) -> dict[str, Any]:
    assert one.checks is not None
    shares = {name: getattr(one.checks, name) for name in ("known", "repeats", "followed", "caught", "passed")}
    return {
        name: {"hits": s.hits, "n": s.n, "low": s.interval.low, "high": s.interval.high} for name, s in shares.items()
    }


def _guesses_as_json(found: GuessFigures) -> dict[str, Any]:
    low, high = found.interval.low, found.interval.high
    return {"hits": found.hits, "n": found.n, "open": found.open, "level": found.level, "low": low, "high": high}


_HEADER = (
    *("person", "verdicts", "as settled", "same again", "mistakes kept", "accuracy"),
    *("A : B", "s an item", "hasty"),
)


def _as_text(found: Quality) -> str:
    if not found.people:
        return "Nobody has judged an item of this release yet"
    parts = [table(_HEADER, [_row(one) for one in found.people])]
    told = [f"{one.person.name}: {finding}" for one in found.people for finding in one.findings]
    parts.append("\n".join(told) if told else "Nobody stands out by more than chance explains")
    if found.power is not None:
        parts.append(found.power.words)
    everyone = found.guesses.everyone
    if everyone.n:
        parts.append(found.guesses.warning or f"Asked which side is new, people named it in {everyone.words}")
    if found.simulated:
        parts.append("These are verdicts of simulated annotators")
    if not found.times_recorded:
        parts.append("This project keeps no times")
    return "\n\n".join(parts)


def _row(one: PersonQuality) -> tuple[object, ...]:
    work, checks = one.work, one.checks
    accuracy = "–"
    if work is not None and work.accuracy is not None and work.interval is not None:
        accuracy = f"{work.accuracy:.0%} ({work.interval.low:.0%} to {work.interval.high:.0%})"
    return (
        one.person.name,
        work.verdicts if work else 0,
        *(_share(share) for share in ((checks.known, checks.repeats, checks.followed) if checks else (None,) * 3)),
        accuracy,
        f"{work.chose_a} : {work.chose_b}" if work else "–",
        "–" if work is None or work.usual_s is None else f"{work.usual_s:.0f}",
        _share(work.hasty if work else None),
    )


def _share(share: Share | None) -> str:
    if share is None or not share.n:
        return "–"
    return f"{share.hits} of {share.n} ({share.interval.low:.0%} to {share.interval.high:.0%})"

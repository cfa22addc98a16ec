"""labeler assign show, reserve, give-back, ask, requeue, round, term and qualify"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, table
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.domain.people import Person
    from labeler.domain.queue import QueueFilter
    from labeler.steps.project import Project
    from labeler.steps.rounds import Round

app = typer.Typer(
    add_completion=False,
    help="Who judges what: reservations, more verdicts on an item, skips taken back, calibration rounds, due dates. "
    "Overlap, order and routes stand in [assignment] of project.toml and can be changed at any time.",
    no_args_is_help=True,
)
_Who = Annotated[str | None, typer.Option("--for", metavar="NAME", help="Whom it is about; by default yourself.")]
_Days = Annotated[float, typer.Option("--days", min=0.01, help="For how many days; then others get what is left.")]
_Slice = Annotated[str | None, typer.Option("--slice", metavar="KEY=VALUE", help="Only items with this slice.")]
_Item = Annotated[str, typer.Argument(metavar="ITEM", help="Id of the item.")]


@app.command()
def show(project: ProjectFolder, json: AsJson = False) -> None:
    """Show the rules in force, who has reserved what, rounds, due dates, and what was skipped and why.

    Example: labeler assign show invoices
    """
    from labeler.cli.assign_answer import as_json, as_text
    from labeler.steps.assigned import assigned
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    with open_project(project, read_only=True) as opened:
        found = assigned(opened, now_utc())
    if json:
        answer(as_json(found))
    else:
        typer.echo(as_text(found))


@app.command()
def reserve(
    project: ProjectFolder,
    items: Annotated[int, typer.Option("--items", min=1, help="So many of the next ones.")],
    days: _Days = 7.0,
    who: _Who = None,
    slice_: _Slice = None,
    as_: As = None,
) -> None:
    """Keep the next items for a person, on every laptop that takes in the verdicts file.

    Example: labeler assign reserve invoices --items 50 --for bo --days 3
    """
    from labeler.steps.assign import reserve as reserve_next
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    now = now_utc()
    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        until = now + timedelta(days=days)
        found = reserve_next(opened, author, person, items, until, now, _where(slice_))
    typer.echo(f"{len(found.items):,} items are {person.name}'s until {found.until}")


@app.command(name="give-back")
def give_back(project: ProjectFolder, who: _Who = None, as_: As = None) -> None:
    """End a person's reservations before their time: others get what is not judged yet.

    Example: labeler assign give-back invoices --for bo --as lea
    """
    from labeler.steps.assign import give_back as give
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        found = give(opened, author, person, now_utc())
    typer.echo(f"{len(found.items):,} reservations of {person.name} are over")


@app.command()
def ask(
    project: ProjectFolder,
    item: _Item,
    people: Annotated[int, typer.Option("--people", min=1, max=100, help="So many more than now.")] = 1,
    as_: As = None,
) -> None:
    """Ask that more people judge an item; what settled it waits for them.

    Example: labeler assign ask invoices inv-00418
    """
    from labeler.steps.assign import ask_another
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    with open_project(project) as opened:
        author, _ = people_of(opened, as_, None)
        wanted = ask_another(opened, author, item, now_utc(), people)
    typer.echo(f"{item}: {wanted} people judge it")


@app.command()
def requeue(
    project: ProjectFolder,
    item: Annotated[str | None, typer.Option("--item", metavar="ID", help="Only this item.")] = None,
    who: _Who = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="As a lead: whoever skipped.")] = False,
    as_: As = None,
) -> None:
    """Bring skipped items back to who skipped them.

    Example: labeler assign requeue invoices --everyone --as lea
    """
    from labeler.steps.assign import requeue as bring_back
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc

    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        count = bring_back(opened, author, now_utc(), item, None if everyone else person.id)
    typer.echo(f"{count:,} skipped items are back")


@app.command(name="round")
def start_round(
    project: ProjectFolder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the round is called.")],
    items: Annotated[int, typer.Option("--items", min=1, help="So many that nobody has judged.")] = 10,
    people: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME", help="Who judges them; by default everyone.")
    ] = None,
    days: _Days = 7.0,
    slice_: _Slice = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Start a calibration round: all judge the same items, before any others, and then talk about the differences.

    Example: labeler assign round invoices first --items 10 --with bo --with cleo --as lea
    """
    from labeler.cli.assign_answer import round_as_json
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc
    from labeler.steps.rounds import annotators
    from labeler.steps.rounds import start_round as start

    now = now_utc()
    with open_project(project) as opened:
        author, _ = people_of(opened, as_, None)
        called = [_known(opened, person) for person in people] if people else annotators(opened)
        made = start(opened, author, name, called, items, now + timedelta(days=days), now, _where(slice_))
    if json:
        answer(round_as_json(made))
    else:
        typer.echo(_round_as_text(made))


@app.command()
def term(
    project: ProjectFolder,
    who: Annotated[str, typer.Option("--for", metavar="NAME", help="Whom it is about.")],
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when, as 2026-12-01.")] = None,
    per_day: Annotated[int | None, typer.Option("--per-day", min=1, help="Items a day that the person can do.")] = None,
    as_: As = None,
) -> None:
    """Say by when a person is to be done, and how many items a day are possible; without both, take it back.

    Example: labeler assign term invoices --for bo --due 2026-12-01 --per-day 80 --as lea
    """
    from labeler.domain.assignment import Term
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc
    from labeler.steps.rounds import set_term

    day = None if due is None else _day(due).isoformat()
    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        set_term(opened, author, person, Term(day, per_day), now_utc())
    typer.echo(f"{person.name}: due {day or 'at no date'}, {per_day or 'any number of'} items a day")


@app.command()
def qualify(
    project: ProjectFolder,
    who: Annotated[str, typer.Option("--for", metavar="NAME", help="Who may begin.")],
    as_: As = None,
) -> None:
    """Let someone begin with items that count, whatever training said.

    Example: labeler assign qualify invoices --for bo --as lea
    """
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc
    from labeler.steps.rounds import qualify as let

    with open_project(project) as opened:
        author, person = people_of(opened, as_, who)
        let(opened, author, person, now_utc())
    typer.echo(f"{person.name} may begin")


def people_of(opened: Project, as_: str | None, who: str | None) -> tuple[Person, Person]:
    """Who does it, and whom it is about."""
    from labeler.steps.project import person_called, user_name

    author = person_called(opened, user_name(as_))
    return author, author if who is None else _known(opened, who)


def _known(opened: Project, name: str) -> Person:
    person = opened.store.person(name)
    if person is None:
        raise LabelerError(
            f"nobody is called {name} in this project",
            remedy="labeler people show PROJECT names everyone, labeler people add lets a person in",
        )
    return person


def _where(text: str | None) -> QueueFilter:
    from labeler.domain.queue import QueueFilter

    if text is None:
        return QueueFilter()
    key, sign, value = text.partition("=")
    if not sign:
        raise LabelerError(f"{text!r} is no slice", remedy="give it as key=value")
    return QueueFilter(slices={key: value})


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).date()
    except ValueError:
        raise LabelerError(f"{text!r} is no day", remedy="give it as 2026-12-01") from None


def _round_as_text(made: Round) -> str:
    rows = [(person, f"{count} of {len(made.items)}") for person, count in made.done.items()]
    return f"Round {made.name}, until {made.until}\n\n{table(('person', 'judged'), rows)}"

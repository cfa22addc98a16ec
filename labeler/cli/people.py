"""labeler people show, add and role"""

from __future__ import annotations

from typing import Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, table
from labeler.domain.people import Role
from labeler.errors import LabelerError

app = typer.Typer(add_completion=False, help="Show who is in a project, and give roles.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="A person's name or id.")]


@app.command()
def show(project: ProjectFolder, json: AsJson = False) -> None:
    """Show everyone with their role, whose word it is, and how many verdicts they gave.

    A lead whose role is their own word joined on a machine of their own: look whether you know them.

    Example: labeler people show invoices
    """
    from labeler.steps.opening import open_project
    from labeler.steps.people import members

    with open_project(project, read_only=True) as opened:
        found = members(opened.store)
    if json:
        answer(
            [
                {
                    "id": one.person.id,
                    "name": one.person.name,
                    "role": str(one.person.role),
                    "role_by": one.role_by or None,
                    "since": one.since,
                    "simulated": one.person.simulated,
                    "verdicts": one.verdicts,
                    "devices": one.devices,
                }
                for one in found
            ]
        )
        return
    rows = [
        (
            one.person.name + (" (simulated)" if one.person.simulated else ""),
            str(one.person.role),
            one.role_by or "own word",
            one.since[:10],
            one.verdicts,
            one.devices,
        )
        for one in found
    ]
    typer.echo(table(("name", "role", "given by", "since", "verdicts", "devices"), rows, left=4))


@app.command()
def add(
    project: ProjectFolder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new person's name.")],
    role: Annotated[
        Role, typer.Option(help="What they may do; a lead gives other roles than annotator.")
    ] = Role.ANNOTATOR,
    as_: As = None,
) -> None:
    """Let a person in.

    Example: labeler people add invoices "Eve Auditor" --role auditor
    """
    from labeler.steps.opening import open_project
    from labeler.steps.people import let_in
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened:
        person = let_in(opened, person_called(opened, user_name(as_)), name, role)
    typer.echo(f"{person.name} is in, as {person.role}")


@app.command()
def role(
    project: ProjectFolder,
    name: Name,
    role: Annotated[Role, typer.Argument(help="The new role.")],
    as_: As = None,
) -> None:
    """Give a person another role. What they said before stays as it was.

    Example: labeler people role invoices Bob lead
    """
    from labeler.steps.opening import open_project
    from labeler.steps.people import give_role
    from labeler.steps.project import person_called, user_name

    with open_project(project) as opened:
        person = opened.store.person(name)
        if person is None:
            raise LabelerError(f"nobody here is called {name}", remedy="labeler people show lists everyone")
        changed = give_role(opened, person_called(opened, user_name(as_)), person, role)
    typer.echo(f"{changed.name} is {changed.role}")

"""labeler settle"""

from __future__ import annotations

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer
from labeler.errors import LabelerError

app = typer.Typer(add_completion=False)


@app.command()
def settle(project: ProjectFolder, as_: As = None, json: AsJson = False) -> None:
    """Settle what the verdicts are sure enough of, although somebody differs; open again what no longer is.

    For projects whose `project.toml` says so: [consensus] rule = "posterior". What is settled so is marked, and a lead
    can open it again.

    Example: labeler settle invoices
    """
    from labeler.domain.people import Role
    from labeler.steps.opening import open_project
    from labeler.steps.project import now_utc, person_called, user_name
    from labeler.steps.settle_posterior import propose, settle_proposed

    with open_project(project) as opened:
        release = opened.store.latest_release()
        if release is None:
            raise LabelerError(f"{project} has no release", remedy="import outputs of two models first")
        lead = person_called(opened, user_name(as_))
        if lead.role is not Role.LEAD:
            raise LabelerError(f"{lead.name} is no lead, and only a lead settles", remedy="labeler people show")
        done = settle_proposed(opened.store, lead, release.id, propose(opened, release.id), now_utc())
        words = opened.settings.consensus.words
    if json:
        answer({"settled": done.settled, "reopened": done.reopened, "policy": words})
    else:
        typer.echo(f"{done.settled:,} items settled by {words}, {done.reopened:,} opened again")

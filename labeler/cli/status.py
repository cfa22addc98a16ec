"""labeler status"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer, table

if TYPE_CHECKING:
    from labeler.steps.status import Status
    from labeler.store import Left

app = typer.Typer(add_completion=False)


@app.command()
def status(project: ProjectFolder, json: AsJson = False) -> None:
    """Show what is in a project and what is left, per modality, tier and slice.

    Example: labeler status invoices --json
    """
    from labeler.steps.opening import open_project
    from labeler.steps.status import project_status

    with open_project(project, read_only=True) as opened:
        found = project_status(opened)
    if json:
        answer(_as_json(found))
    else:
        typer.echo(_as_text(found))


def _as_json(found: Status) -> dict[str, object]:
    from labeler.domain.project import pairs_to_json

    release = found.release and {"id": found.release.id, "pairs": pairs_to_json(found.release.pairs)}
    people = [
        {"id": person.id, "name": person.name, "role": person.role, "simulated": person.simulated, "verdicts": verdicts}
        for person, verdicts in found.people
    ]
    return {**asdict(found), "release": release, "people": people}


def _as_text(found: Status) -> str:
    parts = [f"{found.name}: {found.items:,} items, {found.decisions:,} past decisions, {found.events:,} events"]
    if found.release is None:
        parts.append("No release yet: labeler import PROJECT --old F --new F")
        return "\n\n".join(parts)
    parts.append(
        table(
            ("modality", "old", "new", "items", "same", "cosmetic", "flips", "queued", "open", "resolved"),
            [
                (m.modality, m.old, m.new, m.items, m.same, m.cosmetic, m.flips, m.queued, m.open, m.resolved)
                for m in found.modalities
            ],
            left=3,
        )
    )
    if found.people:
        rows = [
            (person.name, person.role + (", simulated" if person.simulated else ""), verdicts)
            for person, verdicts in found.people
        ]
        parts.append(table(("person", "role", "verdicts"), rows, left=2))
    parts.append(_left("tier", found.tiers))
    if found.slices:
        parts.append(_left("slice", found.slices))
    return "\n\n".join(parts)


def _left(heading: str, parts: tuple[Left, ...]) -> str:
    named = heading == "slice"
    rows = [(f"{part.key}={part.value}" if named else part.value, part.queued, part.open) for part in parts]
    return table((heading, "queued", "open"), rows)

"""labeler report"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer, table, warn
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.domain.insights.cut import Cut
    from labeler.formats.insights.document import InsightsDocument
    from labeler.formats.insights.tables import Table
    from labeler.steps.insights import Material

app = typer.Typer(add_completion=False)
_SHOWN = 15
"""Rows of a table that are printed; files have them all."""


@app.command()
def report(
    project: ProjectFolder,
    files: Annotated[
        list[Path] | None,
        typer.Option("--report", metavar="F", help="Write the page: .html or .json. May be repeated."),
    ] = None,
    release: Annotated[
        str | None, typer.Option(metavar="N", help="Which release, counted from 1; by default the newest.")
    ] = None,
    modality: Annotated[str | None, typer.Option(metavar="NAME", help="Only image, audio or text.")] = None,
    tier: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this tier. May be repeated.")] = None,
    slices: Annotated[
        list[str] | None, typer.Option("--slice", metavar="KEY=VALUE", help="Only this slice. May be repeated.")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Only items that this person judged.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only decided on this day (UTC) or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only decided on this day (UTC) or before.")] = None,
    by: Annotated[str, typer.Option(metavar="KEY", help="Slice that failures are shown by.")] = "",
    json: AsJson = False,
) -> None:
    """Say what the verdicts mean: rates by modality and tier, what flipped, failures, slices to watch, the residual.

    The figures are those of the Insights screen. They name the models: not for an annotator who still judges blind.

    Example: labeler report invoices --report insights.html
    """
    from labeler.formats.insights.reports import check_ending, write_insights
    from labeler.steps.agreement import measure_questions
    from labeler.steps.insights import document, page, read_material
    from labeler.steps.opening import open_project

    for path in files or []:
        check_ending(path)
    with open_project(project, read_only=True) as opened:
        material = read_material(opened, release=release)
        agreed = measure_questions(opened) if release is None else {}
    if by and by not in material.slice_keys:
        known = ", ".join(material.slice_keys) or "none"
        raise LabelerError(f"no slice {by} with few values", remedy=f"known are: {known}")
    cut = _cut(material, modality, tier or [], slices or [], person, since, until)
    found = document(material, replace(page(material, cut, slice_key=by), agreement=agreed))
    for path in files or []:
        write_insights(path, found)
    if json:
        from labeler.formats.insights.json import insights_to_json

        answer(insights_to_json(found.page, found.provenance))
    else:
        _print(found)


def _cut(
    material: Material,
    modality: str | None,
    tiers: list[str],
    slices: list[str],
    person: str | None,
    since: str | None,
    until: str | None,
) -> Cut:
    from labeler.domain.insights.cut import Cut
    from labeler.domain.items import Modality
    from labeler.domain.rubric import Tier

    try:
        return Cut(
            modality=None if modality is None else Modality(modality),
            tiers=frozenset(map(Tier, tiers)),
            slices=tuple(sorted(map(_pair, slices))),
            person=None if person is None else _person(material, person),
            since=_day(since),
            until=_day(until),
        )
    except ValueError as problem:
        raise LabelerError(str(problem), remedy="labeler report --help shows what can be asked for") from None


def _pair(written: str) -> tuple[str, str]:
    key, equals, value = written.partition("=")
    if not key or not equals:
        raise ValueError(f"{written!r} is not KEY=VALUE")
    return key, value


def _person(material: Material, name: str) -> str:
    for known in material.people:
        if name in (known.id, known.name):
            return known.id
    raise ValueError(f"nobody here is called {name}")


def _day(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{written!r} is not a day such as 2026-09-01") from None
    return (day - date(1970, 1, 1)).days


def _print(found: InsightsDocument) -> None:
    for text in found.warnings:
        warn(text)
    parts = ["\n".join([found.title, *found.models])]
    for one in found.tables:
        if one.rows:
            parts.append(_as_text(one))
        if one.id == "tiers":
            parts += [*found.cliffs]
    typer.echo("\n\n".join([*parts, found.fine_print]))


def _as_text(one: Table) -> str:
    from labeler.formats.insights.tables import Kind, written

    kinds = [kind for _, kind in one.columns]
    left = next((at for at, kind in enumerate(kinds) if kind is not Kind.TEXT), len(kinds))
    rows = [tuple(written(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in one.rows]
    lines = [one.title, table([title for title, _ in one.columns], rows[:_SHOWN], left=max(1, left))]
    if len(rows) > _SHOWN:
        lines.append(f"… and {len(rows) - _SHOWN:,} more; a report file has them all")
    return "\n".join([*lines, *([one.note] if one.note else [])])

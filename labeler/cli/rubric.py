"""labeler rubric show, history, again, export and apply"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, ProjectFolder, answer, table
from labeler.domain.items import Modality
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.domain.rubric_draft import RubricDraft
    from labeler.domain.rubric_history import Doubt

app = typer.Typer(add_completion=False, help="Show and change the failure codes and tiers.", no_args_is_help=True)
In = Annotated[Modality, typer.Option("--modality", help="Which rubric.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="A failure code of that rubric.")]


@app.command()
def show(project: ProjectFolder, json: AsJson = False) -> None:
    """Show the rubric in force, and how often leads found a line of it to blame.

    Example: labeler rubric show invoices
    """
    from labeler.domain.rubric_changes import code_to_json
    from labeler.steps.opening import open_project
    from labeler.steps.rubric import gaps

    with open_project(project, read_only=True) as opened:
        release = opened.store.latest_release()
        blamed = gaps(opened.store, release.id) if release else {}
        rubrics = opened.rubrics
    if json:
        answer(
            {
                str(modality): {
                    "version": rubric.version,
                    "failures": [
                        {**code_to_json(code), "gaps": blamed.get((modality, code.code), 0)} for code in rubric.failures
                    ],
                    "retired": [code_to_json(code) for code in rubric.retired],
                }
                for modality, rubric in rubrics.items()
            }
        )
        return
    for modality, rubric in rubrics.items():
        rows = [
            (code.key, code.code, code.label, str(code.severity), blamed.get((modality, code.code), 0))
            for code in rubric.failures
        ]
        typer.echo(f"{modality}, version {rubric.version}")
        typer.echo(table(("key", "code", "label", "severity", "named as gap"), rows, left=4) + "\n")


@app.command()
def history(project: ProjectFolder, json: AsJson = False) -> None:
    """Show every version of the rubric, and what it did to the codes of the one before.

    Example: labeler rubric history invoices
    """
    from labeler.domain.rubric_changes import change_to_json
    from labeler.steps.opening import open_project

    with open_project(project, read_only=True) as opened:
        versions = opened.store.rubric_history.versions
    if json:
        answer([{"version": v.version, "changes": [change_to_json(c) for c in v.changes]} for v in versions])
        return
    for version in versions:
        typer.echo(f"version {version.version}")
        for change in version.changes:
            typer.echo(f"  {change.modality}: {change.in_words()}")


@app.command()
def again(project: ProjectFolder, json: AsJson = False) -> None:
    """List the items of the newest release to look at again, since the rubric changed under their verdicts.

    Example: labeler rubric again invoices
    """
    from labeler.steps.opening import open_project
    from labeler.steps.rubric import look_again

    with open_project(project, read_only=True) as opened:
        release = opened.store.latest_release()
        found = look_again(opened.store, release.id) if release else []
    if json:
        answer(
            [
                {"item_id": one.item_id, "resolved": one.resolved, "why": list(map(_in_words, one.doubts))}
                for one in found
            ]
        )
        return
    typer.echo(f"{len(found):,} items to look at again")
    for one in found:
        typer.echo(f"  {one.item_id}: {'; '.join(map(_in_words, one.doubts))}")


def _in_words(doubt: Doubt) -> str:
    return f"{doubt.change.in_words()} in version {doubt.version}"


@app.command()
def rename(
    project: ProjectFolder,
    code: Code,
    to: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    modality: In,
    as_: As = None,
) -> None:
    """Call a code otherwise. Old verdicts are read with the new name.

    Example: labeler rubric rename invoices text_misread misread --modality image
    """
    _put_in_force(project, as_, lambda draft: draft.renamed(modality, code, to))


@app.command()
def merge(
    project: ProjectFolder,
    codes: Annotated[list[str], typer.Argument(metavar="CODE…", help="The codes that are one from now on.")],
    into: Annotated[str, typer.Option(help="The one of them that stays.")],
    modality: In,
    as_: As = None,
) -> None:
    """Make several codes one. Old verdicts that name any of them are read with the one that stays.

    Example: labeler rubric merge invoices row_missing column_missing --into row_missing --modality image
    """
    _put_in_force(project, as_, lambda draft: draft.merged(modality, codes, into))


@app.command()
def split(
    project: ProjectFolder,
    code: Code,
    into: Annotated[list[str], typer.Option(help="A code it becomes; give two or more.")],
    modality: In,
    as_: As = None,
) -> None:
    """Make one code several. Items whose verdicts name it are listed as to be looked at again.

    Example: labeler rubric split invoices value_misread --into digit_misread --into unit_misread --modality image
    """
    _put_in_force(project, as_, lambda draft: draft.split(modality, code, into))


@app.command()
def remove(project: ProjectFolder, code: Code, modality: In, as_: As = None) -> None:
    """Take a code out. Old verdicts that name it stay readable and are listed as to be looked at again.

    Example: labeler rubric remove invoices legend_or_colour --modality image
    """
    _put_in_force(project, as_, lambda draft: draft.removed(modality, code))


@app.command()
def apply(
    project: ProjectFolder,
    file: Annotated[Path, typer.Argument(metavar="F.toml", help="A rubric file, edited from `rubric.toml`.")],
    as_: As = None,
) -> None:
    """Put an edited rubric file in force as a new version. Codes that are gone count as taken out.

    Example: labeler rubric apply invoices rubric-new.toml
    """
    from labeler.domain.rubric_changes import implied
    from labeler.domain.rubric_draft import RubricDraft
    from labeler.formats.rubric import read_rubrics

    read = read_rubrics(file)
    _put_in_force(project, as_, lambda draft: RubricDraft(draft.base, read, implied(draft.base, read)))


def _put_in_force(project: Path, as_: str | None, change: Callable[[RubricDraft], RubricDraft]) -> None:
    from labeler.domain.rubric_draft import RubricDraft
    from labeler.steps.opening import open_project
    from labeler.steps.project import person_called, user_name
    from labeler.steps.rubric import look_again, publish_rubric

    with open_project(project) as opened:
        try:
            draft = change(RubricDraft.of(opened.rubrics))
        except ValueError as problem:
            raise LabelerError(str(problem), kept="the rubric as it was", remedy="labeler rubric show") from None
        lead = person_called(opened, user_name(as_))
        version = publish_rubric(opened, lead, draft.rubrics, draft.changes)
        release = opened.store.latest_release()
        left = len(look_again(opened.store, release.id)) if release else 0
    typer.echo(f"version {version} is in force; {left:,} items to look at again (labeler rubric again)")

"""labeler convert"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import AsJson, Problems, Reports, answer, progress
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.domain.items import ModelVersion
    from labeler.steps.convert import Converted

app = typer.Typer(add_completion=False)


@app.command()
def convert(
    files: Annotated[list[Path], typer.Argument(metavar="F…", help="hOCR, Whisper JSON, CTM, TextGrid, or CSV pairs.")],
    to: Annotated[Path, typer.Option(metavar="F.jsonl", help="The outputs file; for CSV pairs a folder.")],
    model: Annotated[
        str | None, typer.Option(metavar="NAME@VERSION", help="Who made the outputs; hOCR may say it itself.")
    ] = None,
    old: Annotated[str | None, typer.Option(metavar="NAME@VERSION", help="Of CSV pairs: the old model.")] = None,
    new: Annotated[str | None, typer.Option(metavar="NAME@VERSION", help="Of CSV pairs: the new model.")] = None,
    report: Reports = None,
    json: AsJson = False,
) -> None:
    """Turn what other programs write into items and outputs files.

    A file that holds one item names it: scan-12.hocr is the output for item scan-12. A folder stands for the files in
    it. CSV pairs have the columns id, media or content, old, new; every further column becomes a slice.

    Example: labeler convert whisper/*.json --model whisper@large-v3 --to outputs-new.jsonl
    """
    from labeler.formats.pairs import is_pairs
    from labeler.steps.convert import convert_outputs, convert_pairs

    with Problems(report) as problems, progress() as tell:
        if len(files) == 1 and files[0].suffix.lower() == ".csv" and is_pairs(files[0]):
            models = (_model(old or "pairs@old"), _model(new or "pairs@new"))
            found = convert_pairs(files[0], to, models, on_problem=problems)
        else:
            named = _model(model) if model else None
            found = convert_outputs(files, to, named, tell=tell, on_problem=problems)
    if json:
        answer({"written": {str(path): n for path, n in found.written.items()}, "refused": found.refused})
    else:
        typer.echo(_as_text(found))
    if not any(found.written.values()):
        raise typer.Exit(Exit.INVALID)


def _model(given: str) -> ModelVersion:
    from labeler.domain.items import ModelVersion

    name, at, version = given.rpartition("@")
    if not at or not name or not version:
        raise LabelerError(f"{given!r} is no model version", remedy="write NAME@VERSION, as in whisper@large-v3")
    return ModelVersion(name, version)


def _as_text(found: Converted) -> str:
    lines = [f"{path}: {count:,} records" for path, count in found.written.items()]
    lines += [f"of {', '.join(map(str, sorted(found.models)))}"] if found.models else []
    lines += [f"{found.refused:,} left out"] if found.refused else []
    return "\n".join(lines)

"""labeler replay"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from labeler.cli.say import AsJson, ProjectFolder, answer, progress, warn
from labeler.errors import Exit, LabelerError

if TYPE_CHECKING:
    from labeler.domain.items import Modality, ModelVersion
    from labeler.steps.replay.run import Replayed

app = typer.Typer(add_completion=False)
_SHOWN = 10


@app.command()
def replay(
    project: ProjectFolder,
    model: Annotated[str, typer.Option(metavar="NAME@VERSION", help="What the outputs are of.")],
    with_: Annotated[
        str,
        typer.Option(
            "--with", metavar="ADAPTER", help="command:PROGRAM …, python:module:function, or https://host/v1."
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="F.jsonl", help="The outputs file.")],
    *,
    modality: Annotated[str | None, typer.Option(help="image, audio or text alone.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="Only items on which past decisions rest.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first N items, to try it.")] = None,
    prompt: Annotated[str | None, typer.Option(help="In place of each item's own prompt.")] = None,
    seed: Annotated[int | None, typer.Option(help="Given to the model.")] = None,
    param: Annotated[
        list[str] | None, typer.Option(metavar="KEY=JSON", help="Given to the model, such as temperature=0.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many are asked at a time.")] = 2,
    rate: Annotated[float, typer.Option(min=0, help="Questions a second at most; 0 is without a limit.")] = 0.0,
    retries: Annotated[int, typer.Option(min=0, help="How often a failed item is asked again.")] = 2,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 120.0,
    json: AsJson = False,
) -> None:
    """Ask a model about items of the past and write its outputs file; the same call goes on after a kill, and
    asks again what failed.

    A command gets one item as JSON on standard input (id, modality, prompt, media, content, seed, params) and answers
    on standard output with JSON as in an outputs file, or with plain text. An endpoint's key is read from
    LABELER_API_KEY. Exit status 1 when items failed: the file has an `error` for each.

    Example: labeler replay invoices --model reader@3.2 --with "command:./read --json" --to reader-3.2.jsonl
    """
    from labeler.steps.opening import open_project
    from labeler.steps.replay.adapters import adapter_from
    from labeler.steps.replay.run import ReplaySettings, items_to_replay
    from labeler.steps.replay.run import replay as run_replay

    version, only = _model(model), _modality(modality)
    settings = ReplaySettings(version, seed, _params(param or []), prompt, workers, rate, retries, timeout)
    adapter = adapter_from(with_, version.name)
    with open_project(project, read_only=True) as opened, progress() as tell:
        items = items_to_replay(opened, only, decided=decided)[:limit]
        done = run_replay(opened, items, adapter, settings, to, tell=tell)
    _tell(done, json=json)
    raise typer.Exit(Exit.NO if done.failed else Exit.DONE)


def _model(written: str) -> ModelVersion:
    from labeler.domain.items import ModelVersion

    name, _, version = written.partition("@")
    if not name or not version:
        raise LabelerError(f"--model {written!r} is not NAME@VERSION")
    return ModelVersion(name, version)


def _modality(written: str | None) -> Modality | None:
    from labeler.domain.items import Modality

    if written is not None and written not in list(Modality):
        raise LabelerError(f"{written!r} is no modality (known: {', '.join(Modality)})")
    return None if written is None else Modality(written)


def _tell(done: Replayed, *, json: bool) -> None:
    if json:
        failed = [{"item_id": item, "said": said} for item, said in done.failed]
        answer({"file": str(done.path), "answered": done.answered, "resumed": done.resumed, "failed": failed})
        return
    for item, said in done.failed[:_SHOWN]:
        warn(f"{item}: {said}")
    went_on = f", {done.resumed:,} of them from before" if done.resumed else ""
    typer.echo(f"Wrote {done.path}: {done.answered:,} answers{went_on}, {len(done.failed):,} failed")
    if done.failed:
        typer.echo("The same call asks those that failed again.")


def _params(written: list[str]) -> dict[str, Any]:
    """Values are JSON; what is not is text."""
    params: dict[str, Any] = {}
    for one in written:
        key, sign, value = one.partition("=")
        if not key or not sign:
            raise LabelerError(f"--param {one!r} is not KEY=VALUE")
        try:
            params[key] = orjson.loads(value)
        except orjson.JSONDecodeError:
            params[key] = value
    return params

"""Converting what other programs write into items and outputs files, for people to look at before they import them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from labeler.domain.items import ModelVersion
from labeler.errors import LabelerError, unwritable
from labeler.formats.foreign import FOREIGN, open_foreign
from labeler.formats.items import check_item
from labeler.formats.outputs import check_output
from labeler.formats.pairs import read_pairs
from labeler.formats.row import Refusal, RefusedError
from labeler.steps.progress import OnProblem, Problem, Tell, ignore, silent
from labeler.whole_file import whole_file


@dataclass(slots=True)
class Converted:
    """What was written: records a file, and how many were refused."""

    written: dict[Path, int] = field(default_factory=dict)
    refused: int = 0
    models: set[ModelVersion] = field(default_factory=set)


def convert_outputs(
    paths: Sequence[Path],
    to: Path,
    model: ModelVersion | None,
    *,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
) -> Converted:
    """Write one outputs file from files, and those in folders, of any format of FOREIGN.

    `model` is who made them; where it is None a file has to say so itself, as hOCR does. An item comes once: a second
    file for it is refused. Raises LabelerError when there is nothing to read or `to` cannot be written.
    """
    found, seen = Converted({to: 0}), set[str]()
    files = list(_files(paths))
    if not files:
        raise LabelerError("there is no file to convert", remedy=f"endings that are read: {', '.join(FOREIGN)}")
    with _written(to) as out:
        for n, path in enumerate(files):
            for row in open_foreign(path):
                try:
                    if isinstance(row, Refusal):
                        raise RefusedError(row.reason)
                    raw = _with_model(row.raw, model)
                    found.models.add(check_output(raw))
                    if raw["item_id"] in seen:
                        raise RefusedError(f"item {raw['item_id']} came before")
                except RefusedError as refused:
                    found.refused += 1
                    on_problem(Problem(path, row.line, "refused", str(refused)))
                    continue
                seen.add(raw["item_id"])
                out.write(orjson.dumps(raw, option=orjson.OPT_APPEND_NEWLINE))
                found.written[to] += 1
            tell("Converting", n + 1, len(files))
    return found


def convert_pairs(
    path: Path, to: Path, models: tuple[ModelVersion, ModelVersion], *, on_problem: OnProblem = ignore
) -> Converted:
    """Write `items.jsonl`, `outputs-old.jsonl` and `outputs-new.jsonl` into the folder `to` from a CSV file of pairs.

    Media stay where they are: paths are relative to the CSV file, so `to` is its folder or the paths are absolute URIs.
    An empty cell is an output that never came.
    """
    items, *outputs = (to / name for name in ("items.jsonl", "outputs-old.jsonl", "outputs-new.jsonl"))
    found = Converted({items: 0, outputs[0]: 0, outputs[1]: 0}, models=set(models))
    seen: set[str] = set()
    with ExitStack() as stack:
        streams = {file: stack.enter_context(_written(file)) for file in found.written}

        def write(file: Path, raw: dict[str, Any]) -> None:
            streams[file].write(orjson.dumps(raw, option=orjson.OPT_APPEND_NEWLINE))
            found.written[file] += 1

        for row in read_pairs(path):
            try:
                if isinstance(row, Refusal):
                    raise RefusedError(row.reason)
                check_item(row.item)
                if row.item["id"] in seen:
                    raise RefusedError(f"item {row.item['id']} came before")
            except RefusedError as refused:
                found.refused += 1
                on_problem(Problem(path, row.line, "refused", str(refused)))
                continue
            seen.add(row.item["id"])
            write(items, row.item)
            for file, model, text in zip(outputs, models, (row.old, row.new), strict=True):
                said = {"text": text} if text is not None else {"error": "other"}
                write(file, {"item_id": row.item["id"], "model": _model_json(model), **said})
    return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix.lower() in FOREIGN)
        else:
            yield path


def _with_model(raw: dict[str, Any], model: ModelVersion | None) -> dict[str, Any]:
    system = raw.pop("system", "")
    if model is None:
        name, _, version = system.partition(" ")
        if not name or not version:
            raise RefusedError("the file does not say which model made it: give --model NAME@VERSION")
        model = ModelVersion(name, version)
    return {"item_id": raw["item_id"], "model": _model_json(model), **raw}


def _model_json(model: ModelVersion) -> dict[str, str]:
    return {"name": model.name, "version": model.version}


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            yield file
    except OSError as problem:
        raise unwritable(path, problem) from None

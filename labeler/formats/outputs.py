"""Outputs files: what models produced. Checked here; `domain.item_json` says what the keys mean."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from labeler.domain.items import ModelVersion
from labeler.formats import checks
from labeler.formats.row import RefusedError

_ONE_OF = ("text", "table", "values", "regions", "segments", "label", "media", "error")
_SIMPLE = frozenset({"item_id", "model", "text", "segments", "regions", "latency_ms"})
"""Keys of most outputs: with these alone, nothing else has to be looked at."""


def check_output(raw: Mapping[str, Any]) -> ModelVersion:
    """The model of an output that is as DATA has it. Raises RefusedError for anything else."""
    checks.identifier(raw, "item_id")
    model = _model(raw.get("model"))
    if all(raw.get(key) is None for key in _ONE_OF):
        raise RefusedError(f"has none of {', '.join(_ONE_OF)}")
    checks.answer(raw)
    checks.number(raw, "latency_ms")
    if not raw.keys() <= _SIMPLE:
        for key in ("media", "sha256", "error"):
            checks.text(raw, key)
        checks.whole_number(raw, "sample")
        checks.number(raw, "seed")
        checks.number(raw, "cost")
    return model


def _model(raw: Any) -> ModelVersion:
    if type(raw) is not dict:
        give = "give an object with name and version (in CSV the columns model.name and model.version)"
        raise RefusedError("model is missing" if raw is None else f"model: {give}")
    for key in ("name", "version"):
        value = raw.get(key)
        if type(value) is not str or not value:
            raise RefusedError(f"model.{key} is missing" if value is None else f"model.{key}: {value!r} is not text")
    checks.mapping(raw, "config")
    return ModelVersion(raw["name"], raw["version"])


def judged_sha256(raw: Mapping[str, Any]) -> str:
    """`domain.items.output_sha256` of a checked output, without building it: imports hash millions."""
    judged = {
        "text": raw.get("text"),
        "table": raw.get("table"),
        "values": raw.get("values"),
        "regions": [_judged_region(region) for region in raw.get("regions") or ()],
        "segments": [
            [s["start_s"] * 1.0, s["end_s"] * 1.0, s.get("text") or "", s.get("span"), s.get("speaker")]
            for s in raw.get("segments") or ()
        ],
        "label": raw.get("label"),
        "media": raw.get("sha256") or raw.get("media"),
        "error": raw.get("error"),
    }
    return "sha256:" + sha256(orjson.dumps(judged, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _judged_region(region: Mapping[str, Any]) -> list[object]:
    get = region.get
    box, polygon = get("box"), get("polygon")
    if box is not None:
        x0, y0, x1, y1 = box
        box = [x0 * 1.0, y0 * 1.0, x1 * 1.0, y1 * 1.0]  # as `float` makes them, in half the time
    if polygon is not None:
        polygon = [[float(x), float(y)] for x, y in polygon]
    return [box, polygon, get("text") or "", get("span"), get("label"), get("page") or 0]

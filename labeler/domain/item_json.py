"""Items, outputs and answers as JSON objects, as the files have them, and back.

`*_from_json` trust their input: what comes from outside is checked by `formats` first. Keys without a value are left
out, so that the same content always gives the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.items import Answer, Item, Modality, ModelVersion, Output, Region, Segment

ANSWER_KEYS = frozenset({"text", "table", "values", "regions", "segments", "label"})
OUTPUT_KEYS = ANSWER_KEYS | {
    "item_id",
    "model",
    "media",
    "sha256",
    "error",
    "sample",
    "seed",
    "latency_ms",
    "cost",
}
ITEM_KEYS = frozenset(
    {
        "id",
        "modality",
        "media",
        "sha256",
        "content",
        "prompt",
        "reference",
        "slices",
        "critical",
        "residency",
        "pii",
    }
)

Raw = Mapping[str, Any]


def item_to_json(item: Item) -> dict[str, Any]:
    written = {
        "id": item.id,
        "modality": str(item.modality),
        "media": item.media,
        "sha256": item.sha256,
        "content": item.content,
        "prompt": item.prompt or None,
        "reference": None if item.reference is None else answer_to_json(item.reference),
        "slices": dict(item.slices) or None,
        "critical": item.critical or None,
        "residency": item.residency,
        "pii": item.pii or None,
    }
    return {**item.extra, **_present(written)}


def item_from_json(raw: Raw) -> Item:
    reference = raw.get("reference")
    return Item(
        id=raw["id"],
        modality=Modality(raw["modality"]),
        media=raw.get("media"),
        sha256=raw.get("sha256"),
        content=raw.get("content"),
        prompt=raw.get("prompt") or "",
        reference=None if reference is None else answer_from_json(reference),
        slices=raw.get("slices") or {},
        critical=bool(raw.get("critical")),
        residency=raw.get("residency"),
        pii=bool(raw.get("pii")),
        extra=_others(raw, ITEM_KEYS),
    )


def output_to_json(output: Output) -> dict[str, Any]:
    model: dict[str, Any] = {"name": output.model.name, "version": output.model.version}
    if output.config:
        model["config"] = dict(output.config)
    written = {
        "item_id": output.item_id,
        "model": model,
        **_answered(output),
        "media": output.media,
        "sha256": output.media_sha256,
        "error": output.error,
        "sample": output.sample or None,
        "seed": output.seed,
        "latency_ms": output.latency_ms,
        "cost": output.cost,
    }
    return {**output.extra, **_present(written)}


def output_from_json(raw: Raw) -> Output:
    answer, model = answer_from_json(raw), raw["model"]
    return Output(
        item_id=raw["item_id"],
        model=ModelVersion(model["name"], model["version"]),
        text=answer.text,
        table=answer.table,
        values=answer.values,
        regions=answer.regions,
        segments=answer.segments,
        label=answer.label,
        media=raw.get("media"),
        media_sha256=raw.get("sha256"),
        error=raw.get("error"),
        sample=raw.get("sample") or 0,
        seed=raw.get("seed"),
        latency_ms=raw.get("latency_ms"),
        cost=raw.get("cost"),
        config=model.get("config") or {},
        extra=_others(raw, OUTPUT_KEYS),
    )


def answer_to_json(answer: Answer) -> dict[str, Any]:
    return _present({**_answered(answer), "media_sha256": answer.media_sha256})


def answer_from_json(raw: Raw) -> Answer:
    """Keys that an answer does not have are passed over."""
    table = raw.get("table")
    return Answer(
        text=raw.get("text"),
        table=None if table is None else tuple(tuple(row) for row in table),
        values=raw.get("values"),
        regions=tuple(_region(region, n) for n, region in enumerate(raw.get("regions") or (), 1)),
        segments=tuple(_segment(segment) for segment in raw.get("segments") or ()),
        label=raw.get("label"),
        media_sha256=raw.get("media_sha256"),
    )


def _answered(answer: Answer | Output) -> dict[str, Any]:
    return {
        "text": answer.text,
        "table": None if answer.table is None else [list(row) for row in answer.table],
        "values": None if answer.values is None else dict(answer.values),
        "regions": [region_to_json(region) for region in answer.regions] or None,
        "segments": [segment_to_json(segment) for segment in answer.segments] or None,
        "label": answer.label,
    }


def region_to_json(region: Region) -> dict[str, Any]:
    return _present(
        {
            "id": region.id,
            "box": region.box and list(region.box),
            "polygon": region.polygon and [list(point) for point in region.polygon],
            "text": region.text or None,
            "confidence": region.confidence,
            "span": region.span and list(region.span),
            "label": region.label,
            "page": region.page or None,
        }
    )


def segment_to_json(segment: Segment) -> dict[str, Any]:
    return _present(
        {
            "start_s": segment.start_s,
            "end_s": segment.end_s,
            "text": segment.text or None,
            "confidence": segment.confidence,
            "span": segment.span and list(segment.span),
            "speaker": segment.speaker,
        }
    )


def _region(raw: Raw, number: int) -> Region:
    box, polygon, span = raw.get("box"), raw.get("polygon"), raw.get("span")
    return Region(
        id=raw.get("id") or f"r{number}",
        box=None if box is None else (box[0], box[1], box[2], box[3]),
        polygon=None if polygon is None else tuple((x, y) for x, y in polygon),
        text=raw.get("text") or "",
        confidence=raw.get("confidence"),
        span=None if span is None else (span[0], span[1]),
        label=raw.get("label"),
        page=raw.get("page") or 0,
    )


def _segment(raw: Raw) -> Segment:
    span = raw.get("span")
    return Segment(
        raw["start_s"],
        raw["end_s"],
        raw.get("text") or "",
        raw.get("confidence"),
        None if span is None else (span[0], span[1]),
        raw.get("speaker"),
    )


def _present(written: Raw) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value is not None}


def _others(raw: Raw, known: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in known}

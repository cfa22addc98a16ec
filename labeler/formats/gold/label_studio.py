"""Gold records as Label Studio tasks with ground truth annotations, and back.

Label Studio gives places in percent of the picture; they are written where the size is known (slices `width_px` and
`height_px`). `meta.labeler` holds the whole record, so that nothing is lost on the way there and back; a task without
it, from elsewhere, is read by its first ground truth annotation, or its first one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from labeler.domain.gold.records import GoldRecord
from labeler.domain.items import Region, Segment
from labeler.formats.gold.records import record_to_json
from labeler.formats.json_array import read_array, write_array

_KINDS = {"image": "image", "audio": "audio", "text": "text"}
_MEDIA = {"image": "Image", "audio": "Audio", "text": "Text"}


def write_label_studio(records: Iterable[GoldRecord], path: Path) -> None:
    """Raises OSError where it cannot be written."""
    write_array(path, (_task(number, record) for number, record in enumerate(records, 1)))


def _task(number: int, record: GoldRecord) -> dict[str, Any]:
    kind = str(record.modality)
    shown = record.content if kind == "text" else record.media
    return {
        "id": number,
        "data": {kind: shown, "prompt": record.prompt, "item_id": record.id},
        "annotations": [{"id": number, "ground_truth": True, "result": list(_results(record))}],
        "meta": {"labeler": record_to_json(record)},
    }


def _results(record: GoldRecord) -> Iterator[dict[str, Any]]:
    to = str(record.modality)
    if record.answer.text is not None:
        yield _result("answer", to, "textarea", {"text": [record.answer.text]})
    if record.answer.label is not None:
        yield _result("label", to, "choices", {"choices": [record.answer.label]})
    yield from (_heard(segment) for segment in record.answer.segments)
    size = [record.slices.get(key) for key in ("width_px", "height_px")]
    if all(isinstance(one, int | float) and one > 0 for one in size):
        width, height = (float(one or 0) for one in size)
        yield from (_seen(region, width, height) for region in record.answer.regions if region.box)


def _result(name: str, to: str, kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": to, "type": kind, "value": dict(value)}


def _seen(region: Region, width: float, height: float) -> dict[str, Any]:
    x0, y0, x1, y1 = region.box or (0, 0, 0, 0)
    value = {
        "x": 100 * x0 / width,
        "y": 100 * y0 / height,
        "width": 100 * (x1 - x0) / width,
        "height": 100 * (y1 - y0) / height,
        "rotation": 0,
        "text": [region.text],
        "rectanglelabels": [region.label or "region"],
    }
    size = {"original_width": round(width), "original_height": round(height)}
    return {**_result("regions", "image", "rectanglelabels", value), "id": region.id, **size}


def _heard(segment: Segment) -> dict[str, Any]:
    value = {"start": segment.start_s, "end": segment.end_s, "text": [segment.text], "labels": ["segment"]}
    return _result("segments", "audio", "labels", value)


def read_label_studio(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The number of each task and its record; a reason in place of one that cannot be read."""
    for number, task in enumerate(read_array(path), 1):
        held = (task.get("meta") or {}).get("labeler") if isinstance(task, dict) else None
        try:
            yield number, held if isinstance(held, dict) else _foreign(task)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            yield number, f"not a task with a ground truth: {problem}"


def _foreign(task: Mapping[str, Any]) -> dict[str, Any]:
    data = task["data"]
    modality = next((kind for kind in _KINDS if data.get(kind)), None)
    if modality is None:
        raise ValueError(f"data has none of {', '.join(_KINDS)}")
    given = task.get("annotations") or []
    chosen = next((one for one in given if one.get("ground_truth")), given[0] if given else None)
    if chosen is None:
        raise ValueError("there is no annotation")
    shown = {"content" if modality == "text" else "media": data[modality]}
    answer = _answer(chosen["result"])
    if not answer:
        raise ValueError("its annotation says nothing that an answer can hold")
    return {"id": str(data.get("item_id") or task["id"]), "modality": modality, **shown, "answer": answer}


def _answer(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for result in results:
        value = result["value"]
        match result["type"]:
            case "textarea":
                answer.setdefault("text", "\n".join(value["text"]))
            case "choices":
                answer.setdefault("label", value["choices"][0])
            case "rectanglelabels" | "rectangle":
                regions = answer.setdefault("regions", [])
                regions.append({"id": str(result.get("id") or f"r{len(regions) + 1}"), **_region(result, value)})
            case "labels" if "start" in value and not isinstance(value["start"], str):
                text = " ".join(value.get("text") or ())
                answer.setdefault("segments", []).append(
                    {"start_s": float(value["start"]), "end_s": float(value["end"]), "text": text}
                )
    return answer


def _region(result: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    width, height = result["original_width"], result["original_height"]
    left, top = value["x"] * width / 100, value["y"] * height / 100
    box = [left, top, left + value["width"] * width / 100, top + value["height"] * height / 100]
    labels = value.get("rectanglelabels") or []
    return {
        "box": [round(edge, 3) for edge in box],
        "text": " ".join(value.get("text") or ()),
        **({"label": labels[0]} if labels and labels[0] != "region" else {}),
    }

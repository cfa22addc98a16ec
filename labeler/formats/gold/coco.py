"""Gold records of pictures as COCO: regions as annotations with boxes in pixels, the text as a caption; and back.

`images[].labeler` holds the whole record, so that nothing is lost on the way there and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold.records import GoldRecord
from labeler.domain.items import Modality, Region
from labeler.formats.gold.records import record_to_json
from labeler.formats.json_array import read_json
from labeler.whole_file import write_whole

_UNNAMED = "region"


def write_coco(records: Iterable[GoldRecord], path: Path) -> None:
    """Pictures alone: COCO knows nothing else. Raises OSError where it cannot be written."""
    pictures = [record for record in records if record.modality is Modality.IMAGE]
    names = sorted({region.label or _UNNAMED for record in pictures for region in record.answer.regions})
    categories = {name: number for number, name in enumerate(names, 1)}
    annotations: list[dict[str, Any]] = []
    for number, record in enumerate(pictures, 1):
        found = [*_captions(record), *(_place(region, categories) for region in record.answer.regions)]
        annotations += [{"id": len(annotations) + n, "image_id": number, **one} for n, one in enumerate(found, 1)]
    content = {
        "info": {"description": "Gold set written by Labeler"},
        "images": [_picture(number, record) for number, record in enumerate(pictures, 1)],
        "annotations": annotations,
        "categories": [{"id": number, "name": name} for name, number in categories.items()],
    }
    write_whole(path, orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def _picture(number: int, record: GoldRecord) -> dict[str, Any]:
    size = {name: record.slices.get(f"{name}_px") for name in ("width", "height")}
    known = {name: value for name, value in size.items() if isinstance(value, int | float)}
    return {"id": number, "file_name": record.media, **known, "labeler": record_to_json(record)}


def _captions(record: GoldRecord) -> list[dict[str, Any]]:
    return [] if record.answer.text is None else [{"caption": record.answer.text}]


def _place(region: Region, categories: Mapping[str, int]) -> dict[str, Any]:
    points = region.polygon or ()
    x0, y0, x1, y1 = region.box or (
        min((x for x, _ in points), default=0),
        min((y for _, y in points), default=0),
        max((x for x, _ in points), default=0),
        max((y for _, y in points), default=0),
    )
    outline = {"segmentation": [[edge for point in points for edge in point]]} if points else {}
    return {
        "category_id": categories[region.label or _UNNAMED],
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": (x1 - x0) * (y1 - y0),
        "iscrowd": 0,
        "text": region.text,
        **outline,
    }


def read_coco(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The number of each picture and its record; a reason in place of one that cannot be read."""
    content = read_json(path)
    pictures = content.get("images") if isinstance(content, dict) else None
    if not isinstance(pictures, list):
        yield 0, "not a COCO file: it has no images"
        return
    names = {one.get("id"): one.get("name") for one in content.get("categories") or ()}
    places: dict[Any, list[Mapping[str, Any]]] = {}
    for one in content.get("annotations") or ():
        places.setdefault(one.get("image_id"), []).append(one)
    for number, picture in enumerate(pictures, 1):
        held = picture.get("labeler")
        try:
            yield number, held if isinstance(held, dict) else _foreign(picture, places.get(picture["id"], []), names)
        except (KeyError, TypeError, ValueError) as problem:
            yield number, f"not a picture with annotations: {problem}"


def _foreign(
    picture: Mapping[str, Any], annotations: list[Mapping[str, Any]], names: Mapping[Any, Any]
) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for one in annotations:
        if "caption" in one:
            answer.setdefault("text", str(one["caption"]))
        else:
            regions = answer.setdefault("regions", [])
            regions.append(_region(one, names, len(regions) + 1))
    if not answer:
        raise ValueError("nothing is annotated on it")
    return {"id": str(picture["id"]), "modality": "image", "media": picture["file_name"], "answer": answer}


def _region(one: Mapping[str, Any], names: Mapping[Any, Any], number: int) -> dict[str, Any]:
    left, top, width, height = (float(edge) for edge in one["bbox"])
    name = names.get(one.get("category_id"))
    return {
        "id": f"r{number}",
        "box": [left, top, left + width, top + height],
        "text": str(one.get("text") or ""),
        **({"label": str(name)} if name and name != _UNNAMED else {}),
    }

"""croissant.json: a gold set described for data catalogues, as MLCommons Croissant 1.0 has it."""

from __future__ import annotations

from typing import Any

import orjson

from labeler.formats.gold_manifest import RECORDS

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes"),
            *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
            *("repeated", "replace", "separator", "source", "subField", "transform"),
        )
    },
}
_FIELDS = {
    "id": "The item's id.",
    "modality": "image, audio or text.",
    "prompt": "What the model was asked.",
    "media": "The picture or recording: a path beside the records, or where it came from.",
    "answer": "The right answer: text, table, values, regions, segments or label.",
    "tier": "How difficult the item is: easy, medium, hard or frontier.",
    "slices": "Properties of the item.",
    "match": "How an output is compared with the answer.",
}


def croissant(name: str, version: str, records_sha256: str) -> bytes:
    """The description of one version. `records_sha256` is the hash of records.jsonl, with or without `sha256:`."""
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"records/{key}",
            "name": key,
            "description": meaning,
            "dataType": "sc:Text",
            "source": {"fileObject": {"@id": RECORDS}, "extract": {"jsonPath": f"$.{key}"}},
        }
        for key, meaning in _FIELDS.items()
    ]
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "version": f"{int(version.removeprefix('v'))}.0.0",
        "description": f"Gold set {name}, {version}: items with their right answers, and the outputs people judged.",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": RECORDS,
                "name": RECORDS,
                "contentUrl": RECORDS,
                "encodingFormat": "application/jsonlines",
                "sha256": records_sha256.removeprefix("sha256:"),
            }
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "records", "name": "records", "field": fields}],
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

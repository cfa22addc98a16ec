"""croissant.json: a gold set described for data catalogues, as MLCommons Croissant 1.0 has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from labeler.formats.gold.manifest import RECORDS, Counts

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            *(
                "citeAs",
                "column",
                "equivalentProperty",
                "extract",
                "field",
                "fileObject",
                "fileProperty",
                "fileSet",
                "format",
                "includes",
            ),
            *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
            *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
        )
    },
}
_FIELDS = {
    "id": ("id", "", "The item's id."),
    "modality": ("modality", "", "image, audio or text."),
    "prompt": ("prompt", "", "What the model was asked."),
    "media": ("media", "", "The picture or recording: a path beside the records, or where it came from."),
    "answer_text": (
        "answer",
        "$.text",
        "The right answer's text; tables, regions and segments stand beside it.",
    ),
    "answer_label": ("answer", "$.label", "The right answer of a classification."),
    "tier": ("tier", "", "How difficult the item is: easy, medium, hard or frontier."),
    "match": ("match", "$.kind", "How an output is compared with the answer."),
}
"""Name: key of the record, path in it, meaning. Croissant's readers take no objects as fields, so that slices, whose
keys differ from set to set, are left to those who read the lines themselves."""


def croissant(
    title: str, version: str, records_sha256: str, counts: Counts, about: Mapping[str, str], last_event_at: str
) -> bytes:
    """The description of one version. `records_sha256` is the hash of records.jsonl, with or without `sha256:`.

    `about` has properties that people gave. Where they gave no licence, those that the records name are the set's if
    each names one. What is not known is left out: no default would be true.
    """
    known = dict[str, object](about)
    if "license" not in known and len(counts.licences) and not counts.unlicensed:
        licences = sorted(counts.licences)
        known["license"] = licences[0] if len(licences) == 1 else licences
    if last_event_at:
        known["dateModified"] = last_event_at
    fields = [
        _field(name, *known_field) for name, known_field in _FIELDS.items() if known_field[0] not in counts.missing
    ]
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": title,
        "version": f"{int(version.removeprefix('v'))}.0.0",
        **known,
        "description": f"Gold set {title}, {version}: items with their right answers, and the outputs people judged.",
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


def _field(name: str, key: str, path: str, meaning: str) -> dict[str, object]:
    return {
        "@type": "cr:Field",
        "@id": f"records/{name}",
        "name": name,
        "description": meaning,
        "dataType": "sc:Text",
        "source": {
            "fileObject": {"@id": RECORDS},
            "extract": {"column": key},
            **({"transform": {"jsonPath": path}} if path else {}),
        },
    }

"""Gold records and removal entries as JSON lines: keys in one order, so that the same record is the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from labeler.domain.gold.changes import Reason, Removed
from labeler.domain.gold.records import Drawn, GoldRecord, JudgedOutput, Provenance
from labeler.domain.item_json import answer_from_json, answer_to_json
from labeler.domain.items import Modality
from labeler.domain.match import Match, MatchKind
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, ResolvedBy

_KEYS = frozenset(
    {"id", "modality", "media", "media_sha256", "content", "prompt", "answer", "accept", "match", "tier", "slices"}
    | {"critical", "checked", "drawn", "judged", "provenance", "added_in", "changed_in"}
)
_DEFAULT_MATCH = Match(MatchKind.TEXT)

Raw = Mapping[str, Any]


def record_line(record: GoldRecord) -> bytes:
    return orjson.dumps(record_to_json(record), option=orjson.OPT_APPEND_NEWLINE)


def record_to_json(record: GoldRecord) -> dict[str, Any]:
    provenance = record.provenance
    written: dict[str, Any] = {
        "id": record.id,
        "modality": str(record.modality),
        "media": record.media,
        "media_sha256": record.media_sha256,
        "content": record.content,
        "prompt": record.prompt or None,
        "answer": in_order(answer_to_json(record.answer)),
        "accept": list(record.accept),
        "match": match_to_json(record.match),
        "tier": str(record.tier),
        "slices": in_order(record.slices),
        "critical": record.critical,
        "checked": str(record.checked),
        "drawn": {"why": record.drawn.why, "p": record.drawn.p},
        "judged": [
            {"output_sha256": j.output_sha256, "model": j.model, "right": j.right, "failures": list(j.failures)}
            for j in record.judged
        ],
        "provenance": {
            "release": provenance.release,
            "verdicts": list(provenance.verdicts),
            "resolution": provenance.resolution,
            "resolved_by": str(provenance.resolved_by),
            **({"policy": provenance.policy} if provenance.policy else {}),
            "rubric": provenance.rubric,
            **({"answer_from": provenance.answer_from} if provenance.answer_from else {}),
            **({"simulated": True} if provenance.simulated else {}),
        },
        "added_in": record.added_in,
        "changed_in": record.changed_in,
    }
    others = {key: in_order(value) for key, value in sorted(record.extra.items()) if key not in _KEYS}
    return {**{key: value for key, value in written.items() if value is not None}, **others}


def record_from_json(raw: Raw) -> GoldRecord:
    """Raises KeyError, TypeError or ValueError for what is not a gold record."""
    provenance, drawn = raw["provenance"], raw.get("drawn") or {"why": "random", "p": 1.0}
    if not 0 < drawn["p"] <= 1:
        raise ValueError(f"drawn.p is {drawn['p']}, a probability lies above 0 and up to 1")
    return GoldRecord(
        id=raw["id"],
        modality=Modality(raw["modality"]),
        media=raw.get("media"),
        media_sha256=raw.get("media_sha256"),
        content=raw.get("content"),
        prompt=raw.get("prompt") or "",
        answer=answer_from_json(raw["answer"]),
        accept=tuple(raw.get("accept") or ()),
        match=match_from_json(raw["match"]),
        tier=Tier(raw["tier"]),
        slices=raw.get("slices") or {},
        critical=bool(raw.get("critical")),
        checked=Checked(raw["checked"]),
        drawn=Drawn(drawn["why"], float(drawn["p"])),
        judged=tuple(
            JudgedOutput(j["output_sha256"], j["model"], j["right"], tuple(j["failures"])) for j in raw["judged"]
        ),
        provenance=Provenance(
            provenance["release"],
            tuple(provenance["verdicts"]),
            provenance["resolution"],
            ResolvedBy(provenance["resolved_by"]),
            provenance["rubric"],
            bool(provenance.get("simulated")),
            provenance.get("answer_from"),
            str(provenance.get("policy", "")),
        ),
        added_in=raw["added_in"],
        changed_in=raw["changed_in"],
        extra={key: value for key, value in raw.items() if key not in _KEYS},
    )


def match_to_json(match: Match) -> dict[str, Any]:
    """The kind, and the limits that are not the usual ones."""
    limits = {name: getattr(match, name) for name in ("at_most", "tolerance", "iou")}
    return {
        "kind": str(match.kind),
        **{name: value for name, value in limits.items() if value != getattr(_DEFAULT_MATCH, name)},
    }


def match_from_json(raw: Raw) -> Match:
    """Raises KeyError or ValueError for an unknown kind."""
    return Match(
        MatchKind(raw["kind"]),
        float(raw.get("at_most", _DEFAULT_MATCH.at_most)),
        float(raw.get("tolerance", _DEFAULT_MATCH.tolerance)),
        float(raw.get("iou", _DEFAULT_MATCH.iou)),
    )


def removed_line(removed: Removed) -> bytes:
    return orjson.dumps(removed_to_json(removed), option=orjson.OPT_APPEND_NEWLINE)


def removed_to_json(removed: Removed) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": removed.id,
        "reason": str(removed.reason),
        "by": removed.by,
        "event": removed.event,
    }
    if removed.eased:
        written["eased"] = True
    if removed.retiered is None:
        return written
    return {**written, "retiered": [str(tier) for tier in removed.retiered]}


def removed_from_json(raw: Raw) -> Removed:
    """Raises KeyError or ValueError for what is not an entry of the removal ledger."""
    tiers = raw.get("retiered")
    retiered = tiers and (Tier(tiers[0]), Tier(tiers[1]))
    return Removed(raw["id"], Reason(raw["reason"]), raw["by"], raw["event"], retiered, bool(raw.get("eased")))


def in_order(value: Any) -> Any:
    """The same JSON with the keys of every object sorted."""
    if isinstance(value, Mapping):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(one) for one in value] if isinstance(value, list) else value

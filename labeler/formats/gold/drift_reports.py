"""The drift of a gold set's mix as JSON and Markdown."""

from __future__ import annotations

from typing import Any

from labeler.domain.gold.drift import Drift, SliceDrift, drift_words


def drift_to_json(found: Drift) -> dict[str, Any]:
    return {
        "gold_items": found.gold_items,
        "traffic_items": found.traffic_items,
        "unseen": [str(modality) for modality in found.unseen],
        "slices": [_slice(one) for one in found.slices],
    }


def _slice(one: SliceDrift) -> dict[str, Any]:
    return {
        "modality": str(one.modality),
        "slice": one.key,
        "jensen_shannon_bits": one.divergence,
        "p": one.p,
        "drifted": one.drifted,
        "gold": dict(sorted(one.gold.items())),
        "traffic": dict(sorted(one.traffic.items())),
        "add": {need.value: need.add for need in one.needs},
    }


def drift_to_markdown(found: Drift, title: str) -> str:
    lines = [
        f"# {title}",
        "",
        f"{found.gold_items:,} gold records against {found.traffic_items:,} items of traffic.",
        "",
    ]
    lines += [f"- **{modality}: nothing of it is in the gold set**" for modality in found.unseen]
    lines += [f"- {one.modality} · {drift_words(one)}" for one in found.slices]
    needs = [(one, need) for one in found.slices for need in one.needs]
    if needs:
        lines += ["", "| to add | gold | traffic | records |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {one.modality} · {one.key} {n.value} | {n.gold_share:.1%} | {n.traffic_share:.1%} | {n.add} |"
            for one, n in needs
        ]
    return "\n".join(lines) + "\n"

"""A gold set's mix against a sample of the traffic."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from labeler.domain.gold.drift import Drift, Mix, drift, mix_of
from labeler.domain.insights.columns import MODALITIES, TIERS, Columns
from labeler.domain.items import Modality, Scalar
from labeler.formats.gold.folder import check_whole, read_records
from labeler.formats.traffic import TIER, read_traffic
from labeler.steps.project import Project

SAMPLES = ("traffic.jsonl", "traffic.csv", "traffic.parquet")
"""A project's folder may hold a sample of its traffic under one of these names."""


def gold_drift(gold: Path, traffic: Path, *, seed: int = 0) -> Drift:
    """Raises LabelerError when the gold set is damaged (exit 4), or the sample cannot be read."""
    sample = read_traffic(traffic)
    check_whole(gold, media=False)
    return drift(
        mix_of((record.modality, {**record.slices, TIER: str(record.tier)}) for record in read_records(gold)),
        sample,
        seed=seed,
    )


def traffic_of(folder: Path) -> Path | None:
    """The sample of the traffic that a project's folder holds; None where there is none."""
    return next((folder / name for name in SAMPLES if (folder / name).is_file()), None)


def project_drift(project: Project, columns: Columns) -> Drift | None:
    """The mix of the resolved items in `columns` against the project's sample; None where it has none.

    Raises LabelerError when the sample cannot be read.
    """
    path = traffic_of(project.folder)
    if path is None:
        return None
    traffic = read_traffic(path)
    slices: dict[str, dict[str, Scalar]] = {item: {} for item in columns.items}
    for key in sorted({key for _, key in traffic.values if key != TIER}):
        numbers = _holds_numbers(traffic, key)
        for value, item in project.store.slice_rows(key):
            if item in slices and value != "null":
                slices[item][key] = _number(value) if numbers else value
    mix = Mix()
    for item, modality, tier in zip(columns.items, columns.modality, columns.tier, strict=True):
        mix.add(MODALITIES[modality], {**slices[item], TIER: str(TIERS[tier])})
    return drift(mix, traffic, seed=project.settings.seed)


def _holds_numbers(traffic: Mix, key: str) -> bool:
    return any(
        isinstance(value, int | float)
        for modality in Modality
        for value in traffic.values.get((modality, key), Counter[Scalar]())
    )


def _number(value: str) -> Scalar:
    """The store files slices as text."""
    try:
        return float(value)
    except ValueError:
        return value

"""gate.toml: what a team asks of a new model. Margins and floors are in points (per cent), as people say them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from labeler.domain.gate.policy import PROFILES, STANDARD, Policy
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError

TEMPLATE = """\
# What a new model must show before it ships. Commit this file beside the code that calls `labeler gate`.

# standard: for gold sets with some hundred items a tier.
# pilot: for the first hundred items; its margins are wide, and its error rates stand on top of every report.
profile = "standard"

# Probability with which a tier that holds enough items ships a model that did not change.
# power = 0.8
# Items below which a tier says nothing.
# min_items = 60

# Slices to cut by: every modality and tier is also looked at for each value of these. A loss there blocks.
slices = []

# Slices that hold numbers need the inner edges of their bins.
[bins]
# snr_db = [10, 20]

# Points of the pass rate that a tier may lose.
[margins]
# easy = 2.0
# medium = 3.0
# hard = 5.0
# frontier = 5.0

# Points that the new model must reach whatever the old one did.
# [floors.image]
# easy = 95.0

# Shares of the tiers in real traffic, which sum to 1. Without them the gold set's own sampling weights count.
# [traffic.image]
# easy = 0.6
# medium = 0.3
# hard = 0.08
# frontier = 0.02

# Cells that must stay within the margin themselves, not only not regress.
[cells]
required = []   # for example "image/hard/kind=table"
"""

_T = TypeVar("_T")


def read_policy(path: Path) -> Policy:
    """Raises LabelerError for a file that is missing, is no TOML, or says something a policy cannot be."""
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
    except FileNotFoundError:
        raise LabelerError(f"{path}: there is no such file", remedy="labeler gate --init writes one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LabelerError(f"{path}: {problem}", remedy="mend the line") from None
    try:
        return policy_from_toml(raw)
    except ValueError as problem:
        raise LabelerError(f"{path}: {problem}", remedy="labeler gate --init shows what is known") from None


def policy_from_toml(raw: Mapping[str, Any]) -> Policy:
    """Raises ValueError with the key and what is wrong with it."""
    known = {"profile", "power", "min_items", "slices", "bins", "margins", "floors", "traffic", "cells"}
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{unknown[0]} is not a setting of a gate (known: {', '.join(sorted(known))})")
    profile = raw.get("profile", STANDARD.profile)
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r} is not known (known: {', '.join(PROFILES)})")
    base = PROFILES[profile]
    cells = _table(raw, "cells")
    if cells.keys() - {"required"}:
        raise ValueError("cells: only `required` is known")
    return replace(
        base,
        power=_within(raw.get("power", base.power), 0, 1, "power"),
        min_items=_whole(raw.get("min_items", base.min_items), "min_items"),
        slices=tuple(_texts(raw.get("slices", []), "slices")),
        bins={key: _edges(edges, f"bins.{key}") for key, edges in _table(raw, "bins").items()},
        margins={**base.margins, **_by_tier(_table(raw, "margins"), "margins", _points)},
        floors={
            (modality, tier): floor
            for modality, tiers in _by_modality(raw, "floors").items()
            for tier, floor in _by_tier(tiers, f"floors.{modality}", _points).items()
        },
        traffic={
            modality: _shares(_by_tier(tiers, f"traffic.{modality}", _share), f"traffic.{modality}")
            for modality, tiers in _by_modality(raw, "traffic").items()
        },
        required_cells=frozenset(_cell(name) for name in _texts(cells.get("required", []), "cells.required")),
    )


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{key}: {value!r} is not a table")
    return value


def _by_modality(raw: Mapping[str, Any], key: str) -> dict[Modality, Mapping[str, Any]]:
    table = _table(raw, key)
    return {_one_of(Modality, name, key): _table(table, name) for name in table}


def _by_tier(table: Mapping[str, Any], where: str, read: Callable[[Any, str], float]) -> dict[Tier, float]:
    return {_one_of(Tier, name, where): read(value, f"{where}.{name}") for name, value in table.items()}


def _one_of(kind: Callable[[str], _T], name: str, where: str) -> _T:
    try:
        return kind(name)
    except ValueError:
        raise ValueError(f"{where}.{name}: {name!r} is not known") from None


def _within(value: Any, low: float, high: float, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value < high:
        raise ValueError(f"{where}: {value!r} does not lie between {low:g} and {high:g}")
    return float(value)


def _points(value: Any, where: str) -> float:
    return _within(value, 0, 100, where) / 100


def _share(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{where}: {value!r} is not a share from 0 to 1")
    return float(value)


def _shares(shares: dict[Tier, float], where: str) -> dict[Tier, float]:
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"{where}: the shares sum to {sum(shares.values()):g} in place of 1")
    return shares


def _whole(value: Any, where: str) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"{where}: {value!r} is not a whole number from 1")
    return value


def _texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f"{where}: {value!r} is not a list of texts")
    return value


def _edges(value: Any, where: str) -> tuple[float, ...]:
    numbers = isinstance(value, list) and value and all(type(one) in (int, float) for one in value)
    if not numbers or sorted(set(value)) != value:
        raise ValueError(f"{where}: {value!r} is not a list of rising numbers")
    return tuple(float(one) for one in value)


def _cell(name: str) -> str:
    parts = name.split("/", 2)
    if len(parts) != 3 or "=" not in parts[2]:
        raise ValueError(f"cells.required: {name!r} is not modality/tier/slice=value")
    _one_of(Modality, parts[0], "cells.required")
    _one_of(Tier, parts[1], "cells.required")
    return name

"""What a project decides once: the settings that affect results, and which models a release compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

import orjson

from labeler.domain.assignment import Assignment
from labeler.domain.checks import CheckSettings
from labeler.domain.consensus_policy import ConsensusPolicy
from labeler.domain.items import Modality, ModelVersion, Pair, Release


class FoldTexts(StrEnum):
    """Whether the texts of a pair are shown without case and punctuation, whose style can give a model away."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """The table `[onboarding]` of `project.toml`: what someone new judges first."""

    items: int = 0
    """So many settled items, each with what was right afterwards; 0: nobody is trained."""
    threshold: float = 0.8
    """Share of the last `items` that must agree with what was settled before items that count come."""
    feedback: bool = False
    """People see how the items that they judged were settled."""


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The content of `project.toml`. `seed` decides the order, the random draw and which side is A."""

    name: str
    created: str
    seed: int
    overlap: int = 1
    """How many people judge an item before it leaves the queue."""
    random_share: float = 0.1
    """With which probability an item without a material difference is drawn."""
    tier_first: bool = True
    """The tier is asked before the outputs are shown."""
    fold_texts: FoldTexts = FoldTexts.AUTO
    reveal_after: bool = False
    """The window names the models once the verdict is saved."""
    blind_leads: bool = True
    """Who settles is not told which side is which model."""
    settle_own: bool = False
    """A lead may settle an item that they judged themselves."""
    allowed_hosts: tuple[str, ...] = ()
    """Hosts that media may be fetched from."""
    record_times: bool = True
    """How long a verdict took is kept, beside the log; every person is told."""
    assignment: Assignment = field(default_factory=Assignment)
    checks: CheckSettings = field(default_factory=CheckSettings)
    onboarding: Onboarding = field(default_factory=Onboarding)
    consensus: ConsensusPolicy = field(default_factory=ConsensusPolicy)


def release_of(pairs: Mapping[Modality, Pair]) -> Release:
    """The release that compares these models. Its id follows from them, so that two laptops agree without a server."""
    return Release(release_id(pairs), dict(sorted(pairs.items())))


def release_id(pairs: Mapping[Modality, Pair]) -> str:
    digest = sha256(orjson.dumps(pairs_to_json(pairs), option=orjson.OPT_SORT_KEYS)).hexdigest()
    return f"r-{digest[:12]}"


def pairs_to_json(pairs: Mapping[Modality, Pair]) -> dict[str, dict[str, dict[str, str]]]:
    return {
        str(modality): {"old": _model_to_json(pair.old), "new": _model_to_json(pair.new)}
        for modality, pair in sorted(pairs.items())
    }


def pairs_from_json(raw: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[Modality, Pair]:
    """Raises KeyError or ValueError for what are not pairs."""

    return {
        Modality(modality): Pair(_model_from_json(pair["old"]), _model_from_json(pair["new"]))
        for modality, pair in raw.items()
    }


def _model_to_json(model: ModelVersion) -> dict[str, str]:
    return {"name": model.name, "version": model.version}


def _model_from_json(raw: Mapping[str, str]) -> ModelVersion:
    return ModelVersion(raw["name"], raw["version"])

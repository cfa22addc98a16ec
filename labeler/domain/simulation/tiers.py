"""How difficult an item is, from its slices: a stated rule, so that everyone can see where a simulated tier is from."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.domain.items import Item, Modality, Scalar
from labeler.domain.rubric import Tier

_QUALITY = {"clean": 0, "low-resolution": 1, "scan": 1, "photo": 2, "fax": 2, "bad-scan": 3}
_LAYOUT = {"line": 1, "pie": 1, "table": 1, "invoice": 1, "receipt": 1, "grid": 1}
_EASY_ACCENTS = frozenset({"en-us", "en-gb", "unlabelled"})


def tier_by_slices(item: Item) -> Tier:
    """One step up for each point. Pictures: of quality and layout. Sound: of noise, telephone, accent and long numbers.

    Noise gives one point at a signal-to-noise ratio of 20 dB or more, two from 10 dB on, three below.
    """
    points = _of_picture(item.slices) if item.modality is Modality.IMAGE else _of_sound(item.slices)
    return list(Tier)[min(points, 3)]


def neighbour(tier: Tier, *, harder: bool) -> Tier:
    """The next tier; at the end of the scale the one on the other side."""
    tiers = list(Tier)
    at = tiers.index(tier) + (1 if harder else -1)
    return tiers[at] if 0 <= at < len(tiers) else tiers[1 if at < 0 else -2]


def _of_picture(slices: Mapping[str, Scalar]) -> int:
    return _QUALITY.get(str(slices.get("quality")), 0) + _LAYOUT.get(str(slices.get("sub_kind")), 0)


def _of_sound(slices: Mapping[str, Scalar]) -> int:
    points = int(slices.get("accent") not in _EASY_ACCENTS) + int(slices.get("device") == "telephone")
    points += int(slices.get("kind") == "digits")
    noise = slices.get("snr_db")
    if not isinstance(noise, int | float):
        return points
    return points + (1 if noise >= 20 else 2 if noise >= 10 else 3)

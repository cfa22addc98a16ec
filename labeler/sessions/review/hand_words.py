"""What is in hand on the medium, in words: a place, a pin, a part of the gold answer, and what keys do to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from labeler.domain.items import Region, Segment
from labeler.domain.verdicts import At
from labeler.sessions.review.evidence import ShownEvidence, ShownSpot
from labeler.sessions.review.moments import stretch

ENDS, GIVES_UP = "Esc ends", "Esc gives it up"
_NO_SEGMENT = (
    ("pin.hold", "takes one up"),
    ("segment.take_a", "takes A's"),
    ("segment.take_b", "takes B's"),
    ("segment.add", "adds the selection"),
)
_SEGMENT = (("segment.split", "splits"), ("segment.join", "joins"))


def in_hand(evidence: ShownEvidence, keys: Mapping[str, str]) -> tuple[str, str]:
    """Title and text of the bar while something is in hand. `keys`: the key of each command, as caps show it."""
    spot = evidence.spot
    if evidence.gold_segments is not None:
        return "Gold segments", _segment_in_words(evidence.gold_segments, evidence.gold_segment, keys)
    if evidence.gold_regions is not None:
        return "Gold regions", _region_in_words(evidence.gold_regions, spot, keys)
    if spot is None:
        return "", ""
    if spot.at is None and spot.drawn:
        return "Outline", f"Shift and click for the next corner · {GIVES_UP}"
    where = _spot_in_words(evidence, spot)
    if spot.held is None:
        return "Place", f"{where} · failure keys pin here · {GIVES_UP}"
    label = next((pin.label for pin in evidence.pins if pin.pin == spot.held), spot.held.code)
    nowhere = where or "at no place yet: pick one"
    return "Pin", _said(
        f"{label} in {spot.held.letter} · {nowhere}",
        keys_in_words([("pin.remove", "takes it away")], keys),
        "Esc lets go",
    )


def where_in_hand(regions: tuple[Region, ...], spot: ShownSpot | None) -> str:
    """Which gold region is in hand and where it stands; empty where none is."""
    if spot is None or spot.region is None or spot.at is None:
        return ""
    return f"{spot.region + 1:,} of {len(regions):,} · {place(spot.at)}"


def place(at: At) -> str:
    """A place as a person would point at it."""
    if at.box is not None:
        left, top, right, bottom = (f"{value:,.0f}" for value in at.box)
        return f"box {left}, {top} to {right}, {bottom}{_on_page(at)}"
    if at.polygon:
        return f"outline of {len(at.polygon)} corners{_on_page(at)}"
    if at.time_s is not None:
        return stretch(at.time_s)
    return "words of the text" if at.span else ""


def _on_page(at: At) -> str:
    return f" on page {at.page + 1:,}" if at.page else ""


def _segment_in_words(segments: tuple[Segment, ...], held: int | None, keys: Mapping[str, str]) -> str:
    if held is None or held >= len(segments):
        return _said(f"{len(segments):,} segments", keys_in_words(_NO_SEGMENT, keys), ENDS)
    one = segments[held]
    where = f"{held + 1:,} of {len(segments):,} · {stretch((one.start_s, one.end_s))}"
    return _said(where, "drag its edges", keys_in_words(_SEGMENT, keys))


def _region_in_words(regions: tuple[Region, ...], spot: ShownSpot | None, keys: Mapping[str, str]) -> str:
    if spot is not None and spot.drawn:
        return f"Shift and click for the next corner · {GIVES_UP}"
    where = where_in_hand(regions, spot)
    if where:
        return _said(where, "arrow keys move it", keys_in_words([("pin.remove", "takes it away")], keys))
    adds = keys_in_words([("pin.draw", "or Shift and drag adds one")], keys) or "Shift and drag adds one"
    return _said(f"{len(regions):,} regions", adds, keys_in_words([("pin.hold", "takes one up")], keys), ENDS)


def keys_in_words(does: Iterable[tuple[str, str]], keys: Mapping[str, str]) -> str:
    """What commands' keys do, of those that there are: `Ctrl I splits · Ctrl J joins`."""
    return _said(*(f"{keys[name]} {what}" for name, what in does if keys.get(name)))


def _said(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _spot_in_words(evidence: ShownEvidence, spot: ShownSpot) -> str:
    if spot.at is None:
        return ""
    if spot.at.span is None or spot.letter is None or evidence.pair is None:
        return place(spot.at)
    said = evidence.pair.output(spot.letter).text[slice(*spot.at.span)]
    return f"“{' '.join(said.split())}” in {spot.letter}"

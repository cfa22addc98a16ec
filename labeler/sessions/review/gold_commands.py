"""The keys that edit the gold answer's regions and segments. Moving and reshaping regions are the keys of pins."""

from __future__ import annotations

from collections.abc import Callable

from labeler.sessions.commands import Command
from labeler.sessions.review.evidence import Request
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.when import (
    editing_region,
    editing_regions,
    editing_segment,
    editing_segments,
    judging_audio,
    judging_image,
)

_GROUP = "Gold regions"

_EDGE_S = 0.01


def _edge(by: int, *, end: bool) -> Callable[[ReviewSession], None]:
    return lambda session: session.gold.shift_edge(by * _EDGE_S, end=end)


def _segment(
    name: str,
    label: str,
    do: Callable[[ReviewSession], None],
    key: str,
    when: Callable[[ReviewSession], bool] = editing_segment,
) -> Command[ReviewSession]:
    return Command(f"segment.{name}", label, do, key, when, "Gold segments", in_text=True, scope="audio")


SEGMENT_COMMANDS: tuple[Command[ReviewSession], ...] = (
    _segment(
        "edit",
        "Edit gold segments, or end it",
        lambda s: s.gold.toggle_segments(),
        "Ctrl+Shift+G",
        judging_audio,
    ),
    _segment("take_a", "Start from A's segments", lambda s: s.gold.take_over("A"), "Alt+A", editing_segments),
    _segment("take_b", "Start from B's segments", lambda s: s.gold.take_over("B"), "Alt+B", editing_segments),
    _segment("words", "Type what is said", lambda s: s.request(Request.EDIT_LABEL), "Ctrl+E"),
    _segment("split", "Split at the playhead", lambda s: s.request(Request.SPLIT_SEGMENT), "Ctrl+I"),
    _segment("join", "Join with the next one", lambda s: s.gold.join(), "Ctrl+J"),
    _segment("add", "Make a segment of the selection", lambda s: s.gold.add_selected(), "Ctrl+N", editing_segments),
    _segment("start_earlier", "Start 10 ms earlier", _edge(-1, end=False), "Alt+Left"),
    _segment("start_later", "Start 10 ms later", _edge(+1, end=False), "Alt+Right"),
    _segment("end_earlier", "End 10 ms earlier", _edge(-1, end=True), "Alt+Shift+Left"),
    _segment("end_later", "End 10 ms later", _edge(+1, end=True), "Alt+Shift+Right"),
)

GOLD_COMMANDS: tuple[Command[ReviewSession], ...] = (
    Command(
        "gold.regions",
        "Edit gold regions, or end it",
        lambda s: s.gold.toggle_regions(),
        "Ctrl+Shift+G",
        judging_image,
        _GROUP,
        scope="image",
    ),
    Command(
        "gold.take_a",
        "Start from A's regions",
        lambda s: s.gold.take_over("A"),
        "Alt+A",
        editing_regions,
        _GROUP,
        scope="image",
    ),
    Command(
        "gold.take_b",
        "Start from B's regions",
        lambda s: s.gold.take_over("B"),
        "Alt+B",
        editing_regions,
        _GROUP,
        scope="image",
    ),
    Command(
        "gold.label",
        "Type what the region says",
        lambda s: s.request(Request.EDIT_LABEL),
        "Ctrl+E",
        editing_region,
        _GROUP,
        scope="image",
    ),
)

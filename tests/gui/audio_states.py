"""Recordings of the demo under review, with both outputs and the real comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labeler.domain.items import Modality
from labeler.sessions.review.evidence import ShownEvidence
from labeler.shipped import DEMO_PROJECT
from tests.gui.image_states import demo, outputs, state

SIXTY = "aud-007"  # sixty pounds / 16 pounds
REPEATED = "aud-019"  # 154 words of no length


def reviewed(item_id: str, *, hidden: bool = False, media: Path | None = None) -> ShownEvidence:
    item, old, new = demo(item_id)
    shown = state(item_id, media or DEMO_PROJECT / (item.media or ""), None if hidden else outputs(old, new))
    assert shown.item is not None
    return replace(shown, item=replace(shown.item, modality=Modality.AUDIO))

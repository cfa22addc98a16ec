"""Outputs that are files of a kind which the view of their item cannot show are not passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.domain.blind import Letter
from labeler.domain.items import Modality
from labeler.sessions.review.evidence import ShownMedium

_KINDS: Mapping[Modality | None, tuple[str, str]] = {
    Modality.IMAGE: ("a picture", "pictures"),
    Modality.AUDIO: ("a recording", "recordings"),
}
_UNKNOWN = "a file of an unknown kind", "files of an unknown kind"


def not_shown(media: Mapping[Letter, ShownMedium], view: Modality, skip_key: str) -> str:
    """Which outputs are to be seen or heard elsewhere only, and what to do; nothing where `view` shows them all."""
    others = {letter: medium.modality for letter, medium in sorted(media.items()) if medium.modality is not view}
    if not others:
        return ""
    if len(others) > 1 and len({*others.values()}) == 1:
        told = f"{' and '.join(others)} are {_KINDS.get(next(iter(others.values())), _UNKNOWN)[1]}"
    else:
        told = ", ".join(f"{letter} is {_KINDS.get(kind, _UNKNOWN)[0]}" for letter, kind in others.items())
    return f"{told}, not shown here: skip{f' ({skip_key})' if skip_key else ''}"

"""Items files: what is under review. Checked here; `domain.item_json` says what the keys mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.items import Modality
from labeler.formats import checks
from labeler.formats.row import RefusedError

_MODALITIES = frozenset(str(modality) for modality in Modality)


def check_item(raw: Mapping[str, Any]) -> None:
    """Pass an item that is as DATA has it; raises RefusedError for anything else."""
    checks.identifier(raw, "id")
    modality = raw.get("modality")
    if not isinstance(modality, str) or modality not in _MODALITIES:
        said = "is missing" if modality is None else f"{modality!r} is none of {', '.join(sorted(_MODALITIES))}"
        raise RefusedError(f"modality {said}")
    for key in ("media", "sha256", "content", "prompt", "residency"):
        checks.text(raw, key)
    needed = "content" if modality == Modality.TEXT else "media"
    if not raw.get(needed):
        raise RefusedError(f"{needed} is missing, which an item of modality {modality} must have")
    checks.scalars(raw, "slices")
    checks.truth(raw, "critical")
    checks.truth(raw, "pii")
    checks.mapping(raw, "reference")
    if (reference := raw.get("reference")) is not None:
        try:
            checks.answer(reference)
        except RefusedError as refused:
            raise RefusedError(f"reference.{refused}") from None


def from_cells(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An item from a row of a spreadsheet, where everything is text: true and false become themselves."""
    return {**raw, **{key: checks.truth_of_cell(raw[key], key) for key in ("critical", "pii") if key in raw}}

"""What was typed of a step or a disposition that is not recorded yet: on disk at once, until it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import orjson

from labeler.sessions.backfill.state import DisposalDraft, StepDraft
from labeler.steps.drafts import disposal_draft_name, step_draft_name

Typed = TypeVar("Typed", StepDraft, DisposalDraft)


class RecordDrafts:
    """Small files in a person's folder of drafts, one a record and kind; an erasure of the record removes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def step(self, decision_id: str, step: str) -> StepDraft:
        """What was typed of this step, if anything was; of another step only how and whom."""
        kept = _read(self._folder / step_draft_name(decision_id), StepDraft(step))
        return kept if kept.step == step else replace(kept, step=step, text="")

    def disposal(self, decision_id: str) -> DisposalDraft | None:
        """What was typed of a disposition, if anything was."""
        kept = _read(self._folder / disposal_draft_name(decision_id), DisposalDraft())
        return None if kept == DisposalDraft() else kept

    def keep(self, decision_id: str, draft: StepDraft | DisposalDraft) -> str:
        """Why it is only in memory; empty when it is on disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(decision_id, type(draft)).write_bytes(orjson.dumps(draft))
        except OSError as problem:
            return f"What you type is only in memory ({problem.strerror})"
        return ""

    def drop(self, decision_id: str, kind: type[StepDraft | DisposalDraft]) -> None:
        with suppress(OSError):
            self._path(decision_id, kind).unlink(missing_ok=True)

    def _path(self, decision_id: str, kind: type[StepDraft | DisposalDraft]) -> Path:
        name = step_draft_name if kind is StepDraft else disposal_draft_name
        return self._folder / name(decision_id)


def _read(path: Path, empty: Typed) -> Typed:
    """What is on disk; `empty` where nothing that can be read is."""
    try:
        kept = orjson.loads(path.read_bytes())
        return replace(empty, **{key: type(getattr(empty, key))(value) for key, value in kept.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return empty

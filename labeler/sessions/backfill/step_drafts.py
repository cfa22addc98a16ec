"""What was typed of a step that is not recorded yet: on disk at once, until it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import orjson

from labeler.sessions.backfill.state import StepDraft
from labeler.steps.drafts import step_draft_name


class StepDrafts:
    """One small file a record in a person's folder of drafts; an erasure of the record removes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, decision_id: str, step: str) -> StepDraft:
        """What was typed of this step, if anything was."""
        try:
            kept = orjson.loads(self._path(decision_id).read_bytes())
            draft = StepDraft(**{key: str(value) for key, value in kept.items()})
        except (OSError, orjson.JSONDecodeError, TypeError, AttributeError):
            return StepDraft(step)
        return draft if draft.step == step else StepDraft(step, draft.channel, draft.to)

    def keep(self, decision_id: str, draft: StepDraft) -> str:
        """Why it is only in memory; empty when it is on disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(decision_id).write_bytes(orjson.dumps(draft))
        except OSError as problem:
            return f"What you type is only in memory ({problem.strerror})"
        return ""

    def drop(self, decision_id: str) -> None:
        with suppress(OSError):
            self._path(decision_id).unlink(missing_ok=True)

    def _path(self, decision_id: str) -> Path:
        return self._folder / step_draft_name(decision_id)

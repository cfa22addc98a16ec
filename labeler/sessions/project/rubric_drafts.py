"""The rubric that a person is working on, on disk: it survives a crash and leaving."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import orjson

from labeler.domain.rubric import Rubrics
from labeler.domain.rubric_draft import RubricDraft, draft_from_json, draft_to_json


class RubricDraftFile:
    """One file a person. It is replaced as a whole, and not synced: it has to outlive the program, not a power cut."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rubric.json"

    def keep(self, draft: RubricDraft) -> str:
        """Write the draft; the answer is empty, or why the disk refuses."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(".part")
            beside.write_bytes(orjson.dumps(draft_to_json(draft)))
            beside.replace(self._path)
        except OSError as problem:
            return problem.strerror or str(problem)
        return ""

    def load(self, base: Rubrics) -> RubricDraft | None:
        """The draft, to be put in the place of `base`; None when there is none, or the file is damaged."""
        try:
            return draft_from_json(orjson.loads(self._path.read_bytes()), base)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def drop(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

"""Which rubric a project works by: that of its log, unless somebody edited `rubric.toml` by hand since."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from labeler.domain.rubric import Rubrics
from labeler.domain.rubric_history import RubricHistory
from labeler.formats.rubric import rubrics_from_toml, rubrics_to_toml
from labeler.store import Store


def rubric_digest(rubrics: Rubrics) -> str:
    return "sha256:" + sha256(rubrics_to_toml(rubrics).encode()).hexdigest()


class RubricInForce:
    """Follows the log: a version that arrives from a lead's machine is in force from then on."""

    def __init__(self, of_file: Rubrics, store: Store, path: Path) -> None:
        self._of_file = of_file
        self._store = store
        self._path = path
        self._digest = rubric_digest(of_file)
        self._seen: RubricHistory | None = None
        self._now = of_file

    @property
    def now(self) -> Rubrics:
        """Raises LabelerError when the version in force cannot be read, which this program never writes."""
        history = self._store.rubric_history
        if history is not self._seen:
            self._now = history.read_with(self._of_log(history) or self._of_file)
            self._seen = history
        return self._now

    def _of_log(self, history: RubricHistory) -> Rubrics | None:
        """The newest version of the log, where the file is one of those that were there before."""
        newest = history.versions[-1] if history.versions else None
        if newest is None or not newest.content or newest.digest == self._digest:
            return None
        if all(version.digest != self._digest for version in history.versions):
            return None
        return rubrics_from_toml(newest.content, self._path)

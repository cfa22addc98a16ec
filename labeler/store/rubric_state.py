"""Reads what was said in older versions of the rubric in the words of the newest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import orjson

from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.rubric_history import Doubt, RubricHistory, history_of
from labeler.domain.verdicts import Resolution, Verdict
from labeler.store.people import People

Said = TypeVar("Said", Verdict, Resolution)
_TELLS = tuple(map(str, (EventKind.RUBRIC, EventKind.JOINED, EventKind.ROLE)))
"""Kinds of events that the history follows from: whose versions count is a matter of roles."""
_NEWEST = f"SELECT max({', '.join(['(SELECT coalesce(max(position), 0) FROM events WHERE kind = ?)'] * len(_TELLS))})"


class RubricState(People):
    """Which versions the rubric had. What is read through here is in the newest one's codes; the log stays as it is."""

    _history: tuple[int, RubricHistory] = (-1, RubricHistory())
    """And up to which event."""

    @property
    def rubric_history(self) -> RubricHistory:
        newest = int(self.connection.execute(_NEWEST, _TELLS).fetchone()[0])
        if self._history[0] != newest:
            self._history = newest, history_of(self.events(kinds=[EventKind.RUBRIC]), self.roles())
        return self._history[1]

    def in_todays_codes(self, said: Said, history: RubricHistory | None = None) -> Said:
        """A verdict or resolution with its failures in the newest version's codes. `rubric` stays its own version.

        Who reads many gives the `history`, which else is asked for each time.
        """
        if not said.failures:
            return said
        history = history or self.rubric_history
        if not history.changes_anything:
            return said
        modality = self._modality_of(said.item_id)
        if modality is None:
            return said
        return replace(said, failures=history.failures(modality, said.rubric, said.failures))

    def doubts(self, item_id: str, version: str, codes: Sequence[str], tier: str) -> tuple[Doubt, ...]:
        """Why what was said in an older version, with these codes (as given) and tier, is to be looked at again."""
        modality = self._modality_of(item_id)
        return () if modality is None else self.rubric_history.doubts(modality, version, codes, tier)

    def _modality_of(self, item_id: str) -> Modality | None:
        row = self.connection.execute("SELECT modality FROM items WHERE id = ?", (item_id,)).fetchone()
        return None if row is None else Modality(row[0])

    def failures_in_todays_codes(self, failures: str, version: str, modality: str) -> str:
        """The same for what a table holds: a JSON list of [side, code], sorted, each once."""
        history, of = self.rubric_history, Modality(modality)
        now = {(side, history.follow(of, version, code).code) for side, code in orjson.loads(failures)}
        return orjson.dumps(sorted(now)).decode()

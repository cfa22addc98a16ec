"""The Board screen's session: reads beside the window, shows one part at a time, answers questions, erases times."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.beside import Beside, at_once
from labeler.sessions.board.present import counts_of, parts_of, shown
from labeler.sessions.board.state import BoardState, Part
from labeler.sessions.told import Told
from labeler.steps.assign import ask_another, requeue
from labeler.steps.board import Board, read_board
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.quality import Quality, erase_times, measure_quality
from labeler.steps.threads import answer_question

_RESAMPLES = 60


class BoardSession(Told[BoardState]):
    """One person's view of what is left. A lead sees everyone's work, an annotator their own and never a pace."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime], run: Beside = at_once) -> None:
        self._project, self._person, self._now, self._run = project, person, now, run
        self._lead = person.role is not Role.ANNOTATOR
        super().__init__(BoardState(project.settings.name, person.name, self._lead))
        self._board: Board | None = None
        self._quality: Quality | None = None
        self.show_item: Callable[[str], None] = lambda _item: None

    # Reading

    def refresh(self) -> None:
        """Read everything again, beside the window; what people's checks say comes after the rest."""
        self._tell(loading=True)
        folder, person, now = self._project.folder, self._person, self._now()
        self._run("board", lambda: read_board(folder, person, now), self._read, self._failed)

    def _read(self, found: Board) -> None:
        self._board = found
        self._show(loading=self._lead)
        if self._lead:
            self._run("quality", self._measure, self._measured, self._failed)

    def _measure(self) -> Quality:
        with open_project(self._project.folder, read_only=True) as project:
            return measure_quality(project, resamples=_RESAMPLES)

    def _measured(self, found: Quality) -> None:
        self._quality = found
        self._show(loading=False)

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._tell(loading=False, message=str(problem), serious=True)

    def _show(self, **changes: Any) -> None:
        board, part = self._board, changes.pop("part", self.state.part)
        if board is None:
            self._tell(**changes)
            return
        parts = parts_of(board, lead=self._lead)
        part = part if part in parts else Part.LEFT
        made = shown(board, self._quality, part, self._now().date(), lead=self._lead)
        chosen = min(changes.pop("chosen", self.state.chosen), max(len(made.rows) - 1, 0))
        counts = counts_of(board, lead=self._lead)
        self._tell(parts=parts, part=part, shown=made, chosen=chosen, counts=counts, **changes)

    # Walking

    def go_to(self, part: Part) -> None:
        if part in self.state.parts and part is not self.state.part:
            self._show(part=part, chosen=0, message="")

    def move(self, by: int) -> None:
        self.choose(self.state.chosen + by)

    def choose(self, number: int) -> None:
        rows = self.state.shown.rows
        if rows:
            self._tell(chosen=min(max(number, 0), len(rows) - 1))

    def open(self) -> None:
        """The chosen line's item, in Review."""
        row = self.state.row
        if row is not None and row.item_id:
            self.show_item(row.item_id)

    def requeue(self) -> None:
        """Bring the chosen item back to who skipped it."""
        row = self.state.row
        if row is None or not row.skipped_by:
            return
        try:
            count = requeue(self._project, self._person, self._now(), row.item_id, row.skipped_by)
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
            return
        self._tell(message=f"Item {row.item_id} is back" if count else "It was back already")
        self.refresh()

    def ask_another(self) -> None:
        """Ask that one more person judges the chosen item."""
        row = self.state.row
        if row is None or not row.item_id:
            return
        try:
            wanted = ask_another(self._project, self._person, row.item_id, self._now())
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
            return
        self._tell(message=f"{wanted} people judge item {row.item_id} now")
        self.refresh()

    # Answering

    def begin_answer(self) -> None:
        if self._person.role is Role.LEAD and self.state.can_answer:
            self._tell(typing=True, typed=self._kept_answer())

    def type_answer(self, text: str) -> None:
        """What is typed is on disk at once: it survives a crash and leaving the screen."""
        if self.state.typing and text != self.state.typed:
            self._tell(typed=text)
            try:
                self._draft.parent.mkdir(parents=True, exist_ok=True)
                self._draft.write_text(text, encoding="utf-8")
            except OSError as problem:
                self._tell(message=f"What you type is only in memory ({problem.strerror})", serious=True)

    @property
    def _draft(self) -> Path:
        row = self.state.row
        return self._project.folder / "drafts" / self._person.id / f"answer-{row.question if row else ''}.txt"

    def _kept_answer(self) -> str:
        try:
            return self._draft.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def send(self) -> None:
        """Send the answer that was typed; it stays where it is when that fails."""
        row = self.state.row
        if not self.state.typing or row is None:
            return
        try:
            answer_question(self._project, self._person, row.question, self.state.typed, self._now())
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
            return
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)
        self._tell(typing=False, typed="", message="Answered")
        self.refresh()

    # Times

    def ask_erase(self) -> None:
        """Erasing cannot be taken back: it is asked first."""
        self._tell(erasing=True, message="")

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return self.state.erasing

    def answer(self, number: int) -> None:
        if not self.state.erasing:
            return
        self._tell(erasing=False, message="")
        if number != 1:
            return
        try:
            count = erase_times(self._project, self._person, self._person, self._now())
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
            return
        what = "1 time or guess is" if count == 1 else f"{count:,} times and guesses are"
        self._tell(message=f"{what} erased")
        self.refresh()

    def dismiss(self) -> None:
        """Leave the answer as it is typed, or keep the times."""
        self._tell(typing=False, erasing=False, message="")

    def close(self) -> None:
        """What is typed and not sent is on disk already."""

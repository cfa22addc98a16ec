"""What a person does to the item on the desk: each key is one step of its draft, and whoever listens is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping

from labeler.domain.blind import Letter
from labeler.domain.items import TimeSpan
from labeler.domain.rubric import Tier
from labeler.domain.shapes import Size
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.gold_editor import GoldEditor
from labeler.sessions.review.pinner import Pinner
from labeler.sessions.review.state import Message
from labeler.sessions.review.words import IN_WORDS


class DeskWork(ABC):
    """The part of a session that works on one item's draft. Without an item on the desk nothing here does anything."""

    def __init__(self) -> None:
        self._desk: Desk | None = None
        self._message = Message("")
        self.pins = Pinner(self._on_desk)
        self.gold = GoldEditor(self._on_desk)

    @abstractmethod
    def _tell(self) -> None:
        """Something may have changed: make the state anew and tell who listens."""

    @abstractmethod
    def _written_down(self) -> bool:
        """Write down what was put off: the log is in the order in which things were done. False where it is refused."""

    def _on_desk(self, step: Callable[[Desk], str | Message | None]) -> None:
        """`step` returns why it was not done, or what else is to be said."""
        if self._desk is not None:
            said = step(self._desk)
            self._message = said if isinstance(said, Message) else Message(said or "", serious=said is not None)
            self._tell()

    def set_tier(self, tier: Tier) -> None:
        self._on_desk(lambda desk: desk.set_tier(tier))

    def judge(self, choice: Choice) -> None:
        """Which reading is right at the current difference; the next open one comes by itself."""
        self._on_desk(lambda desk: desk.judge(choice))

    def judge_same_kind(self) -> None:
        """Give the last answer to all differences of the same kind that are still open."""
        done = self._desk.judge_same_kind() if self._desk else None
        if done is None:
            self._message = Message("Judge one difference first")
        elif not done[0]:
            self._message = Message("No other difference of this kind is open")
        else:
            self._message = Message(f"{done[0]:,} more of this kind: {IN_WORDS[done[1]]}")
        self._tell()

    def next_difference(self) -> None:
        self._on_desk(lambda desk: desk.walk_by(+1))

    def previous_difference(self) -> None:
        self._on_desk(lambda desk: desk.walk_by(-1))

    def pick_difference(self, difference: str) -> None:
        self._on_desk(lambda desk: desk.pick(difference))

    def overrule(self, choice: Choice) -> None:
        self._on_desk(lambda desk: desk.overrule(choice))

    def select(self, span: TimeSpan | None) -> None:
        """Select a span of the recording, in seconds; None selects nothing."""
        if self._desk is not None:
            self._desk.select(span)
            self._tell()

    def toggle_sure(self) -> None:
        self._on_desk(Desk.toggle_sure)

    def toggle_whole_checked(self) -> None:
        self._on_desk(Desk.toggle_whole_checked)

    def edit_gold(self, text: str | None) -> None:
        """The gold answer as typed; None goes back to the one built from the readings."""
        self._on_desk(lambda desk: desk.type_gold(text))

    def edit_note(self, text: str) -> None:
        self._on_desk(lambda desk: desk.type_note(text))

    def heard(self, spans: Iterable[tuple[float, float]], letter: Letter | None = None) -> None:
        """Parts of a recording that were played since last told, in seconds: of the output with this letter, or of the
        item's own.
        """
        if self._desk is not None:
            self._desk.add_heard(list(spans), letter)
            self._tell()

    def know_lengths(self, item_id: str, lengths_s: Mapping[Letter | None, float]) -> None:
        """How long the recordings of an item are, by the output that each is; None: the item's own. Nothing is done
        where another item is on the desk by now.
        """
        if self._desk is not None and self._desk.opened.item.id == item_id:
            self._desk.lengths_s = lengths_s
            self._tell()

    def know_page(self, page: int) -> None:
        """Which page of the picture on the desk is looked at, from 0."""
        if self._desk is not None:
            self._desk.know_page(page)

    def know_problem(self, words: str) -> None:
        """Why the medium on the desk cannot be shown: whoever skips it for that skips it with this reason."""
        if self._desk is not None:
            self._desk.unopened = words

    def know_size(self, size: Size) -> None:
        """Width and height of the picture on the desk, in pixels: no place may leave it."""
        if self._desk is not None:
            self._desk.know_size(size)

"""The lead's list: what needs a decision, and what has one, as lines in words."""

from __future__ import annotations

from labeler.domain.adjudication import Dispute
from labeler.domain.verdicts import ResolvedBy
from labeler.sessions.adjudicate.inbox import DisputedInbox
from labeler.sessions.adjudicate.state import Listed, QueueLine
from labeler.steps.docket import Docket, Line


class Agenda:
    """Which of the lists is shown. What is on them stands in the inbox, which the next item comes from."""

    def __init__(self, inbox: DisputedInbox) -> None:
        self._inbox = inbox
        self.listed = Listed.OPEN
        self.looking = False
        """The docket is being read."""
        self._worded: tuple[tuple[Line, ...], tuple[QueueLine, ...]] = ((), ())
        self._words: dict[int, tuple[Line, QueueLine]] = {}
        """By the identity of a line, which is quicker to find than one that is equal."""

    @property
    def docket(self) -> Docket:
        return self._inbox.docket

    @property
    def lines(self) -> tuple[Line, ...]:
        known = self.docket
        return {Listed.OPEN: known.open, Listed.RESOLVED: known.resolved, Listed.CHECKS: known.checks}[self.listed]

    def in_words(self) -> tuple[QueueLine, ...]:
        """Made once for each list, and once for each line: no key press may put thousands of lines into words."""
        lines = self.lines
        if self._worded[0] is not lines:
            words = self._words
            known = (words.get(id(line)) or (line, _in_words(line)) for line in lines)
            self._worded = (lines, tuple(in_words for _, in_words in known))
        return self._worded[1]

    def put_into_words(self, docket: Docket) -> None:
        """Ahead of showing it, on whatever thread reads it."""
        every = (*docket.open, *docket.resolved, *docket.checks)
        self._words = {id(line): (line, _in_words(line)) for line in every}

    def beside(self, item_id: str | None, by: int) -> str | None:
        """The item so many lines further on the list that is shown; the first one for an item that is not on it."""
        ids = [line.item_id for line in self.lines]
        if not ids:
            return None
        at = ids.index(item_id) + by if item_id in ids else 0
        return ids[max(0, min(at, len(ids) - 1))]


def decided_by(by: ResolvedBy | None, policy: str) -> str:
    if by is ResolvedBy.LEAD:
        return "by a lead"
    return f"by consensus, {policy}" if policy else "by consensus"


def _in_words(line: Line) -> QueueLine:
    what = " · ".join(filter(None, (line.kind, str(line.modality))))
    if line.checked is not None:
        failed, asked = line.checked.failed, line.checked.asked
        return QueueLine(line.item_id, "", what, f"{failed} of {asked} said otherwise")
    if line.disputed is None or line.by is not None:
        return QueueLine(line.item_id, "", what, f"Resolved {decided_by(line.by, line.policy)}")
    # What weighs most comes first; but that verdicts differ is said of every item on which they do.
    first, *more = sorted(line.disputed.disputes, key=lambda dispute: dispute is not Dispute.RIGHT)
    reason = ", ".join([first.value, *(f"{one.value[0].lower()}{one.value[1:]}" for one in more)])
    return QueueLine(line.item_id, "waits" if line.waits else line.disputed.how_unsure, what, reason)

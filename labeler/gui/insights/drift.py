"""The panel that sets the mix of the resolved items against the traffic's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from labeler.domain.gold.drift import SliceDrift, drift_words
from labeler.gui.insights.canvas import BOLD, RIGHT, Canvas
from labeler.gui.theme import colour
from labeler.sessions.insights.marks import MOST_DRIFTED
from labeler.sessions.insights.state import InsightsState


class MixAgainstTraffic(Canvas):
    """A row a slice, farthest off first: what is rarer than in the traffic, and how many items would make it even."""

    EMPTY = "traffic.jsonl in the project's folder, a sample of its traffic, says how far the mix has drifted"
    ROW, NAME, SAID, BAR = 36, 168, 92, 5

    def wanted_height(self) -> int:
        return max(1, len(self.marks)) * self.ROW + 4

    def rects(self) -> Sequence[QRectF]:
        return [QRectF(0, n * self.ROW, self.width(), self.ROW) for n in range(len(self.marks))]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        assert page.drift is not None
        for one, rect in zip(page.drift.slices[:MOST_DRIFTED], self.rects(), strict=True):
            name = QRectF(4, rect.top() + 2, self.NAME, 16)
            self.write(painter, name, f"{one.modality} · {one.key}", weight=BOLD if one.drifted else BOLD.Normal)
            below = QRectF(4, rect.top() + 18, self.NAME, 14)
            self.write(painter, below, f"JS {one.divergence:.2f}, p {one.p:.2g}", size=11, quiet=True)
            self._shares(painter, one, rect)

    def _shares(self, painter: QPainter, one: SliceDrift, rect: QRectF) -> None:
        """The value that lacks most, as two bars; in words where nothing can be told from chance."""
        left, width = self.NAME + 8, self.width() - self.NAME - self.SAID - 16
        if not one.needs:
            where = QRectF(left, rect.top(), width + self.SAID, self.ROW)
            words = drift_words(one) if one.drifted else "no more than chance explains"
            self.write(painter, where, words.removeprefix(f"{one.key}: ").rpartition(" (")[0] or words, quiet=True)
            return
        need, palette = one.needs[0], self.theme.palette
        words = f"{need.value}: {need.gold_share:.0%} here, {need.traffic_share:.0%} of traffic"
        self.write(painter, QRectF(left, rect.top() + 1, width, 16), words)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, ink, top in ((need.gold_share, palette.accent, 19), (need.traffic_share, palette.quiet, 26)):
            painter.setBrush(colour(ink, 0.7))
            painter.drawRoundedRect(QRectF(left, rect.top() + top, max(2.0, width * share), self.BAR), 2, 2)
        end = QRectF(left + width + 4, rect.top(), self.SAID - 8, self.ROW)
        self.write(painter, end, f"add {need.add:,}", RIGHT, ink=palette.difference_text)

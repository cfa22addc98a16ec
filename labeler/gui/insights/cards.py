"""The row of figures on top: a card a modality, its hard tiers below, and how far people agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from labeler.domain.agreement.alpha import figure
from labeler.domain.insights.page import ModalityRate
from labeler.formats.gate.words import in_items, percent, points
from labeler.formats.insights.tables import said
from labeler.gui.insights.canvas import BOLD, Canvas
from labeler.gui.insights.charts import change_ink
from labeler.gui.theme import SANS, colour, metrics
from labeler.sessions.insights.state import InsightsState

GAP, HEIGHT, WHOLE = 10, 138, 92


class Cards(Canvas):
    """Cards stand side by side; the last one says how far people agree and leads nowhere."""

    def wanted_height(self) -> int:
        return HEIGHT

    def _card(self, number: int) -> QRectF:
        page = self.state.page if self.state else None
        count = (len(page.modalities) if page else 1) + 1
        width = (self.width() - GAP * (count - 1)) / count
        return QRectF(number * (width + GAP), 0, width, HEIGHT)

    def rects(self) -> Sequence[QRectF]:
        found = []
        for mark in self.marks:
            card = self._card(mark.column)
            whole = mark.row == 0
            top, height = (3.0, WHOLE - 3.0) if whole else (float(WHOLE), HEIGHT - WHOLE - 3.0)
            found.append(QRectF(card.left() + 3, top, card.width() - 6, height))
        return found

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        alarms = {cliff.modality for cliff in page.cliffs if cliff.alarm}
        for number, rate in enumerate(page.modalities):
            self._modality(painter, self._card(number), rate, alarm=rate.modality in alarms)
        self._agreement(painter, self._card(len(page.modalities)), state)

    def _frame(self, painter: QPainter, card: QRectF, title: str) -> QRectF:
        painter.setPen(QPen(colour(self.theme.palette.border), 1))
        painter.setBrush(colour(self.theme.palette.surface))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        inner = card.adjusted(14, 10, -10, -8)
        self.write(painter, QRectF(inner.left(), inner.top(), inner.width(), 16), title, quiet=True)
        return inner

    def _big(self, painter: QPainter, inner: QRectF, figure: str, beside: str) -> None:
        line = QRectF(inner.left(), inner.top() + 17, inner.width(), 28)
        self.write(painter, line, figure, size=21, weight=BOLD)
        shift = metrics(SANS, 21, BOLD).horizontalAdvance(figure) + 8
        self.write(painter, line.adjusted(shift, 4, 0, 4), beside, quiet=True)

    def _modality(self, painter: QPainter, card: QRectF, rate: ModalityRate, *, alarm: bool) -> None:
        palette, whole, hard = self.theme.palette, rate.whole, rate.hard
        inner = self._frame(painter, card, f"{str(rate.modality).capitalize()} pass rate")
        if whole.old is None or whole.new is None or whole.delta is None:
            self._big(painter, inner, "–", "no items decided")
            return
        self._big(painter, inner, percent(whole.new.value), f"from {percent(whole.old.value)}")
        words = f"{points(whole.delta)} pt · {said(whole)}{' · flips alone' if whole.flips_alone else ''}"
        line = QRectF(inner.left(), inner.top() + 47, inner.width(), 16)
        self.write(painter, line, words, weight=BOLD, ink=change_ink(self, whole))
        interval = f"95 % {points(whole.interval.low)} to {points(whole.interval.high)} · {in_items(whole.n)}"
        self.write(painter, line.translated(0, 17), interval, size=11, quiet=True)
        below = QRectF(inner.left(), WHOLE + 2, inner.width(), 17)
        title = "✕ Cliff alarm: hard items fell behind" if alarm else "Hard and frontier"
        self.write(painter, below, title, size=11, weight=BOLD, ink=palette.failure if alarm else palette.quiet)
        if hard.old is None or hard.new is None:
            text = "no items"
        else:
            text = f"{percent(hard.new.value)} from {percent(hard.old.value)} · {in_items(hard.n)}"
        self.write(painter, below.translated(0, 17), text, size=12)

    def _agreement(self, painter: QPainter, card: QRectF, state: InsightsState) -> None:
        inner, found = self._frame(painter, card, "Agreement"), state.agreement
        if found is None:
            self._big(painter, inner, "–", "being measured" if state.loading or not state.message else "")
            return
        right = found.right
        self._big(painter, inner, figure(right.alpha), "Krippendorff α on which is right")
        interval = f"95 % {figure(right.interval.low)} to {figure(right.interval.high)} · " if right.interval else ""
        line = QRectF(inner.left(), inner.top() + 47, inner.width(), 16)
        counted = f"{interval}{in_items(right.units)}, {right.values:,} verdicts"
        if not right.units:
            counted = "no item was judged by two people yet"
        self.write(painter, line, counted, size=11, quiet=True)
        if found.worst and found.worst[1].alpha is not None:
            self.write(
                painter, line.translated(0, 17), f"least in {found.worst[0]}: {figure(found.worst[1].alpha)}", size=11
            )
        note = "whole release, whatever is filtered" + (" · simulated annotators" if found.simulated else "")
        self.write(painter, QRectF(inner.left(), WHOLE + 19, inner.width(), 17), note, size=11, quiet=True)

"""The panels' pictures: tiers, what flipped, failures by slice, slices to watch, the residual, releases over time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from labeler.domain.gate.cliff import Cliff
from labeler.domain.gate.report import Node, NodeState
from labeler.domain.insights.rates import Change, Rate
from labeler.formats.gate.words import answer, in_items, percent, points
from labeler.formats.insights.tables import flipped_words
from labeler.gui.insights.canvas import BOLD, CENTRE, RIGHT, Canvas
from labeler.gui.insights.drift import MixAgainstTraffic
from labeler.gui.theme import colour
from labeler.sessions.insights.marks import MOST_RESIDUAL, watched, whole_releases
from labeler.sessions.insights.state import InsightsState, PanelId


def draw_rate(canvas: Canvas, painter: QPainter, rate: Rate, line: QLineF, *, old: bool) -> None:
    """A rate as a point on a line from 0 to 100 %, with its interval: old a ring, new a dot."""
    palette = canvas.theme.palette
    ink = palette.quiet if old else palette.accent
    painter.setPen(QPen(colour(ink, 0.5), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QLineF(line.pointAt(rate.interval.low), line.pointAt(rate.interval.high)))
    painter.setPen(QPen(colour(ink), 2))
    painter.setBrush(colour(palette.surface if old else ink))
    painter.drawEllipse(line.pointAt(rate.value), 4.5, 4.5)


def change_ink(canvas: Canvas, change: Change) -> str:
    """Good and bad only where the interval says so; the sign says it as well."""
    palette = canvas.theme.palette
    if not change.distinguishable or change.delta is None:
        return palette.quiet
    return palette.good if change.delta > 0 else palette.failure


def cliff_in_short(cliff: Cliff) -> str:
    """`✕ Cliff, image: average +2.1 pt (easy +1.9, hard −0.2); mix of tiers +0.3`."""
    parts = ", ".join(f"{tier.tier} {points(tier.contribution)}" for tier in cliff.tiers)
    head = f"✕ Cliff, {cliff.modality}" if cliff.alarm else f"No cliff, {cliff.modality}"
    return f"{head}: average {points(cliff.delta)} pt ({parts}); by the mix of tiers alone {points(cliff.mix)}"


class Tiers(Canvas):
    """A row a tier, old over new, on one axis from 0 to 100 %."""

    ROW, NAME, SAID = 36, 118, 92

    def wanted_height(self) -> int:
        return len(self.marks) * self.ROW + 24 + 17 * len(self._cliff_lines()) + 4

    def rects(self) -> Sequence[QRectF]:
        return [QRectF(0, n * self.ROW, self.width(), self.ROW) for n in range(len(self.marks))]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        left, right = self.NAME, self.width() - self.SAID
        self._axis(painter, left, right)
        for number, (words, alarm) in enumerate(self._cliff_lines()):
            where = QRectF(4, len(self.marks) * self.ROW + 26 + 17 * number, self.width() - 8, 16)
            self.write(painter, where, words, size=11, quiet=True, ink=self.theme.palette.failure if alarm else "")
        for rate, rect in zip(page.tiers, self.rects(), strict=True):
            change = rate.change
            self.write(painter, QRectF(4, rect.top() + 3, self.NAME, 16), f"{rate.modality} · {rate.tier}", weight=BOLD)
            self.write(painter, QRectF(4, rect.top() + 19, self.NAME, 13), in_items(change.n), size=11, quiet=True)
            for side, at in ((change.old, 12), (change.new, 23)):
                if side is not None:
                    line = QLineF(left, rect.top() + at, right, rect.top() + at)
                    draw_rate(self, painter, side, line, old=side is change.old)
            if change.delta is not None:
                said = QRectF(right + 12, rect.top(), self.SAID - 16, self.ROW)
                self.write(painter, said, f"{points(change.delta)} pt", ink=change_ink(self, change))

    def _cliff_lines(self) -> list[tuple[str, bool]]:
        """How the tiers make up the change of each modality's average, and whether the alarm stands."""
        page = self.state.page if self.state else None
        if page is None or not page.cliffs:
            return [("No word on a cliff: it takes hard and other items of one modality, drawn at random", False)]
        return [(cliff_in_short(cliff), cliff.alarm) for cliff in page.cliffs]

    def _axis(self, painter: QPainter, left: float, right: float) -> None:
        bottom = len(self.marks) * self.ROW + 2
        for quarter in range(5):
            x = left + (right - left) * quarter / 4
            painter.setPen(QPen(colour(self.theme.palette.border), 1))
            painter.drawLine(QLineF(x, 2, x, bottom))
            self.write(painter, QRectF(x - 30, bottom + 2, 60, 18), f"{quarter * 25} %", CENTRE, size=11, quiet=True)


class Flipped(Canvas):
    """Two by two: what the old and the new model got right, with the exact test below."""

    NAME, CELL = 78, 62

    def wanted_height(self) -> int:
        return 22 + 2 * (self.CELL + 6) + 46

    def _width(self) -> float:
        return min(150.0, (self.width() - self.NAME) / 2 - 8)

    def rects(self) -> Sequence[QRectF]:
        cells = [
            QRectF(self.NAME + column * (self._width() + 6), 22 + row * (self.CELL + 6), self._width(), self.CELL)
            for row in range(2)
            for column in range(2)
        ]
        return [*cells, QRectF(0, 22 + 2 * (self.CELL + 6) + 22, self.width(), 20)]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page, palette = state.page, self.theme.palette
        assert page is not None
        found = page.flipped
        cells = (
            (found.kept, "kept", palette.tag, palette.text),
            (found.regressed, "regressed", palette.failure_soft, palette.failure),
            (found.fixed, "fixed", palette.accent_soft, palette.good),
            (found.residual, "residual", palette.difference_soft, palette.difference_text),
        )
        rects = self.rects()
        for column, name in enumerate(("new right", "new wrong")):
            at = QRectF(rects[column].left(), 0, self._width(), 20)
            self.write(painter, at, name, CENTRE, size=11, quiet=True)
        for row, name in enumerate(("old right", "old wrong")):
            self.write(painter, QRectF(0, rects[2 * row].top(), self.NAME - 8, self.CELL), name, size=11, quiet=True)
        for (count, name, fill, ink), rect in zip(cells, rects, strict=False):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(fill))
            painter.drawRoundedRect(rect, 6, 6)
            middle = rect.center().y()
            number = QRectF(rect.left(), middle - 20, rect.width(), 20)
            self.write(painter, number, f"{count:,}", CENTRE, size=14, weight=BOLD, ink=ink)
            self.write(painter, QRectF(rect.left(), middle, rect.width(), 18), name, CENTRE, size=11, ink=ink)
        foot = rects[4]
        self.write(painter, foot.translated(4, -20), flipped_words(page).partition(";")[0], size=11, quiet=True)
        self.write(
            painter, foot.translated(4, 0), f"{found.undecidable:,} undecidable, in no rate", size=11, quiet=True
        )


class Heat(Canvas):
    """Failures down, values of a slice across; the number stands in the cell, the shade repeats it."""

    NAME, ROW, HEAD = 132, 26, 20

    def wanted_height(self) -> int:
        heat = self.state.heat_map if self.state else None
        return self.HEAD + self.ROW * (len(heat.codes) if heat else 1) + 4

    def rects(self) -> Sequence[QRectF]:
        heat = self.state.heat_map if self.state else None
        if heat is None:
            return []
        width = min(64.0, (self.width() - self.NAME) / (len(heat.values) + 1))
        return [
            QRectF(self.NAME + width * column, self.HEAD + self.ROW * row, width, self.ROW)
            for row in range(len(heat.codes))
            for column in range(len(heat.values) + 1)
        ]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        heat = state.heat_map
        assert heat is not None
        rects, across = self.rects(), len(heat.values) + 1
        most = max((max(line, default=0) for line in heat.counts), default=0)
        for column, value in enumerate((*heat.values, "all")):
            head = QRectF(rects[column].left() + 3, 0, rects[column].width() - 6, self.HEAD)
            self.write(painter, head, value, CENTRE, size=11, quiet=True)
        for row, code in enumerate(heat.codes):
            name = QRectF(4, rects[row * across].top(), self.NAME - 10, self.ROW)
            self.write(painter, name, state.labels.get(code, code))
            for column, count in enumerate((*heat.counts[row], heat.totals[row])):
                self._cell(painter, rects[row * across + column], count, most if column < across - 1 else 0)

    def _cell(self, painter: QPainter, rect: QRectF, count: int, most: int) -> None:
        palette = self.theme.palette
        share = count / most if most else 0.0
        if most:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(palette.accent, 0.05 + 0.3 * share))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        if count:
            self.write(painter, rect, f"{count:,}", CENTRE, weight=BOLD)


class Watch(Canvas):
    """A table of cells: what blocks first, then by the lower end of the interval."""

    ROW, HEAD = 24, 20
    COLUMNS = ((0.42, "Slice"), (0.1, "Old"), (0.1, "New"), (0.1, "Items"), (0.28, "Gate"))

    def wanted_height(self) -> int:
        return self.HEAD + self.ROW * max(1, len(self.marks)) + 4

    def rects(self) -> Sequence[QRectF]:
        return [QRectF(0, self.HEAD + n * self.ROW, self.width(), self.ROW) for n in range(len(self.marks))]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        self._row(painter, 0, self.HEAD, [title for _, title in self.COLUMNS], quiet=True)
        for node, rect in zip(watched(page), self.rects(), strict=True):
            cells = [str(node.key), percent(node.old_rate), percent(node.new_rate), f"{node.n:,}", answer(node)]
            self._row(painter, rect.top(), self.ROW, cells, ink=self._ink(node))

    def _row(
        self, painter: QPainter, top: float, height: float, cells: Sequence[str], *, quiet: bool = False, ink: str = ""
    ) -> None:
        x = 4.0
        for number, ((share, _), text) in enumerate(zip(self.COLUMNS, cells, strict=True)):
            width, last = share * (self.width() - 8), number == len(cells) - 1
            where = QRectF(x + (14 if last else 0), top, width - (14 if last else 6), height)
            align = RIGHT if 0 < number < len(cells) - 1 else Qt.AlignmentFlag.AlignLeft
            self.write(painter, where, text, align, size=11 if quiet else 12, quiet=quiet, ink=ink if last else "")
            x += width

    def _ink(self, node: Node) -> str:
        palette = self.theme.palette
        match node.state:
            case NodeState.PASSES:
                return palette.good
            case NodeState.REGRESSED | NodeState.BELOW_FLOOR:
                return palette.failure
            case NodeState.INSUFFICIENT:
                return palette.difference_text
            case _:
                return palette.quiet


class ResidualLists(Canvas):
    """What both versions miss: since which version, and with which failure."""

    ROW, HEAD = 22, 40

    def wanted_height(self) -> int:
        return self.HEAD + self.ROW * max((mark.row + 1 for mark in self.marks), default=1) + 4

    def rects(self) -> Sequence[QRectF]:
        half = self.width() / 2
        return [QRectF(mark.column * half, self.HEAD + mark.row * self.ROW, half - 8, self.ROW) for mark in self.marks]

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        found, half = page.residual, self.width() / 2
        words = f"{found.items:,} of {found.of:,} items are missed by both versions"
        self.write(painter, QRectF(4, 0, self.width() - 8, 18), words, quiet=True)
        for column, title in enumerate(("Missed since", "Failure of the new model")):
            self.write(painter, QRectF(column * half + 4, 20, half - 12, 18), title, size=11, weight=BOLD, quiet=True)
        lines = [*found.since[:MOST_RESIDUAL]]
        lines += [(state.labels.get(code, code), count) for code, count in found.failures[:MOST_RESIDUAL]]
        for (name, count), rect in zip(lines, self.rects(), strict=True):
            self.write(painter, rect.adjusted(4, 0, -50, 0), name)
            self.write(painter, rect.adjusted(rect.width() - 48, 0, -4, 0), f"{count:,}", RIGHT, weight=BOLD)


class Releases(Canvas):
    """A strip a modality: the new version's rate at each release, after the first release's old one."""

    STRIP, NAME = 104, 60

    def wanted_height(self) -> int:
        return self.STRIP * max((mark.row + 1 for mark in self.marks), default=1) + 4

    def rects(self) -> Sequence[QRectF]:
        return [QRectF(self._x(mark.column) - 26, mark.row * self.STRIP + 2, 52, self.STRIP - 4) for mark in self.marks]

    def _x(self, release: int) -> float:
        last = max((mark.column for mark in self.marks), default=1)
        return self.NAME + 34 + (self.width() - self.NAME - 80) * release / last

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        page = state.page
        assert page is not None
        before: QPointF | None = None
        after = [mark for mark in self.marks if mark.column]
        for rate, mark in zip(whole_releases(page), after, strict=True):
            top = mark.row * self.STRIP
            if mark.column == 1 or before is None:
                self._strip(painter, top, str(rate.modality))
                before = self._point(painter, rate.change.old, 0, top, "before", None)
            before = self._point(painter, rate.change.new, mark.column, top, f"release {mark.column}", before)

    def _strip(self, painter: QPainter, top: float, name: str) -> None:
        self.write(painter, QRectF(4, top + 4, self.NAME, 18), name, weight=BOLD)
        for share, text in ((1.0, "100 %"), (0.0, "0 %")):
            y = self._y(top, share)
            painter.setPen(QPen(colour(self.theme.palette.border), 1))
            painter.drawLine(QLineF(self.NAME, y, self.width() - 8, y))
            self.write(painter, QRectF(4, y - 8, self.NAME - 10, 16), text if share == 0 else "", size=11, quiet=True)

    def _y(self, top: float, share: float) -> float:
        return top + self.STRIP - 24 - share * (self.STRIP - 36)

    def _point(
        self, painter: QPainter, rate: Rate | None, release: int, top: float, name: str, before: QPointF | None
    ) -> QPointF | None:
        if rate is None:
            return before
        x = self._x(release)
        spot = QPointF(x, self._y(top, rate.value))
        if before is not None:
            painter.setPen(QPen(colour(self.theme.palette.accent, 0.5), 1.5))
            painter.drawLine(QLineF(before, spot))
        draw_rate(self, painter, rate, QLineF(x, self._y(top, 0), x, self._y(top, 1)), old=release == 0)
        self.write(painter, QRectF(x - 40, top + self.STRIP - 22, 80, 16), name, CENTRE, size=11, quiet=True)
        return spot


CHARTS: tuple[tuple[type[Canvas], PanelId, str], ...] = (
    (Tiers, PanelId.TIERS, "Pass rate by difficulty tier"),
    (Flipped, PanelId.FLIPPED, "What flipped"),
    (Heat, PanelId.FAILURES, "Failures"),
    (Watch, PanelId.WATCH, "Slices to watch"),
    (ResidualLists, PanelId.RESIDUAL, "Residual: missed by both versions"),
    (Releases, PanelId.RELEASES, "Releases over time"),
    (MixAgainstTraffic, PanelId.DRIFT, "Mix against traffic"),
)
"""The panels below the cards, in reading order, two a row."""

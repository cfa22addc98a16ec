"""All that lies on the picture as a list: for screen readers, and for whoever would rather read than look.

Moving through it with the arrow keys makes a difference current, or lights a region and brings it into view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPalette
from PySide6.QtWidgets import QFrame, QListView

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Box
from labeler.gui.panels.image.fates import Fate, fates
from labeler.gui.panels.image.regions import place
from labeler.gui.panels.image.seats import Sources
from labeler.gui.theme import Theme
from labeler.gui.widgets.label import as_tip, visible
from labeler.sessions.review import words
from labeler.sessions.review.evidence import ShownEvidence

Index = QModelIndex | QPersistentModelIndex
WIDTH = 280


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region of an output; `number` is its place in the output's regions on this page."""

    letter: Letter
    number: int


Row = str | RegionRow
"""The id of a difference, or a region."""


class _Rows(QAbstractListModel):
    """Words are made when a row is looked at: there may be ten thousand."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: Sequence[Row] = ()
        self._state = ShownEvidence()
        self._sources = Sources()
        self._fates: dict[Letter, list[Fate]] = {}

    def show(self, state: ShownEvidence, sources: Sources) -> None:
        rows: list[Row] = [difference.id for difference in state.walk]
        if state.pair is not None:
            rows += [RegionRow(one, number) for one in LETTERS for number in range(len(sources.regions[one]))]
        fresh = rows != self.rows or sources is not self._sources
        if fresh:
            self.beginResetModel()
        self.rows, self._state, self._sources = rows, state, sources
        self._fates = fates(state.walk, sources.regions)
        if fresh:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | QColor | None:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = self._difference(row) if isinstance(row, str) else self._region(row)
            return as_tip(said) if role == Qt.ItemDataRole.ToolTipRole else visible(said)
        if role == Qt.ItemDataRole.ForegroundRole:
            palette = self._theme.palette
            return QColor(palette.difference_text if isinstance(row, str) else palette.letter(row.letter))
        return None

    def _difference(self, name: str) -> str:
        state = self._state
        number = next(n for n, difference in enumerate(state.walk) if difference.id == name)
        difference = state.walk[number]
        boxes = {letter: place(difference, letter, self._sources.regions[letter]) for letter in LETTERS}
        places = [f"in {letter} at {in_words(box)}" for letter, box in boxes.items() if box is not None]
        parts = [
            f"Difference {number + 1:,} of {len(state.walk):,}{_standing(state, name)}: {words.in_full(difference)}",
            *(places or ["no place on this page"]),
        ]
        return ", ".join(parts)

    def _region(self, row: RegionRow) -> str:
        regions = self._sources.regions[row.letter]
        region = regions.regions[row.number]
        said = " ".join(region.text.split())
        parts = [f"“{said}”" if said else "no text", *([region.label] if region.label else [])]
        fate = self._fates[row.letter][row.number].value
        return f"{row.letter} {row.number + 1:,}: {', '.join(parts)}, {fate}, at {in_words(regions.box(row.number))}"


def _standing(state: ShownEvidence, name: str) -> str:
    if state.difference is not None and state.difference.id == name:
        return ", current"
    return ", seen" if name in state.seen else ""


def in_words(box: Box) -> str:
    """`120, 88, 200 × 20`: the corner and the size in picture pixels."""
    x0, y0, x1, y1 = box
    return f"{x0:,.0f}, {y0:,.0f}, {x1 - x0:,.0f} × {y1 - y0:,.0f}"


class EvidenceList(QListView):
    """The differences, then A's regions, then B's."""

    difference_chosen = Signal(str)
    region_chosen = Signal(object)
    """A RegionRow."""
    left = Signal()
    """The focus went elsewhere: what was lit for it need not stay so."""
    own_keys = ("Up", "Down")
    """They walk the list while it has the focus, and do not move what is in hand on the picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._model = _Rows(theme)
        self.setModel(self._model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Differences and regions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._showing = False
        self.selectionModel().currentChanged.connect(self._choose)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_list(self, state: ShownEvidence, sources: Sources, *, listed: bool) -> None:
        """Shown on demand; when it appears it takes the focus, so that arrow keys move through it."""
        appears = listed and not self.isVisible()
        self.setVisible(listed)
        if not listed:
            return
        self._showing = True
        self._model.show(state, sources)
        if state.current is not None and not self._on_region():
            self.setCurrentIndex(self._model.index(state.current))
        self._showing = False
        if appears:
            self.setFocus()

    @property
    def lines(self) -> list[str]:
        """What is read out, in order."""
        return [str(self._model.data(self._model.index(row))) for row in range(self._model.rowCount())]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(self._theme.palette.accent))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(self._theme.palette.accent_text))
        self.setPalette(palette)

    def _on_region(self) -> bool:
        return self.hasFocus() and self.currentIndex().row() >= 0 and not isinstance(self._row(), str)

    def _row(self) -> Row:
        return self._model.rows[self.currentIndex().row()]

    def _choose(self, now: QModelIndex) -> None:
        if self._showing or not now.isValid():
            return
        row = self._row()
        if isinstance(row, str):
            self.difference_chosen.emit(row)
        else:
            self.region_chosen.emit(row)

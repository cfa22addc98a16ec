"""Tables and values of both outputs, in two views that scroll as one and are linked to the regions of the picture."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from labeler.domain.blind import LETTERS, BlindPair, Letter
from labeler.gui.theme import Theme
from labeler.gui.widgets.grid_view import GridView
from labeler.sessions.review.evidence import ShownEvidence
from labeler.sessions.review.grids.grid import Cell, Grid
from labeler.sessions.review.grids.grids import grid_of


class GridPair(QObject):
    """A view for each output."""

    difference_picked = Signal(str)
    region_picked = Signal(str, str)
    """Letter, and the id of the region that a clicked cell comes from."""
    hovered = Signal(str, object)
    """Letter, and the cell under the pointer or None."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        # Of the panel from the start: without a parent, a view and what it is connected to hold each other for good.
        self.views: dict[Letter, GridView] = {letter: GridView(theme, parent) for letter in LETTERS}
        self._pair: BlindPair | None = None
        self._grid: Grid | None = None
        for letter, view in self.views.items():
            view.hide()
            view.picked.connect(self.difference_picked)
            view.region_picked.connect(partial(self.region_picked.emit, letter))
            view.hovered.connect(partial(self._hover, letter))
        bars = [view.verticalScrollBar() for view in self.views.values()]
        bars[0].valueChanged.connect(bars[1].setValue)
        bars[1].valueChanged.connect(bars[0].setValue)

    def show_state(self, state: ShownEvidence) -> bool:
        """Whether there is a grid to show; raw texts are asked for as they are."""
        if state.pair is not self._pair:
            self._pair, self._grid = state.pair, None if state.pair is None else grid_of(state.pair)
        if self._grid is None or state.view.raw_text:
            return False
        current = state.difference.id if state.difference is not None else None
        for letter, view in self.views.items():
            pinned = {p.pin.difference: p.held for p in state.pins if p.pin.letter == letter and p.pin.difference}
            view.show_grid(self._grid, letter)
            view.show_marks(current, pinned)
        return True

    def light(self, letter: Letter, region: str | None) -> None:
        """Outline the cells that come from a region of this side, and what stands beside them on the other."""
        cells = [] if self._grid is None else [at for at, cell in self._grid.each(letter) if _is_of(cell, region)]
        for view in self.views.values():
            view.set_lit(cells)

    def _hover(self, letter: Letter, at: tuple[int, int] | None) -> None:
        for view in self.views.values():
            view.set_lit([] if at is None else [at])
        self.hovered.emit(letter, None if at is None else self.views[letter].cell_at(at))


def _is_of(cell: Cell, region: str | None) -> bool:
    return region is not None and cell.region == region

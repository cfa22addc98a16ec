"""The estimate as a plot, and the sampling plan beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout

from labeler.gui.backfill.parts import PlanCard
from labeler.gui.backfill.plot import EstimatePlot
from labeler.gui.theme import Theme
from labeler.gui.widgets.label import plain, set_tip
from labeler.sessions.backfill.state import BackfillState


class EstimateCard(QFrame):
    """Where there is no estimate yet it says what would make one."""

    def __init__(self, theme: Theme, plan: PlanCard) -> None:
        super().__init__()
        self.setObjectName("card")
        self.plot = EstimatePlot(theme)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self.plot)
        self.plot.setAutoFillBackground(False)  # which the area has just set
        self._area.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._none = plain("storyLine")
        self._none.setWordWrap(True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note = plain("note")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        title = plain("cardTitle", "Wrong decisions, estimated from the sample")
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(title)
        left.addWidget(self._area, 1)
        left.addWidget(self._none, 1)
        left.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(28)
        row.addLayout(left, 3)
        row.addWidget(plan, 2)

    def show_state(self, old: BackfillState | None, new: BackfillState) -> None:
        shown = (new.estimate, new.estimate_title, new.loading, bool(new.plan))
        if old is not None and (old.estimate, old.estimate_title, old.loading, bool(old.plan)) == shown:
            return
        self.plot.show_rows(new.estimate, new.scale)
        self._area.setVisible(bool(new.estimate))
        self._note.setVisible(bool(new.estimate))
        self._none.setVisible(not new.estimate)
        self._none.setText(_no_estimate(new))
        self._note.setText(new.estimate_title)
        set_tip(self._note, "\n".join(filter(None, (new.estimate_title, new.estimate_why))))

    def take_in_hand(self, line: int) -> None:
        """Mark the line that the records are listed of, and bring it into view."""
        if self.plot.take_in_hand(line) and line >= 0:
            self._area.ensureVisible(0, self.plot.middle_of(line))


def _no_estimate(state: BackfillState) -> str:
    """What to say in the place of the plot, and what would put one there."""
    if state.loading:
        return ""
    then = "Have the sample of the plan reviewed: the interval stands here from its first verdict on."
    return f"{state.estimate_title[:1].upper()}{state.estimate_title[1:]}. {then if state.plan else ''}".strip()

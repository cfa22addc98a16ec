"""Parts of the Backfill screen: figures on top, the policy, the plan."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import ElidedLabel, plain, set_tip
from labeler.gui.widgets.scrolled import scrolled
from labeler.sessions.backfill.state import Card, RuleRow


def _name(widget: QWidget, name: str) -> None:
    """Give a widget another name in the style sheet."""
    if widget.objectName() != name:
        widget.setObjectName(name)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class FigureCard(QFrame):
    """A figure that leads to its records by a click."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(3)
        self._title, self._value, self._detail = plain("quiet"), plain("figure"), ElidedLabel("quiet")
        for label in (self._title, self._value, self._detail):
            column.addWidget(label)

    def show_card(self, shown: Card, *, in_hand: bool) -> None:
        _name(self, "cardInHand" if in_hand else "card")
        self._title.setText(shown.title)
        self._value.setText(shown.value)
        self._detail.setText(f"! {shown.detail}" if shown.serious else shown.detail)
        self.setAccessibleName(f"{shown.title}: {shown.value}, {shown.detail}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit()


class PolicyCard(QFrame):
    """The rules with the number of records that each takes; a rule (by its place) leads to them."""

    asked = Signal(int)

    def __init__(self, theme: Theme, apply: KeyButton) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(plain("cardTitle", "Policy, dry run"))
        head.addStretch(1)
        self._file = plain("quiet")
        head.addWidget(self._file)
        column.addLayout(head)
        self._problem = plain("statusSerious")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._problem.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._problem, 1)
        self._apply = apply
        self._area, self._rows = scrolled(spacing=0)
        self._rows.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self._area, 1)
        column.addWidget(apply)
        self._lines: list[_RuleLine] = []

    def sizeHint(self) -> QSize:
        """As high as the rules are, up to a dozen; more of them scroll."""
        lines = min(12, max(1, self._rows.count())) if self._problem.isHidden() else _PROBLEM_LINES
        return QSize(super().sizeHint().width(), _POLICY_FRAME + _RULE_LINE * lines)

    def show_rules(self, title: str, rules: tuple[RuleRow, ...], problem: str) -> None:
        self._file.setText(title)
        set_tip(self._file, "labeler backfill policy PROJECT --init writes backfill.toml, where rules can be changed")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._area.setVisible(not problem)
        self._apply.setEnabled(not problem)
        clear(self._rows)
        self._lines = [_RuleLine(rule) for rule in rules]
        for number, line in enumerate(self._lines):
            line.asked.connect(partial(self.asked.emit, number))
            self._rows.addWidget(line)
        self.updateGeometry()

    def take_in_hand(self, number: int) -> None:
        """Mark the rule that the records are listed of, and bring it into view."""
        for place, line in enumerate(self._lines):
            _name(line, "ruleInHand" if place == number else "")
            if place == number:
                self._area.ensureWidgetVisible(line)


_RULE_LINE, _POLICY_FRAME = 20, 92
_PROBLEM_LINES = 5


class _RuleLine(QFrame):
    asked = Signal()

    def __init__(self, rule: RuleRow) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{rule.name}: {rule.count} records")
        set_tip(self, rule.disposition)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(_RULE_LINE)
        name = ElidedLabel("ruleOpen" if rule.leads_to.rule == -1 and rule.count else "storyLine", rule.name)
        row.addWidget(name, 1)
        row.addWidget(plain("storyLine", f"{rule.count:,}"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit()


class PlanCard(QWidget):
    """What is reviewed, how much is left, and the button that puts it in force."""

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        title = plain("cardTitle", "Sampling plan")
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(title)
        area, self._lines = scrolled(spacing=5)
        column.addWidget(area, 1)
        self.queue = KeyButton(theme, Look.PRIMARY, "", key)
        column.addWidget(self.queue)

    def show_plan(self, lines: tuple[str, ...], label: str) -> None:
        clear(self._lines)
        for line in lines:
            text = plain("storyLine", line)
            text.setWordWrap(True)
            self._lines.addWidget(text)
        self._lines.addStretch(1)
        self.queue.setVisible(bool(label))
        self.queue.set_label(label)

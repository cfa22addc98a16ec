"""The change of each node with its interval and margin as a drawing in SVG that needs no script and no style."""

from __future__ import annotations

from html import escape

from labeler.domain.gate.report import GateReport, Node, NodeState
from labeler.formats.gate.words import in_items, points

_ROW, _LEFT, _WIDTH, _RIGHT = 26, 260, 420, 40
_MARKS = {NodeState.PASSES: "#15803d", NodeState.REGRESSED: "#b42318", NodeState.BELOW_FLOOR: "#b42318"}
_OTHER = "#808a9a"


def change_plot(report: GateReport) -> str:
    """A row a node that holds items, from the largest loss to the largest gain; empty when none does."""
    nodes = [node for node in report.nodes if node.n]
    if not nodes:
        return ""
    reach = max(max(abs(node.interval.low), abs(node.interval.high), node.margin or 0) for node in nodes) * 1.05
    height = _ROW * (len(nodes) + 1) + 10
    rows = "".join(_row(node, number, reach) for number, node in enumerate(nodes))
    zero = _x(0, reach)
    return (
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img" font-size="13" fill="currentColor" '
        'aria-label="Change of the pass rate of each node in points, with its 95 % interval; the table holds the same">'
        f'<line x1="{zero}" y1="0" x2="{zero}" y2="{height - _ROW}" stroke="currentColor" stroke-opacity="0.4"/>'
        f"{rows}{_axis(reach, height)}</svg>"
    )


def _row(node: Node, number: int, reach: float) -> str:
    y = _ROW * number + _ROW // 2
    low, high, at = (_x(value, reach) for value in (node.interval.low, node.interval.high, node.delta))
    colour = _MARKS.get(node.state, _OTHER)
    interval = f"{points(node.interval.low)} to {points(node.interval.high)}"
    title = f"{node.key}: {points(node.delta)} ({interval}), {in_items(node.n)}"
    margin = ""
    if node.margin is not None and node.margin > 0:
        x = _x(-node.margin, reach)
        margin = f'<line x1="{x}" y1="{y - 8}" x2="{x}" y2="{y + 8}" stroke="{_OTHER}" stroke-dasharray="2 2"/>'
    return (
        f"<g><title>{escape(title)}</title>"
        f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(_short(str(node.key)))}</text>{margin}'
        f'<line x1="{low}" y1="{y}" x2="{high}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{at}" cy="{y}" r="4" fill="{colour}"/></g>'
    )


def _axis(reach: float, height: int) -> str:
    ends = ((-reach, "start"), (0.0, "middle"), (reach, "end"))
    return "".join(
        f'<text x="{_x(value, reach)}" y="{height - 8}" text-anchor="{anchor}">{escape(points(value))}</text>'
        for value, anchor in ends
    )


def _x(value: float, reach: float) -> float:
    return round(_LEFT + _WIDTH * (value / reach + 1) / 2, 1) if reach else _LEFT + _WIDTH / 2


def _short(name: str) -> str:
    return name if len(name) <= 36 else f"{name[:35]}…"

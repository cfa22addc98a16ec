"""Charts of the HTML page as inline SVG: no script, colours from the page's style, and a table beside each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from labeler.domain.insights.page import ReleaseRate, TierRate
from labeler.domain.insights.rates import Change, Rate
from labeler.formats.gate.words import in_items, points

_LEFT, _WIDTH, _RIGHT, _ROW = 170, 420, 90, 38

# For programs that read no style sheet; the page's own colours go before these.
_FILL = {"old": 'fill="#fff" stroke="#777"', "new": 'fill="#3454d1"'}
_BAR = 'stroke="#777" stroke-width="3"'


def tier_chart(rates: Sequence[TierRate]) -> str:
    """Old (ring) over new (dot) with their intervals, a row a tier. Empty for no tiers."""
    if not rates:
        return ""
    height = len(rates) * _ROW + 40
    lines = [_grid(height)]
    for number, rate in enumerate(rates):
        y = 22 + number * _ROW
        lines.append(
            f'<text x="0" y="{y}" class="name">{escape(rate.modality)} · {escape(rate.tier)}</text>'
            f'<text x="0" y="{y + 15}" class="soft">{in_items(rate.change.n)}</text>'
        )
        lines.append(_side(rate.change.old, y - 9, "old") + _side(rate.change.new, y + 3, "new"))
        if rate.change.delta is not None:
            lines.append(f'<text x="{_LEFT + _WIDTH + 14}" y="{y}">{points(rate.change.delta)} pt</text>')
    return _svg(_LEFT + _WIDTH + _RIGHT, height, "Pass rate by tier; the table below has the figures", "".join(lines))


def release_charts(rates: Sequence[ReleaseRate]) -> str:
    """A chart a modality: the new version's rate at each release, after the first release's old one."""
    whole = sorted((rate for rate in rates if rate.tier is None), key=lambda rate: (rate.modality, rate.number))
    return "".join(_release_chart(list(group)) for _, group in groupby(whole, key=lambda rate: rate.modality))


def _release_chart(rates: Sequence[ReleaseRate]) -> str:
    known = [(rate.number, _of(rate.change, "new")) for rate in rates]
    stops = [(rates[0].number - 1, _of(rates[0].change, "old")), *known]
    points_ = [(n, rate) for n, rate in stops if rate is not None]
    if not points_:
        return ""
    step = 520 / max(1, len(stops) - 1)
    first = stops[0][0]

    def place(number: int, value: float) -> tuple[float, float]:
        return 60 + (number - first) * step, 150 - value * 120

    parts = [f'<line x1="52" x2="600" y1="{y}" y2="{y}" class="axis" stroke="#ccc"/>' for y in (30, 150)]
    parts.append('<text x="0" y="154" class="soft">0 %</text><text x="0" y="34" class="soft">100 %</text>')
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(n, rate.value) for n, rate in points_))
    parts.append(f'<polyline points="{path}" class="run" fill="none" stroke="#777"/>')
    for number, rate in points_:
        (x, y), low, high = (
            place(number, rate.value),
            place(number, rate.interval.low),
            place(number, rate.interval.high),
        )
        side = "old" if number == first else "new"
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low[1]:.1f}" y2="{high[1]:.1f}" class="{side} bar" {_BAR}/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="{side} dot" {_FILL[side]}/>')
        name = "before" if number == first else f"release {number}"
        parts.append(f'<text x="{x:.1f}" y="172" class="soft" text-anchor="middle">{name}</text>')
    parts.append(f'<text x="0" y="14" class="name">{escape(rates[0].modality)}</text>')
    return _svg(640, 180, f"{rates[0].modality}: pass rate by release; the table below has the figures", "".join(parts))


def _of(change: Change, side: str) -> Rate | None:
    return change.old if side == "old" else change.new


def _grid(height: int) -> str:
    parts = []
    for quarter in range(5):
        x = _LEFT + _WIDTH * quarter / 4
        parts.append(f'<line x1="{x}" x2="{x}" y1="4" y2="{height - 24}" class="axis" stroke="#ccc"/>')
        parts.append(f'<text x="{x}" y="{height - 8}" class="soft" text-anchor="middle">{quarter * 25} %</text>')
    return "".join(parts)


def _side(rate: Rate | None, y: float, side: str) -> str:
    if rate is None:
        return ""
    low, middle, high = (_LEFT + _WIDTH * value for value in (rate.interval.low, rate.value, rate.interval.high))
    return (
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" class="{side} bar" {_BAR}/>'
        f'<circle cx="{middle:.1f}" cy="{y}" r="5" class="{side} dot" {_FILL[side]}/>'
    )


def _svg(width: int, height: int, label: str, body: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escape(label)}">{body}</svg>'

"""A page of insights as one HTML file for people without the app: no script, font or picture from elsewhere.

Each chart stands beside a table with the same figures, for screen readers and for paper.
"""

from __future__ import annotations

from html import escape

from labeler.domain.insights.page import Insights
from labeler.formats.insights.document import InsightsDocument
from labeler.formats.insights.svg import release_charts, tier_chart
from labeler.formats.insights.tables import FAILURES, Kind, Table, Value, written

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6676; --line: #dfe3e8; --paper: #fff; --new: #3454d1;
  --good: #187a3c; --bad: #b3261e; --open: #9a5b00; --shade: 52, 84, 209 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3aebc; --line: #2d3540; --paper: #1b2129;
  --new: #7d96f5; --good: #5fca7f; --bad: #f28b82; --open: #f0b45a; --shade: 125, 150, 245 } }
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem } .scroll { overflow-x: auto }
table { border-collapse: collapse; min-width: 40% }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums }
thead th { color: var(--soft); font-weight: 500 } tbody th { font-weight: 500 }
th.text, td.text { text-align: left; white-space: normal }
svg { display: block; max-width: 100%; height: auto; margin: .5rem 0 1rem; font-size: 12px; fill: var(--ink) }
svg .name { font-weight: 600 } svg .soft, .fine { fill: var(--soft); color: var(--soft) } .fine { font-size: .85rem }
svg .axis { stroke: var(--line) } svg .bar { stroke-width: 4; stroke-linecap: round; opacity: .45 }
svg .old.bar { stroke: var(--soft) } svg .new.bar { stroke: var(--new) }
svg .old.dot { fill: var(--paper); stroke: var(--soft); stroke-width: 2 } svg .new.dot { fill: var(--new) }
svg .run { fill: none; stroke: var(--new); opacity: .6 }
.warning { border-left: 4px solid var(--open); padding: .2rem .8rem } .alarm { color: var(--bad); font-weight: 600 }
@page { size: A4 landscape; margin: 14mm }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --new: #22409f }
  body { max-width: none; margin: 0; font-size: 11px } h2 { break-after: avoid } tr, svg { break-inside: avoid }
  .scroll { overflow: visible } }
"""


def insights_to_html(document: InsightsDocument) -> str:
    """Everything that comes from outside is escaped, and the page's own policy lets no script run."""
    page, title = document.page, escape(document.title)
    charts = {"tiers": tier_chart(page.tiers), "releases": release_charts(page.releases)}
    notes = {"tiers": _cliffs(document)}
    sections = "\n".join(
        _section(table, charts.get(table.id, ""), notes.get(table.id, ""), page) for table in document.tables
    )
    models = f'<p class="fine">{escape(" · ".join(document.models))}</p>'
    warnings = "".join(f'<p class="warning">{escape(text)}</p>' for text in document.warnings)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{models}\n{warnings}\n"
        f'{sections}\n<p class="fine">{escape(document.fine_print)}</p>\n</main>\n</body>\n</html>\n'
    )


def _cliffs(document: InsightsDocument) -> str:
    lines = zip(document.page.cliffs, document.cliffs, strict=True)
    return "".join(f'<p class="{"alarm" if cliff.alarm else "fine"}">{escape(line)}</p>' for cliff, line in lines)


def _section(table: Table, chart: str, note: str, page: Insights) -> str:
    if not table.rows:
        body = '<p class="fine">Nothing yet.</p>'
    else:
        body = f'{chart}<div class="scroll">{_table(table, page)}</div>'
    foot = f'<p class="fine">{escape(table.note)}</p>' if table.note else ""
    head = f'<h2 id="{table.id}">{escape(table.title)}</h2>'
    return f'<section aria-labelledby="{table.id}">\n{head}\n{body}{note}{foot}\n</section>'


def _table(table: Table, page: Insights) -> str:
    head = "".join(f'<th scope="col"{_class(kind)}>{escape(title)}</th>' for title, kind in table.columns)
    most = max((max(line, default=0) for heat in page.failures for line in heat.counts), default=0)
    most = most if table.id.startswith(FAILURES) else 0
    rows = "\n".join(f"<tr>{_row(table, row, most)}</tr>" for row in table.rows)
    return f'<table aria-labelledby="{table.id}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _row(table: Table, row: tuple[Value, ...], most: int) -> str:
    cells = []
    for column, (value, (_, kind)) in enumerate(zip(row, table.columns, strict=True)):
        text = escape(written(value, kind))
        if column == 0:
            cells.append(f'<th scope="row"{_class(Kind.TEXT)}>{text}</th>')
        else:
            cells.append(f"<td{_class(kind)}{_shade(value, column, len(row), most)}>{text}</td>")
    return "".join(cells)


def _shade(value: Value, column: int, columns: int, most: int) -> str:
    """A cell of the heat map by its count; pale enough for its text."""
    if not most or not isinstance(value, int) or not value or column == columns - 1:
        return ""
    return f' style="background: rgba(var(--shade), {0.35 * value / most:.2f})"'


def _class(kind: Kind) -> str:
    return ' class="text"' if kind is Kind.TEXT else ""

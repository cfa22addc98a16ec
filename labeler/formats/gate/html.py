"""A gate's answer as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from html import escape

from labeler.domain.gate.report import GateReport, Node, NodeState
from labeler.formats.gate.plot import change_plot
from labeler.formats.gate.words import (
    COLUMNS,
    DECISIONS,
    average,
    average_title,
    cells,
    cliffs,
    fine_print,
    for_people_to_judge,
    pilot_warning,
    undecided_by_people,
)

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2230; --soft: #5b6475; --line: #e3e6ec; --paper: #fff; --good: #15803d;
  --bad: #b42318; --open: #9a5b00 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a3abba; --line: #343a47; --paper: #171a21;
  --good: #6fcf97; --bad: #ff8a80; --open: #f0b35a } }
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 68rem;
  margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .45rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  font-variant-numeric: tabular-nums }
th { color: var(--soft); font-weight: 500 }
th:not(:last-child), td:not(:last-child) { white-space: nowrap }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left }
.passes { color: var(--good) } .regressed, .below_floor { color: var(--bad) } .insufficient { color: var(--open) }
figure { margin: 1.5rem 0 } svg { width: 100%; max-width: 52rem } figcaption { color: var(--soft); font-size: .85rem }
.fine { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere }
@media (max-width: 44rem) { table { display: block; overflow-x: auto } td:last-child { min-width: 12rem } }
@page { size: A4 landscape; margin: 14mm }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --good: #0b5a26;
  --bad: #8f1610; --open: #6b3f00 } body { max-width: none; margin: 0; font-size: 11px }
  h2 { break-after: avoid } tr, li, figure { break-inside: avoid } }
"""


def gate_to_html(report: GateReport, title: str, facts: dict[str, str]) -> str:
    """Everything that comes from outside is escaped, and the page's own policy lets no script run."""
    heading = f"{DECISIONS[report.decision]}: {title}"
    warning = pilot_warning(report)
    parts = [
        f"<h1>{escape(heading)}</h1>",
        f"<p><strong>{escape(warning)}</strong></p>" if warning else "",
        _table(report),
        _figure(report),
        _list("Why", report.grounds),
        f"<p><strong>{escape(average_title(report))}</strong> {escape(average(report))}</p>",
        _list("Tiers and the average", cliffs(report)),
        _list("For people to judge: no match can call these right or wrong", for_people_to_judge(report)),
        _list("Decided without people: let someone judge these first", undecided_by_people(report)),
        f'<p class="fine">{escape(fine_print(report, facts))}</p>',
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(heading)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _figure(report: GateReport) -> str:
    plot = change_plot(report)
    caption = "Change of the pass rate in points, with its 95 % interval; the dashed mark is the margin."
    return f"<figure>{plot}<figcaption>{caption}</figcaption></figure>" if plot else ""


def _table(report: GateReport) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in COLUMNS)
    rows = "\n".join(f"<tr>{_row(node)}</tr>" for node in report.nodes)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(node: Node) -> str:
    *figures, said = map(escape, cells(node))
    reason = f' <span class="fine">{escape(node.reason)}</span>' if node.state is not NodeState.WATCHED else ""
    return "".join(f"<td>{figure}</td>" for figure in figures) + f'<td class="{node.state}">{said}{reason}</td>'


def _list(title: str, lines: tuple[str, ...] | list[str]) -> str:
    if not lines:
        return ""
    return f"<h2>{escape(title)}</h2>\n<ul>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in lines) + "\n</ul>"

"""A gate's answer as Markdown for a pull request."""

from __future__ import annotations

import re

from labeler.domain.gate.report import GateReport
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

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!@])")


def gate_to_markdown(report: GateReport, title: str, facts: dict[str, str]) -> str:
    lines = [f"## {DECISIONS[report.decision]}: {_plain(title)}", ""]
    if warning := pilot_warning(report):
        lines += [f"> {_plain(warning)}", ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "| --- |" + " ---: |" * 5 + " --- |"]
    lines += ["| " + " | ".join(map(_plain, cells(node))) + " |" for node in report.nodes]
    if report.grounds:
        lines += ["", "**Why.**", "", *(f"- {_plain(ground)}" for ground in report.grounds)]
    lines += ["", f"**{average_title(report)}** {_plain(average(report))}"]
    lines += ["", *(f"- {_plain(line)}" for line in cliffs(report))] if report.cliffs else []
    if open_items := for_people_to_judge(report):
        lines += ["", "**For people to judge.** No match can call these right or wrong:", ""]
        lines += [f"- {_plain(line)}" for line in open_items]
    if unjudged := undecided_by_people(report):
        lines += ["", "**Decided without people.** Let someone judge these first:", ""]
        lines += [f"- {_plain(line)}" for line in unjudged]
    return "\n".join([*lines, "", f"<sub>{_plain(fine_print(report, facts))}</sub>"]) + "\n"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is; ids and slices come from outside."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))

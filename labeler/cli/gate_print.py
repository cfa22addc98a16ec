"""What labeler gate prints for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from labeler.cli.say import table, warn

if TYPE_CHECKING:
    from labeler.domain.gate.explain import Need
    from labeler.domain.gate.report import GateReport
    from labeler.formats.gate.reports import GateDocument


def print_report(document: GateDocument) -> None:
    """The decision, a row a node, and why."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from labeler.domain.gate.report import Decision, NodeState
    from labeler.formats.gate import words

    report = document.report
    styles = {
        NodeState.PASSES: "green",
        NodeState.REGRESSED: "bold red",
        NodeState.BELOW_FLOOR: "bold red",
        NodeState.INSUFFICIENT: "yellow",
        NodeState.WATCHED: "dim",
        Decision.SHIP: "bold green",
        Decision.BLOCK: "bold red",
        Decision.INSUFFICIENT: "bold yellow",
    }
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
    if warning := words.pilot_warning(report):
        warn(warning)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(words.COLUMNS):
        words_column = number in (0, len(words.COLUMNS) - 1)
        table.add_column(column, justify="left" if words_column else "right", no_wrap=not words_column)
    for node in report.nodes:
        *figures, said = words.cells(node)
        table.add_row(*map(Text, figures), Text(said, style=styles[node.state]))
    console.print(Text(f"{words.DECISIONS[report.decision]}: {document.title}", style=styles[report.decision]))
    console.print()
    console.print(table)
    for heading, lines in (
        ("Why", report.grounds),
        (words.average_title(report), [words.average(report)]),
        ("Tiers and the average", words.cliffs(report)),
        ("For people to judge; no match can call these right or wrong", words.for_people_to_judge(report)),
        ("Decided without people; let someone judge these first", words.undecided_by_people(report)),
    ):
        if lines:
            console.print()
            console.print(Text(heading, style="bold"))
            for line in lines:
                console.print(Text(f"  {line}"))
    console.print()
    console.print(Text(words.fine_print(report, document.facts), style="dim"))


def print_explanation(report: GateReport, name: str) -> None:
    """Raises LabelerError for a node that there is not."""
    from labeler.domain.gate.explain import explain, find_node
    from labeler.errors import LabelerError

    node = find_node(report, name)
    if node is None:
        raise LabelerError(
            f"there is no node {name}", remedy=f"name one of {', '.join(node.key.path for node in report.nodes)}"
        )
    for line in explain(node, report.policy, len(report.nodes)):
        typer.echo(line)


def print_plan(needs: list[Need]) -> None:
    from labeler.domain.gate.explain import POWERS
    from labeler.domain.gate.report import Lack

    header = ("node", "has", "disagree", *(f"for {power * 100:g} %" for power in POWERS), "still needs")
    rows = [
        (need.node.key.path, need.node.n, f"{need.discordance * 100:.1f} %", *need.items, need.missing)
        for need in needs
    ]
    typer.echo(table(header, rows))
    if alone := [need.node.key.path for need in needs if need.node.lack is Lack.RANDOM_ITEMS]:
        typer.echo(
            f"\nOnly flips were drawn in {', '.join(alone)}: they disagree more often than the traffic does, and "
            "however many they are no rate follows from them. Draw items at random; fewer will do than stands here."
        )

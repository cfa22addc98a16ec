"""labeler doctor"""

from __future__ import annotations

from dataclasses import asdict

import typer

from labeler.cli.say import AsJson, answer
from labeler.errors import Exit

app = typer.Typer(add_completion=False)


@app.command()
def doctor(json: AsJson = False) -> None:
    """Show what this machine has and lacks, and how to get it.

    Exit status 1 when something is missing that the commands need; what only the app needs is shown and not counted.

    Example: labeler doctor
    """
    from labeler.steps.doctor import examine

    findings = examine()
    if json:
        answer([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            mark = "✓" if finding.good else ("✗" if finding.needed else "–")
            remedy = "" if finding.good else f"\n  {' ' * width}  to do: {finding.remedy}"
            typer.echo(f"{mark} {finding.name.ljust(width)}  {finding.found}{remedy}")
    if any(finding.needed and not finding.good for finding in findings):
        raise typer.Exit(Exit.NO)

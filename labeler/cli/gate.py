"""labeler gate, gate plan and gate sign"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import As, AsJson, answer, heard_or_not, progress, who_runs, write_template
from labeler.errors import LabelerError

if TYPE_CHECKING:
    from labeler.domain.gate.policy import Policy
    from labeler.formats.gate.reports import GateDocument
    from labeler.steps.gate.counts import Version
    from labeler.steps.gate.run import GateRun

app = typer.Typer(add_completion=False)
_DEFAULT_POLICY = Path("gate.toml")

Gold = Annotated[Path | None, typer.Option(metavar="DIR", help="A version of a gold set: gold/NAME/v0001.")]
Old = Annotated[Path | None, typer.Option(metavar="F", help="Outputs of the old model.")]
New = Annotated[Path | None, typer.Option(metavar="F", help="Outputs of the new model.")]
PolicyFile = Annotated[Path | None, typer.Option(metavar="F", help="gate.toml; by default the profile `standard`.")]
Best = Annotated[
    Path | None,
    typer.Option(metavar="F", help="Outputs of the best version shipped so far: no loss against it either."),
]
Reports = Annotated[
    list[Path] | None,
    typer.Option(metavar="F", help="Write a report: .json, .xml (JUnit), .md or .html. May be repeated."),
]
LedgerFile = Annotated[
    Path | None,
    typer.Option(metavar="F", help="Where attempts are written down; else attempts.jsonl beside the versions."),
]
SignedFile = Annotated[
    Path | None,
    typer.Option(metavar="F", help="Cliff alarms that leads signed; else signed-alarms.jsonl beside the versions."),
]
Preview = Annotated[bool, typer.Option("--preview", help="Look without spending an attempt; never answers with 0.")]
Aa = Annotated[
    bool, typer.Option("--aa", help="Set the new model against itself, by two samples an item: it must ship.")
]
Explained = Annotated[
    str | None, typer.Option(metavar="NODE", help="The arithmetic of one node in words, such as image/hard.")
]
Init = Annotated[bool, typer.Option("--init", help="Write a commented gate.toml and stop.")]


@app.callback(invoke_without_command=True)
def gate(
    context: typer.Context,
    *,
    gold: Gold = None,
    old: Old = None,
    new: New = None,
    best: Best = None,
    policy: PolicyFile = None,
    report: Reports = None,
    ledger: LedgerFile = None,
    signed: SignedFile = None,
    preview: Preview = False,
    aa: Aa = False,
    explain: Explained = None,
    init: Init = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Check a model version's outputs against a gold set, cell by cell.

    Exit status: 0 ship, 1 block, 2 the input is wrong, 3 not enough evidence, 4 the gold set is damaged.
    Every further attempt at a release may spend less error than the one before; the same outputs are the same attempt.

    Example: labeler gate --gold gold/invoices/v0003 --old reader-3.1.jsonl --new reader-3.2.jsonl --report gate.xml
    """
    if context.invoked_subcommand is not None:
        return
    if init:
        _write_policy(policy or _DEFAULT_POLICY)
        return
    if aa and (old or best):
        raise LabelerError("--aa sets the new model against itself", remedy="leave --old and --best out")
    given = {"--gold": gold, "--new": new} if aa else {"--gold": gold, "--old": old, "--new": new}
    folder, *outputs = _required(given)
    files = _versions(None if aa else outputs[0], outputs[-1], best)
    _answer(_Call(folder, files, policy, ledger, signed, preview, who_runs(as_)), report or [], explain, json=json)


@dataclass(frozen=True, slots=True)
class _Call:
    """What is judged by what, and where is kept what must be. `ledger` and `signed` None: beside the versions."""

    gold: Path
    files: dict[Version, Path]
    policy: Path | None
    ledger: Path | None
    signed: Path | None
    preview: bool
    by: str

    def run(self) -> GateRun:
        from labeler.formats.gate.alarms import FILE_NAME as ALARMS
        from labeler.formats.gate.alarms import read_alarms
        from labeler.formats.gate.attempts import FILE_NAME
        from labeler.steps.gate.run import Ledger, run_gate

        path = self.ledger or _beside(self.gold, FILE_NAME)
        attempts = Ledger(path, datetime.now(UTC), self.preview, self.by)
        with progress() as tell:
            alarms = read_alarms(self.signed or _beside(self.gold, ALARMS))
            return run_gate(self.gold, self.files, _asked(self.policy), attempts, tell, alarms)


def _answer(call: _Call, reports: list[Path], explain: str | None, *, json: bool) -> None:
    """Run the gate, write its reports, and end with the exit status of its decision."""
    from labeler.cli.gate_print import print_explanation, print_report
    from labeler.formats.gate.json import gate_to_json
    from labeler.formats.gate.reports import check_ending, write_gate_report

    for path in reports:
        check_ending(path)
    run = call.run()
    document = _document(run)
    for path in reports:
        write_gate_report(path, document)
    with heard_or_not():
        if json:
            answer(gate_to_json(document.report, document.provenance))
        elif explain is not None:
            print_explanation(document.report, explain)
        else:
            print_report(document)
    raise typer.Exit(run.exit_status)


@app.command()
def plan(gold: Gold = None, old: Old = None, new: New = None, policy: PolicyFile = None, json: AsJson = False) -> None:
    """Say how many items each node needs, from how often the two models disagreed so far. Spends no attempt.

    Example: labeler gate plan --gold gold/invoices/v0003 --old reader-3.1.jsonl --new reader-3.2.jsonl
    """
    from labeler.cli.gate_print import print_plan
    from labeler.domain.gate.attempts import FIRST_SHARE
    from labeler.domain.gate.explain import POWERS
    from labeler.domain.gate.explain import plan as plan_of
    from labeler.steps.gate.run import run_gate

    folder, *outputs = _required({"--gold": gold, "--old": old, "--new": new})
    asked = _asked(policy)
    # What a first attempt may spend: with the whole of alpha the plan would promise too much.
    asked = replace(asked, alpha=asked.alpha * FIRST_SHARE)
    with progress() as tell:
        needs = plan_of(run_gate(folder, _versions(outputs[0], outputs[1], None), asked, tell=tell).report)
    if json:
        answer(
            [
                {
                    "node": need.node.key.path,
                    "n": need.node.n,
                    "discordance": need.discordance,
                    "items": dict(zip(map(str, POWERS), need.items, strict=True)),
                    "missing": need.missing,
                }
                for need in needs
            ]
        )
    else:
        print_plan(needs)


@app.command()
def sign(
    modality: Annotated[str, typer.Option(help="The modality whose cliff alarm is answered for.")],
    reason: Annotated[str, typer.Option(help="Why these outputs may ship all the same.")],
    expires: Annotated[str, typer.Option(metavar="DAY", help="The last day it holds, as 2026-12-31.")],
    gold: Gold = None,
    old: Old = None,
    new: New = None,
    policy: PolicyFile = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Where it is written; else signed-alarms.jsonl beside the versions."),
    ] = None,
    as_: As = None,
) -> None:
    """Answer for a cliff alarm: for just these outputs on this gold set, with a reason and until a day.

    It does not hold in a gate that the same person runs.

    Example: labeler gate sign --gold gold/invoices/v0003 --old old.jsonl --new new.jsonl --modality image
    --reason "faxes are retired in May" --expires 2026-12-31 --as lea
    """
    from labeler.domain.gate.alarms import SignedAlarm
    from labeler.domain.items import Modality
    from labeler.formats.gate.alarms import FILE_NAME, append_alarm
    from labeler.steps.gate.run import run_gate

    folder, *outputs = _required({"--gold": gold, "--old": old, "--new": new})
    by, now = who_runs(as_), datetime.now(UTC)
    try:
        until, of = date.fromisoformat(expires), Modality(modality)
    except ValueError as problem:
        raise LabelerError(str(problem), remedy="give a modality, and a day as 2026-12-31") from None
    if not by or not reason.strip() or until < now.date():
        raise LabelerError("a signature needs a name, a reason and a day that is still to come")
    with progress() as tell:
        run = run_gate(folder, _versions(outputs[0], outputs[1], None), _asked(policy), tell=tell)
    if not any(cliff.alarm and cliff.modality is of for cliff in run.report.cliffs):
        raise LabelerError(
            f"there is no cliff alarm for {of} here",
            kept="nothing was signed",
            remedy="a signature answers for a cliff that the gate named; give the same --policy as there",
        )
    written = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    alarm = SignedAlarm(of, run.gold.digest, run.seen["new"].digest, by, reason.strip(), until.isoformat(), written)
    path = to or _beside(folder, FILE_NAME)
    append_alarm(path, alarm)
    typer.echo(
        f"{by} answers for the {of} cliff of these outputs on {run.gold.name} {run.gold.version} until {until}: {path}"
    )


def _required(given: dict[str, Path | None]) -> list[Path]:
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise LabelerError(f"{' and '.join(missing)} must be given", remedy="labeler gate --help shows an example")
    return [value for value in given.values() if value is not None]


def _versions(old: Path | None, new: Path, best: Path | None) -> dict[Version, Path]:
    files: dict[Version, Path] = {"new": new}
    if old is not None:
        files = {"old": old, "new": new}
    return {**files, "best": best} if best is not None else files


def _beside(gold: Path, name: str) -> Path:
    return gold.resolve().parent / name


def _asked(policy: Path | None) -> Policy:
    from labeler.domain.gate.policy import STANDARD
    from labeler.formats.gate.policy import read_policy

    return STANDARD if policy is None else read_policy(policy)


def _write_policy(path: Path) -> None:
    from labeler.formats.gate.policy import TEMPLATE

    write_template(path, TEMPLATE)
    typer.echo(f"Wrote {path}. Use it: labeler gate --policy {path} …")


def _document(run: GateRun) -> GateDocument:
    from labeler.formats.gate.reports import GateDocument
    from labeler.steps.gate.run import provenance, title

    hashes = {"gold": run.gold.digest, **{f"{version} outputs": seen.digest for version, seen in run.seen.items()}}
    facts = {name: digest[: len("sha256:") + 12] for name, digest in hashes.items()}
    if run.spent:
        kind = "preview of attempt" if run.spent.preview else "attempt"
        facts[kind] = f"{run.spent.number} of this release, alpha {run.spent.alpha:.4f}"
        if not run.noted:
            facts["look"] = "could not be noted beside the gold set"
    if run.draft:
        facts["draft"] = f"{run.gold.version} is not published by a second person"
    if run.gold.simulated:
        facts["records with simulated verdicts"] = f"{run.gold.simulated:,} of {run.gold.records:,}"
    return GateDocument(run.answer, title(run), facts, provenance(run))

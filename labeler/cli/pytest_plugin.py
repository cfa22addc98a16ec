"""The gate as pytest tests, one a node: `pytest --labeler-gold DIR --labeler-old F --labeler-new F`.

What blocks fails, what lacks evidence is skipped; a last test holds the decision as a whole, since most CI takes
skipped for passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from labeler import faults

if TYPE_CHECKING:
    from labeler.domain.gate.report import Node
    from labeler.steps.gate.counts import Version
    from labeler.steps.gate.run import GateRun

_FILES = {
    "gold": "a version of a gold set: gold/NAME/v0001",
    "old": "outputs of the old model",
    "new": "outputs of the new model",
    "best": "outputs of the best version shipped so far",
    "policy": "gate.toml; by default the profile `standard`",
    "ledger": "where attempts are written down; else attempts.jsonl beside the versions",
    "signed": "cliff alarms that leads signed; else signed-alarms.jsonl beside the versions",
}


class NotShippedError(Exception):
    """What a report says in place of a traceback."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("labeler", "gate a model version with a gold set")
    for name, meaning in _FILES.items():
        group.addoption(f"--labeler-{name}", metavar="PATH", type=Path, default=None, help=meaning)
    group.addoption("--labeler-as", metavar="NAME", default=None, help="who you are; by default your user name")
    group.addoption("--labeler-preview", action="store_true", help="look without spending an attempt; never passes")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    given = {name: config.getoption(f"--labeler-{name}") for name in _FILES}
    if not any(given.values()):
        return
    missing = [f"--labeler-{name}" for name in ("gold", "old", "new") if given[name] is None]
    if missing:
        raise pytest.UsageError(f"the gate needs {' and '.join(missing)}")
    run = _run(given, config.getoption("--labeler-as"), preview=config.getoption("--labeler-preview"))
    items.extend(_tests(session, run))


def _run(given: dict[str, Any], by: str | None, *, preview: bool) -> GateRun:
    from labeler.cli.say import who_runs
    from labeler.domain.gate.policy import STANDARD
    from labeler.errors import LabelerError
    from labeler.formats.gate.alarms import FILE_NAME as ALARMS
    from labeler.formats.gate.alarms import read_alarms
    from labeler.formats.gate.attempts import FILE_NAME
    from labeler.formats.gate.policy import read_policy
    from labeler.steps.gate.run import Ledger, run_gate

    files: dict[Version, Path] = {"old": given["old"], "new": given["new"]}
    if given["best"]:
        files["best"] = given["best"]
    try:
        policy = read_policy(given["policy"]) if given["policy"] else STANDARD
        beside = given["gold"].resolve().parent
        ledger = Ledger(given["ledger"] or beside / FILE_NAME, datetime.now(UTC), preview, who_runs(by))
        return run_gate(given["gold"], files, policy, ledger, alarms=read_alarms(given["signed"] or beside / ALARMS))
    except LabelerError as error:
        raise pytest.UsageError(str(error)) from None
    except Exception as fault:  # pytest would print it with the lines and values around it
        pytest.exit(faults.told(fault), returncode=pytest.ExitCode.INTERNAL_ERROR)


def _tests(session: pytest.Session, run: GateRun) -> Iterator[pytest.Item]:
    def test(name: str, check: Callable[[], None]) -> pytest.Item:
        return GateTest.from_parent(session, name=name, nodeid=f"labeler-gate::{name}", check=check)

    for node in run.report.nodes:
        yield test(node.key.path, partial(_check_node, node))
    yield test("decision", partial(_check_decision, run))


def _check_node(node: Node) -> None:
    from labeler.domain.gate.report import NodeState
    from labeler.formats.gate.words import answer, cells

    if node.state in (NodeState.REGRESSED, NodeState.BELOW_FLOOR):
        newly_wrong = f"\nnewly wrong: {', '.join(node.newly_wrong)}" if node.newly_wrong else ""
        raise NotShippedError(f"{' | '.join(cells(node))}\n{node.reason}{newly_wrong}")
    if node.state is NodeState.INSUFFICIENT:
        pytest.skip(f"{answer(node)}: {node.reason}")


def _check_decision(run: GateRun) -> None:
    from labeler.errors import Exit
    from labeler.formats.gate.words import DECISIONS

    if run.exit_status is not Exit.DONE:
        grounds = "\n".join(run.answer.grounds)
        raise NotShippedError(f"{DECISIONS[run.answer.decision]}\n{grounds}")


class GateTest(pytest.Item):
    """One node of the gate, or its decision."""

    def __init__(self, *, check: Callable[[], None], **more: Any) -> None:
        super().__init__(**more)
        self._check = check

    def runtest(self) -> None:
        self._check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002  # the signature is pytest's
        if isinstance(excinfo.value, NotShippedError):
            return str(excinfo.value)
        return faults.told(excinfo.value)  # pytest would print the values

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"labeler gate: {self.name}"

"""How far people agree, as the terminal tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.cli.app import run
from labeler.domain.verdicts import Right
from labeler.errors import Exit
from tests.steps.judged_project import JudgedProject


def test_each_question_has_its_alpha_and_interval_and_below_chance_a_minus(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    judged = JudgedProject(tmp_path / "project", 12)
    for number, item in enumerate(judged.items):
        judged.judge(item.id, (Right.OLD, Right.NEW)[number % 2])
        judged.judge(item.id, (Right.NEW, Right.OLD)[number % 2], who="ben")
    judged.project.close()
    assert run(["agreement", str(tmp_path / "project")], lambda _project, _person: 1) == Exit.DONE
    (right,) = (line for line in capfd.readouterr().out.splitlines() if line.startswith("right "))
    assert right.split()[-5:] == ["−0.92", "−0.92", "to", "−0.92", "12"]  # 1 - 1 / (288 / 552)

"""The plug-in as a team calls it: pytest in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from labeler.domain.rubric import Tier
from tests.steps.gate_files import output, record, write_gold, write_outputs

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)


def gated(folder: Path, *options: str, wrong: int = 0) -> subprocess.CompletedProcess[str]:
    gold = write_gold(folder, [record(n, tier=TIERS[n % 3]) for n in range(900)])
    old = write_outputs(folder / "old.jsonl", [output(n) for n in range(900)])
    answers = [output(n, "no" if n % 3 == 2 and n < 3 * wrong else "yes", "2") for n in range(900)]
    new = write_outputs(folder / "new.jsonl", answers)
    files = [f"--labeler-gold={gold}", f"--labeler-old={old}", f"--labeler-new={new}", "--junitxml=gate.xml"]
    # The plug-in is found by its entry point, as in a team's own environment.
    call = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rA",
        *(files if "alone" not in options else files[:1]),
    ]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)


def test_each_node_is_a_test_and_a_regression_fails_its_own(tmp_path: Path) -> None:
    done = gated(tmp_path, wrong=60)
    assert done.returncode == 1
    cases = {case.get("name"): case for case in ET.parse(tmp_path / "gate.xml").iter("testcase")}
    assert set(cases) == {"text/easy", "text/medium", "text/hard", "decision"}
    assert {name for name, case in cases.items() if case.find("failure") is not None} == {"text/hard", "decision"}
    assert "60 items newly wrong" in done.stdout


def test_a_model_that_ships_passes(tmp_path: Path) -> None:
    assert gated(tmp_path).returncode == 0


def test_a_cliff_that_somebody_signed_passes_as_it_does_in_the_command(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, [record(n, tier=TIERS[n % 3]) for n in range(6000)])
    said = [output(n, "no" if n % 3 < 2 and n % 10 == 0 else "yes") for n in range(6000)]
    old = write_outputs(tmp_path / "old.jsonl", said)
    new = write_outputs(tmp_path / "new.jsonl", [output(n, "no" if n in (2, 302) else "yes", "2") for n in range(6000)])
    sign = ["gate", "sign", "--gold", gold, "--old", old, "--new", new, "--modality", "text", "--as", "lea"]
    more = ["--reason", "known and small", "--expires", "2999-01-01"]
    subprocess.run([sys.executable, "-m", "labeler", *map(str, [*sign, *more])], check=True, capture_output=True)
    files = [f"--labeler-gold={gold}", f"--labeler-old={old}", f"--labeler-new={new}"]
    call = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *files]
    for who, status in (("lea", 1), ("ben", 0)):
        done = subprocess.run([*call, f"--labeler-as={who}"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout


def test_a_call_without_outputs_says_what_is_missing(tmp_path: Path) -> None:
    done = gated(tmp_path, "alone")
    assert done.returncode == 4
    assert "the gate needs --labeler-old and --labeler-new" in done.stderr

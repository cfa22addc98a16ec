"""The gate as ratios to a floor that is measured in the same run, since machines differ and are noisy."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from labeler.domain.policy import STANDARD
from labeler.domain.rubric import Tier
from labeler.steps.gate import run_gate
from tests.steps.gate_files import output, record, write_gold, write_outputs

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
Files = tuple[Path, Path, Path]


def ratio(benchmark: BenchmarkFixture, work: Callable[[], object], floor: Callable[[], object], rounds: int) -> float:
    """How much longer the quickest round of `work` took than the quickest of `floor`, taken in turns."""
    floors = []

    def measure_floor() -> None:
        start = time.perf_counter()
        floor()
        floors.append(time.perf_counter() - start)

    benchmark.pedantic(work, setup=measure_floor, rounds=rounds)  # type: ignore[no-untyped-call]  # it has no types
    if benchmark.stats is None:
        pytest.skip("benchmarks are switched off")
    found: float = benchmark.stats.stats.min / min(floors)
    benchmark.extra_info["ratio"] = round(found, 2)
    return found


def python(program: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_help_comes_within_three_times_the_import_of_typer(benchmark: BenchmarkFixture) -> None:
    ours = python("from labeler.cli.app import run; run(['gate', '--help'], None)")
    assert ratio(benchmark, ours, python("import typer"), rounds=5) <= 3


def test_ten_thousand_records_take_less_than_ten_imports_of_scipy(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    gold, old, new = write_files(tmp_path, 10_000)
    floor = python("import scipy.stats")
    assert ratio(benchmark, lambda: run_gate(gold, {"old": old, "new": new}, STANDARD), floor, rounds=3) <= 10


MILLION = pytest.param(1_000_000, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])


@pytest.mark.parametrize("items", [10_000, MILLION])
def test_judging_stays_within_fifty_times_the_bare_reading(
    benchmark: BenchmarkFixture, tmp_path: Path, items: int
) -> None:
    gold, old, new = write_files(tmp_path, items)

    def read() -> None:
        for path in (gold / "records.jsonl", old, new):
            with path.open("rb") as file:
                for line in file:
                    orjson.loads(line)

    assert ratio(benchmark, lambda: run_gate(gold, {"old": old, "new": new}, STANDARD), read, rounds=2) <= 50


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    few, many = write_files(tmp_path / "few", 2_000), write_files(tmp_path / "many", 10_000)
    run_gate(few[0], {"old": few[1], "new": few[2]}, STANDARD)  # pays for imports and caches
    assert peak_of(many) <= 1.2 * peak_of(few)


def peak_of(files: Files) -> int:
    tracemalloc.start()
    run_gate(files[0], {"old": files[1], "new": files[2]}, STANDARD)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def write_files(folder: Path, items: int) -> Files:
    """A gold set and both models' outputs, sorted by item; both err on every ninth item."""
    folder.mkdir(exist_ok=True)
    gold = write_gold(folder, (record(n, tier=TIERS[n % 3]) for n in range(items)))
    old, new = (
        write_outputs(folder / f"{version}.jsonl", (output(n, "yes" if n % 9 else "no", version) for n in range(items)))
        for version in ("1", "2")
    )
    return gold, old, new

"""The gate as ratios to a floor that is measured in the same run, since machines differ and are noisy."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from _pytest.mark import ParameterSet
from pytest_benchmark.fixture import BenchmarkFixture

from labeler.domain.gate.policy import STANDARD
from labeler.domain.gold.records import GoldRecord, JudgedOutput
from labeler.domain.item_json import answer_from_json
from labeler.domain.rubric import Tier
from labeler.formats.outputs import judged_sha256
from labeler.steps.executor import Here
from labeler.steps.gate import counting as gate_counting
from labeler.steps.gate.counting import WORTH_PROCESSES, count_gold
from labeler.steps.gate.run import run_gate
from labeler.steps.progress import silent
from tests.steps.gate_files import output, record, write_gold, write_outputs

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
JUDGED = tuple(JudgedOutput(judged_sha256(output(0, said)), "m 1", said == "yes") for said in ("yes", "no"))
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


def million(said: str) -> ParameterSet:
    return pytest.param(1_000_000, said, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])


@pytest.mark.parametrize(("items", "said"), [(10_000, "a word"), million("a word"), million("a paragraph")])
def test_judging_stays_within_four_times_the_bare_reading(
    benchmark: BenchmarkFixture, tmp_path: Path, items: int, said: str
) -> None:
    """Of gold set and outputs; the outputs alone are a smaller floor, which is noted beside it: for this process alone
    and, where the gate would take them, for all cores. In CPU time, that of children included: on a busy machine the
    time on the wall says what else it does."""
    gold, old, new = write_files(tmp_path, items) if said == "a word" else write_paragraphs(tmp_path, items)
    took = [timed(lambda: judge(gold, old, new)) for _ in range(3)]
    all_read = min(timed(lambda: read(gold / "records.jsonl", old, new)) for _ in range(3))
    outputs_read = min(timed(lambda: read(old, new)) for _ in range(3))
    benchmark.extra_info["ratio"] = round(min(took) / all_read, 2)
    benchmark.extra_info["ratio_to_outputs_alone"] = round(min(took) / outputs_read, 2)
    if items >= WORTH_PROCESSES:
        start = time.perf_counter()
        every = timed(lambda: count_gold(gold, {"old": old, "new": new}, STANDARD, silent))
        on_the_wall = time.perf_counter() - start
        benchmark.extra_info["ratio_to_outputs_alone_on_all_cores"] = round(every / outputs_read, 2)
        benchmark.extra_info["ratio_to_outputs_alone_on_the_wall"] = round(on_the_wall / outputs_read, 2)
        assert min(took) <= 2.5 * outputs_read
    benchmark.pedantic(lambda: None)  # type: ignore[no-untyped-call]  # it has no types; the figures are those above
    assert min(took) <= 4 * all_read


@pytest.mark.parametrize("items", [6_000, pytest.param(300_000, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
@pytest.mark.parametrize(("says", "times"), [("regions", 3.2), ("table", 4.2), ("latency", 3.9)])
def test_outputs_that_say_more_than_text_stay_near_the_bare_reading(
    benchmark: BenchmarkFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, items: int, says: str, times: float
) -> None:
    """Of the outputs alone, in CPU time of one process; the match is measured on as small a share as of a million."""
    monkeypatch.setattr(gate_counting, "MEASURED", items // 50)
    gold, old, new = write_more(tmp_path, items, MORE[says])
    took = [timed(lambda: judge(gold, old, new)) for _ in range(5)]
    outputs_read = min(timed(lambda: read(old, new)) for _ in range(5))
    benchmark.extra_info["ratio_to_outputs_alone"] = round(min(took) / outputs_read, 2)
    benchmark.pedantic(lambda: None)  # type: ignore[no-untyped-call]  # it has no types; the figure is that above
    assert min(took) <= times * outputs_read


def judge(gold: Path, old: Path, new: Path) -> None:
    """In this process, as a machine with one core does it."""
    count_gold(gold, {"old": old, "new": new}, STANDARD, silent, Here())


def read(*paths: Path) -> None:
    for path in paths:
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)


def timed(work: Callable[[], object]) -> float:
    """CPU seconds, those of child processes that ended with it."""
    start = cpu_seconds()
    work()
    return cpu_seconds() - start


def cpu_seconds() -> float:
    """Not `os.times`, which counts in hundredths: reading ten thousand lines takes less."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    few, many = write_files(tmp_path / "few", 15_000), write_files(tmp_path / "many", 60_000)
    run_gate(few[0], {"old": few[1], "new": few[2]}, STANDARD)  # pays for imports and caches
    assert peak_of(many) <= 1.2 * peak_of(few)


def peak_of(files: Files) -> int:
    tracemalloc.start()
    run_gate(files[0], {"old": files[1], "new": files[2]}, STANDARD)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def write_files(folder: Path, items: int) -> Files:
    """A gold set whose outputs people judged, and both models' outputs in order of item; both err on every ninth."""
    folder.mkdir(exist_ok=True)
    gold = write_gold(folder, (record(n, tier=TIERS[n % 3], judged=JUDGED) for n in range(items)))
    old, new = (
        write_outputs(folder / f"{version}.jsonl", (output(n, "yes" if n % 9 else "no", version) for n in range(items)))
        for version in ("1", "2")
    )
    return gold, old, new


def write_paragraphs(folder: Path, items: int) -> Files:
    """The same with some 300 characters, of which no two items have the same; the models differ on every tenth."""
    folder.mkdir(exist_ok=True)

    def said(number: int, version: int) -> str:
        words = f"{WORDS[number % 7 :]} {number} {WORDS}"
        return words + " not" if version and number % 10 == 0 else words

    def judged(number: int) -> tuple[JudgedOutput, ...]:
        both = dict.fromkeys(said(number, version) for version in (0, 1))
        return tuple(JudgedOutput(judged_sha256(output(number, text)), "m 1", not n) for n, text in enumerate(both))

    records = (record(n, tier=TIERS[n % 3], answer=said(n, 0), judged=judged(n)) for n in range(items))
    gold = write_gold(folder, records)
    old, new = (
        write_outputs(folder / f"{v}.jsonl", (output(n, said(n, v), str(v)) for n in range(items))) for v in (0, 1)
    )
    return gold, old, new


def regions(number: int, wrong: bool) -> dict[str, Any]:
    words = [WORDS.split()[(number + n) % 20] for n in range(8)]
    if wrong:
        words[3] = "other"
    places = [[(number * 7 + n * 31) % 900, (n * 40 + number) % 1200] for n in range(8)]
    return {
        "regions": [
            {"id": f"r{n}", "box": [x, y, x + 80, y + 21.5], "text": word, "confidence": (number + n) % 1000 / 1000}
            for n, ((x, y), word) in enumerate(zip(places, words, strict=True))
        ]
    }


def table(number: int, wrong: bool) -> dict[str, Any]:
    rows = [
        [WORDS.split()[(number + n) % 20], str(number * n % 97), f"{number * n % 5000 / 100:.2f}"] for n in range(5)
    ]
    if wrong:
        rows[2][1] = "x"
    return {"table": rows}


def latency(number: int, wrong: bool) -> dict[str, Any]:
    return {"text": f"paid {number}{' not' * wrong}", "latency_ms": 100 + number % 900, "cost": 0.0004}


MORE = {"regions": regions, "table": table, "latency": latency}


def write_more(folder: Path, items: int, says: Callable[[int, bool], dict[str, Any]]) -> Files:
    """Outputs that say more than text; the models differ on every tenth item."""

    def said(number: int, version: int) -> dict[str, Any]:
        return output(number, "in words\nand lines", str(version)) | says(number, version == 1 and number % 10 == 0)

    def records() -> Iterator[GoldRecord]:
        for n in range(items):
            both = dict.fromkeys(judged_sha256(said(n, version)) for version in (0, 1))
            judged = tuple(JudgedOutput(digest, "m 1", not at) for at, digest in enumerate(both))
            yield replace(record(n, tier=TIERS[n % 3], judged=judged), answer=answer_from_json(said(n, 0)))

    gold = write_gold(folder, records())
    old, new = (write_outputs(folder / f"{v}.jsonl", (said(n, v) for n in range(items))) for v in (0, 1))
    return gold, old, new


WORDS = (
    "the total amount of the invoice, 1,249.50 EUR, is to be paid by bank transfer within thirty days of its receipt"
)
WORDS += "; Köln, 1 September: see the terms overleaf"

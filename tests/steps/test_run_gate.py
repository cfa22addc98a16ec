from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import STANDARD, Policy
from labeler.domain.gate.report import Decision, GateReport
from labeler.domain.gold.records import JudgedOutput
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import Exit, LabelerError
from labeler.formats.gate.attempts import read_attempts
from labeler.formats.gate.policy import policy_from_toml
from labeler.formats.outputs import judged_sha256
from labeler.steps.executor import Here, Processes
from labeler.steps.gate import counting as gate_counting
from labeler.steps.gate import outputs as gate_outputs
from labeler.steps.gate import run as gate
from labeler.steps.gate import stretch as gate_stretch
from labeler.steps.gate.counting import count_gold
from labeler.steps.gate.counts import VERSIONS, Version
from labeler.steps.gate.run import GateRun, Ledger, run_gate
from labeler.steps.progress import silent
from tests.steps.gate_files import output, record, write_gold, write_outputs

TIERS = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
Outputs = list[dict[str, Any]]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """300 items a tier; the right answer is always `yes`."""
    return write_gold(tmp_path, [record(n, tier=TIERS[n % 3]) for n in range(900)])


def answers(version: str, wrong: Callable[[int], bool] = lambda _n: False) -> Outputs:
    return [output(n, "no" if wrong(n) else "yes", version) for n in range(900)]


def gated(tmp_path: Path, gold: Path, old: Outputs, new: Outputs, policy: Policy = STANDARD) -> GateRun:
    return run_gate(gold, written(tmp_path, old=old, new=new), policy)


def written(tmp_path: Path, **outputs: Outputs) -> dict[Version, Path]:
    return {name: write_outputs(tmp_path / f"{name}.jsonl", outputs[name]) for name in VERSIONS if name in outputs}


def test_a_model_that_answers_all_right_ships(tmp_path: Path, gold: Path) -> None:
    run = gated(tmp_path, gold, answers("1", lambda n: n == 4), answers("2"))
    assert run.report.decision is Decision.SHIP
    assert [(node.n, node.c) for node in run.report.nodes] == [(300, 0)] * 3
    assert run.seen["new"].models == {Modality.TEXT: {"m 2"}}


def test_a_model_that_fails_a_tier_is_blocked(tmp_path: Path, gold: Path) -> None:
    run = gated(tmp_path, gold, answers("1"), answers("2", lambda n: n % 3 == 2 and n % 5 == 0))
    assert run.report.decision is Decision.BLOCK
    hard = run.report.nodes[2]
    assert (hard.c, hard.b, hard.newly_wrong[0]) == (60, 0, "t-0000005")


def test_an_item_without_an_output_is_invalid_input(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(LabelerError, match=r"new\.jsonl: 2 of the 900 items .*: t-0000007, t-0000899") as caught:
        gated(tmp_path, gold, answers("1"), [o for n, o in enumerate(answers("2")) if n not in (7, 899)])
    assert caught.value.exit_status is Exit.INVALID


def test_outputs_in_any_order_give_the_same_answer(tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_outputs, "RUN", 64)  # several sorted runs
    old, new = answers("1", lambda n: n % 7 == 0), answers("2", lambda n: n % 11 == 0)
    straight = gated(tmp_path, gold, old, new)
    shuffled = gated(tmp_path, gold, old[300:] + old[:300], new[::-1])
    assert shuffled == straight


def test_outputs_of_other_items_are_passed_over(tmp_path: Path, gold: Path) -> None:
    more = [*answers("2"), output(5000, "no", "2")]
    assert gated(tmp_path, gold, answers("1"), more) == gated(tmp_path, gold, answers("1"), answers("2"))


def test_what_people_said_of_an_output_comes_before_the_match(tmp_path: Path) -> None:
    said = (
        JudgedOutput(judged_sha256(output(0, "yes")), "m 1", right=False, failures=("unsafe",)),
        JudgedOutput(judged_sha256(output(0, "surely")), "m 1", right=True),
    )
    gold = write_gold(tmp_path, [record(n, judged=said) for n in range(100)])
    old = [output(n, "yes", "1") for n in range(100)]
    new = [output(n, "surely", "2", latency_ms=5) for n in range(100)]
    run = gated(tmp_path, gold, old, new)
    (node, *_) = run.report.nodes
    assert (node.b, node.c) == (100, 0)
    assert node.unjudged == ()
    agreement = run.report.agreement[Modality.TEXT]
    assert (agreement.both, agreement.agree) == (200, 0)


def test_an_output_that_never_came_is_wrong(tmp_path: Path, gold: Path) -> None:
    new = answers("2")
    new[4] = output(4, None, "2", error="timeout")
    run = gated(tmp_path, gold, answers("1"), new)
    assert [node.c for node in run.report.nodes] == [0, 1, 0]


def test_two_outputs_of_an_item_are_refused(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(LabelerError, match=r"new\.jsonl:2: t-0000000 has an output in line 1 already"):
        gated(tmp_path, gold, answers("1"), [output(0, "yes", "2"), *answers("2")])


def test_two_models_of_one_modality_are_refused(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(LabelerError, match="outputs of 2 models: m 2, m 3"):
        gated(tmp_path, gold, answers("1"), [*answers("2")[:-1], output(899, "yes", "3")])


def test_a_bad_line_behind_the_last_record_is_found(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(LabelerError, match=r"new\.jsonl:901: model is missing"):
        gated(tmp_path, gold, answers("1"), [*answers("2"), {"item_id": "z"}])


def test_a_damaged_gold_set_is_not_judged_by(tmp_path: Path, gold: Path) -> None:
    lines = (gold / "records.jsonl").read_bytes().splitlines(keepends=True)
    (gold / "records.jsonl").write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LabelerError) as caught:
        gated(tmp_path, gold, answers("1"), answers("2"))
    assert caught.value.exit_status is Exit.GOLD_DAMAGED


def test_slices_that_the_policy_names_become_cells(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, [record(n, slices={"snr_db": float(n % 30), "kind": "x"}) for n in range(90)])
    old, new = [output(n) for n in range(90)], [output(n, version="2") for n in range(90)]
    policy = policy_from_toml({"slices": ["snr_db"], "bins": {"snr_db": [10, 20]}})
    run = gated(tmp_path, gold, old, new, policy)
    assert [str(node.key) for node in run.report.nodes if node.key.slice] == [
        "text · easy · snr_db=<10",
        "text · easy · snr_db=10–20",
        "text · easy · snr_db=≥20",
    ]


def test_a_slice_of_fractions_asks_for_bins(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, [record(0, slices={"duration_s": 1.25})])
    with pytest.raises(LabelerError, match=r"duration_s holds numbers such as 1\.25"):
        gated(tmp_path, gold, [output(0)], [output(0, version="2")], policy_from_toml({"slices": ["duration_s"]}))


def test_samples_of_an_item_count_by_their_mean(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, [record(n) for n in range(200)])
    old = [output(n, sample=k) for n in range(200) for k in range(2)]
    new = [output(n, "no" if k == 0 and n < 40 else "yes", "2", sample=k) for n in range(200) for k in range(4)]
    (node, *_) = gated(tmp_path, gold, old, new).report.nodes
    assert (node.n, node.b, node.c) == (200, 0, 10)
    assert node.new_rate == pytest.approx(0.95)
    with pytest.raises(LabelerError, match=r"new\.jsonl:2: t-0000000 has an output in line 1 already"):
        gated(tmp_path, gold, old, [output(0, sample=1), output(0, sample=1), *new])


def test_stretches_add_up_to_the_whole(tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = answers("1", lambda n: n % 7 == 0), answers("2", lambda n: n % 11 == 0)
    whole = gated(tmp_path, gold, old, new)
    monkeypatch.setattr(gate_counting, "STRETCH", 20_000)
    more = [output(5000 + n, "no", "2", label="x") for n in range(3)]
    for found in (gated(tmp_path, gold, old, new), gated(tmp_path, gold, old, [*new, *more])):
        assert found.report == whole.report
    with pytest.raises(LabelerError, match=r"1 of the 900 items .*: t-0000450"):
        gated(tmp_path, gold, old, [*new[:450], *new[451:]])
    assert gated(tmp_path, gold, old, [*new[450:], *new[:450]]).report == whole.report
    with pytest.raises(LabelerError, match=r"new\.jsonl:700: text: 5 is not text"):
        gated(tmp_path, gold, old, [*new[:699], output(699, None, "2") | {"text": 5}, *new[700:]])


def test_columns_and_the_walk_count_alike(tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = answers("1", lambda n: n % 7 == 0), answers("2", lambda n: n % 11 == 0)
    by_columns = gated(tmp_path, gold, old, new)
    monkeypatch.setattr(gate_stretch, "count_columns", lambda *_: None)
    assert gated(tmp_path, gold, old, new) == by_columns


def test_a_child_process_counts_alike(tmp_path: Path, gold: Path) -> None:
    files = written(tmp_path, old=answers("1", lambda n: n % 7 == 0), new=answers("2"))
    executors = Here(), Processes(1), Processes(2, here_too=True)
    here, there, both = (count_gold(gold, files, STANDARD, silent, executor) for executor in executors)
    assert here == there == both


def test_records_count_by_how_they_were_drawn(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, [record(n, p=0.1 if n < 10 else 1.0) for n in range(110)])
    run = gated(
        tmp_path, gold, [output(n, "no" if n < 10 else "yes") for n in range(110)], [output(n) for n in range(110)]
    )
    assert run.report.nodes[0].old_rate == pytest.approx(0.5)


def test_losses_too_small_for_one_release_do_not_add_up(tmp_path: Path, gold: Path) -> None:
    best, old = answers("0"), answers("1", lambda n: n in (0, 3, 6))
    assert gated(tmp_path, gold, old, old).report.decision is Decision.SHIP
    run = run_gate(gold, written(tmp_path, old=old, new=old, best=best), STANDARD)
    assert run.report.decision is Decision.INSUFFICIENT
    assert [node.c for node in run.report.anchor] == [3, 0, 0]
    assert run.report.grounds[0].startswith("against the best version so far, text · easy: ")


def test_two_gates_at_once_are_two_attempts(tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else both would spend what a first attempt may. Each waits a while for the other where it has read the ledger."""
    both = Barrier(2)

    def decided(*asked: Any) -> GateReport:
        with suppress(BrokenBarrierError):
            both.wait(timeout=0.2)
        return decide(*asked)

    monkeypatch.setattr(gate, "decide", decided)
    old = write_outputs(tmp_path / "old.jsonl", answers("1"))
    news = [write_outputs(tmp_path / f"{n}.jsonl", answers(str(n), n.__eq__)) for n in (2, 3)]
    ledger = Ledger(tmp_path / "attempts.jsonl", datetime(2026, 9, 1, tzinfo=UTC))
    with ThreadPoolExecutor(2) as threads:
        runs = list(threads.map(lambda new: run_gate(gold, {"old": old, "new": new}, STANDARD, ledger), news))
    assert sorted(run.spent.number for run in runs if run.spent) == [1, 2]
    assert sorted(attempt.number for attempt in read_attempts(ledger.path)) == [1, 2]

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from labeler.domain.backfill.records import Status
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.steps.backfill.records import read_records
from labeler.steps.project import Project
from labeler.steps.review import withdraw_last
from tests.steps.backfill.decided_project import DecidedProject


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[DecidedProject]:
    made = DecidedProject(tmp_path / "p", items=5, flips=4)
    yield made
    made.project.close()


def statuses(made: DecidedProject) -> dict[str, Status]:
    return {record.id: record.status for record in made.records().records}


def test_decisions_on_flipped_items_are_contested(decided: DecidedProject) -> None:
    assert [record.id for record in decided.records().contested] == ["d-00", "d-01", "d-02", "d-03"]


def test_the_status_follows_from_verdicts_and_resolutions(decided: DecidedProject) -> None:
    decided.project.store.set_overlap(1)
    decided.judge("i-00", Right.NEW)
    decided.judge("i-01", Right.BOTH)
    decided.judge("i-02", Right.UNDECIDABLE, answer=None)
    decided.judge("i-03", Right.NEW, sure=False)
    assert statuses(decided) == {
        "d-00": Status.WRONG,
        "d-01": Status.UPHELD,
        "d-02": Status.UNDECIDABLE,
        "d-03": Status.UNDER_REVIEW,
        "d-04": Status.NOT_REVIEWED,
    }


def test_what_was_known_when_can_be_asked_of_any_past_time(decided: DecidedProject) -> None:
    store = decided.project.store
    before = decided.clock()
    decided.judge("i-00", Right.NEW)
    between = decided.clock()
    withdraw_last(store, store.stream("p-lea"), decided.clock())

    def then(moment: object) -> Status:
        found = read_records(decided.project, as_of=moment)  # type: ignore[arg-type]  # datetimes of the clock
        return found.record("d-00").status

    assert (then(before), then(between), statuses(decided)["d-00"]) == (
        Status.NOT_REVIEWED,
        Status.WRONG,
        Status.NOT_REVIEWED,
    )


def test_a_decision_that_was_brought_later_was_not_known_before(decided: DecidedProject) -> None:
    before = decided.clock()
    decided.bring([decided.decision(0, decision_id="d-99")])
    assert "d-99" in statuses(decided)
    assert "d-99" not in {record.id for record in read_records(decided.project, as_of=before).records}


def test_asking_of_now_says_what_the_tables_say(demo: Project) -> None:
    now = read_records(demo)
    latest = max(event.at for event in demo.store.events())
    from datetime import datetime

    then = read_records(demo, as_of=datetime.fromisoformat(latest) + timedelta(days=1))
    assert now.records == then.records
    assert sum(record.contested for record in now.records) == 64
    assert any(record.simulated for record in now.records)


def test_decisions_of_models_that_the_release_does_not_replace_are_not_in_question(decided: DecidedProject) -> None:
    other = decided.decision(1, decision_id="d-50", model={"name": "reader", "version": "2.0"})
    same = decided.decision(1, decision_id="d-51", model={"name": "reader", "version": "3.1"})
    decided.bring([other, same])
    found = decided.records()
    assert "d-51" in {record.id for record in found.records}
    assert found.of_other_models == 1


def test_a_project_without_decisions_says_how_to_bring_them(texts: Project) -> None:
    with pytest.raises(LabelerError, match="no past decisions"):
        read_records(texts)

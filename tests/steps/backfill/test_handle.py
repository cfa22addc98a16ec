from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.domain.backfill.policy import dry_run
from labeler.domain.people import Person, Role
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.formats.backfill_toml import default_policy
from labeler.steps.backfill.handle import StepDone, apply_policy, approve, dispose, hold, record_step
from labeler.steps.check import check_project
from tests.steps.backfill.decided_project import DecidedProject

POLICY = default_policy()
DONE = StepDone("compensated", "2026-09-10T00:00:00Z", "letter", "A. Smith", "We are sorry.")


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[DecidedProject]:
    """d-00 wrong and reversible, d-01 wrong and irreversible in Switzerland, d-02 upheld, d-03 not reviewed."""
    made = DecidedProject(tmp_path / "p", items=5, flips=4)
    made.bring([made.decision(1, decision_id="d-ch", jurisdiction="CH")])
    made.judge("i-00", Right.NEW)
    made.judge("i-01", Right.NEW)
    made.judge("i-02", Right.OLD)
    yield made
    made.project.close()


def applied(decided: DecidedProject) -> None:
    apply_policy(decided.project, decided.records(), POLICY, decided.lead, now=decided.clock)


def test_the_first_rule_that_holds_takes_a_record_and_the_rest_is_taken_by_none(decided: DecidedProject) -> None:
    run = dry_run(POLICY, decided.records().contested)
    taken = {rule.name: [record.id for record in records] for rule, records in run.taken if records}
    assert taken == {
        "wrong, irreversible, EU": ["d-01"],
        "wrong, irreversible": ["d-ch"],
        "wrong, reversible": ["d-00"],
        "upheld": ["d-02"],
    }
    assert [record.id for record in run.none] == ["d-03"]


def test_a_dry_run_changes_nothing_and_applying_twice_changes_it_once(decided: DecidedProject) -> None:
    before = decided.project.store.event_count()
    dry_run(POLICY, decided.records().contested)
    assert decided.project.store.event_count() == before
    applied(decided)
    applied(decided)
    assert decided.project.store.event_count() == before + 4


def test_the_deadline_counts_from_the_discovery(decided: DecidedProject) -> None:
    applied(decided)
    handling = decided.records().handled("d-01")
    assert (handling.name, handling.due) == ("legal review", "2026-09-08")
    assert not handling.overdue("2026-09-08")
    assert handling.overdue("2026-09-09")


def test_nothing_is_done_before_the_second_pair_of_eyes_and_the_first_cannot_be_the_second(
    decided: DecidedProject,
) -> None:
    applied(decided)
    with pytest.raises(LabelerError, match="second pair of eyes"):
        record_step(decided.project, decided.records(), "d-ch", DONE, decided.lead, now=decided.clock)
    with pytest.raises(LabelerError, match="cannot approve it as well"):
        approve(decided.project, decided.records(), "d-ch", decided.lead, now=decided.clock)
    with pytest.raises(LabelerError, match="only a lead"):
        approve(decided.project, decided.records(), "d-ch", decided.second(), now=decided.clock)
    other = decided.project.store.add_person("Bea Lead", Role.LEAD, at=decided.clock(), person_id="p-bea")
    approve(decided.project, decided.records(), "d-ch", other, now=decided.clock)
    record_step(decided.project, decided.records(), "d-ch", DONE, decided.lead, now=decided.clock)
    assert decided.records().handled("d-ch").owed == ("notified",)


def test_steps_close_a_record_and_say_what_was_sent_outside_the_chain(decided: DecidedProject) -> None:
    applied(decided)
    for step in ("corrected", "notified"):
        done = StepDone(step, "2026-09-10T00:00:00Z", "letter", "A. Smith", "We are sorry.")
        event = record_step(decided.project, decided.records(), "d-00", done, decided.lead, now=decided.clock)
    assert decided.records().handled("d-00").closed
    assert b"Smith" not in event.data
    assert decided.project.store.private_of(event.id) == {"to": "A. Smith", "text": "We are sorry."}


def given(decided: DecidedProject, decision_id: str, reason: str, author: Person) -> None:
    dispose(decided.project, decided.records(), decision_id, "none", reason, author, policy=POLICY, now=decided.clock)


def test_a_lead_decides_with_a_reason_and_the_policy_does_not_overrule_it(decided: DecidedProject) -> None:
    with pytest.raises(LabelerError, match="needs a reason"):
        given(decided, "d-00", " ", decided.lead)
    with pytest.raises(LabelerError, match="no lead"):
        given(decided, "d-00", "so", decided.second())
    given(decided, "d-00", "paid back", decided.lead)
    applied(decided)
    assert decided.records().handled("d-00").name == "none"


def test_no_lead_gets_round_the_four_eyes_of_the_policy_by_a_disposition_of_their_own(decided: DecidedProject) -> None:
    given(decided, "d-00", "paid back", decided.lead)
    given(decided, "d-ch", "nothing happened", decided.lead)
    records = decided.records()
    assert (records.handled("d-00").awaits_second, records.handled("d-ch").awaits_second) == (False, True)


def test_who_is_no_lead_does_not_apply_a_policy_of_their_own(decided: DecidedProject) -> None:
    with pytest.raises(LabelerError, match="only a lead"):
        apply_policy(decided.project, decided.records(), POLICY, decided.second(), now=decided.clock)
    assert not decided.records().handling


def test_a_record_whose_status_changes_is_disposed_of_anew_and_both_dispositions_stay(
    decided: DecidedProject,
) -> None:
    applied(decided)
    decided.judge("i-00", Right.BOTH)
    applied(decided)
    handling = decided.records().handled("d-00")
    assert handling.name == "none"
    assert [event.body["disposition"] for event in handling.history] == ["correct and notify", "none"]


def test_a_legal_hold_is_a_leads_word_and_can_be_lifted(decided: DecidedProject) -> None:
    with pytest.raises(LabelerError, match="no lead"):
        hold(decided.project, decided.records(), "d-00", decided.second(), on=True)
    hold(decided.project, decided.records(), "d-00", decided.lead, on=True, reason="claim", now=decided.clock)
    assert decided.records().handled("d-00").held
    hold(decided.project, decided.records(), "d-00", decided.lead, on=False, now=decided.clock)
    assert not decided.records().handled("d-00").held


def test_a_project_with_all_this_in_its_log_is_whole(decided: DecidedProject) -> None:
    applied(decided)
    assert [f for f in check_project(decided.project).findings if f.part != "media"] == []

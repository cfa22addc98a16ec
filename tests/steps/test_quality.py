"""Simulated annotators judge the demo in Review with hidden checks among it; what is found of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from labeler.domain.backfill.estimate import ReviewerError
from labeler.domain.checks import Check, CheckKind
from labeler.domain.events import EventKind
from labeler.domain.people import Role
from labeler.domain.simulation.annotators import ANNOTATORS, CARELESS
from labeler.domain.verdicts import Resolution, ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.sessions.rehearsal import CHECKS, judged_demo
from labeler.steps.adjudicate import resolve
from labeler.steps.backfill.estimate import error_in_force
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.quality import erase_times, measured_error
from labeler.steps.review import save_check
from tests.steps.judged_project import RELEASE, JudgedProject

START = datetime(2026, 12, 1, tzinfo=UTC)
NOON = datetime(2026, 9, 2, 12, tzinfo=UTC)


def test_hidden_checks_tell_the_careless_from_the_careful(tmp_path: Path) -> None:
    careful, careless = replace(ANNOTATORS[0], whole=1.0), replace(CARELESS, wrong=0.9, whole=0.0)
    often = replace(CHECKS, rate=0.5, repeat_after=5, wrong=0.5)
    people = (careful, careless)
    quality, judged = judged_demo(tmp_path / "demo", 1, START, people, settled=40, most=40, checks=often)
    of = {one.person.id: one for one in quality.people}
    assert judged.met == {careful.id: 40, careless.id: 40}
    one, other = of[careless.id].checks, of[careful.id].checks
    assert one is not None
    assert other is not None
    agreed = {c.person: (c.known.hits + c.repeats.hits) / (c.known.n + c.repeats.n) for c in (one, other)}
    assert agreed[careless.id] < agreed[careful.id] - 0.2
    assert other.findings == ()
    assert one.known.n + one.repeats.n >= 12
    assert quality.error.known
    together = {one.person.id: one.care for one in quality.people if one.care is not None}
    assert [told.words for told in together[careless.id].told] == [
        "hidden checks passed",
        "said as most others",
        "took their time",
    ]
    assert together[careless.id].p < 0.05 < together[careful.id].p


def checked(judged: JudgedProject, item_id: str, known: Right, said: Right) -> None:
    """A lead settles the item; bo meets it as a hidden check."""
    store = judged.project.store
    judged.judge(item_id, said, who="cleo")
    given = store.verdicts(RELEASE.id, item_id)[0].verdict
    lead = store.person("Ada") or store.add_person("Ada", Role.LEAD, at=NOON)
    resolution = Resolution(
        item_id, RELEASE.id, known, given.tier, (), (), ResolvedBy.LEAD, None, given.checked, given.outputs, "1"
    )
    event = resolve(store, lead, resolution, NOON)
    bo = judged.person("bo")
    save_check(store, store.stream(bo.id), given, Check(CheckKind.KNOWN, event.id), NOON)


@pytest.fixture
def judged(tmp_path: Path) -> JudgedProject:
    return JudgedProject(tmp_path / "judged", 12)


def test_a_backfills_estimate_is_corrected_by_what_the_projects_own_checks_measured(judged: JudgedProject) -> None:
    assert measured_error(judged.project)[0].known is False
    for n, (known, said) in enumerate(
        [(Right.NEW, Right.NEW)] * 3 + [(Right.NEW, Right.BOTH)] + [(Right.OLD, Right.OLD)] * 2
    ):
        checked(judged, f"i-{n:02d}", known, said)
    error, words = error_in_force(judged.project)
    assert (error.caught, error.passed) == ((3, 4), (2, 2))
    assert "3 of 4 wrong old outputs caught" in words
    given = ReviewerError((57, 60), (118, 120))
    assert error_in_force(judged.project, given)[0] == given
    judged.project.store.set_overlap(2)
    error, words = error_in_force(judged.project)
    assert not error.known
    assert "several people agree" in words


def test_a_check_on_an_item_that_was_opened_again_tells_nothing(judged: JudgedProject) -> None:
    from labeler.steps.adjudicate import reopen

    checked(judged, "i-00", Right.NEW, Right.NEW)
    checked(judged, "i-01", Right.OLD, Right.OLD)
    assert measured_error(judged.project)[0].known
    store = judged.project.store
    stored, lead = store.resolution(RELEASE.id, "i-00"), store.person("Ada")
    assert stored is not None
    assert lead is not None
    reopen(store, lead, stored.event.id, NOON)
    assert not measured_error(judged.project)[0].known


def test_times_are_erased_here_and_wherever_it_arrives_and_the_chain_still_verifies(
    judged: JudgedProject, tmp_path: Path
) -> None:
    store, bo, lea = judged.project.store, judged.person("bo"), judged.people["lea"]
    checked(judged, "i-03", Right.NEW, Right.NEW)
    judged.judge("i-00", who="bo")
    judged.judge("i-01", who="lea")
    give_times(judged)
    export_verdicts(store, tmp_path / "before.jsonl")
    with pytest.raises(LabelerError, match="lea is no lead"):
        erase_times(judged.project, lea, bo, NOON)
    assert erase_times(judged.project, bo, bo, NOON) == 1
    assert erase_times(judged.project, bo, bo, NOON) == 0
    assert store.timed_events(bo.id) == []
    assert len(store.timed_events(lea.id)) == 1
    assert store.chain_damage() == []
    export_verdicts(store, tmp_path / "after.jsonl")
    for first, second in (("before", "after"), ("after", "before")):
        other = JudgedProject(tmp_path / f"other-{first}", 12)
        for name in (first, second):
            import_verdicts(other.project.store, tmp_path / f"{name}.jsonl")
        assert other.project.store.timed_events(bo.id) == []
        assert len(other.project.store.timed_events(lea.id)) == 1
        assert other.project.store.commitment_damage() == []


def give_times(judged: JudgedProject) -> None:
    """Verdicts that say how long they took, one of each person."""
    store = judged.project.store
    for who, item in (("bo", "i-05"), ("lea", "i-06")):
        judged.judge(item, who=who)
        given = replace(store.verdicts(RELEASE.id, item)[0].verdict, duration_ms=4200)
        from labeler.steps.review import save_verdict

        save_verdict(store, store.stream(judged.person(who).id), given, NOON + timedelta(hours=1))
    assert list(store.events(kinds=[EventKind.TIMES_ERASED])) == []

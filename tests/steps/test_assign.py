"""Who gets which item: overlap, routes, orders, reservations, requests for more verdicts, skips that come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.domain.assignment import Assignment, Order, Route, needed
from labeler.domain.events import EventKind, in_utc
from labeler.domain.people import Person, Role
from labeler.domain.queue import QueueFilter
from labeler.domain.verdicts import Resolution, ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.steps.adjudicate import reopen, resolve
from labeler.steps.assign import ask_another, give_back, requeue, reserve, reserve_items, turn_of
from labeler.steps.exchange import export_verdicts, import_verdicts, settle_merged
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.review import skip
from labeler.steps.rounds import rounds, start_round
from tests.steps.judged_project import RELEASE, JudgedProject

NOON = datetime(2026, 9, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def judged(tmp_path: Path) -> JudgedProject:
    made = JudgedProject(tmp_path / "judged", 12)
    made.person("bo")
    return made


def ruled(judged: JudgedProject, overlap: int = 1, **rules: object) -> Project:
    """The project with other rules of assignment."""
    assignment = replace(Assignment(), **rules)  # type: ignore[arg-type]  # fields of Assignment
    project = replace(judged.project, settings=replace(judged.project.settings, overlap=overlap, assignment=assignment))
    project.store.set_overlap(overlap, assignment)
    return project


def waiting(project: Project, person: Person, now: datetime = NOON, where: QueueFilter | None = None) -> list[str]:
    turn = turn_of(project, person, now)
    return [e.item_id for e in project.store.queue(RELEASE.id, person.id, where or QueueFilter(), 100, turn=turn)]


def left(project: Project, person: Person, where: QueueFilter | None = None) -> int:
    found = project.store.progress(RELEASE.id, person.id, where or QueueFilter(), turn_of(project, person, NOON))
    return found.total - found.done


def test_an_item_goes_only_to_those_whom_its_route_names_and_others_do_not_count_it(judged: JudgedProject) -> None:
    project = ruled(judged, routes=(Route(("kind", "chart"), ("bo",)),))
    lea, bo = judged.people["lea"], judged.people["bo"]
    charts = [item.id for item in judged.items if item.slices["kind"] == "chart"]
    assert set(waiting(project, bo)) == {item.id for item in judged.items}
    assert set(waiting(project, lea)) == {item.id for item in judged.items} - set(charts)
    assert left(project, lea) == len(waiting(project, lea))
    assert left(project, lea, QueueFilter(slices={"kind": "chart"})) == 0
    assert left(project, lea, QueueFilter(slices={"kind": "table"})) == len(waiting(project, lea))


def test_a_share_is_judged_by_more_people_and_the_share_can_change_at_any_time(judged: JudgedProject) -> None:
    project, bo = ruled(judged, shared=1.0, shared_by=2), judged.people["bo"]
    for item in judged.items[:4]:
        judged.judge(item.id)
    assert set(waiting(project, bo)) == {item.id for item in judged.items}
    project = ruled(judged)
    assert set(waiting(project, bo)) == {item.id for item in judged.items[4:]}
    assert project.store.connection.execute("SELECT open FROM queue_counts").fetchone()[0] == 8


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.floats(0, 1), st.integers(0, 2))
def test_the_store_needs_as_many_people_as_the_rules_say(
    overlap: int, shared_by: int, shared: float, asked: int
) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        judged = JudgedProject(Path(folder) / "p", 3)
        project = ruled(judged, overlap, shared=shared, shared_by=shared_by)
        for item in judged.items:
            if asked:
                ask_another(project, judged.people["lea"], item.id, NOON, asked)
            entry = project.store.entry(RELEASE.id, item.id)
            assert entry is not None
            below = project.settings.assignment.shared_below
            assert project.store.needed(RELEASE.id, item.id) == needed(entry.rank, overlap, shared_by, below, asked)
        judged.project.close()


def test_everyone_goes_through_the_whole_queue_in_an_order_of_their_own_that_stays(demo: Project) -> None:
    project = replace(demo, settings=replace(demo.settings, assignment=Assignment(order=Order.RANDOM)))
    release = project.store.latest_release()
    assert release is not None
    people = [project.store.add_person(name, at=NOON) for name in ("Bo", "Cleo")]
    turns = [turn_of(project, person, NOON) for person in people]
    orders = [
        [e.item_id for e in project.store.queue(release.id, p.id, limit=500, turn=turn)]
        for p, turn in zip(people, turns, strict=True)
    ]
    same = [e.item_id for e in project.store.queue(release.id, people[0].id, limit=500)]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(same)
    assert orders[0] != orders[1]
    assert orders[0] != same
    head = project.store.queue(release.id, people[0].id, limit=7, turn=turns[0])
    assert [e.item_id for e in head] == orders[0][:7]


def test_by_information_items_on_which_people_differ_come_first(judged: JudgedProject) -> None:
    project = ruled(judged, overlap=3, order=Order.INFORMATION)
    cleo = judged.person("cleo")
    judged.judge("i-07", Right.NEW)
    judged.judge("i-07", Right.OLD, who="bo")
    judged.judge("i-09", Right.NEW, sure=False)
    judged.judge("i-02", Right.NEW)
    turn = replace(turn_of(project, cleo, NOON), order=Order.INFORMATION)
    found = [e.item_id for e in project.store.queue(RELEASE.id, cleo.id, limit=100, turn=turn)]
    assert found[:2] == ["i-07", "i-09"]
    assert sorted(found) == sorted(item.id for item in judged.items)


def test_what_someone_reserved_comes_to_nobody_else_until_its_time_is_over(judged: JudgedProject) -> None:
    project, lea, bo = judged.project, judged.people["lea"], judged.people["bo"]
    found = reserve(project, bo, bo, 5, NOON + DAY, NOON)
    assert set(waiting(project, lea)).isdisjoint(found.items)
    assert left(project, lea) == len(waiting(project, lea)) == 7
    assert waiting(project, bo)[:5] == list(found.items)
    assert set(waiting(project, lea, NOON + 2 * DAY)) == {item.id for item in judged.items}
    assert give_back(project, bo, bo, NOON).items == found.items
    assert left(project, lea) == 12


def test_an_item_that_someone_has_open_goes_to_others_once_it_was_left_behind(judged: JudgedProject) -> None:
    project, lea, bo = judged.project, judged.people["lea"], judged.people["bo"]
    first, second = waiting(project, bo)[:2]
    project.store.hold(RELEASE.id, first, lea.id, in_utc(NOON + DAY))
    assert waiting(project, bo)[0] == second
    assert waiting(project, lea)[0] == first
    assert waiting(project, bo, NOON + 2 * DAY)[0] == first
    project.store.hold(RELEASE.id, second, lea.id, in_utc(NOON + DAY))
    assert waiting(project, bo)[0] == first


def test_only_a_lead_reserves_for_others(judged: JudgedProject) -> None:
    project, bo = judged.project, judged.people["bo"]
    lead = project.store.add_person("Ada", Role.LEAD, at=NOON)
    with pytest.raises(LabelerError, match="bo is no lead"):
        reserve(project, bo, judged.people["lea"], 2, NOON + DAY, NOON)
    assert len(reserve(project, lead, bo, 2, NOON + DAY, NOON).items) == 2


def test_asking_for_another_opens_a_settled_item_again(judged: JudgedProject) -> None:
    project, bo = judged.project, judged.people["bo"]
    judged.judge("i-03")
    standing = project.store.resolution(RELEASE.id, "i-03")
    assert standing is not None
    assert standing.resolution.by is ResolvedBy.CONSENSUS
    assert "i-03" not in waiting(project, bo)
    assert ask_another(project, judged.people["lea"], "i-03", NOON) == 2
    assert project.store.resolution(RELEASE.id, "i-03") is None
    assert "i-03" in waiting(project, bo)
    judged.judge("i-03", who="bo")
    assert project.store.resolution(RELEASE.id, "i-03") is not None


def test_skipped_items_come_back_when_they_are_requeued(judged: JudgedProject) -> None:
    project, lea, bo = judged.project, judged.people["lea"], judged.people["bo"]
    lead = project.store.add_person("Ada", Role.LEAD, at=NOON)
    for person in (lea, bo):
        skip(project.store, project.store.stream(person.id), RELEASE.id, "i-01", "not clear", NOON)
    assert [(s.item_id, s.reason) for s in project.store.skips(RELEASE.id)] == [("i-01", "not clear")] * 2
    with pytest.raises(LabelerError, match="bo is no lead"):
        requeue(project, bo, NOON, who=lea.id)
    assert requeue(project, bo, NOON) == 1
    assert "i-01" in waiting(project, bo)
    assert "i-01" not in waiting(project, lea)
    assert requeue(project, lead, NOON) == 1
    assert "i-01" in waiting(project, lea)
    assert requeue(project, lead, NOON) == 0


def test_a_round_gives_all_the_same_items_first_and_says_where_they_differ(judged: JudgedProject) -> None:
    project, bo, cleo = judged.project, judged.people["bo"], judged.person("cleo")
    lead = project.store.add_person("Ada", Role.LEAD, at=NOON)
    judged.judge("i-00")
    reserve_items(project, lead, bo, ["i-00"], NOON + DAY, NOON)
    made = start_round(project, lead, "first", [bo, cleo], 3, NOON + DAY, NOON)
    reserve(project, lead, bo, 3, NOON + DAY, NOON + timedelta(minutes=1))  # others than those of the round
    items = [item.item_id for item in made.items]
    assert "i-00" not in items
    assert waiting(project, bo)[:3] == waiting(project, cleo)[:3] == items
    assert "i-00" in waiting(project, bo)
    given = give_back(project, lead, bo, NOON + timedelta(minutes=2)).items
    assert given
    assert not set(given) & set(items)  # whoever gives back stays in the round
    assert [one.people for one in rounds(project)] == [made.people]
    for item in items:
        judged.judge(item, who="bo")
        assert item in waiting(project, cleo)
        judged.judge(item, Right.OLD if item == items[1] else Right.NEW, who="cleo")
    (done,) = rounds(project)
    assert done.complete
    assert [item.item_id for item in done.items if item.differ] == [items[1]]
    with pytest.raises(LabelerError, match="was a round first before"):
        start_round(project, lead, "first", [bo, cleo], 3, NOON + DAY, NOON)


def test_reservations_and_requests_travel_with_the_verdicts(judged: JudgedProject, tmp_path: Path) -> None:
    bo = judged.people["bo"]
    found = reserve(judged.project, bo, bo, 3, NOON + DAY, NOON)
    ask_another(judged.project, bo, "i-11", NOON, 2)
    export_verdicts(judged.project.store, tmp_path / "all.jsonl")
    other = JudgedProject(tmp_path / "other", 12)
    for _ in range(2):
        import_verdicts(other.project.store, tmp_path / "all.jsonl")
    assert set(waiting(other.project, other.people["lea"])).isdisjoint(found.items)
    assert other.project.store.needed(RELEASE.id, "i-11") == 3
    assert other.project.store.derived_damage() == []


def test_what_was_asked_for_on_another_laptop_opens_an_item_here(judged: JudgedProject, tmp_path: Path) -> None:
    other = JudgedProject(tmp_path / "other", 12)
    other.judge("i-03")
    ask_another(judged.project, judged.people["bo"], "i-03", NOON)
    export_verdicts(judged.project.store, tmp_path / "asked.jsonl", streams=[judged.project.store.stream("p-bo")])
    store = other.project.store
    assert store.resolution(RELEASE.id, "i-03") is not None
    merged = import_verdicts(store, tmp_path / "asked.jsonl")
    assert settle_merged(store, store.stream("p-lea"), merged, NOON) == 1
    assert store.resolution(RELEASE.id, "i-03") is None


def test_what_a_lead_settled_leaves_the_queue_until_it_is_opened_again(judged: JudgedProject) -> None:
    project, bo = ruled(judged, overlap=2), judged.people["bo"]
    lead = project.store.add_person("Ada", Role.LEAD, at=NOON)
    judged.judge("i-04")
    given = project.store.verdicts(RELEASE.id, "i-04")[0].verdict
    decided = Resolution(
        "i-04", RELEASE.id, Right.OLD, given.tier, (), (), ResolvedBy.LEAD, None, given.checked, given.outputs, "1"
    )
    event = resolve(project.store, lead, decided, NOON)
    assert "i-04" not in waiting(project, bo)
    assert left(project, bo) == len(waiting(project, bo)) == 11
    with pytest.raises(LabelerError, match="a lead settled item i-04"):
        ask_another(project, bo, "i-04", NOON)
    reopen(project.store, lead, event.id, NOON)
    assert "i-04" in waiting(project, bo)
    assert project.store.derived_damage() == []


def test_a_change_of_the_rules_holds_from_the_next_opening_on(judged: JudgedProject) -> None:
    folder = judged.project.folder
    judged.judge("i-00")
    judged.project.close()
    file = folder / "project.toml"
    file.write_text(file.read_text().replace("shared = 0.0", "shared = 1.0").replace("shared_by = 2", "shared_by = 3"))
    with open_project(folder) as project:
        assert {project.store.needed(RELEASE.id, item.id) for item in judged.items} == {3}
        assert "i-00" in waiting(project, judged.people["bo"])
        assert list(project.store.events(kinds=[EventKind.RESERVATION])) == []
        assert project.store.derived_damage() == []

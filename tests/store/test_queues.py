from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter
from labeler.domain.rubric import Tier
from labeler.domain.verdict_json import verdict_body
from labeler.domain.verdicts import Checked, Right, Verdict
from labeler.steps.project import Project
from labeler.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def judge(project: Project, person: Person, item: str, tier: Tier = Tier.EASY) -> str:
    release = project.store.releases()[-1].id
    given = Verdict(
        item, release, Right.NEW, tier, True, Checked.WHOLE, {"A": "old", "B": "new"}, "1", {"old": "a", "new": "b"}
    )
    body, private = verdict_body(given)
    return project.store.append(project.store.stream(person.id), EventKind.VERDICT, body, NOON, private).id


def release_of(project: Project) -> str:
    release = project.store.latest_release()
    assert release is not None
    return release.id


def waiting(project: Project, person: Person, where: QueueFilter | None = None) -> list[str]:
    entries = project.store.queue(release_of(project), person.id, where or QueueFilter(), limit=100)
    return [entry.item_id for entry in entries]


def test_what_a_person_judged_or_skipped_does_not_come_again(texts: Project) -> None:
    ada = texts.store.people()[0]
    first, second, *others = waiting(texts, ada)
    judge(texts, ada, first)
    body = {"kind": "skip", "item_id": second, "release": release_of(texts), "reason": "x"}
    texts.store.append(texts.store.stream(ada.id), EventKind.SKIP, body, NOON)
    assert waiting(texts, ada) == others
    progress = texts.store.progress(release_of(texts), ada.id)
    assert (progress.done, progress.total) == (1, 1 + len(others))
    assert texts.store.skipped_by(release_of(texts), ada.id) == [second]


def test_a_judged_item_leaves_the_queue_of_others_at_the_overlap(texts: Project) -> None:
    store = texts.store
    ada, bob, eve = store.people()[0], store.add_person("Bob", at=NOON), store.add_person("Eve", at=NOON)
    store.set_overlap(2)
    first = waiting(texts, ada)[0]
    judge(texts, ada, first)
    assert first in waiting(texts, bob)
    judge(texts, bob, first)
    assert first not in waiting(texts, eve)
    store.set_overlap(3)
    assert first in waiting(texts, eve)


def test_verdicts_of_simulated_people_take_nothing_out_of_the_queue(texts: Project) -> None:
    ada = texts.store.people()[0]
    robot = texts.store.add_person("Robot", at=NOON, simulated=True)
    first = waiting(texts, ada)[0]
    judge(texts, robot, first)
    assert first in waiting(texts, ada)
    assert first not in waiting(texts, robot)
    assert texts.store.simulated_verdicts(release_of(texts)) == 1


def test_a_withdrawn_verdict_brings_the_item_back_to_its_place(texts: Project) -> None:
    ada = texts.store.people()[0]
    before = waiting(texts, ada)
    event = judge(texts, ada, before[0])
    assert waiting(texts, ada) == before[1:]
    texts.store.append(texts.store.stream(ada.id), EventKind.WITHDRAWAL, {"kind": "withdrawal", "event": event}, NOON)
    assert waiting(texts, ada) == before


def test_another_programs_withdrawal_is_seen_as_well(texts: Project) -> None:
    ada = texts.store.people()[0]
    before = waiting(texts, ada)
    event = judge(texts, ada, before[0])
    assert waiting(texts, ada) == before[1:]
    with Store.open(texts.folder) as other:
        other.append(other.stream(ada.id), EventKind.WITHDRAWAL, {"kind": "withdrawal", "event": event}, NOON)
    assert waiting(texts, ada) == before


def test_filters_by_modality_slice_and_tier(texts: Project) -> None:
    store, ada = texts.store, texts.store.people()[0]
    everything = waiting(texts, ada)
    assert waiting(texts, ada, QueueFilter(modality=Modality.TEXT)) == everything
    assert waiting(texts, ada, QueueFilter(modality=Modality.AUDIO)) == []
    money = waiting(texts, ada, QueueFilter(slices={"topic": "money"}))
    assert money == [item for item in everything if int(item[1:]) % 2]
    assert waiting(texts, ada, QueueFilter(slices={"topic": "money", "length": 3})) == ["t3"]
    bob = store.add_person("Bob", at=NOON)
    store.set_overlap(2)
    judge(texts, bob, "t3", Tier.HARD)
    assert waiting(texts, ada, QueueFilter(tier=Tier.HARD)) == ["t3"]
    progress = store.progress(release_of(texts), ada.id, QueueFilter(slices={"topic": "money"}))
    assert (progress.done, progress.total) == (0, len(money))


def test_the_queue_goes_on_behind_a_rank(texts: Project) -> None:
    ada = texts.store.people()[0]
    entries = texts.store.queue(release_of(texts), ada.id, limit=100)
    assert [entry.rank for entry in entries] == sorted(entry.rank for entry in entries)
    assert texts.store.queue(release_of(texts), ada.id, limit=2, after=entries[2].rank) == entries[3:5]
    assert texts.store.entry(release_of(texts), entries[0].item_id) == entries[0]


def test_the_next_item_is_read_from_an_index_in_order(tmp_path: Path) -> None:
    """A million items answer at once only while no query sorts the queue or walks another table."""
    for where, index in (
        (QueueFilter(), "queue_in_order"),
        (QueueFilter(modality=Modality.IMAGE), "queue_by_modality"),
        (QueueFilter(modality=Modality.IMAGE, slices={"kind": "chart"}), "queue_by_modality"),
    ):
        with Store.create(tmp_path / index / str(len(where.slices))) as store:
            plans: list[str] = []
            store._has_at_most = lambda *_: False  # type: ignore[method-assign]  # as for a slice of many items

            def note(sql: str, store: Store = store, plans: list[str] = plans) -> None:
                if sql.startswith("SELECT q.item_id"):
                    plans.extend(row[3] for row in store.connection.execute(f"EXPLAIN QUERY PLAN {sql}"))

            statements: list[str] = []
            store.connection.set_trace_callback(statements.append)
            store.queue("r", "ada", where)
            store.connection.set_trace_callback(None)
            for statement in statements:
                note(statement)
        assert any(index in plan for plan in plans), plans
        assert not any("TEMP B-TREE" in plan or plan.startswith("SCAN") for plan in plans), plans

"""Three laptops judge, settle, take back, give roles, change the rubric and exchange: all end with the same state."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.domain.assignment import times_erased_body
from labeler.domain.checks import Check, CheckKind
from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Role
from labeler.domain.rubric_changes import Change, ChangeKind
from labeler.domain.rubric_history import RubricVersion, version_body
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import ResolvedBy, Right, fold
from labeler.steps.exchange import export_verdicts, import_verdicts, settle_merged
from labeler.steps.guesses import guesses_in, save_guess
from labeler.steps.review import save_check, save_verdict, skip, withdraw_last
from labeler.store import Store
from labeler.store.catalogue import ItemRow
from tests.store.test_state import Forgiving, resolution, verdict

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEMS = ("i1", "i2")
PEOPLE = ("ada", "bob", "lea")
"""`lea` is the lead. Each works on a laptop of her own; `ada` borrows the second one now and then."""

Step = tuple[str, int, str, Right, int]
"""What, on which laptop, on which item, which answer, and from which laptop a file comes."""

schedules: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("judge", "judge", "judge", "borrow", "skip", "withdraw", "settle", "reopen", "fetch", "fetch"),
                *("make lead", "make auditor", "rename", "split", "guess", "check", "erase"),
            ]
        ),
        st.integers(0, 2),
        st.sampled_from(ITEMS),
        st.sampled_from([Right.NEW, Right.OLD]),
        st.integers(0, 2),
    ),
    max_size=18,
)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@dataclass
class Laptops:
    folder: Path
    stores: tuple[Store, ...]
    at: datetime = START

    def play(self, schedule: list[Step]) -> None:
        for what, laptop, item, right, other in schedule:
            self.at += timedelta(seconds=1)
            self._do(what, laptop, item, right, other)

    def _do(self, what: str, laptop: int, item: str, right: Right, other: int) -> None:
        store = self.stores[laptop]
        own = store.stream(PEOPLE[laptop])
        match what:
            case "judge":
                save_verdict(store, own, verdict(item, right), self.at)
            case "borrow":
                save_verdict(store, store.stream("ada"), verdict(item, right), self.at)
            case "skip":
                skip(store, own, "r-1", item, "", self.at)
            case "withdraw":
                withdraw_last(store, own, self.at)
            case "settle":
                body, private = resolution_body(resolution(item, ResolvedBy.LEAD))
                store.append(store.stream("lea"), EventKind.RESOLUTION, body, self.at, private)
            case "reopen":
                standing = store.resolution("r-1", item)
                if standing is not None:
                    body = reopening_body(standing.event.id, ResolvedBy.LEAD)
                    store.append(store.stream("lea"), EventKind.REOPENING, body, self.at)
            case "make lead" | "make auditor":
                body = {"kind": "role", "person": PEOPLE[other], "role": what.split()[1]}
                store.append(own, EventKind.ROLE, body, self.at)
            case "rename" | "split":
                store.append(own, EventKind.RUBRIC, self._next_rubric(store, what), self.at)
            case "fetch":
                assert import_verdicts(store, self.export(other)).damage == ()
            case _:
                self._do_what_counts_for_no_item(what, laptop, item, right)

    def _do_what_counts_for_no_item(self, what: str, laptop: int, item: str, right: Right) -> None:
        store, person = self.stores[laptop], PEOPLE[laptop]
        own = store.stream(person)
        match what:
            case "guess":
                save_guess(store, own, "r-1", item, "A", "A" if right is Right.NEW else None, self.at)
            case "check":
                save_check(store, own, verdict(item, right), Check(CheckKind.REPEAT, "of"), self.at)
            case "erase":
                body = times_erased_body(person, store.timed_events(person), by_lead=False)
                store.append(own, EventKind.TIMES_ERASED, body, self.at)

    @staticmethod
    def _next_rubric(store: Store, what: str) -> dict[str, object]:
        """Of the code that verdicts name, as this laptop knows it, two new ones or another name."""
        history = store.rubric_history
        name = history.next_version()
        known = history.follow(Modality.IMAGE, "1", "value_misread").code
        to = (f"code_{name}",) if what == "rename" else (f"code_{name}", f"more_{name}")
        change = Change(Modality.IMAGE, ChangeKind(what), (known,), to)
        return version_body(RubricVersion(name, (change,), codes={Modality.IMAGE: frozenset(to)}))

    def export(self, laptop: int) -> Path:
        path = self.folder / f"from-{laptop}.jsonl"
        export_verdicts(self.stores[laptop], path)
        return path


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the three have joined and that two of them have to agree."""
    folder = tmp_path_factory.mktemp("blank")
    with Store.create(folder, overlap=2) as store:
        store.store_items(
            [ItemRow(item, "image", b'{"id":"%s","modality":"image"}' % item.encode(), {}) for item in ITEMS]
        )
        for person in PEOPLE:
            store.add_person(person, Role.LEAD if person == "lea" else Role.ANNOTATOR, at=START, person_id=person)
    return folder


@contextmanager
def copies(blank: Path, count: int) -> Iterator[tuple[Path, list[Store]]]:
    with TemporaryDirectory() as name:
        folder, stores = Path(name), []
        for n in range(count):
            shutil.copytree(blank, folder / str(n))
            stores.append(Forgiving.open(folder / str(n)))
            stores[-1].connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        try:
            yield folder, stores
        finally:
            for store in stores:
                store.close()


def content(store: Store, folder: Path) -> tuple[bytes, object]:
    path = folder / "content.jsonl"
    export_verdicts(store, path)
    read = [[v.verdict.failures for v in store.verdicts("r-1", item)] for item in ITEMS]
    asked = store.checks("r-1"), guesses_in(store, "r-1"), [store.timed_events(person) for person in PEOPLE]
    return path.read_bytes(), (store.state(), store.roles(), store.rubric_history, read, asked)


def merges_in_any_order_and_again(blank: Path, schedule: list[Step]) -> None:
    with copies(blank, 9) as (folder, stores):
        laptops = Laptops(folder, tuple(stores[:3]))
        laptops.play(schedule)
        files = [laptops.export(n) for n in range(3)]
        found = []
        for lead, order in zip(stores[3:], permutations(range(3)), strict=True):
            for n in (*order, order[0], *reversed(order)):
                assert import_verdicts(lead, files[n]).damage == ()
            found.append(content(lead, folder))
            assert lead.state() == fold(lead.events())
        assert all(one == found[0] for one in found)


def merges_in_any_grouping(blank: Path, schedule: list[Step]) -> None:
    """(one + two) + three is one + (two + three), and is what each laptop holds once all have exchanged."""
    with copies(blank, 6) as (folder, stores):
        laptops = Laptops(folder, tuple(stores[:3]))
        laptops.play(schedule)
        files = [laptops.export(n) for n in range(3)]
        first, between, second = stores[3:]
        for n in range(3):
            import_verdicts(first, files[n])
        import_verdicts(between, files[1])
        import_verdicts(between, files[2])
        export_verdicts(between, folder / "between.jsonl")
        import_verdicts(second, files[0])
        import_verdicts(second, folder / "between.jsonl")
        wanted = content(first, folder)
        assert content(second, folder) == wanted
        for store in laptops.stores:
            for file in files:
                import_verdicts(store, file)
            assert content(store, folder) == wanted


@settings(calm, max_examples=4, derandomize=True)
@given(schedules)
def test_exchange_is_commutative_and_idempotent(blank: Path, schedule: list[Step]) -> None:
    merges_in_any_order_and_again(blank, schedule)


@settings(calm, max_examples=4, derandomize=True)
@given(schedules)
def test_exchange_is_associative(blank: Path, schedule: list[Step]) -> None:
    merges_in_any_grouping(blank, schedule)


def test_own_times_are_erased_whether_the_role_of_an_auditor_or_the_erasure_arrives_first(blank: Path) -> None:
    judge = ("judge", 0, "i1", Right.NEW, 0)
    told = [("make auditor", 2, "i1", Right.NEW, 0), ("fetch", 0, "i1", Right.NEW, 2)]
    merges_in_any_order_and_again(blank, [judge, *told, judge, ("erase", 0, "i1", Right.NEW, 0)])


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(calm, max_examples=300)
@given(schedules)
def test_exchange_holds_over_many_schedules(blank: Path, schedule: list[Step]) -> None:
    merges_in_any_order_and_again(blank, schedule)
    merges_in_any_grouping(blank, schedule)


def test_two_laptops_verdicts_on_one_item_are_two_verdicts(blank: Path) -> None:
    with copies(blank, 3) as (folder, stores):
        laptops = Laptops(folder, tuple(stores))
        laptops.play([("judge", 0, "i1", Right.NEW, 0), ("judge", 1, "i1", Right.OLD, 0)])
        laptops.play([("fetch", 2, "", Right.NEW, 0), ("fetch", 2, "", Right.NEW, 1)])
        assert [v.verdict.right for v in stores[2].verdicts("r-1", "i1")] == [Right.NEW, Right.OLD]


def test_what_two_laptops_agree_on_is_settled_once_they_are_merged(blank: Path) -> None:
    with copies(blank, 3) as (folder, stores):
        laptops = Laptops(folder, tuple(stores))
        laptops.play([("judge", 0, "i1", Right.NEW, 0), ("judge", 1, "i1", Right.NEW, 0)])
        lead, own = stores[2], stores[2].stream("lea")
        for n, settled in ((0, 0), (1, 1), (1, 0)):
            merged = import_verdicts(lead, laptops.export(n))
            assert settle_merged(lead, own, merged, laptops.at) == settled
        standing = lead.resolution("r-1", "i1")
        assert standing is not None
        assert standing.resolution.by is ResolvedBy.CONSENSUS
        laptops.play([("withdraw", 1, "", Right.NEW, 0)])
        assert settle_merged(lead, own, import_verdicts(lead, laptops.export(1)), laptops.at) == 1
        assert lead.resolution("r-1", "i1") is None

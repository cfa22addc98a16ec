from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.domain.events import Event, EventKind
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.progress import Problem
from labeler.steps.project import Project
from labeler.store import Store


@pytest.fixture(scope="module")
def three_exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What three people exported who worked apart on copies of one project."""
    folder, exports = tmp_path_factory.mktemp("apart"), []
    at = datetime(2026, 12, 1, tzinfo=UTC)
    with Store.create(folder / "first") as store:
        lead = store.add_person("Lead", Role.LEAD, at=at)
        skip(store, lead, "i0", at)
    for n, name in enumerate(("Ada", "Bob", "Eve")):
        shutil.copytree(folder / "first", folder / name)
        with Store.open(folder / name) as store:
            person = store.add_person(name, at=at)
            events = [skip(store, who, item, at) for item in ("i1", "i2", "i3")[n:] for who in (person, lead)]
            store.append(
                store.stream(person.id), EventKind.WITHDRAWAL, {"kind": "withdrawal", "event": events[0].id}, at
            )
            exports.append(folder / f"{name}.jsonl")
            export_verdicts(store, exports[-1])
    return exports


def skip(store: Store, person: Person, item: str, at: datetime) -> Event:
    body = {"kind": "skip", "item_id": item, "release": "r-1", "reason": "mine"}
    return store.append(store.stream(person.id), EventKind.SKIP, body, at)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 2), max_size=4).map(lambda more: [*more, 0, 1, 2]), turn=st.permutations(range(3)))
def test_merging_gives_the_same_whatever_the_order_and_however_often(
    three_exports: list[Path], order: list[int], turn: list[int]
) -> None:
    written = []
    for sequence in (order, turn):
        with TemporaryDirectory() as folder, Store.create(Path(folder)) as store:
            store.connection.execute("PRAGMA synchronous = OFF")
            for n in sequence:
                assert import_verdicts(store, three_exports[n]).damage == ()
            out = Path(folder) / "out.jsonl"
            export_verdicts(store, out)
            written.append((out.read_bytes(), store.state(), store.people()))
    assert written[0] == written[1]


def test_an_export_of_an_import_is_the_same_file(demo: Project, tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    count = export_verdicts(demo.store, one)
    with Store.create(tmp_path / "copy") as copy:
        merged = import_verdicts(copy, one)
        assert (merged.added, merged.known, merged.refused) == (count, 0, 0)
        assert import_verdicts(copy, one).known == count
        export_verdicts(copy, other)
        assert copy.commitment_damage() == []
    assert one.read_bytes() == other.read_bytes()


def test_altered_and_broken_lines_are_told_and_kept_out(demo: Project, tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    export_verdicts(demo.store, path)
    lines = path.read_bytes().splitlines()
    altered = next(n for n, line in enumerate(lines) if b'"kind":"verdict"' in line and b'"seq":9' in line)
    lines[altered] = lines[altered].replace(b'"sure":true', b'"sure":false')
    lines.append(b'{"event": {"stream": 5}}')
    path.write_bytes(b"\n".join(lines))
    problems: list[Problem] = []
    with Store.create(tmp_path / "copy") as copy:
        merged = import_verdicts(copy, path, on_problem=problems.append)
        assert merged.refused == 1
        assert [damage.what for damage in merged.damage] == ["does not follow from the event before it"]
        assert copy.chain_damage() == []


def test_an_export_that_cannot_be_written_leaves_nothing(demo: Project, tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="cannot be written"):
        export_verdicts(demo.store, tmp_path / "no" / "v.jsonl")
    assert list(tmp_path.glob("*.jsonl")) == []

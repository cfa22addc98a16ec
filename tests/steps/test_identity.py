"""A device's key signs what its person exports; whoever takes a file in hears what is signed, and by which key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from labeler.domain.people import Role
from labeler.steps.exchange import Merged, export_verdicts, import_verdicts
from labeler.steps.identity import sign_stream, system_keyring, write_signatures
from labeler.steps.review import save_verdict
from labeler.store import Store
from tests.store.test_state import verdict

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Drawer:
    """Stands in for the keyring of an account: a machine that runs tests has none."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def set(self, name: str, secret: str) -> None:
        self.held[name] = secret


@pytest.fixture
def ada(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "ada", overlap=2) as store:
        store.add_person("Ada", at=AT, person_id="ada")
        save_verdict(store, store.stream("ada"), verdict("i1"), AT)
        yield store


def send(store: Store, keys: Drawer | None, to: Path) -> None:
    signature = sign_stream(store, store.person_of("ada"), keys, AT)
    write_signatures(to, [signature] if signature else [])
    export_verdicts(store, to)


def take(lead: Store, file: Path) -> Merged:
    return import_verdicts(lead, file)


@pytest.fixture
def lead(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "lead", overlap=2) as store:
        yield store


def test_what_a_device_signs_is_known_as_signed(ada: Store, lead: Store, tmp_path: Path) -> None:
    keys, file, stream = Drawer(), tmp_path / "v.jsonl", ada.stream("ada")
    send(ada, keys, file)
    assert take(lead, file).signed == {stream}
    (secret,) = keys.held.values()
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    save_verdict(ada, stream, verdict("i2"), AT)
    send(ada, keys, file)
    again = take(lead, file)
    assert (set(again.signed), set(again.unsigned), again.added) == ({stream}, set(), 1)
    assert again.damage == ()


def test_what_goes_on_without_the_key_is_taken_in_and_said(ada: Store, lead: Store, tmp_path: Path) -> None:
    keys, file, stream = Drawer(), tmp_path / "v.jsonl", ada.stream("ada")
    send(ada, keys, file)
    take(lead, file)
    save_verdict(ada, stream, verdict("i2"), AT)  # by somebody in whose account the key is not
    assert sign_stream(ada, ada.person_of("ada"), Drawer(), AT) is None
    send(ada, None, file)
    merged = take(lead, file)
    assert (set(merged.signed), set(merged.unsigned), merged.added) == (set(), {stream}, 1)


def test_another_keys_signature_lets_nothing_in(ada: Store, lead: Store, tmp_path: Path) -> None:
    keys, file, stream = Drawer(), tmp_path / "v.jsonl", ada.stream("ada")
    send(ada, keys, file)
    take(lead, file)
    save_verdict(ada, stream, verdict("i2"), AT)
    send(ada, keys, file)
    (signature,) = orjson.loads((tmp_path / "v.jsonl.sig").read_bytes())
    for field, value in (("signature", "00" * 64), ("key", "11" * 32), ("hash", "22" * 32)):
        (tmp_path / "v.jsonl.sig").write_bytes(orjson.dumps([{**signature, field: value}]))
        merged = take(lead, file)
        assert merged.added == 0
        assert [damage.what for damage in merged.damage] == ["its signature is not of its key"]
    assert lead.verdict_of("r-1", "i2", "ada") is None


def test_without_a_keyring_nothing_is_signed_and_all_goes_on(ada: Store, lead: Store, tmp_path: Path) -> None:
    assert system_keyring() is None  # `conftest` sets none
    send(ada, None, tmp_path / "v.jsonl")
    merged = take(lead, tmp_path / "v.jsonl")
    assert (merged.signed, merged.unsigned, merged.added) == (frozenset(), frozenset(), 2)


def test_an_auditor_signs_nothing(ada: Store) -> None:
    eve = ada.add_person("Eve", Role.AUDITOR, at=AT)
    assert sign_stream(ada, eve, Drawer(), AT) is None

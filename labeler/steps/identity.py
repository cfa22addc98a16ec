"""A person's key on a device: kept in the system's keyring, never in a file; it signs what the person exports.

Where there is no keyring (a server, a container) nothing is signed, and a name is taken at its word.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import orjson

from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.domain.signatures import StreamSignature, signature_from_json, signature_to_json, signed_bytes
from labeler.store import Store
from labeler.whole_file import write_whole

SERVICE = "labeler"
SUFFIX = ".sig"
"""Signatures stand in a file beside the verdicts file, so that this one is the same whoever writes it."""


class Keys(Protocol):
    """Where secrets are kept, by a name."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, secret: str) -> None: ...


class SystemKeyring:
    """The keyring of the account: Secret Service, macOS Keychain, Windows Credential Locker."""

    def get(self, name: str) -> str | None:
        import keyring

        return keyring.get_password(SERVICE, name)

    def set(self, name: str, secret: str) -> None:
        import keyring

        keyring.set_password(SERVICE, name, secret)


def system_keyring() -> Keys | None:
    """None where the machine has no keyring, it is locked, or the package is not installed."""
    try:
        import cryptography  # noqa: F401
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return None
    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring) or type(backend).__module__.startswith("keyrings.alt"):
        return None  # keyrings.alt writes plain files
    return SystemKeyring()


def keyring_is_locked() -> bool:
    """Whether the desktop's keyring is there and locked. Asks nobody to unlock it; False on macOS and Windows, whose
    systems unlock theirs with the account.
    """
    try:
        import secretstorage
        from secretstorage.exceptions import SecretStorageException
    except ImportError:
        return False
    try:
        with closing(secretstorage.dbus_init()) as bus:
            return bool(secretstorage.Collection(bus).is_locked())
    except (SecretStorageException, OSError):
        return False


def sign_stream(store: Store, person: Person, keys: Keys | None, at: datetime) -> StreamSignature | None:
    """What this device's key says of the person's stream in this copy; the key is made when there is none.

    None where there is no keyring, the key lies in another account's, or the person writes nothing here.
    """
    stream = store.stream(person.id)
    if keys is None or person.role is Role.AUDITOR or store.newest_of(stream) is None:
        return None
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from keyring.errors import KeyringError

    try:
        kept, public = keys.get(stream), store.stream_key(stream)
        if kept is None and public is None:
            kept = Ed25519PrivateKey.generate().private_bytes_raw().hex()
            keys.set(stream, kept)
    except KeyringError:
        return None
    if kept is None:
        return None
    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept))
    own = secret.public_key().public_bytes_raw().hex()
    if public is None:
        store.append(stream, EventKind.KEY, {"kind": "key", "public": own}, at)
    elif public != own:
        return None
    last = store.newest_of(stream)
    assert last is not None
    said = secret.sign(signed_bytes(stream, last.seq, last.hash)).hex()
    return StreamSignature(stream, last.seq, last.hash, own, said)


def why_unsigned(store: Store, person: Person, keys: Keys | None) -> str:
    """Why `sign_stream` signed nothing, for the person who exports."""
    if keys is None:
        return "this machine has no keyring that a key could be kept in (labeler doctor says more)"
    if person.role is Role.AUDITOR or store.newest_of(store.stream(person.id)) is None:
        return f"{person.name} wrote nothing in this copy of the project"
    from keyring.errors import KeyringError

    try:
        keys.get(store.stream(person.id))
    except KeyringError:
        return "the keyring is locked: unlock it, and export again"
    return "the key of this copy lies in the keyring of another account"


def holds(signature: StreamSignature) -> bool:
    """Whether the key did sign this."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key))
        key.verify(bytes.fromhex(signature.signature), signature.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def write_signatures(verdicts: Path, signatures: list[StreamSignature]) -> Path:
    """Beside the verdicts file. Raises OSError where it cannot be written."""
    path = verdicts.with_name(verdicts.name + SUFFIX)
    write_whole(path, orjson.dumps([signature_to_json(one) for one in signatures], option=orjson.OPT_INDENT_2))
    return path


def read_signatures(verdicts: Path) -> list[StreamSignature]:
    """Nothing where there is no such file that can be read, or nothing to check it with: then nothing is signed."""
    if find_spec("cryptography") is None:
        return []
    try:
        raw = orjson.loads(verdicts.with_name(verdicts.name + SUFFIX).read_bytes())
        return [signature_from_json(one) for one in raw]
    except (OSError, ValueError, KeyError, TypeError):
        return []

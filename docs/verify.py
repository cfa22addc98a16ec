"""Checks a project's log without Labeler: python verify.py labels.db [SEEN…]

Every event is SHA-256 hashed with the one before it in its stream (a person on a device); what may hold personal data
stands beside the log, which holds a salted hash of it. SEEN are files that somebody else got earlier: exports
(`labeler export`, .jsonl) and manifests of gold sets (manifest.json). The log must still lead to every event they name.
Needs Python 3.11 and nothing else. Exit status 1 when anything was changed, left out or put in another order.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

EVENTS = "SELECT stream, seq, id, kind, at, hash, data FROM events WHERE stream = ? ORDER BY seq"


def event_hash(data):
    return hashlib.sha256(b"labeler/event/1\0" + data).hexdigest()


def number(value):
    """A number as JavaScript writes it (RFC 8785)."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e21):
        return str(int(value))
    mantissa, e, exponent = repr(value).partition("e")
    if not e:
        return mantissa
    power = int(exponent)
    if -7 < power < 0:  # Python writes 1e-05 where JavaScript writes 0.00001
        digits = mantissa.replace("-", "").replace(".", "")
        return "-" * (value < 0) + "0." + "0" * (-power - 1) + digits
    return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else ''}{power}"


def canonical(value):
    """The canonical form of a JSON value (RFC 8785)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def check_stream(rows):
    previous, expected = "0" * 64, 1
    for stream, seq, id_, kind, at, hash_, data in rows:
        where = f"{stream}, event {seq}"
        event = json.loads(data)
        if seq != expected:
            yield f"{where}: event {expected} is missing"
        if event_hash(data) != hash_ or canonical(event).encode() != data:
            yield f"{where}: its bytes are not what was hashed"
        if [event[key] for key in ("stream", "seq", "id", "kind", "at")] != [stream, seq, id_, kind, at]:
            yield f"{where}: stands in another place than it was written for"
        if event["prev"] != previous:
            yield f"{where}: does not follow from the event before it"
        previous, expected = hash_, seq + 1


def check_privates(database):
    rows = database.execute("SELECT event_id, field, value, salt, data FROM privates LEFT JOIN events ON id = event_id")
    for event_id, field, value, salt, data in rows:
        private = b"labeler/private/1\0" + salt + canonical(json.loads(value)).encode()
        held = (json.loads(data or "{}").get("body", {}).get(field) or {}).get("commitment")
        if held != "sha256:" + hashlib.sha256(private).hexdigest():
            yield f"{field} beside event {event_id} is not what the event committed to"


def seen_events(path):
    """(stream, seq, hash) of every event that a file names."""
    if path.suffix == ".json":
        for stream, head in json.loads(path.read_text(encoding="utf-8"))["heads"].items():
            yield stream, head["seq"], head["hash"]
    else:
        for line in path.read_text(encoding="utf-8").splitlines():
            event, _ = json.JSONDecoder().raw_decode(line, len('{"event":'))
            yield event["stream"], event["seq"], event_hash(canonical(event).encode())


def damage(store, seen):
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    for (stream,) in database.execute("SELECT DISTINCT stream FROM events ORDER BY stream"):
        yield from check_stream(database.execute(EVENTS, (stream,)))
    yield from check_privates(database)
    held = set(database.execute("SELECT stream, seq, hash FROM events"))
    for path in seen:
        yield from (f"{e[0]}, event {e[1]}: not the one in {path}" for e in seen_events(path) if e not in held)


if __name__ == "__main__":
    found = list(damage(sys.argv[1], map(Path, sys.argv[2:])))
    sys.stdout.write("\n".join(found or ["every event is as it was written"]) + "\n")
    sys.exit(1 if found else 0)

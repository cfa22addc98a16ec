"""The versions of gold sets that were built from a project, as its log has them."""

from __future__ import annotations

from labeler.domain.events import EventKind
from labeler.domain.insights.page import GoldVersion
from labeler.store import Store


def gold_versions(store: Store) -> list[GoldVersion]:
    """Each version once, however often the same one was built, in the order in which they were first."""
    published = {event.body["digest"]: event.at for event in store.events(kinds=[EventKind.PUBLICATION])}
    built: dict[str, GoldVersion] = {}
    for event in store.events(kinds=[EventKind.GOLD]):
        body, digest = event.body, event.body["digest"]
        version = GoldVersion(body["name"], body["version"], body["records"], event.at, published.get(digest, ""))
        built.setdefault(digest, version)
    return list(built.values())

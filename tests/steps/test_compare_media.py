"""Comparisons that were made before outputs could be pictures are made anew, and only those."""

from __future__ import annotations

import orjson

from labeler.domain.differences.model import Comparison, ItemClass
from labeler.domain.differences.to_json import comparison_to_json
from labeler.steps.compare import compare_release
from labeler.steps.project import Project
from labeler.store import Compared


def test_what_an_older_program_took_for_the_same_is_compared_again_once(painted: Project) -> None:
    store, release = painted.store, painted.store.latest_release()
    assert release is not None
    assert not any(classes.items for classes in compare_release(store, release).values())
    held = store.connection.execute("SELECT item_id, old_sha256, new_sha256 FROM comparisons").fetchall()
    same = [
        Compared(item, ItemClass.SAME, 0, 0.0, orjson.dumps(comparison_to_json(item, _nothing())), old, new)
        for item, old, new in held
    ]
    store.store_comparisons(release.id, same)
    (classes,) = compare_release(store, release).values()
    assert classes.items == {ItemClass.FLIP: 4}, "and not p2, whose pictures are the same file"
    assert not any(classes.items for classes in compare_release(store, release).values())


def _nothing() -> Comparison:
    return Comparison(ItemClass.SAME, ())

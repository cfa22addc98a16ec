"""What is read of a whole release at once is what is read item by item."""

from __future__ import annotations

from labeler.domain.items import Modality
from labeler.domain.rubric_draft import RubricDraft
from labeler.steps.docket import kind_of
from labeler.steps.project import Project
from labeler.steps.rubric import publish_rubric


def test_a_release_read_at_once_is_the_release_read_item_by_item(demo: Project) -> None:
    store, release, lead = demo.store, demo.store.latest_release(), demo.store.person("Ada Lead")
    assert release is not None
    assert lead is not None
    draft = RubricDraft.of(demo.rubrics).renamed(Modality.IMAGE, "value_misread", "value_wrong")
    publish_rubric(demo, lead, draft.rubrics, draft.changes)
    items = store.judged_items(release.id)
    assert len(items) > 50
    assert dict(store.verdicts_by_item(release.id)) == {item: store.verdicts(release.id, item) for item in items}
    some = [items[3], "no such item", items[0]]
    assert [item for item, _ in store.verdicts_by_item(release.id, some)] == [items[0], items[3]]
    codes = {f.code for _, every in store.verdicts_by_item(release.id) for one in every for f in one.verdict.failures}
    assert "value_wrong" in codes
    assert "value_misread" not in codes
    resolutions = list(store.resolutions(release.id))
    assert len(resolutions) > 10
    assert resolutions == [store.resolution(release.id, one.resolution.item_id) for one in resolutions]
    for short, one in zip(store.decided(release.id), resolutions, strict=True):
        said = one.resolution
        assert (short.item_id, short.event_id, short.at) == (said.item_id, one.event.id, one.event.at)
        wanted = (said.by, said.right, said.rubric, said.policy, said.gap)
        assert (short.by, short.right, short.rubric, short.policy, short.gap) == wanted
    for item_id, known in store.in_short(items).items():
        item = store.item(item_id)
        assert (known.modality, known.kind, known.critical) == (item.modality, kind_of(item.slices), item.critical)
    assert store.outcomes(release.id) == [
        (item, one.person.id, one.verdict.right) for item in items for one in store.verdicts(release.id, item)
    ]

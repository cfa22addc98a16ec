from __future__ import annotations

from labeler.domain.items import Modality, ModelVersion, Pair
from labeler.domain.project import pairs_from_json, pairs_to_json, release_of

IMAGES = Pair(ModelVersion("reader", "3.1"), ModelVersion("reader", "3.2"))
SOUND = Pair(ModelVersion("listener", "1"), ModelVersion("listener", "2"))


def test_a_release_has_the_same_id_wherever_it_is_made() -> None:
    one = release_of({Modality.IMAGE: IMAGES, Modality.AUDIO: SOUND})
    other = release_of({Modality.AUDIO: SOUND, Modality.IMAGE: IMAGES})
    assert one == other
    assert one.id != release_of({Modality.IMAGE: IMAGES}).id
    assert one.id != release_of({Modality.IMAGE: Pair(IMAGES.new, IMAGES.old), Modality.AUDIO: SOUND}).id


def test_a_releases_id_does_not_name_its_models() -> None:
    assert "reader" not in release_of({Modality.IMAGE: IMAGES}).id


def test_pairs_come_back_from_json() -> None:
    pairs = {Modality.AUDIO: SOUND, Modality.IMAGE: IMAGES}
    assert pairs_from_json(pairs_to_json(pairs)) == pairs

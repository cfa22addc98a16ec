"""Outputs that are pictures themselves: they flip, are judged blind, and what was judged is the very file."""

from __future__ import annotations

from labeler.domain.differences.model import ItemClass, Kind
from labeler.domain.items import Modality, output_sha256
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice
from labeler.steps.project import Project
from tests.painted import NAMES
from tests.sessions.conftest import Open
from tests.sessions.keys import press


def test_items_with_other_bytes_are_flips_and_identical_ones_are_not(painted: Project) -> None:
    release = painted.store.latest_release()
    assert release is not None
    found = {name: painted.store.comparison(release.id, name) for name in ("p1", "p2", "p3", "p4", "p5")}
    assert {name: one and one.item_class for name, one in found.items()} == {
        **dict.fromkeys(found, ItemClass.FLIP),
        "p2": ItemClass.SAME,
    }
    assert found["p1"] is not None
    assert [d.kind for d in found["p1"].differences] == [Kind.MEDIA]


def test_both_pictures_come_with_the_outputs_and_tell_nothing_of_the_models(painted: Project, review: Open) -> None:
    session = review(painted)
    session.show_item("p1")
    assert not session.state.evidence.media
    press(session, "X")
    evidence = session.state.evidence
    assert {letter: shown.modality for letter, shown in evidence.media.items()} == {
        "A": Modality.IMAGE,
        "B": Modality.IMAGE,
    }
    assert all(shown.file is not None and shown.file.is_file() for shown in evidence.media.values())
    assert evidence.difference is not None
    told = [words.in_full(evidence.difference), words.where_in_full(evidence.difference), repr(evidence.media)]
    told += [words.in_short(evidence.difference, choice) for choice in (None, *Choice)]
    assert not [name for pair in NAMES.values() for name in pair if name in " ".join(told)]
    session.close()


def test_the_wrong_picture_gets_the_failure_and_the_verdict_names_both_files(painted: Project, review: Open) -> None:
    session = review(painted)
    session.show_item("p1")
    press(session, "X", "1")
    (failure,) = [f for f in session.state.judgement.failures if f.on]
    assert (failure.letter, failure.code, failure.proposed) == ("B", "picture_flawed", True)
    assert session.state.judgement.verdict is Choice.A
    press(session, "H")
    session.save()
    release = painted.store.latest_release()
    assert release is not None
    (stored,) = painted.store.verdicts(release.id, "p1")
    files = sorted(painted.folder.glob("**/p1*.png"))
    assert len(files) == 3, "the item and both outputs, though all have one name"
    pair = release.pairs[Modality.IMAGE]
    outputs = [painted.store.output("p1", model) for model in (pair.old, pair.new)]
    old, new = (output_sha256(output) for output in outputs if output is not None)
    assert stored.verdict.outputs == {"old": old, "new": new}
    assert old != new
    assert stored.verdict.gold is not None
    assert stored.verdict.gold.answer.media_sha256 in {output.media_sha256 for output in outputs if output is not None}
    session.close()


def test_what_the_models_made_of_the_next_items_is_known_ahead_and_tells_nothing(
    painted: Project, review: Open
) -> None:
    session = review(painted)
    ahead = session.state.place.upcoming
    assert ahead
    release = painted.store.latest_release()
    assert release is not None
    pair = release.pairs[Modality.IMAGE]
    for coming in ahead:
        made = [painted.store.output(coming.item_id, model) for model in (pair.old, pair.new)]
        files = sorted((str(output.media_sha256), str(output.media)) for output in made if output is not None)
        assert [path.resolve() for path in coming.pictures] == [(painted.folder / file).resolve() for _, file in files]
    assert not [name for pair in NAMES.values() for name in pair if name in repr(ahead)]
    session.close()

"""Whatever becomes of codes, what was said with them stays readable, and what is not certain is said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.domain.items import Modality
from labeler.domain.rubric import FailureCode, Rubric, Severity, Tier, TierDefinition
from labeler.domain.rubric_changes import (
    CERTAIN,
    Change,
    ChangeKind,
    added,
    change_from_json,
    change_to_json,
    codes_of,
    implied,
    unexplained,
)
from labeler.domain.rubric_history import RubricHistory, RubricVersion
from labeler.domain.verdicts import At, Failure

IMAGE = Modality.IMAGE
TIERS = tuple(TierDefinition(tier, tier.value, "what it is", "one") for tier in Tier)


def code(name: str, severity: Severity = Severity.MAJOR) -> FailureCode:
    return FailureCode(name, name.title(), f"what {name} is", "one", "Q", severity)


def rubric(*codes: FailureCode) -> dict[Modality, Rubric]:
    return {IMAGE: Rubric(IMAGE, "1", codes, TIERS)}


def change(kind: ChangeKind, codes: str, to: str = "") -> Change:
    names = (codes + to).replace(" ", "")
    return Change(IMAGE, kind, tuple(codes.split()), tuple(to.split()), tuple(code(name) for name in names))


def version(name: str, *changes: Change, codes: str = "") -> RubricVersion:
    return RubricVersion(name, changes, codes={IMAGE: frozenset(codes)} if codes else {})


def failure(name: str, x: float = 0.0, side: str = "old", severity: Severity = Severity.MAJOR) -> Failure:
    return Failure("old" if side == "old" else "new", name, severity, (At(box=(x, 0.0, x + 1, 1.0)),))


RENAME, MERGE, SPLIT, REMOVE = ChangeKind.RENAME, ChangeKind.MERGE, ChangeKind.SPLIT, ChangeKind.REMOVE


def test_a_renamed_code_is_followed_from_the_version_that_it_was_given_in() -> None:
    history = RubricHistory(
        (version("1"), version("2", change(RENAME, "a", "b")), version("3", change(RENAME, "b", "a")))
    )
    assert [history.follow(IMAGE, v, "a").code for v in "123"] == ["a", "a", "a"]
    history = RubricHistory((*history.versions[:2], version("3", change(RENAME, "b", "c"))))
    assert [history.follow(IMAGE, v, c).code for v, c in ("1a", "2b", "3c")] == ["c", "c", "c"]
    assert all(not history.follow(IMAGE, v, c).doubts for v, c in ("1a", "2b", "3c"))


def test_codes_that_swap_names_are_not_followed_twice() -> None:
    swap = (change(RENAME, "a", "x"), change(RENAME, "b", "a"), change(RENAME, "x", "b"))
    history = RubricHistory((version("1"), version("2", *swap)))
    assert (history.follow(IMAGE, "1", "a").code, history.follow(IMAGE, "1", "b").code) == ("b", "a")
    assert (history.follow(IMAGE, "2", "a").code, history.follow(IMAGE, "2", "b").code) == ("a", "b")


def test_failures_that_are_one_code_now_are_one_failure_with_all_places() -> None:
    history = RubricHistory((version("1"), version("2", change(MERGE, "a b", "c"))))
    said = [failure("a", 1, severity=Severity.MINOR), failure("b", 5), failure("b", 9, side="new")]
    old, new = history.failures(IMAGE, "1", said)
    assert (old.code, old.side, old.severity, len(old.at)) == ("c", "old", Severity.MAJOR, 2)
    assert (new.code, new.side, len(new.at)) == ("c", "new", 1)


def test_a_split_code_stays_readable_and_is_to_be_looked_at_again() -> None:
    history = RubricHistory((version("1"), version("2", change(SPLIT, "a", "b c"), codes="bc")))
    followed = history.follow(IMAGE, "1", "a")
    assert followed.code == "a"
    assert [doubt.version for doubt in followed.doubts] == ["2"]
    now = history.read_with(rubric(code("b"), code("c")))[IMAGE]
    shown = now.failure("a")
    assert shown is not None
    assert (shown.label, shown.key) == ("A", "")
    assert history.doubts(IMAGE, "2", ["b"], "easy") == ()


def test_a_code_that_stays_one_of_those_it_was_split_into_is_followed_on() -> None:
    history = RubricHistory(
        (version("1"), version("2", change(SPLIT, "a", "a b")), version("3", change(RENAME, "a", "z")))
    )
    assert history.follow(IMAGE, "1", "a").code == "z"
    assert len(history.follow(IMAGE, "1", "a").doubts) == 1
    assert history.follow(IMAGE, "2", "a").doubts == ()


def test_versions_of_one_name_made_apart_leave_nothing_unreadable() -> None:
    """Two leads renamed one code otherwise while neither had heard of the other."""
    versions = (version("1"), version("2", change(RENAME, "a", "b")), version("2", change(RENAME, "a", "c"), codes="c"))
    history = RubricHistory(versions)
    now = history.read_with(rubric(code("c")))[IMAGE]
    for given_as in ("a", "b", "c"):
        followed = history.follow(IMAGE, "2" if given_as != "a" else "1", given_as)
        assert now.failure(followed.code) is not None
        assert bool(followed.doubts) is (followed.code not in codes_of(now.failures))


def test_a_tier_that_means_something_else_is_looked_at_again() -> None:
    reconsidered = Change(IMAGE, ChangeKind.RECONSIDER, ("hard",), tiers=True)
    history = RubricHistory((version("1"), version("2", reconsidered)))
    assert [d.code for d in history.doubts(IMAGE, "1", [], "hard")] == ["hard"]
    assert history.doubts(IMAGE, "1", [], "easy") == () == history.doubts(IMAGE, "2", [], "hard")


def test_what_became_of_a_code_has_to_be_said() -> None:
    before, now = rubric(code("a"), code("b")), rubric(code("b"), code("c"))
    assert unexplained(before, now, (), {}) == "nothing says what became of a"
    assert unexplained(before, now, (change(RENAME, "a", "c"),), {}) == ""
    assert unexplained(before, now, (change(RENAME, "a", "x"),), {}) == "nothing says what became of x"
    assert "choose another code" in unexplained(before, now, (change(REMOVE, "a"),), {IMAGE: frozenset("c")})
    assert [one.to for one in added(before, now, (change(REMOVE, "a"),))] == [("c",)]


def test_an_edit_by_hand_is_read_from_the_difference() -> None:
    found = implied(rubric(code("a"), code("b"), code("c")), rubric(code("a", Severity.MINOR), code("c")))
    assert [(one.kind, one.codes) for one in found] == [(ChangeKind.RECONSIDER, ("a",)), (REMOVE, ("b",))]


names = st.sampled_from("abcdefgh")
wishes = st.lists(st.lists(st.tuples(st.sampled_from(list(ChangeKind)), names, names, names), max_size=3), max_size=6)


def chain(wanted: list[list[tuple[ChangeKind, str, str, str]]]) -> tuple[RubricHistory, list[dict[Modality, Rubric]]]:
    """Versions from wishes: those that the rules of `unexplained` refuse are left out."""
    rubrics, versions = [rubric(*map(code, "abc"))], [version("1", codes="abc")]
    for wish in wanted:
        before = now = rubrics[-1]
        changes: tuple[Change, ...] = ()
        for kind, one, other, third in wish:
            codes, to = {MERGE: (f"{one} {other}", third), SPLIT: (one, f"{other} {third}")}.get(kind, (one, other))
            if kind in (REMOVE, ChangeKind.RECONSIDER):
                to = ""
            have = codes_of(now[IMAGE].failures)
            new = set(to.split()) - set(codes.split())
            if kind is ChangeKind.ADD or not set(codes.split()) <= have or new & have:
                continue
            changes = (*changes, change(kind, codes, to))
            if kind is not ChangeKind.RECONSIDER:
                have = have - set(codes.split()) | set(to.split())
            now = rubric(*map(code, sorted(have)))
        retired = {IMAGE: RubricHistory(tuple(versions)).retired(IMAGE)}
        if not unexplained(before, now, changes, retired):
            number = str(len(versions) + 1)
            changes = (*changes, *added(before, now, changes))
            versions.append(version(number, *changes, codes="".join(sorted(codes_of(now[IMAGE].failures)))))
            rubrics.append({IMAGE: replace(now[IMAGE], version=number)})
    return RubricHistory(tuple(versions)), rubrics


@settings(max_examples=150, deadline=None)
@given(wishes, st.data())
def test_after_any_chain_of_changes_every_verdict_is_readable(
    wanted: list[list[tuple[ChangeKind, str, str, str]]], data: st.DataObject
) -> None:
    history, rubrics = chain(wanted)
    given_under = data.draw(st.sampled_from(rubrics))[IMAGE]
    if not given_under.failures:
        return
    picked = data.draw(st.lists(st.sampled_from(given_under.failures), max_size=4, unique=True))
    said = [failure(one.code, n, data.draw(st.sampled_from(["old", "new"]))) for n, one in enumerate(picked)]
    now = history.read_with(rubrics[-1])[IMAGE]
    read = history.failures(IMAGE, given_under.version, said)
    # Nothing that was pinned is lost, no failure changes its side, every code has a label.
    assert {(f.side, at) for f in said for at in f.at} == {(f.side, at) for f in read for at in f.at}
    assert len({(f.side, f.code) for f in read}) == len(read)
    for one in read:
        assert now.failure(one.code) is not None
    # What is not one of today's codes is in doubt; what only certain changes touched is not.
    for one in said:
        followed = history.follow(IMAGE, given_under.version, one.code)
        if followed.code not in codes_of(now.failures):
            assert followed.doubts
        later = [c for v in history.versions[int(given_under.version) :] for c in v.changes]
        if all(c.kind in (*CERTAIN, ChangeKind.ADD) for c in later):
            assert not followed.doubts
            assert followed.code in codes_of(now.failures)
    # Version after version leads to the same codes as all at once.
    step = said
    for n in range(int(given_under.version), len(history.versions)):
        step = list(RubricHistory(history.versions[: n + 1]).failures(IMAGE, str(n), step))
        step = [one for one in step if one.code in history.versions[n].codes.get(IMAGE, ())]
    assert {(f.side, f.code) for f in step} <= {(f.side, f.code) for f in read}


@given(wishes)
def test_changes_come_back_from_json_as_they_were(wanted: list[list[tuple[ChangeKind, str, str, str]]]) -> None:
    for made in chain(wanted)[0].versions:
        assert tuple(change_from_json(change_to_json(one)) for one in made.changes) == made.changes

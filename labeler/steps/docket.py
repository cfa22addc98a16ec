"""The docket: which items of a release need a lead's decision, which have one, and where hidden checks failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from labeler.domain.adjudication import CheckedAgain, Circumstances, Disputed, bits_of, disputed, most_telling
from labeler.domain.checks import CheckKind
from labeler.domain.items import Modality, Scalar
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.steps.bring.carry import known_before
from labeler.steps.guesses import guesses_in
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rubric import gap_stands, look_again
from labeler.store import Store
from labeler.store.at_once import Decided, InShort
from labeler.store.catalogue import slice_text

Alike = tuple[Modality, str]
"""Items of one modality and one `kind`."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item on a lead's list: one that needs a decision (`disputed`), one that has one (`by`), or one on which a
    hidden check failed (`checked`).
    """

    item_id: str
    modality: Modality
    kind: str
    """Its slice `kind`, or empty."""
    disputed: Disputed | None = None
    by: ResolvedBy | None = None
    policy: str = ""
    """How a consensus decided that was not unanimous."""
    standing: str | None = None
    """Event of the resolution in force, on an item that needs another decision."""
    checked: CheckedAgain | None = None
    waits: bool = False
    """One more person was asked to judge it, and has not."""


@dataclass(frozen=True, slots=True)
class Docket:
    """What a lead has to decide in a release, the most telling first and what waits for a verdict last; what is
    resolved, newest first; items on which hidden checks failed, most of them first.
    """

    open: tuple[Line, ...] = ()
    resolved: tuple[Line, ...] = ()
    checks: tuple[Line, ...] = ()
    unblinded: str = ""
    """That people can tell which side is the new one, in words; empty while guesses do not beat chance."""
    said: Mapping[Alike, tuple[tuple[Right, ...], ...]] = field(default_factory=dict)
    """Which output several people found right, item by item: what agreement among items of a kind follows from."""


def read_docket(folder: Path, release: str, *, for_lead: bool = True) -> Docket:
    """Read on a connection of its own, so that it can run beside a window: thousands of items take a while."""
    with open_project(folder, read_only=True) as project:
        return docket_of(project, release, for_lead=for_lead)


def docket_of(project: Project, release: str, *, for_lead: bool = True) -> Docket:
    """Verdicts of simulated annotators count on items that nobody else judged.

    An item whose decision a change of the rubric or hidden checks leave in doubt needs another one; until then the old
    one stands, also one of an earlier release. So does one that a lead opened again, whatever was said of it. Who is
    no lead is not told of checks.
    """
    store = project.store
    resolved = {one.item_id: one for one in store.decided(release)}
    doubted = frozenset(one.item_id for one in look_again(store, release))
    checked, carried = _checked_again(project, release, resolved) if for_lead else ({}, frozenset())
    decided = {item_id: one.by for item_id, one in resolved.items()} | dict.fromkeys(carried, ResolvedBy.LEAD)
    shaken = frozenset(i for i, one in checked.items() if i in decided and one.shakes(decided[i]))
    again, rights, opened = doubted | shaken, _rights(store, release), store.opened_by_lead(release)
    open_ids = sorted(shaken | opened | {i for i in rights if i not in resolved or i in again})
    short = store.in_short({*rights, *resolved, *checked, *opened})
    blamed = _blamed(store, resolved.values(), short)
    circumstances = Circumstances(
        critical=frozenset(item_id for item_id in open_ids if short[item_id].critical),
        doubted=doubted,
        opened=frozenset(opened),
        checked=checked,
        gaps={item_id: blamed.get(short[item_id].modality, frozenset()) for item_id in open_ids} if blamed else {},
    )
    found = _found(store, release, {item_id: rights.get(item_id, {}) for item_id in open_ids}, rights, circumstances)
    waiting = store.asked_for_more(release)
    lines = [
        replace(
            _line(short, one.item_id),
            disputed=one,
            standing=resolved[one.item_id].event_id if one.item_id in resolved else None,
            waits=one.item_id in waiting,
        )
        for one in found
    ]
    settled = [one for item_id, one in resolved.items() if item_id not in again]
    newest = sorted(settled, key=lambda one: (one.at, one.event_id), reverse=True)
    failed = sorted(((i, one) for i, one in checked.items() if one.failed), key=lambda pair: (-pair[1].failed, pair[0]))
    return Docket(
        tuple(sorted(lines, key=lambda line: line.waits)),
        tuple(replace(_line(short, one.item_id), by=one.by, policy=one.policy) for one in newest),
        tuple(replace(_line(short, item_id), checked=one) for item_id, one in failed),
        guesses_in(store, release).warning if for_lead else "",
        _alike(rights, short),
    )


def _found(
    store: Store,
    release: str,
    undecided: Mapping[str, Mapping[str, Right]],
    rights: Mapping[str, Mapping[str, Right]],
    circumstances: Circumstances,
) -> list[Disputed]:
    """The undecided items that need a decision. Verdicts are read and let go of item by item: what many thousands of
    them hold would make the interpreter stop everything, the window too, to look for what can be thrown away.
    """
    decided = [said for item_id, said in rights.items() if item_id not in undecided]
    bits = bits_of([_labels(said) for said in undecided.values()], [_labels(said) for said in decided])
    unsure = dict(zip(undecided, bits, strict=True))
    found = [
        disputed(
            item_id,
            [one.verdict for one in every if one.person.id in rights[item_id]],
            unsure.pop(item_id),
            circumstances,
        )
        for item_id, every in store.verdicts_by_item(release, undecided)
    ]
    return most_telling([*found, *(disputed(item_id, (), bit, circumstances) for item_id, bit in unsure.items())])


def _labels(said: Mapping[str, Right]) -> dict[str, tuple[Right]]:
    return {person: (right,) for person, right in said.items()}


def _rights(store: Store, release: str) -> dict[str, dict[str, Right]]:
    """By item, in order of id: which output each person found right, of those whose word counts on it."""
    simulated = {person.id for person in store.people() if person.simulated}
    every: dict[str, dict[str, Right]] = {}
    for item_id, person, outcome in store.outcomes(release):
        every.setdefault(item_id, {})[person] = Right(outcome)
    return {item: {p: right for p, right in said.items() if p not in simulated} or said for item, said in every.items()}


def _alike(
    rights: Mapping[str, Mapping[str, Right]], short: Mapping[str, InShort]
) -> dict[Alike, tuple[tuple[Right, ...], ...]]:
    found: dict[Alike, list[tuple[Right, ...]]] = {}
    for item_id, said in rights.items():
        if len(said) > 1:
            item = short[item_id]
            found.setdefault((item.modality, item.kind), []).append(tuple(said.values()))
    return {alike: tuple(units) for alike, units in found.items()}


def _checked_again(
    project: Project, release: str, resolved: Mapping[str, Decided]
) -> tuple[dict[str, CheckedAgain], frozenset[str]]:
    """What hidden checks say of the decisions and verdicts that are in force now; what came before tells nothing. And
    on which of these items the decision is one of an earlier release.
    """
    store, found, carried = project.store, dict[str, CheckedAgain](), set[str]()
    checks = [one for one in store.checks(release) if one.outcome and one.kind is not CheckKind.TRAINING]
    # Only leads' decisions of earlier releases are left for what is known and not decided in this one.
    looks_back = any(one.kind is CheckKind.KNOWN and one.item_id not in resolved for one in checks)
    before = {one.item_id: one for one in known_before(project, release)} if looks_back else {}
    for check in checks:
        standing, earlier = resolved.get(check.item_id), before.get(check.item_id)
        known = found.get(check.item_id, CheckedAgain(0, 0))
        if check.kind is CheckKind.KNOWN:
            if standing is not None and standing.event_id == check.of_event:
                right = standing.right
            elif standing is None and earlier is not None and earlier.event == check.of_event:
                right = earlier.right
                carried.add(check.item_id)
            else:
                continue
            found[check.item_id] = CheckedAgain(known.failed + (check.outcome != right), known.asked + 1)
        elif standing is None or standing.by is not ResolvedBy.LEAD:
            verdicts = {stored.event.id: stored.verdict for stored in store.verdicts(release, check.item_id)}
            if check.of_event in verdicts:
                failed = check.outcome != verdicts[check.of_event].right
                found[check.item_id] = CheckedAgain(known.failed + failed, len(verdicts))
    return found, frozenset(carried)


def _blamed(store: Store, resolved: Iterable[Decided], short: Mapping[str, InShort]) -> dict[Modality, frozenset[str]]:
    """Lines of the rubric that leads found to blame and that say today what they said then: codes, `tier`, `right`."""
    found: dict[Modality, set[str]] = {}
    history = store.rubric_history
    for said in resolved:
        if said.gap:
            modality = short[said.item_id].modality
            if gap_stands(history, modality, said.rubric, said.gap):
                found.setdefault(modality, set()).add(history.follow(modality, said.rubric, said.gap).code)
    return {modality: frozenset(lines) for modality, lines in found.items()}


def kind_of(slices: Mapping[str, Scalar]) -> str:
    """The slice `kind` as lists have it, or empty."""
    kind = slices.get("kind")
    return "" if kind is None else slice_text(kind)


def _line(short: Mapping[str, InShort], item_id: str) -> Line:
    item = short[item_id]
    return Line(item_id, item.modality, item.kind)

"""What is to be said of each annotator, as figures and, where a figure stands out, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol

from labeler.domain.blind import Letter
from labeler.domain.items import Side
from labeler.domain.quality import Share, accuracy_intervals, dawid_skene, position_bias_p
from labeler.domain.statistics.intervals import Interval, holm
from labeler.domain.verdicts import Right

HASTY = 1 / 3
"""A verdict that took less than this part of the usual time for its kind of item was hasty."""
MANY_HASTY = 0.2
STANDS_OUT = 0.01
"""A preference for A or B is spoken of from this probability on (Holm over all people)."""
FEWEST = 20
"""Nothing is said of a person with fewer verdicts that others judged as well."""


class Work(Protocol):
    """Of a verdict, what tells of its person's work."""

    @property
    def right(self) -> Right: ...
    @property
    def shown(self) -> Mapping[Letter, Side]: ...
    @property
    def duration_ms(self) -> int: ...


class Worked(Protocol):
    """An item, and everyone's work on it."""

    @property
    def item_id(self) -> str: ...
    @property
    def slices(self) -> Mapping[str, str]: ...
    @property
    def verdicts(self) -> Mapping[str, Work]: ...


@dataclass(frozen=True, slots=True)
class AnnotatorQuality:
    """One person's figures. Where nothing is known a rate is None."""

    person: str
    verdicts: int
    shared: int
    """Of them, on items that somebody else judged as well."""
    accuracy: float | None
    """How often right, as Dawid and Skene's model has it; no settled item is needed for it."""
    interval: Interval | None
    settled: Share
    """As a lead decided, of the items that a lead settled."""
    chose_a: int
    chose_b: int
    position_p: float
    """How probable so uneven a choice is if the letter plays no part, corrected for the number of people."""
    usual_s: float | None
    """Median seconds an item; None where times were erased."""
    hasty: Share
    with_others: Share
    """As most others who judged the item say; where these are divided, it counts for nobody."""
    findings: tuple[str, ...] = ()


def quality_report(
    judged: Sequence[Worked], settled: Mapping[str, Right], *, seed: int = 0, resamples: int = 200
) -> tuple[AnnotatorQuality, ...]:
    """Everyone's figures, in order of name. `settled` is what a lead decided, by item."""
    of: dict[str, list[tuple[Worked, Work]]] = defaultdict(list)
    for one in judged:
        for person, verdict in one.verdicts.items():
            of[person].append((one, verdict))
    shared = [{p: [v.right] for p, v in one.verdicts.items()} for one in judged if len(one.verdicts) > 1]
    model = dawid_skene(shared, list(Right))
    intervals = accuracy_intervals(shared, list(Right), resamples=resamples, seed=seed)
    usual = _usual_times(judged)
    people = sorted(of)
    chosen = {person: _letters([v for _, v in of[person]]) for person in people}
    corrected = dict(zip(people, holm([position_bias_p(*chosen[p]) for p in people]), strict=True))
    raw = []
    for person in people:
        said = of[person]
        decided = [(verdict.right, settled[one.item_id]) for one, verdict in said if one.item_id in settled]
        timed = [(one, v.duration_ms) for one, v in said if v.duration_ms]
        raw.append(
            AnnotatorQuality(
                person=person,
                verdicts=len(said),
                shared=sum(len(one.verdicts) > 1 for one, _ in said),
                accuracy=model.accuracy(person) if person in intervals else None,
                interval=intervals.get(person),
                settled=Share(sum(said == truth for said, truth in decided), len(decided)),
                chose_a=chosen[person][0],
                chose_b=chosen[person][1],
                position_p=corrected[person],
                usual_s=median(ms for _, ms in timed) / 1000 if timed else None,
                hasty=Share(sum(ms < HASTY * usual[_kind(one)] for one, ms in timed), len(timed)),
                with_others=_with_others(person, [one for one, _ in said]),
            )
        )
    return tuple(_with_findings(one, raw) for one in raw)


def _with_others(person: str, judged: Sequence[Worked]) -> Share:
    hits = total = 0
    for one in judged:
        said = Counter(verdict.right for other, verdict in one.verdicts.items() if other != person)
        most = [right for right, count in said.items() if count == max(said.values())]
        if len(most) == 1:
            hits, total = hits + (one.verdicts[person].right is most[0]), total + 1
    return Share(hits, total)


def _letters(verdicts: Sequence[Work]) -> tuple[int, int]:
    """How often A alone and B alone were found right."""
    sides = [letter for v in verdicts for letter, side in v.shown.items() if v.right == side]
    return sides.count("A"), sides.count("B")


def _kind(one: Worked) -> str:
    return one.slices.get("kind", "")


def _usual_times(judged: Sequence[Worked]) -> Mapping[str, float]:
    times: dict[str, list[int]] = defaultdict(list)
    for one in judged:
        times[_kind(one)] += [v.duration_ms for v in one.verdicts.values() if v.duration_ms]
    return {kind: median(found) for kind, found in times.items() if found}


def _with_findings(one: AnnotatorQuality, everyone: Sequence[AnnotatorQuality]) -> AnnotatorQuality:
    return replace(one, findings=tuple(_findings(one, everyone)))


def _findings(one: AnnotatorQuality, everyone: Sequence[AnnotatorQuality]) -> list[str]:
    found = []
    others = [o.accuracy for o in everyone if o.person != one.person and o.accuracy is not None]
    if one.shared >= FEWEST and one.accuracy is not None and one.interval is not None and others:
        usual = median(others)
        if one.interval.high < usual:
            found.append(
                f"right in about {one.accuracy:.0%} of the items ({one.interval.low:.0%} to {one.interval.high:.0%}), "
                f"where the others are in {usual:.0%}"
            )
    if one.verdicts >= FEWEST and one.position_p < STANDS_OUT:
        found.append(f"found A right {one.chose_a} times and B {one.chose_b} times: the letter plays a part")
    if one.verdicts >= FEWEST and (one.hasty.rate or 0.0) > MANY_HASTY:
        found.append(f"{one.hasty.hits} of {one.hasty.n} verdicts took less than a third of the usual time")
    return found

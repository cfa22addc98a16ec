"""How far people agree among items like the one on the desk, and whether they point at the same place on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labeler.domain.agreement import alpha as agreement
from labeler.domain.agreement.alpha import WIDE, Agreement
from labeler.domain.agreement.distances import overlap
from labeler.domain.differences.model import Difference
from labeler.domain.items import SIDES
from labeler.domain.proposals import place_of
from labeler.domain.verdicts import Verdict
from labeler.steps.docket import Alike, Docket

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
BesideIt = Callable[[Callable[[], Agreement], Callable[[Agreement], None]], None]


@dataclass(frozen=True, slots=True)
class Accord:
    """Krippendorff's alpha on which output is right among items like this one, as a lead reads it."""

    figure: str = ""
    """`α 0.41 here`; `α 0.41 · image` where the items of its kind are too few to tell; or that nothing can be said."""
    means: str = ""
    """Which items these are, the interval, and what the figure means; empty while it is not known."""


class Accords:
    """What is known of items of each kind. Counted beside the window, once for each state of the verdicts."""

    def __init__(self, seed: int, beside: BesideIt) -> None:
        self._seed, self._beside = seed, beside
        self._docket: Docket | None = None
        self._known: dict[Alike, Agreement] = {}
        self._asked: Alike | None = None

    def take(self, docket: Docket) -> None:
        """The verdicts as they were read last."""
        if self._docket is None or docket.said != self._docket.said:
            self._known, self._asked = {}, None
        self._docket = docket

    def of(self, alike: Alike, done: Callable[[], None]) -> Accord:
        """As far as it is known; where it is not, it is counted, and then `done` is called.

        Of items of the same modality and kind; where those are too few to tell, of all of that modality.
        """
        if self._docket is None:
            return Accord()
        found = self._count(alike, done)
        if found is not None and alike[1] and _tells_nothing(found):
            alike, found = (alike[0], ""), self._count((alike[0], ""), done)
        return Accord() if found is None else _accord(found, alike)

    def _count(self, alike: Alike, done: Callable[[], None]) -> Agreement | None:
        if alike not in self._known and self._asked != alike and self._docket is not None:
            (modality, kind), every, seed, later = alike, self._docket.said, self._seed, False
            units = [unit for (m, k), said in every.items() if m is modality and kind in ("", k) for unit in said]

            def taken(found: Agreement) -> None:
                self._known[alike] = found
                if later:
                    done()

            self._asked = alike
            self._beside(lambda: agreement.nominal(units, seed=seed), taken)
            later = True
        return self._known.get(alike)


def _tells_nothing(found: Agreement) -> bool:
    if found.alpha is None:
        return not found.unanimous
    return found.interval is None or found.interval.high - found.interval.low > WIDE


def _accord(found: Agreement, alike: Alike) -> Accord:
    modality, kind = alike
    many = "1 item" if found.units == 1 else f"{found.units:,} items"
    where = f"Agreement on which output is right, {many} of {modality}{f', kind {kind}' if kind else ''}"
    meaning = agreement.in_words(found)
    here = "here" if kind else f"· {modality}"
    if found.unanimous and found.alpha is None:
        return Accord(f"all agree {here}", f"{where}: {meaning}.")
    if found.alpha is None or found.interval is None or _tells_nothing(found):
        return Accord(f"α unknown {here}", f"{where}: {meaning}.")
    alpha, low, high = map(agreement.figure, (found.alpha, found.interval.low, found.interval.high))
    return Accord(f"α {alpha} {here}", f"{where}: α {alpha} ({low} to {high}): {meaning}.")


def pinned_here(difference: Difference, verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """How many pinned a failure at this difference, in words, and in few words; empty where nobody judged."""
    count, every = sum(_pins_at(difference, verdict) for verdict in verdicts), len(verdicts)
    if not every:
        return "", ""
    if count == every:
        who = {1: "the annotator", 2: "both annotators"}.get(every, f"all {_number(every)} annotators")
    else:
        who = "nobody" if not count else f"{_number(count)} of {_number(every)}"
    return f"{who} pinned a failure here", f"{count} of {every} pinned here"


def _pins_at(difference: Difference, verdict: Verdict) -> bool:
    places = {side: place_of(difference, side) for side in SIDES}
    return any(
        (place := places[failure.side]) is not None and any(overlap(at, place) > 0 for at in failure.at)
        for failure in verdict.failures
    )


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"

"""Verdicts that a later release takes over: an output that people judged once is not judged again.

What is right was said of an output, by its hash. So an item of a release whose two outputs were both judged before,
be it in different releases or on the other side, has its answer already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labeler.domain.items import Side
from labeler.domain.verdicts import Right, right_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a resolution said of an item's two outputs. `failures` are (side, code)."""

    outputs: Mapping[Side, str]
    right: Right
    failures: tuple[tuple[Side, str], ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """What follows for two other outputs of the item; failures are named by their sides now, sorted, each once."""

    right: Right
    failures: tuple[tuple[Side, str], ...]


def carried(said: Iterable[Said], outputs: Mapping[Side, str]) -> Carried | None:
    """The verdict on `outputs` from resolutions of the same item, oldest first; None when one was not judged.

    Of several resolutions of an output the newest counts; one that found it undecidable says nothing.
    """
    known: dict[str, tuple[bool, frozenset[str]]] = {}
    for one in said:
        for side, digest in one.outputs.items():
            right = one.right.holds_for(side)
            if right is not None:
                known[digest] = right, frozenset(code for at, code in one.failures if at == side)
    if not all(digest in known for digest in outputs.values()):
        return None
    holds = {side: known[digest][0] for side, digest in outputs.items()}
    failures = {(side, code) for side, digest in outputs.items() for code in known[digest][1]}
    return Carried(right_of(holds), tuple(sorted(failures)))

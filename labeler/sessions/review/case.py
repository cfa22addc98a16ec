"""An item as the session knows it, with both outputs by their real names. No view ever gets this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.domain.blind import Letter, Sides
from labeler.domain.differences.model import Comparison, Difference, ItemClass
from labeler.domain.items import Output, Side
from labeler.domain.rubric import Rubric
from labeler.domain.verdicts import Prefill


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged: two outputs, how they differ, which letter each has, and the rubric."""

    old: Output
    new: Output
    comparison: Comparison
    sides: Sides
    rubric: Rubric
    prefill: Prefill = Prefill.BUILT
    """What the gold answer comes filled with."""
    seed: str = ""
    """Of the mistake in a gold answer that comes with one."""

    @property
    def walk(self) -> tuple[Difference, ...]:
        """The differences that need a judgement: material ones; of an item that is all form, none."""
        return tuple(d for d in self.comparison.differences if not d.cosmetic)

    @property
    def alike(self) -> bool:
        """Both outputs say the same, so that a failure of one is a failure of the other."""
        return self.comparison.item_class is ItemClass.SAME

    @property
    def says_regions_only(self) -> bool:
        """Neither output has anything to say but regions."""
        return all(o.regions or o.error for o in (self.old, self.new)) and not any(
            o.text is not None or o.table is not None or o.values is not None or o.label is not None
            for o in (self.old, self.new)
        )

    @property
    def edges_s(self) -> list[float]:
        """Where words of both outputs begin and end, in seconds."""
        return [time for o in (self.old, self.new) for s in o.segments for time in (s.start_s, s.end_s)]

    @property
    def outputs(self) -> Mapping[Side, Output]:
        return {"old": self.old, "new": self.new}

    def output(self, letter: Letter) -> Output:
        return self.outputs[self.sides.side(letter)]

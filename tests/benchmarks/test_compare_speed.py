"""How long comparisons take, against the least that any word comparison has to do, measured in the same run.

The figures that people read (pairs a second) are in `extra_info`; a machine that does something else beside decides
nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from labeler.domain.differences import compare, words
from labeler.domain.items import Output
from tests.domain.differences.outputs import demo_pairs, output

_WORD = re.compile(r"\w+")
# Measured: 10. Regions, times, kinds and readings are what the rest of the time is spent on.
_MOST_TIMES_THE_FLOOR = 20
_LONG = 50_000


def _floor(pairs: list[tuple[Output, Output]]) -> int:
    """Both texts as folded words, aligned by rapidfuzz, each side of each place copied out of its text."""
    places = 0
    for old, new in pairs:
        sides = [[(m.group().casefold(), m.span()) for m in _WORD.finditer(o.text or "")] for o in (old, new)]
        keys = [[key for key, _ in side] for side in sides]
        for code in Levenshtein.opcodes(keys[0], keys[1]):
            if code.tag != "equal":
                places += len(sides[0][code.src_start : code.src_end]) + len(sides[1][code.dest_start : code.dest_end])
    return places


def _seconds(work: Callable[[], object], repeat: int = 20) -> float:
    """The processor's seconds of the quickest run; each starts without what earlier ones left in the caches."""
    best = float("inf")
    for _ in range(repeat):
        _forget()
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def _forget() -> None:
    words.key_of.cache_clear()
    words.words_of_line.cache_clear()


def test_comparing_the_demos_pairs(benchmark: Any) -> None:
    pairs = list(demo_pairs().values())

    def everything() -> None:
        for old, new in pairs:
            compare(old, new)

    everything()  # scipy is imported once
    floor = _seconds(lambda: _floor(pairs))
    ours = _seconds(everything)
    benchmark.extra_info["pairs_per_second"] = round(len(pairs) / ours)
    benchmark.extra_info["times_the_floor"] = round(ours / floor, 1)
    benchmark(everything)
    assert ours <= _MOST_TIMES_THE_FLOOR * floor


@pytest.mark.parametrize("text", ["varied", "repetitive"])
def test_comparing_fifty_thousand_words(benchmark: Any, text: str) -> None:
    """At most five times rapidfuzz's plain alignment of the words, which takes half a second when they are varied."""
    said = [f"word{(n * 7919) % 5003}" if text == "varied" else "the" for n in range(_LONG)]
    other = [word for n, word in enumerate(said) if n % 97]
    other[::89] = ["misread"] * len(other[::89])
    old, new = output(" ".join(said)), output(" ".join(other))
    ours = _seconds(lambda: compare(old, new), repeat=1)
    floor = _seconds(lambda: Levenshtein.opcodes(said, other), repeat=1)
    benchmark.extra_info["seconds"] = round(ours, 2)
    benchmark.pedantic(compare, (old, new), rounds=1)
    assert ours <= 5 * floor

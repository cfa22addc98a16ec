"""Whether an output is right by the gold answer, where no person judged that very output.

The gate takes people's word first, by the output's hash; a match speaks only for outputs that nobody has seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from labeler.domain.differences.sides import text_of
from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.words import NEGATIONS, is_number, words_of
from labeler.domain.items import Answer, Json, Modality, Output, Region


class MatchKind(StrEnum):
    EXACT = "exact"  # the same characters
    TEXT = "text"  # the same words in the same order; case, spacing, punctuation and number format do not count
    WER = "wer"  # word errors at most `at_most` of the answer's words, and the same numbers and negations
    WORDS = "words"  # as WER without order, for pictures that have no one reading order
    NUMBERS = "numbers"  # the same numbers in the same order, within `tolerance`; other words do not count
    TABLE = "table"  # cell by cell
    VALUES = "values"  # key by key
    REGIONS = "regions"  # each region has one that overlaps it by `iou` and says the same, and none is invented
    LABEL = "label"
    MEDIA = "media"  # the same file, byte by byte


@dataclass(frozen=True, slots=True)
class Match:
    """How a record's answer is to be compared. Each limit counts for the kinds that name it only."""

    kind: MatchKind
    at_most: float = 0.0
    """Share of wrong words that still passes."""
    tolerance: float = 0.0
    """Relative error of a number that still passes."""
    iou: float = 0.5


def default_match(modality: Modality, answer: Answer) -> Match:
    """How an answer is compared when nobody said otherwise: by its richest form.

    Ten per cent of wrong words pass in long readings and transcripts, as long as every number and negation is right;
    below ten words no error passes.
    """
    if answer.table is not None:
        return Match(MatchKind.TABLE)
    if answer.values is not None:
        return Match(MatchKind.VALUES)
    if answer.label is not None and answer.text is None:
        return Match(MatchKind.LABEL)
    if answer.media_sha256 is not None and answer.text is None:
        return Match(MatchKind.MEDIA)
    if answer.text is None and answer.regions:
        return Match(MatchKind.REGIONS)
    if modality is Modality.AUDIO:
        return Match(MatchKind.WER, at_most=0.1)
    if modality is Modality.IMAGE:
        return Match(MatchKind.WORDS, at_most=0.1)
    return Match(MatchKind.TEXT)


def matches(output: Output, match: Match, answer: Answer, accept: Iterable[str] = ()) -> bool:
    """Whether the output is right by the answer, or its text by one of the accepted alternatives.

    A picture or a recording is right if it is the very one of the answer; another one is for people to judge.
    An output that never came is wrong, and so is one without the form that the answer has.
    """
    if output.error is not None or (answer.media_sha256 is not None and output.media_sha256 != answer.media_sha256):
        return False
    if _KINDS[match.kind](output, answer, match):
        return True
    by_text = _KINDS[match.kind if match.kind in OF_TEXT else MatchKind.TEXT]
    return any(by_text(output, Answer(text=text), match) for text in accept)


def people_must_say(output: Output, match: Match, answer: Answer, accept: Iterable[str] = ()) -> bool:
    """Whether the output has another picture or recording than the answer, and nothing else about it is wrong.

    Two files that differ may be equally good: no match can say so, and to call the other one wrong would be made up.
    """
    if output.error is not None or answer.media_sha256 is None or output.media is None:
        return False
    if output.media_sha256 == answer.media_sha256:
        return False
    alike = replace(output, media_sha256=answer.media_sha256)
    return match.kind is MatchKind.MEDIA or matches(alike, match, answer, accept)


def _exact(output: Output, answer: Answer, match: Match) -> bool:
    del match
    return text_of(output) == _answer_text(answer)


# One answer is set against several outputs in a row, and these against each accepted text.
_AT_HAND = 32


@lru_cache(_AT_HAND)
def word_keys(text: str) -> tuple[str, ...]:
    """The keys of the text's words: equal where no more than form differs."""
    return tuple(words_of(text).keys)


@lru_cache(_AT_HAND)
def _spoken(text: str) -> tuple[tuple[str, ...], Counter[str]]:
    """The words with spoken numbers as numbers, and the weighty ones among them."""
    keys = with_numbers_read(words_of(text), speech=True).keys
    return tuple(keys), _weighty(keys)


@lru_cache(_AT_HAND)
def _counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands there, and each weighty one."""
    words = Counter(word_keys(text))
    return words, Counter({key: times for key, times in words.items() if _is_weighty(key)})


def _text(output: Output, answer: Answer, match: Match) -> bool:
    del match
    return word_keys(text_of(output)) == word_keys(_answer_text(answer))


def _wer(output: Output, answer: Answer, match: Match) -> bool:
    from rapidfuzz.distance import Levenshtein

    (said, weighty), (wanted, needed) = _spoken(text_of(output)), _spoken(_answer_text(answer))
    return weighty == needed and Levenshtein.distance(said, wanted) <= match.at_most * len(wanted)


def _words(output: Output, answer: Answer, match: Match) -> bool:
    (said, weighty), (wanted, needed) = _counted(text_of(output)), _counted(_answer_text(answer))
    if weighty != needed:
        return False
    wrong = max((said - wanted).total(), (wanted - said).total())
    return wrong <= match.at_most * wanted.total()


def _numbers(output: Output, answer: Answer, match: Match) -> bool:
    said, wanted = (
        [key for key in word_keys(text) if is_number(key)] for text in (text_of(output), _answer_text(answer))
    )
    return len(said) == len(wanted) and all(
        _same_text(a, b, match.tolerance) for a, b in zip(said, wanted, strict=True)
    )


def _table(output: Output, answer: Answer, match: Match) -> bool:
    said, wanted = output.table, answer.table
    if said is None or wanted is None or [len(row) for row in said] != [len(row) for row in wanted]:
        return False
    return all(
        _same_text(a, b, match.tolerance)
        for row, other in zip(said, wanted, strict=True)
        for a, b in zip(row, other, strict=True)
    )


def _values(output: Output, answer: Answer, match: Match) -> bool:
    if output.values is None or answer.values is None:
        return False
    return _same_value(dict(output.values), dict(answer.values), match.tolerance)


def _label(output: Output, answer: Answer, match: Match) -> bool:
    del match
    return output.label is not None and output.label == answer.label


def _media(output: Output, answer: Answer, match: Match) -> bool:
    del match
    return output.media_sha256 is not None and output.media_sha256 == answer.media_sha256


def _regions(output: Output, answer: Answer, match: Match) -> bool:
    """One to one: every region of the answer has its own, and every region of the output is one of them."""
    said, wanted = output.regions, answer.regions
    if len(said) != len(wanted):
        return False
    fits = [[j for j, there in enumerate(said) if _same_region(there, here, match)] for here in wanted]
    return _all_paired(fits, len(said))


def _same_region(one: Region, other: Region, match: Match) -> bool:
    if one.page != other.page or one.label != other.label or _iou(one, other) < match.iou:
        return False
    return _same_text(one.text, other.text, match.tolerance)


def _iou(one: Region, other: Region) -> float:
    """Overlap of the bounds, as a share of what both cover together."""
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = one.bounds(), other.bounds()
    shared = max(0.0, min(ax1, bx1) - max(ax0, bx0)) * max(0.0, min(ay1, by1) - max(ay0, by0))
    covered = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - shared
    return shared / covered if covered > 0 else float((ax0, ay0) == (bx0, by0))


def _all_paired(fits: list[list[int]], size: int) -> bool:
    """Whether everyone can have a partner of their own among those that fit (Kuhn's augmenting paths)."""
    partner: list[int | None] = [None] * size

    def find(one: int, tried: set[int]) -> bool:
        for other in fits[one]:
            if other not in tried:
                tried.add(other)
                held_by = partner[other]
                if held_by is None or find(held_by, tried):
                    partner[other] = one
                    return True
        return False

    return all(find(one, set()) for one in range(len(fits)))


def _same_value(said: Json, wanted: Json, tolerance: float) -> bool:
    if isinstance(said, dict) and isinstance(wanted, dict):
        return said.keys() == wanted.keys() and all(_same_value(said[key], wanted[key], tolerance) for key in wanted)
    if isinstance(said, list) and isinstance(wanted, list):
        return len(said) == len(wanted) and all(_same_value(a, b, tolerance) for a, b in zip(said, wanted, strict=True))
    if isinstance(said, bool | None) or isinstance(wanted, bool | None):
        return said is wanted
    if isinstance(said, dict | list) or isinstance(wanted, dict | list):
        return False
    return _same_text(str(said), str(wanted), tolerance)


def _same_text(said: str, wanted: str, tolerance: float) -> bool:
    """The same words; a number that stands alone on both sides may be off by the tolerance (1.0 and 1 are the same)."""
    if said == wanted:
        return True
    one, other = word_keys(said), word_keys(wanted)
    if one == other:
        return True
    if len(one) != len(other):
        return False
    return all(a == b or _same_number(a, b, tolerance) for a, b in zip(one, other, strict=True))


def _same_number(said: str, wanted: str, tolerance: float) -> bool:
    try:
        a, b = float(said), float(wanted)
    except ValueError:
        return False
    return abs(a - b) <= (tolerance + 1e-9) * abs(b)


def _weighty(keys: Iterable[str]) -> Counter[str]:
    return Counter(filter(_is_weighty, keys))


def _is_weighty(key: str) -> bool:
    """Whether losing the word turns a meaning round: numbers and negations."""
    return key in NEGATIONS or is_number(key)


def _answer_text(answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    if answer.regions:
        return "\n".join(region.text for region in answer.regions)
    return " ".join(segment.text for segment in answer.segments)


_KINDS: Mapping[MatchKind, Callable[[Output, Answer, Match], bool]] = {
    MatchKind.EXACT: _exact,
    MatchKind.TEXT: _text,
    MatchKind.WER: _wer,
    MatchKind.WORDS: _words,
    MatchKind.NUMBERS: _numbers,
    MatchKind.TABLE: _table,
    MatchKind.VALUES: _values,
    MatchKind.REGIONS: _regions,
    MatchKind.LABEL: _label,
    MatchKind.MEDIA: _media,
}
OF_TEXT = frozenset({MatchKind.EXACT, MatchKind.TEXT, MatchKind.WER, MatchKind.WORDS, MatchKind.NUMBERS})
"""Kinds that the answer's very text always passes."""

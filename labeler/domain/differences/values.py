"""Two sets of values, path by path: `series.2025[2]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import cast

import orjson

from labeler.domain.differences.align import equal_blocks
from labeler.domain.differences.hunks import hunks_between
from labeler.domain.differences.judge import FORM, Judged, judge_texts, likeness
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.structured import Path, ValuesText, values_of
from labeler.domain.differences.words import is_number, number_key, words_of
from labeler.domain.items import Json, Output

# From here on two keys with one value are one key, misread in one of the two.
_ALIKE = 0.6
_NUMBERS = frozenset((int, float))
_BESIDE_NUMBERS = " \t\n%‰€$£¥"


def compare_values(old: Output, new: Output) -> list[Difference]:
    """Differences between two outputs' `values`, or between the JSON objects that their texts hold."""
    values = values_of(old, new)
    return [] if values is None else differences_of_values(*values)


def differences_of_values(old: ValuesText, new: ValuesText) -> list[Difference]:
    return list(_Walk(old, new).differ(cast("Json", dict(old.values)), cast("Json", dict(new.values)), (), ()))


def path_text(path: Path) -> str:
    """`series.2025[2]`"""
    told = ""
    for step in path:
        told += f"[{step}]" if isinstance(step, int) else f".{step}" if told else step
    return told


def value_text(value: Json) -> str:
    """A value as a person reads it: strings bare, all else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # whole numbers beyond 64 bits
        return repr(value)


class _Walk:
    def __init__(self, old: ValuesText, new: ValuesText) -> None:
        self._sides = (old, new)

    def differ(self, old: Json, new: Json, at: Path, to: Path) -> Iterator[Difference]:
        """Differences between two values that stand at path `at` in old and `to` in new."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self._mappings(old, new, at, to)
        elif isinstance(old, list) and isinstance(new, list):
            yield from self._lists(old, new, at, to)
        else:
            judged = _judge_values(old, new)
            if judged is not None:
                yield self._both(judged, old, new, at, to)

    def _mappings(self, old: Mapping[str, Json], new: Mapping[str, Json], at: Path, to: Path) -> Iterator[Difference]:
        partner = same_keys(old, new)
        back = {theirs: ours for ours, theirs in partner.items()}
        for ours, theirs in _in_one_order(list(old), list(new), partner):
            if ours is not None and theirs is not None:
                here, there = (*at, ours), (*to, theirs)
                if ours != theirs:
                    yield _named(here, there)
                yield from self.differ(old[ours], new[theirs], here, there)
            elif ours is not None:
                yield self._one(Kind.KEY_MISSING, old[ours], 0, (*at, ours))
            elif theirs is not None and theirs not in back:
                yield self._one(Kind.KEY_ADDED, new[theirs], 1, (*to, theirs))

    def _lists(self, old: list[Json], new: list[Json], at: Path, to: Path) -> Iterator[Difference]:
        ours, theirs = [comparable(v) for v in old], [comparable(v) for v in new]
        for i, k, j, m in hunks_between(equal_blocks(ours, theirs), len(old), len(new)):
            # Where as many stand against each other they are the same elements; else those at the end are more.
            for n in range(max(k - i, m - j)):
                if i + n < k and j + n < m:
                    yield from self.differ(old[i + n], new[j + n], (*at, i + n), (*to, j + n))
                elif i + n < k:
                    yield self._one(Kind.KEY_MISSING, old[i + n], 0, (*at, i + n))
                else:
                    yield self._one(Kind.KEY_ADDED, new[j + n], 1, (*to, j + n))

    def _reading(self, side: int, value: Json, path: Path) -> Reading:
        placed = self._sides[side]
        span = placed.spans.get(path)
        return Reading(placed.text[slice(*span)] if span else value_text(value), span, key=path_text(path))

    def _both(self, judged: Judged, old: Json, new: Json, at: Path, to: Path) -> Difference:
        a, b = self._reading(0, old, at), self._reading(1, new, to)
        return Difference("", Of.VALUES, judged.kind, judged.cosmetic, a, b, _place(at, to), weight=judged.weight)

    def _one(self, kind: Kind, value: Json, side: int, path: Path) -> Difference:
        reading = self._reading(side, value, path)
        weight = 2.0 if any(map(is_number, words_of(reading.text).keys)) else 1.0
        old, new = (reading, None) if side == 0 else (None, reading)
        return Difference("", Of.VALUES, kind, False, old, new, path_text(path), weight=weight)


def _named(at: Path, to: Path) -> Difference:
    """One value under two names."""
    names = str(at[-1]), str(to[-1])
    a, b = (Reading(name, key=path_text(path)) for name, path in zip(names, (at, to), strict=True))
    judged = FORM if _form_of(names[0]) == _form_of(names[1]) else Judged(Kind.SUBSTITUTED, cosmetic=False, weight=1.0)
    return Difference("", Of.VALUES, judged.kind, judged.cosmetic, a, b, _place(at, to), weight=judged.weight)


def _place(at: Path, to: Path) -> str:
    return " / ".join(sorted({path_text(at), path_text(to)}))


def same_keys(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, str]:
    """Keys of old that new has too, or has in another form (`Unit price`, `unit_price`) or misread (`Norlh`, `North`).

    Misread is a key only where the very value stands under it: 2019 and 2020 are two years.
    """
    partner = {key: key for key in old if key in new}
    for same in (_form_of, None):
        left_old, left_new = [k for k in old if k not in partner], _without(new, partner)
        if not left_old or not left_new:
            break
        ours = _grouped(left_old, same or (lambda key: comparable(old[key])))
        theirs = _grouped(left_new, same or (lambda key: comparable(new[key])))
        for group, keys in ours.items():
            others = theirs.get(group, [])
            if len(keys) == len(others) == 1 and (same or likeness([keys[0]], [others[0]]) >= _ALIKE):
                partner[keys[0]] = others[0]
    return partner


def _form_of(key: str) -> str:
    return " ".join(words_of(key.replace("_", " ")).keys)


def _without(new: Mapping[str, Json], partner: Mapping[str, str]) -> list[str]:
    taken = set(partner.values())
    return [key for key in new if key not in taken]


def _grouped(keys: list[str], by: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(by(key), []).append(key)
    return groups


def _in_one_order(old: list[str], new: list[str], partner: Mapping[str, str]) -> list[tuple[str | None, str | None]]:
    """Both sides' keys in an order that does not depend on which side is which: by place, then by name."""
    back = set(partner.values())
    places_new = {key: n for n, key in enumerate(new)}
    entries: list[tuple[float, str, tuple[str | None, str | None]]] = []
    for n, key in enumerate(old):
        theirs = partner.get(key)
        at = float(n) if theirs is None else (n + places_new[theirs]) / 2
        entries.append((at, min(key, theirs or key), (key, theirs)))
    entries += [(float(n), key, (None, key)) for n, key in enumerate(new) if key not in back]
    return [pair for _, _, pair in sorted(entries, key=lambda e: e[:2])]


def comparable(value: Json) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        return repr(value)


def _judge_values(old: Json, new: Json) -> Judged | None:
    if type(old) is type(new) and old == new:
        return None
    if value_text(old).casefold() == value_text(new).casefold():
        return FORM  # true and "true": a person who reads them sees no difference
    if old is None or new is None or isinstance(old, bool) or isinstance(new, bool):
        return Judged(Kind.SUBSTITUTED, cosmetic=False, weight=1.0)
    a, b = number_of(old), number_of(new)
    if a is not None and b is not None and a == b and not (isinstance(old, str) and isinstance(new, str)):
        # 4.2 and "4.20" are one value; two strings may be codes and are judged as they are written.
        return FORM if type(old) is not type(new) and str in (type(old), type(new)) else None
    judged = judge_texts(value_text(old), value_text(new)) or FORM
    if judged.kind is Kind.SUBSTITUTED and _NUMBERS.intersection((type(old), type(new))) and _both_count(old, new):
        return judged._replace(kind=Kind.NUMBER)  # 4.2 against "4.2 million"
    return judged


def _both_count(old: Json, new: Json) -> bool:
    return all(any(map(is_number, words_of(value_text(value)).keys)) for value in (old, new))


def printed_number(text: str) -> Decimal | None:
    """The number that a text on a picture is, also with a currency or per cent beside it: `€ 1,540.00`, `8.5 %`."""
    return number_of(text.strip(_BESIDE_NUMBERS))


def number_of(value: Json) -> Decimal | None:
    """The number that a value is, also one written as text; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(number_key(value.strip()) if isinstance(value, str) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

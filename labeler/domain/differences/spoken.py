"""English numbers as they are spoken, read as digits: `four hundred and fifty pounds`, `450 pounds` and `£450` agree.

Read are cardinals (`two thousand and six`, `fifteen hundred`, `1.5 million`, `three point two`), ordinals up to
`ninety ninth`, `double five`, `triple zero`, `oh` within digits, years as pairs (`nineteen eighty four`), money, per
cent and a few units behind a number. In speech, neighbouring numbers are read as one row of digits, since
`4 0 9`, `409` and `four zero nine` sound alike.

Not known: times (`half past six` is not 6:30), fractions (`two thirds`), `a dozen`, cents and pence, dates that put
the parts in another order (`October 12` is not `the twelfth of October`), `minus`, Roman numerals, other languages.
`pounds` is read as money and never as weight. What is not known stays words, and so counts as a material difference.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from labeler.domain.differences.words import Words

_UNITS = dict(
    zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(10), strict=True)
)
_TEENS = dict(
    zip(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = dict(
    zip(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        range(1, 20),
        strict=True,
    )
)
_ORDINAL_TENS = dict(
    zip(
        ["twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"],
        range(20, 100, 10),
        strict=True,
    )
)
_TIMES = {"double": 2, "triple": 3}
_SMALL = _UNITS | _TEENS | _TENS
_NUMBER_WORDS = frozenset([*_SMALL, *_SCALES, *_ORDINALS, *_ORDINAL_TENS, "oh", *_TIMES])
_CURRENCIES = {
    "pound": "£", "pounds": "£", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "yen": "¥", "rupees": "₹",
}  # fmt: skip
_UNITS_OF_MEASURE = {
    "milligram": "mg", "milligrams": "mg", "kilogram": "kg", "kilograms": "kg", "gram": "g", "grams": "g",
    "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km", "millimetres": "mm",
    "millimeters": "mm", "centimetres": "cm", "centimeters": "cm", "millilitres": "ml", "milliliters": "ml",
    "degrees": "°",
}  # fmt: skip
_HINTS = _NUMBER_WORDS.union(_CURRENCIES, _UNITS_OF_MEASURE, ["percent", "per"])
_NUMERAL = re.compile(r"([$£€¥₹]?)(\d+(?:\.\d+)?)")
_GROUPED_DIGITS = re.compile(r"\d+(?:-\d+)*")
# What may stand between the parts of one number: `twenty-one`, `5, 5, 0`; a full stop ends it.
_WITHIN = re.compile(r"[\s,\-\u2010-\u2015]*")


class _Number(NamedTuple):
    end: int
    """The word behind the number."""
    digits: str
    currency: str = ""
    ordinal: bool = False


def with_numbers_read(words: Words, *, speech: bool = False) -> Words:
    """The same words with every number as one word whose key is in digits: `$93`, `12th`, `40915527`, `20%`.

    With `speech`, neighbouring numbers without another word between them become one row of digits.
    """
    keys = words.keys
    if _HINTS.isdisjoint(keys) and not (speech and any(key[0].isdigit() for key in keys)):
        return words
    read = Words(words.text, words.bounds)
    at = 0
    while at < len(keys):
        end, key = _number_from(words, at, speech=speech) or (at + 1, keys[at])
        read.keys.append(key)
        read.starts.append(words.starts[at])
        read.ends.append(words.ends[end - 1])
        at = end
    return read


def _number_from(words: Words, at: int, *, speech: bool) -> tuple[int, str] | None:
    """Word behind the number that starts at a word, and its key; None when none starts there."""
    number = _one_number(words, at, speech=speech)
    if number is None:
        return None
    end, digits, currency, ordinal = number
    if ordinal:
        return end, digits + _suffix(int(digits))
    if speech and not currency and digits.isdigit():
        end, digits = _row_of_digits(words, end, digits)
    return _with_unit(words, end, digits, currency)


def _row_of_digits(words: Words, end: int, digits: str) -> tuple[int, str]:
    """Take in the numbers that follow without another word between: `four zero nine`, `409-155`."""
    row = [digits]
    while end < len(words.keys) and _joined(words, end):
        following = _one_number(words, end, speech=True, in_row=True)
        if following is None or following.ordinal or following.currency or not following.digits.isdigit():
            break
        end = following.end
        row.append(following.digits)
    return end, "".join(row)


def _with_unit(words: Words, end: int, digits: str, currency: str) -> tuple[int, str]:
    following = words.keys[end] if end < len(words.keys) and _joined(words, end) else ""
    if not currency and following in _CURRENCIES:
        return end + 1, _CURRENCIES[following] + digits
    if following in ("percent", "%"):
        return end + 1, digits + "%"
    if following == "per" and words.keys[end + 1 : end + 2] == ["cent"]:
        return end + 2, digits + "%"
    if following in _UNITS_OF_MEASURE:
        return end + 1, digits + _UNITS_OF_MEASURE[following]
    return end, currency + digits


def _suffix(number: int) -> str:
    if 10 <= number % 100 < 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _joined(words: Words, at: int) -> bool:
    """Whether nothing but space, comma or hyphen stands before a word."""
    return bool(_WITHIN.fullmatch(words.text, words.ends[at - 1], words.starts[at]))


def _one_number(words: Words, at: int, *, speech: bool, in_row: bool = False) -> _Number | None:
    keys = words.keys
    key = keys[at]
    if key in _TIMES and at + 1 < len(keys) and (keys[at + 1] in _UNITS or keys[at + 1] == "oh"):
        return _Number(at + 2, str(_UNITS.get(keys[at + 1], 0)) * _TIMES[key])
    if key in ("oh", "o") and (in_row or (speech and at + 1 < len(keys) and _is_digit(keys[at + 1]))):
        return _Number(at + 1, "0")
    if speech and "-" in key and _GROUPED_DIGITS.fullmatch(key):
        return _Number(at + 1, key.replace("-", ""))
    return _ordinal(keys, at) or _cardinal(words, at, speech=speech)


def _is_digit(key: str) -> bool:
    return key in _UNITS or key.isdigit() or key == "oh"


def _ordinal(keys: list[str], at: int) -> _Number | None:
    key = keys[at]
    if key in _ORDINALS:
        return _Number(at + 1, str(_ORDINALS[key]), ordinal=True)
    if key in _ORDINAL_TENS:
        return _Number(at + 1, str(_ORDINAL_TENS[key]), ordinal=True)
    if key in _TENS and at + 1 < len(keys) and _ORDINALS.get(keys[at + 1], 10) < 10:
        return _Number(at + 2, str(_TENS[key] + _ORDINALS[keys[at + 1]]), ordinal=True)
    return None


def _cardinal(words: Words, at: int, *, speech: bool) -> _Number | None:
    keys, count = words.keys, len(words.keys)
    key = keys[at]
    if numeral := _NUMERAL.fullmatch(key):
        if at + 1 < count and keys[at + 1] in _SCALES and keys[at + 1] != "hundred":
            value = _scaled(numeral[2], _SCALES[keys[at + 1]])
            return _Number(at + 2, value, numeral[1])
        return _Number(at + 1, numeral[2], numeral[1]) if speech or _unit_follows(keys, at + 1) else None
    if key == "a" and at + 1 < count and keys[at + 1] in _SCALES:
        start = 1, at + 1
    elif key in _SMALL:
        start = _below_hundred(words, at)
    else:
        return None
    number, end = _with_scales(words, *start)
    if end + 1 < count and keys[end] == "point" and keys[end + 1] in _UNITS:
        return _decimals(keys, number, end + 1)
    return _Number(end, str(number))


def _unit_follows(keys: list[str], at: int) -> bool:
    return at < len(keys) and (
        keys[at] in _CURRENCIES or keys[at] in ("percent", "per") or keys[at] in _UNITS_OF_MEASURE
    )


def _scaled(numeral: str, scale: int) -> str:
    whole, _, decimals = numeral.partition(".")
    zeros = len(str(scale)) - 1
    value = whole + decimals.ljust(zeros, "0")[:zeros] + (f".{decimals[zeros:]}" if len(decimals) > zeros else "")
    return value.lstrip("0") or "0"


def _below_hundred(words: Words, at: int) -> tuple[int, int]:
    """Value and following word of `seven`, `fifteen`, `forty` or `forty two`; a number word stands at `at`."""
    value = _SMALL[words.keys[at]]
    if value >= 20 and at + 1 < len(words.keys) and _joined(words, at + 1):
        unit = _UNITS.get(words.keys[at + 1], 0)
        if unit:
            return value + unit, at + 2
    return value, at + 1


def _with_scales(words: Words, value: int, end: int) -> tuple[int, int]:
    """Go on behind a number below one hundred: `hundred and fifty`, `thousand two hundred and six`."""
    keys, count = words.keys, len(words.keys)
    total, current, ceiling = 0, value, 10**12
    while end < count and _joined(words, end):
        key = keys[end]
        if key == "hundred" and 0 < current < 100 and ceiling > 100:
            current, end = current * 100, end + 1
        elif key in _SCALES and key != "hundred" and current > 0 and _SCALES[key] < ceiling:
            total, ceiling = total + current * _SCALES[key], _SCALES[key]
            current, end = 0, end + 1
        elif (current and current % 100 == 0) or (not current and total):
            start = end + 1 if key == "and" and end + 1 < count else end
            if keys[start] not in _SMALL or not _SMALL[keys[start]]:
                break
            more, end = _below_hundred(words, start)
            current += more
        else:
            break
    return total + current, end


def _decimals(keys: list[str], whole: int, at: int) -> _Number:
    digits = ""
    while at < len(keys) and keys[at] in _UNITS:
        digits, at = digits + str(_UNITS[keys[at]]), at + 1
    return _Number(at, f"{whole}.{digits}")

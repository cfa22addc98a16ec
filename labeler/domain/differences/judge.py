"""What kind of difference two readings make: form only, a number, or other words; and how alike they look."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from rapidfuzz.distance import Indel

from labeler.domain.differences.model import Kind
from labeler.domain.differences.words import is_number, keys_of, weight_of


class Judged(NamedTuple):
    kind: Kind
    cosmetic: bool
    weight: float


FORM = Judged(Kind.FORM, cosmetic=True, weight=0.0)

_DIGITS = re.compile(r"\d+")
# So many digits in a row with one of these are a date with its time, or a telephone number: their spaces are form.
_LONG_NUMBER = 7
_DATE_OR_TELEPHONE = re.compile(r"\d[/:]\d|^\+\d|^0\d")
_SPACED_THOUSANDS = re.compile(r"[-+]?[$£€¥₹]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+([.,]\d{1,2})?[%‰]?")
_SPACES = re.compile(r"\s+")
_AMOUNT = re.compile(r"([-+]?)([$£€¥₹]?)(-?\d*\.?\d+)(%|‰|°)?")


def judge(old: list[str], new: list[str], old_text: str, new_text: str) -> Judged:
    """Judge two readings by the keys of their words and by what is written; neither may be empty."""
    if not (any(map(is_number, old)) and any(map(is_number, new))):
        return FORM if "".join(old) == "".join(new) else _substituted(old, new)
    if _same_apart_from_form(old, new, old_text, new_text):
        return FORM
    if not _is_about_numbers(old, new):
        return _substituted(old, new)
    return Judged(Kind.NUMBER, cosmetic=False, weight=max(weight_of(old), weight_of(new)))


def _substituted(old: list[str], new: list[str]) -> Judged:
    return Judged(Kind.SUBSTITUTED, cosmetic=False, weight=max(weight_of(old), weight_of(new)))


def judge_texts(old_text: str, new_text: str) -> Judged | None:
    """Judge two short texts as wholes (a cell, a value); None when they are the same."""
    if old_text == new_text:
        return None
    old, new = list(keys_of(old_text)), list(keys_of(new_text))
    if old == new:
        return FORM
    if old and new:
        return judge(old, new, old_text, new_text)
    return _substituted(old, new)


def _same_apart_from_form(old: list[str], new: list[str], old_text: str, new_text: str) -> bool:
    if "".join(old) == "".join(new) and _same_digits(old, new):
        return True
    return _same_spaced_number(old_text, new_text) or _same_amount(old, new)


def _same_digits(old: list[str], new: list[str]) -> bool:
    """Whether digits are grouped alike: `2 m` is `2m`, and `18 19` is not `1819`."""
    in_old, in_new = _DIGITS.findall(" ".join(old)), _DIGITS.findall(" ".join(new))
    if in_old == in_new:
        return True
    known = any(_DATE_OR_TELEPHONE.search(" ".join(keys)) for keys in (old, new))
    return known and sum(map(len, in_old)) >= _LONG_NUMBER


def _same_spaced_number(old_text: str, new_text: str) -> bool:
    """Whether `1 000,00` stands against `1,000.00`."""
    if not (_SPACED_THOUSANDS.fullmatch(old_text) or _SPACED_THOUSANDS.fullmatch(new_text)):
        return False
    return keys_of(_SPACES.sub("", old_text)) == keys_of(_SPACES.sub("", new_text))


def _same_amount(old: list[str], new: list[str]) -> bool:
    """Whether only zeros behind the point are more or fewer: `5.00` is `5`, `$2.10` is `$2.1`.

    Without a currency 3.10 may be a version or a measurement, and is then another one than 3.1.
    """
    if len(old) != 1 or len(new) != 1:
        return False
    a, b = _AMOUNT.fullmatch(old[0]), _AMOUNT.fullmatch(new[0])
    if a is None or b is None or a.group(1, 2, 4) != b.group(1, 2, 4):
        return False
    try:
        one, other = Decimal(a[3]), Decimal(b[3])
    except InvalidOperation:
        return False
    # 007 is not 7, and 1.000 may be one thousand.
    whole_alike = a[3].partition(".")[0] == b[3].partition(".")[0]
    thousand = any(len(n.partition(".")[2]) == 3 for n in (a[3], b[3]))
    return one == other and whole_alike and not thousand and (bool(a[2]) or one == one.to_integral_value())


def _is_about_numbers(old: list[str], new: list[str]) -> bool:
    numbers_old, numbers_new = [k for k in old if is_number(k)], [k for k in new if is_number(k)]
    if not numbers_old or not numbers_new or _without_letters(numbers_old) == _without_letters(numbers_new):
        return False
    rest_old, rest_new = [k for k in old if not is_number(k)], [k for k in new if not is_number(k)]
    if rest_old == rest_new:
        return True
    letters = max(sum(map(len, rest_old)), sum(map(len, rest_new)))
    return letters <= min(sum(map(len, numbers_old)), sum(map(len, numbers_new)))


def _without_letters(keys: list[str]) -> list[str]:
    return ["".join(c for c in key if not c.isalpha()) for key in keys]


def likeness(old: list[str], new: list[str]) -> float:
    """How alike two readings look when spaces do not count, in [0, 1]: `glass go` and `glasgow` 0.93."""
    return Indel.normalized_similarity("".join(old), "".join(new))

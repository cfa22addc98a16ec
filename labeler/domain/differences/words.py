"""Text as words that can be compared: where each stands, and a key that is equal where only the form differs.

Two words have the same key when they differ in case, quotes, dashes, Unicode form or number format only. Whatever could
change the meaning stays in the key: signs, decimals, currency, `%`, accents, and the letters of codes (0/O, 1/l).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from labeler.domain.items import Span

# Marks that separate words and mean nothing by themselves. `_` is a letter here (identifiers); edges are cut off later.
_MARKS = (
    r"\s!\"'(),.:;?\[\]{}`|~*\-\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u2027\u2032-\u203e\u2041-\u2043\u2045-\u205e"
    r"\u200b\u2060\ufeff\u2500-\u257f\u3001-\u3003\u3008-\u3011\u3014-\u301f"
    r"\uff01\uff02\uff07-\uff09\uff0c-\uff0e\uff1a\uff1b\uff1f\uff3b\uff3d"
)
_MONEY = "$£€¥₹"
# Signs that carry meaning each by itself.
_SIGNS = rf"{_MONEY}%‰°@&=<>\^/\\+±×÷√≤≥≠≈\u2212\u2044"
_LETTER = rf"[^{_MARKS}{_SIGNS}\#]"
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"

_WORD = re.compile(
    rf"""
      [A-Za-z0-9]++(?!\S)                                        # most words, without a look at what follows here
    | \((?:[{_MONEY}]\s?\d[\d.,]*|\d[\d,]*[.,]\d+)\)            # (1,204.55): a negative amount in accounts
    | {_IDEOGRAPH}                                              # scripts without spaces: each character
    | (?:(?<![^\s(\[{{=,:;|])[-+\u2212\u2013](?=[{_MONEY}]?\.?\d))?   # a sign, but not the hyphen of `P-5`
      (?:[{_MONEY}]-?(?=\.?\d))?
      (?:(?<![^\s(\[{_MONEY}+\u2212\u2013-])\.(?=\d))?          # .5
      {_LETTER}+
      (?:['’ʼ](?=[^\W\d_]){_LETTER}+                            # can't
        |(?<=\d)(?:[.,:/\^\u2010-\u2015\u2212-]|['’](?=\d\d\d))(?=\d){_LETTER}+   # 1,000.00  10-12  3/4  09:12
      )*
      (?:(?<=\d)[%‰°])?
    | \#(?={_LETTER}) | [=<>]+ | [{_SIGNS}]
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class Words:
    """The words of a text in order. `keys`, `starts` and `ends` run in parallel; offsets are into `text`.

    `bounds` is the part of the text that is looked at.
    """

    text: str
    bounds: Span
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def raw(self, first: int, last: int) -> str:
        """What is written from word `first` up to, not including, word `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]] if first < last else ""


def words_of(text: str, start: int = 0, end: int | None = None) -> Words:
    """The words of `text[start:end]`, with offsets into the whole text. What has no letter, digit or sign is none."""
    end = len(text) if end is None else end
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD.finditer(text, start, end):
        if key := key_of(match[0]):
            first, last = match.span()
            keys.append(key)
            starts.append(first)
            ends.append(last)
    return Words(text, (start, end), keys, starts, ends)


@lru_cache(maxsize=1 << 14)
def words_of_line(text: str) -> Words:
    """The words of a short text (a region, a cell, a value), which is asked for more than once. Not to be changed."""
    return words_of(text)


def keys_of(text: str) -> Sequence[str]:
    """The keys of a short text."""
    return words_of_line(text).keys


def words_outside(text: str, spans: Iterable[Span | None]) -> Words:
    """The words of a text that stand in none of the spans."""
    found = Words(text, (0, len(text)))
    at = 0
    for start, end in [*sorted([span for span in spans if span is not None]), (len(text), len(text))]:
        if start > at and not text[at:start].isspace():
            more = words_of(text, at, start)
            found.keys += more.keys
            found.starts += more.starts
            found.ends += more.ends
        at = max(at, end)
    return found


# Leaving out the apostrophe would make another word of these.
_APOSTROPHE_MATTERS = frozenset({"we'll", "he'll", "she'll", "i'll", "we're", "i'd", "we'd", "she'd", "won't"})
# Milli and mega differ by case only.
_CASE_MATTERS = frozenset({"mW", "mV", "mHz", "mJ", "mPa", "mN", "mΩ", "Mm", "Mb", "Gb", "Tb"})
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_APOSTROPHES = re.compile("['‘’‛ʼ＇´`]")
_DECIMAL = re.compile(r"\d")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


@lru_cache(maxsize=1 << 16)
def key_of(word: str) -> str:
    """What a word says apart from its form. Empty for a word of nothing but marks, as `__`."""
    if word.isascii() and word.isalpha():
        return word if word in _CASE_MATTERS else word.lower()
    if word in _CASE_MATTERS:
        return word
    key = word.lower().replace("`", "'") if word.isascii() else _folded(word)
    key = key.strip("_")
    if key == "&":
        return "and"
    if _DECIMAL.search(key):
        return number_key(key)
    return key if key in _APOSTROPHE_MATTERS else key.replace("'", "")


def _folded(word: str) -> str:
    # 10² is not 102: NFKC would make it so.
    key = _SUPERSCRIPTS.sub(lambda m: "^" + m.group(), word)
    key = unicodedata.normalize("NFKC", _INVISIBLE.sub("", key)).casefold()
    # Folding can leave a form that is not composed (ΐ, ǰ).
    key = unicodedata.normalize("NFKC", key)
    return _APOSTROPHES.sub("'", _DASHES.sub("-", key)).replace("\u2044", "/")


_ACCOUNT_NEGATIVE = re.compile(r"\((.*)\)")
_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?")
_GROUPED_BY_DOT = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}")
_DECIMAL_COMMA = re.compile(r"0,\d+|\d+,(\d{1,2}|\d{4,})")
_PART = re.compile(r"[\d.,']+")


def number_key(word: str) -> str:
    """Every number in a word in one format: no separators of thousands, a decimal point.

    `1.000` stays what it is, since it is one thousand to some and one to others, and `1,000` is read as one thousand.
    """
    if not word.isascii():
        word = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in word)
    if word.startswith("(") and (negative := _ACCOUNT_NEGATIVE.fullmatch(word)):
        word = "-" + negative[1].replace(" ", "")
    if "," not in word and "'" not in word and word.count(".") < 2:
        return word
    return _PART.sub(lambda m: _plain_number(m.group()), word).replace("'", "")


def _plain_number(number: str) -> str:
    number = number.replace("'", "")
    if "," not in number and number.count(".") < 2:
        return number
    if _GROUPED_BY_COMMA.fullmatch(number):
        return number.replace(",", "")
    if _GROUPED_BY_DOT.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(number):
        return number.replace(",", ".")
    return number


NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "nor",
        "none",
        "nothing",
        "nobody",
        "neither",
        "nowhere",
        "cannot",
        "cant",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "hasnt",
        "havent",
        "hadnt",
        "wouldnt",
        "couldnt",
        "shouldnt",
        "mustnt",
        "neednt",
        "aint",
        "won't",
        "wont",
        "mightnt",
        "shant",
    ]
)


_DIGITS = frozenset("0123456789")


_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def is_marks(text: str) -> bool:
    """Whether a text is nothing but marks (`|`, `—`): dirt and lines, as a rule."""
    if not text or text[0].isalnum():  # most texts begin with a letter
        return False
    return not _LETTER_OR_DIGIT.search(text) and not keys_of(text)


def is_number(key: str) -> bool:
    """Whether a word's key has a digit in it."""
    return not _DIGITS.isdisjoint(key)


def weight_of(keys: Sequence[str]) -> float:
    """1 a word; numbers and negations count double."""
    return float(sum([2 if key in NEGATIONS or not _DIGITS.isdisjoint(key) else 1 for key in keys]))

"""Lines that have the same keys, as one program writes them: parsed by a type that is made for just these keys.

Such a type takes no line that lacks one of its keys, so that their number is known without looking at any, and with it
how many colons there must be: a key that stands twice brings one too many. To write all lines once more and count, as
is done with lines whose keys differ, takes longer than parsing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import orjson
from msgspec import Struct
from msgspec.structs import fields

_LOOKED_AT = 16
"""Of so many lines the one with the most keys gives the shape: outputs that never came have few."""
_FEWEST = 0.5
"""Where fewer lines than this share have the shape, it is not worth its trouble."""
Decoded = list[Any]
"""Lines, each with the attributes of the type with all keys, whichever keys it has."""

_encode = msgspec.json.Encoder().encode


class Shape:
    """Lines with just these keys, whose lists hold objects with just those keys, each."""

    def __init__(self, line: type[Struct], keys: tuple[str, ...], within: Mapping[str, tuple[str, ...]]) -> None:
        """`line` has all keys that there may be, `within` says which the objects in lists have."""
        kinds = dict[str, Any]()
        for name, kind in _types_of(line).items():
            each = _listed(kind)
            kinds[name] = kind if each is None else list[_with_keys(each, within.get(name, ()))] | None  # type: ignore[misc]  # made here
        self.type = _with_keys(line, keys, kinds)
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(self.type).decode
        self.decode_lines: Callable[[bytes], Decoded] = msgspec.json.Decoder(self.type).decode_lines
        self._keys = len(keys)
        self._within = {name: len(inner) for name, inner in within.items() if inner}

    def keys_in(self, lines: Decoded) -> int:
        """How many keys stand in these lines, each of this shape, apart from what `model` and `values` hold."""
        objects = (len(getattr(line, name) or ()) * keys for name, keys in self._within.items() for line in lines)
        return len(lines) * self._keys + sum(objects)


class ShapedLines:
    """Reads the lines of one file with the shape that most of them have."""

    def __init__(self, line: type[Struct]) -> None:
        self._line = line
        self._decode_lines: Callable[[bytes], Decoded] = msgspec.json.Decoder(line).decode_lines
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(line).decode
        self._shape: Shape | None = None
        self._given_up = False
        self._all_alike = False

    def decode(self, piece: bytes) -> Decoded:
        """Whole lines. Raises msgspec.MsgspecError or UnicodeDecodeError where one is not as the type has it."""
        if self._shape is None and not self._given_up:
            self._shape = _shape_of(self._line, piece.split(b"\n", _LOOKED_AT)[:_LOOKED_AT])
            self._given_up = self._shape is None
        if self._shape is None:
            return self._decode_lines(piece)
        self._all_alike = True
        try:
            return self._shape.decode_lines(piece)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._each(piece, self._shape)

    def _each(self, piece: bytes, shape: Shape) -> Decoded:
        self._all_alike, lines = False, Decoded()
        for line in piece.split(b"\n"):
            if not line or line.isspace():
                continue
            try:
                lines.append(shape.decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                lines.append(self._decode(line))
        if len(self.parted(lines)[0]) < _FEWEST * len(lines):
            self._shape, self._given_up = None, True
        return lines

    def parted(self, lines: Decoded) -> tuple[Sequence[int], Sequence[int]]:
        """The rows of the lines that have the shape, and those of the others."""
        rows = range(len(lines))
        if self._shape is None:
            return (), rows
        if self._all_alike:
            return rows, ()
        like = [row for row in rows if type(lines[row]) is self._shape.type]
        return like, sorted(set(rows).difference(like))

    def each_key_once(
        self, data: bytes, lines: Decoded, parts: tuple[list[bytes], ...], keys_in_parts: int = 0
    ) -> bool:
        """Whether surely no key stands twice in the lines of `data`, of which the parser would take the last value.

        A doubled key brings a colon that is lost; an escaped one could hide that. `parts` are, for each line, all that
        may hold colons in other places than behind the keys of the line and of what its lists hold, with so many keys
        of their own.
        """
        if _may_hide_colons(data):
            return False
        there = _colons_in(data)
        like, others = self.parted(lines)
        if like and self._shape is not None:
            of_shape = [lines, *parts] if not others else [[part[row] for row in like] for part in (lines, *parts)]
            keys = self._shape.keys_in(of_shape[0]) - len(like) * keys_in_parts
            within = sum(_colons_in(b"".join(part)) for part in of_shape[1:])
            apart = _colons_in(_encode([lines[row] for row in others]))
            if there == keys + within + apart:
                return True
        return there == _colons_in(_encode(lines))


def _colons_in(data: bytes) -> int:
    """As `data.count` says, in a fraction of its time."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(":")))


def _may_hide_colons(data: bytes) -> bool:
    """Whether JSON has characters that are escaped by their number, as a colon may be. A search for two bytes takes
    ten times as long."""
    found = np.frombuffer(data, np.uint8)
    escapes = np.flatnonzero(found[:-1] == ord("\\"))
    return bool((found[escapes + 1] == ord("u")).any()) and b"\\u003" in data


def _shape_of(line: type[Struct], lines: Iterable[bytes]) -> Shape | None:
    """The shape of the line that has the most keys; None where that has one that `line` does not know."""
    found = max(map(_keys_of, lines), key=lambda one: (len(one[0]), len(one[1])))
    keys, within = found
    known = _types_of(line)
    if not keys or not set(keys) <= known.keys():
        return None
    for name, inner in within:
        each = _listed(known[name])
        if each is None or not set(inner) <= _types_of(each).keys():
            return None
    return _shape(line, keys, within)


@lru_cache(64)
def _shape(line: type[Struct], keys: tuple[str, ...], within: tuple[tuple[str, tuple[str, ...]], ...]) -> Shape:
    return Shape(line, keys, dict(within))


def _keys_of(line: bytes) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The keys of a line, and for each of its lists of objects those of the first one; none for what is no object."""
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return (), ()
    if type(raw) is not dict:
        return (), ()
    lists = ((key, value[0]) for key, value in raw.items() if type(value) is list and value)
    return tuple(raw), tuple((key, tuple(first)) for key, first in lists if type(first) is dict)


def _with_keys(kind: type[Struct], keys: tuple[str, ...], types: Mapping[str, Any] | None = None) -> type[Struct]:
    """The same type with just these keys, none of which may be missing; for what else it has it says None."""
    known = types or _types_of(kind)
    absent = {name: None for name in known if name not in keys}
    return msgspec.defstruct(
        kind.__name__,
        [(name, known[name]) for name in keys],
        namespace=absent,
        gc=False,
        forbid_unknown_fields=True,
    )


@lru_cache(16)
def _types_of(kind: type[Struct]) -> Mapping[str, Any]:
    return {one.name: one.type for one in fields(kind)}


def _listed(kind: Any) -> type[Struct] | None:
    """The type of the objects that a list holds; None for what is no list of objects."""
    for part in getattr(kind, "__args__", ()):
        for inner in getattr(part, "__args__", ()):
            if isinstance(inner, type) and issubclass(inner, Struct):
                return inner
    return None

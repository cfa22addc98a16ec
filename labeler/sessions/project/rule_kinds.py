"""How the value of a rule is said, typed and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from labeler.domain.assignment import Route


class Kind(Protocol):
    """How a value is said, typed and read. `options` are what one chooses from where nothing is typed."""

    @property
    def options(self) -> tuple[tuple[Any, str], ...]: ...
    @property
    def hint(self) -> str: ...
    def words(self, value: Any) -> str: ...
    def typed(self, value: Any) -> str: ...
    def read(self, text: str) -> Any:
        """Raises ValueError with what can be given."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of something."""

    least: int
    one: str
    many: str
    none: str = ""
    """What 0 is called."""
    most: int = 10_000

    @property
    def options(self) -> tuple[tuple[Any, str], ...]:
        return ()

    @property
    def hint(self) -> str:
        return f"a whole number from {self.least}"

    def words(self, value: Any) -> str:
        return self.none if self.none and value == 0 else f"{value:,} {self.one if value == 1 else self.many}"

    def typed(self, value: Any) -> str:
        return str(value)

    def read(self, text: str) -> Any:
        number = _plain(text)
        if not number.isdecimal() or not self.least <= int(number) <= self.most:
            raise ValueError(f"a whole number from {self.least} to {self.most:,}")
        return int(number)


@dataclass(frozen=True, slots=True)
class Share:
    """Typed and said in per cent, kept as a share from 0 to 1."""

    most: int = 100
    above: int | None = None
    """It lies between this and `most`, and is neither."""
    none: str = "none"

    @property
    def options(self) -> tuple[tuple[Any, str], ...]:
        return ()

    @property
    def hint(self) -> str:
        return f"{self._meant}, for example {'95' if self.above else '10'}"

    @property
    def _meant(self) -> str:
        if self.above is not None:
            return f"per cent, above {self.above} and below {self.most}"
        return f"per cent, 0 to {self.most}"

    def words(self, value: Any) -> str:
        return self.none if self.none and not value else f"{value * 100:.4g} %"

    def typed(self, value: Any) -> str:
        return f"{value * 100:.4g}"

    def read(self, text: str) -> Any:
        try:
            percent = float(_plain(text).removesuffix("%").replace(",", "."))
        except ValueError:
            raise ValueError(self._meant) from None
        inside = 0 <= percent <= self.most if self.above is None else self.above < percent < self.most
        if not inside:
            raise ValueError(self._meant)
        return percent / 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few; nothing is typed."""

    options: tuple[tuple[Any, str], ...]
    hint: str = ""

    def words(self, value: Any) -> str:
        return next(words for known, words in self.options if known == value).partition(":")[0]

    def typed(self, value: Any) -> str:
        return self.words(value)

    def read(self, text: str) -> Any:
        return next(value for value, words in self.options if words == text)


@dataclass(frozen=True, slots=True)
class Routing:
    """`accent=en-gb-scotland: Morag, Ian; kind=table: Bo`."""

    options: tuple[tuple[Any, str], ...] = ()
    hint: str = "accent=en-gb-scotland: Morag, Ian; kind=table: Bo"

    def words(self, value: Any) -> str:
        return "none" if not value else "1 slice" if len(value) == 1 else f"{len(value)} slices"

    def typed(self, value: Any) -> str:
        return "; ".join(f"{'='.join(route.slice)}: {', '.join(route.people)}" for route in value)

    def read(self, text: str) -> Any:
        found = []
        for part in filter(str.strip, text.split(";")):
            where, _, who = part.partition(": ")
            key, _, value = where.partition("=")
            people = tuple(name.strip() for name in who.split(",") if name.strip())
            if not key.strip() or not value.strip() or not people:
                raise ValueError(f"a slice, a colon and a space, then names, as {self.hint}")
            found.append(Route((key.strip(), value.strip()), people))
        return tuple(found)


def _plain(text: str) -> str:
    return text.strip().replace(" ", "").replace("\u202f", "")

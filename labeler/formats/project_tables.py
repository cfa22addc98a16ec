"""The tables of project.toml: `[assignment]`, `[checks]` and `[onboarding]` say who judges what, `[consensus]` what
that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from labeler.domain.assignment import Assignment, Order, Route
from labeler.domain.checks import CheckSettings
from labeler.domain.consensus_policy import ConsensusPolicy, Rule
from labeler.domain.project import Onboarding

TABLES: Mapping[str, Any] = {
    "assignment": Assignment,
    "checks": CheckSettings,
    "onboarding": Onboarding,
    "consensus": ConsensusPolicy,
}
"""Name of the table to what it is read into."""


def read_table(name: str, raw: Any) -> Any:
    """The settings of a table; what it does not say is as by default, and what is not known is kept in the file.

    Raises ValueError with the key and what it could be.
    """
    if not isinstance(raw, dict):
        raise ValueError(f" {raw!r} is not a table")
    kind = TABLES[name]
    given = {}
    for field in fields(kind):
        if field.name in raw:
            read, meant = _READ[field.name]
            try:
                given[field.name] = read(raw[field.name])
            except (ValueError, TypeError, KeyError, AttributeError):
                raise ValueError(f"{field.name} cannot be {raw[field.name]!r}: give {meant}") from None
    return kind(**given)


def rule_value(settings: Any, rule: str) -> Any:
    """What a rule (`overlap`, `TABLE.KEY`) is, as TOML and JSON write it."""
    table, _, key = rule.rpartition(".")
    return _written(getattr(getattr(settings, table) if table else settings, key))


def table_with(settings: Any, name: str, key: str, raw: Any) -> Any:
    """A table's settings with one value, as TOML and JSON have it. Raises ValueError where there can be no such one."""
    if key not in {field.name for field in fields(TABLES[name])}:
        raise ValueError(f"{name} has no {key}")
    try:
        return replace(settings, **{key: _READ[key][0](raw)})
    except (TypeError, KeyError, AttributeError):
        raise ValueError(f"{key} cannot be {raw!r}") from None


def write_table(document: Any, name: str, settings: Any) -> None:
    """Change in a TOML document what differs from the settings; a table that says nothing new is not made."""
    if read_table(name, _plain(document.get(name, {}))) == settings:
        return
    if name not in document:
        document[name] = {}
    before = read_table(name, _plain(document[name]))
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value != getattr(before, field.name):
            document[name][field.name] = _written(value)


def _plain(table: Any) -> Any:
    return table.unwrap() if hasattr(table, "unwrap") else table


def _written(value: Any) -> Any:
    if isinstance(value, Order | Rule):
        return str(value)
    if isinstance(value, tuple):
        return [{"slice": "=".join(route.slice), "people": list(route.people)} for route in value]
    return value


def _share(most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not 0 <= value <= most:
            raise ValueError
        return float(value)

    return read


def _probability(value: Any) -> float:
    if type(value) not in (int, float) or not 0.5 < value < 1:
        raise ValueError
    return float(value)


def _whole(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or value < least:
            raise ValueError
        return value

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _routes(value: Any) -> tuple[Route, ...]:
    found = []
    for route in value:
        key, sign, text = route["slice"].partition("=")
        people = route["people"]
        if not sign or not key or not isinstance(people, list) or not people or set(route) != {"slice", "people"}:
            raise ValueError
        if not all(isinstance(person, str) for person in people):
            raise TypeError
        found.append(Route((key, text), tuple(people)))
    return tuple(found)


_A_SHARE = "a number from 0 to 1"
_READ: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "shared": (_share(1), _A_SHARE),
    "shared_by": (_whole(1), "a whole number from 1"),
    "order": (Order, '"same", "random" or "information"'),
    "hold_minutes": (_whole(1), "a whole number from 1"),
    "routes": (_routes, '[{slice = "key=value", people = ["name", …]}, …]'),
    "rate": (_share(0.5), "a number from 0 to 0.5"),
    "repeats": (_share(1), _A_SHARE),
    "repeat_after": (_whole(1), "a whole number from 1"),
    "empty": (_share(0.5), "a number from 0 to 0.5"),
    "wrong": (_share(0.5), "a number from 0 to 0.5"),
    "guesses": (_share(0.5), "a number from 0 to 0.5"),
    "items": (_whole(0), "a whole number"),
    "threshold": (_share(1), _A_SHARE),
    "feedback": (_flag, "true or false"),
    "rule": (Rule, '"unanimous" or "posterior"'),
    "sure": (_probability, "a number above 0.5 and below 1"),
}

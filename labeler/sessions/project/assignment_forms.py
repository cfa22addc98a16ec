"""What the Assignment tab asks before it gives something to somebody, and what is typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.assignment import Term
from labeler.domain.queue import QueueFilter
from labeler.sessions.project.assignment_present import slices_in_words
from labeler.sessions.project.assignment_state import Form, WorkLine
from labeler.sessions.project.rules import Rule
from labeler.steps.assigned import Assigned


@dataclass(frozen=True, slots=True)
class FormLine:
    """`{name}` in title and words is the person's name; each field has a label, a hint and a first text."""

    title: str
    tells: str
    fields: tuple[tuple[str, str, str], ...]
    act: str
    of_person: bool = True


_ITEMS, _DAYS = ("Items", "a whole number", "20"), ("For so many days", "a number", "7")
_WHERE = ("Only this slice", "all items", "")
FORMS: Mapping[str, FormLine] = {
    "reserve": FormLine(
        "Reserve items for {name}",
        "The next items of {name}'s queue are kept from others until then, also on other laptops that take in the "
        "verdicts file. After that, or when you give them back, others get what is not judged.",
        (_ITEMS, _DAYS, _WHERE),
        "Reserve",
    ),
    "term": FormLine(
        "Due date and capacity of {name}",
        "{name} sees the date on the board; you see there who will not be done by then. Leave both empty to take it "
        "back.",
        (("Due on", "a day, as 2026-12-01", ""), ("Items a day", "a whole number", "")),
        "Save",
    ),
    "round": FormLine(
        "Start a calibration round",
        "All judge the same items, which nobody has judged yet, before any others. Then you talk about the "
        "differences: the board lists them under Rounds.",
        (
            ("Name of the round", "such as: first", ""),
            ("Items", "a whole number", "10"),
            ("For so many days", "a number", "7"),
            ("With", "all annotators, or names with commas", ""),
            _WHERE,
        ),
        "Start the round",
        of_person=False,
    ),
}


def form_of(name: str, found: Assigned, line: WorkLine | None) -> Form:
    made = FORMS[name]
    who, person = ("", "") if line is None else (line.title, line.person)
    texts: tuple[str, ...] = tuple(text for _, _, text in made.fields)
    if name == "term":
        term = found.terms.get(person, Term())
        texts = (term.due or "", "" if term.per_day is None else str(term.per_day))
    slices = slices_in_words(found, 3)
    hints = tuple(
        f"all items, or one of {slices}" if hint == _WHERE[1] and slices else hint for _, hint, _ in made.fields
    )
    labels = tuple(label for label, _, _ in made.fields)
    title, tells = made.title.format(name=who), made.tells.format(name=who)
    return Form(name, title, tells, labels, hints, texts, person=person, act=made.act)


def rule_form(rule: Rule, value: Any, found: Assigned | None) -> Form:
    if rule.kind.options:
        return Form(rule.where, rule.title, rule.tells, options=rule.kind.options)
    tells = rule.tells
    if rule.where == "assignment.routes":
        slices = "" if found is None else slices_in_words(found, 12)
        tells = f"{tells} Write a slice, a colon, then names: {rule.kind.hint}. Empty: everyone gets everything."
        tells = f"{tells} Slices here: {slices}" if slices else tells
    return Form(rule.where, rule.title, tells, (rule.title,), (rule.kind.hint,), (rule.kind.typed(value),))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the fields of a form say; what a form does not ask is as by default."""

    items: int = 0
    until: datetime | None = None
    where: QueueFilter = field(default_factory=QueueFilter)
    name: str = ""
    names: tuple[str, ...] = ()
    term: Term = field(default_factory=Term)

    @classmethod
    def read(cls, form: str, texts: Sequence[str], now: datetime) -> Wanted:
        """Raises ValueError with what to give."""
        if form == "term":
            due, per_day = (text.strip() for text in texts)
            return cls(term=Term(_day(due) if due else None, _whole(per_day, "items a day") if per_day else None))
        name, names = "", tuple[str, ...]()
        if form == "round":
            name, items, days, people, where = texts
            name, names = name.strip(), tuple(filter(None, (one.strip() for one in people.split(","))))
            if not name:
                raise ValueError("the round a name")
        else:
            items, days, where = texts
        return cls(_whole(items, "items"), now + timedelta(days=_days(days)), _where(where), name, names)


class TypedTexts:
    """What is typed and not sent, on disk at each key, by form and person."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "assignment.json"
        self._kept: dict[str, list[str]] = {}
        with suppress(OSError, ValueError):
            read = orjson.loads(self._path.read_bytes())
            self._kept = {str(key): list(map(str, texts)) for key, texts in read.items() if isinstance(texts, list)}

    def of(self, form: Form) -> tuple[str, ...] | None:
        kept = self._kept.get(_key(form))
        return tuple(kept) if kept is not None and len(kept) == len(form.texts) else None

    def keep(self, form: Form, texts: Sequence[str]) -> None:
        self._kept[_key(form)] = list(texts)
        self._write()

    def drop(self, form: Form) -> None:
        if self._kept.pop(_key(form), None) is not None:
            self._write()

    def _write(self) -> None:
        with suppress(OSError):  # it is in memory still
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_bytes(orjson.dumps(self._kept))


def _key(form: Form) -> str:
    return f"{form.id} {form.person}".strip()


def _whole(text: str, of: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= 100_000:
        raise ValueError(f"{of} as a whole number from 1")
    return int(text)


def _days(text: str) -> float:
    try:
        days = float(text.strip().replace(",", "."))
    except ValueError:
        days = 0
    if not 0 < days <= 3650:
        raise ValueError("days as a number above 0")
    return days


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("the day as 2026-12-01") from None


def _where(text: str) -> QueueFilter:
    if not text.strip():
        return QueueFilter()
    key, sign, value = text.strip().partition("=")
    if not sign:
        raise ValueError("the slice as key=value, or nothing")
    return QueueFilter(slices={key.strip(): value.strip()})

"""project.toml: the settings of a project, kept readable: comments and order of the file survive a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from labeler.domain.project import FoldTexts, ProjectSettings
from labeler.errors import LabelerError
from labeler.formats.project_tables import TABLES, read_table, table_with, write_table
from labeler.whole_file import read_plain, write_whole

FILE_NAME = "project.toml"

_TEMPLATE = """\
# Settings of this project. What stands here affects results; labeler reads it at each start.

name = ""
created = ""
# Decides the order of the queue, what is drawn at random and which output is shown as A.
# Changing it later changes what annotators see from then on.
seed = 0
# How many people judge an item.
overlap = 1
# Probability with which an item without a material difference is looked at, above 0 and up to 1.
random_share = 0.1
# Ask for the tier before the outputs are shown; each verdict tells whether it was. With false outputs show at once.
tier_first = true
# Show texts without case and punctuation: "auto" where their style gives a model away, "always" or "never".
fold_texts = "auto"
# Name the models once a verdict is saved.
reveal_after = false
# Do not tell leads in Adjudicate which side is which model.
blind_leads = true
# Let a lead settle an item that they judged themselves.
settle_own = false
# Hosts that media may come from, such as "media.example.org". Media in the project's folder need none.
allowed_hosts = []
# Keep how long each verdict took. It stands beside the log and can be erased; people are told on their board.
record_times = true

[assignment]
# This share of the items is judged by `shared_by` people, so that agreement can be measured.
shared = 0.0
shared_by = 2
# In which order a person comes to the items: "same" (everyone through one shuffle), "random" (everyone through
# another), or "information" (where people differ or doubt first, and every fifth at random).
order = "same"
# How long an item that someone has open is kept from others.
hold_minutes = 30
# Items with a slice go to these people and to nobody else:
# routes = [{slice = "accent=en-gb-scotland", people = ["Morag", "Ian"]}]

[checks]
# Share of a person's items that are hidden checks, up to 0.5; nothing in the window tells them from other items.
rate = 0.0
# Share of the checks that repeat an item of one's own; the others are items that a lead settled.
repeats = 0.5
# No check among a person's first so many items, and so many between an item and its repetition.
repeat_after = 20
# Share of all items whose gold answer comes empty, and of the checks whose gold answer comes with a seeded mistake.
empty = 0.0
wrong = 0.0
# Share of the items after which a person is asked which side was the new model: whether sides are blind is measured.
guesses = 0.02

[onboarding]
# Someone new judges so many settled items first, and sees what was right; 0: nobody is trained.
items = 0
# Share of them that must be right before items that count come.
threshold = 0.8
# Let people see how the items that they judged were settled.
feedback = false

[consensus]
# "unanimous": enough people said the same. "posterior": a lead can also settle what Dawid and Skene's model is sure of,
# although somebody differs; such items are marked, and can be opened again.
rule = "unanimous"
# How sure it must be of each of right, tier and gold answer.
sure = 0.95
"""


def write_settings(folder: Path, settings: ProjectSettings) -> None:
    """Write the settings into the project's folder; in a file that is there, only what differs is changed."""
    path = folder / FILE_NAME
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else _TEMPLATE)
    for field in fields(settings):
        value = getattr(settings, field.name)
        if field.name in TABLES:
            write_table(document, field.name, value)
            continue
        plain = list(value) if isinstance(value, tuple) else value
        if document.get(field.name) != plain:
            document[field.name] = str(plain) if isinstance(plain, FoldTexts) else plain
    write_whole(path, tomlkit.dumps(document).encode())


def read_settings(folder: Path) -> ProjectSettings:
    """Raises LabelerError when the file is missing or says something that a setting cannot be."""
    path = folder / FILE_NAME
    if not path.exists():
        raise LabelerError(f"{folder} holds no project: there is no {FILE_NAME}", remedy="labeler new makes one")
    try:
        document: dict[str, Any] = tomlkit.parse(read_plain(path).decode()).unwrap()
    except (TOMLKitError, UnicodeDecodeError, OSError, RecursionError) as problem:
        raise LabelerError(f"{path}: {problem}", remedy="mend the line") from None
    known = {field.name for field in fields(ProjectSettings)}
    given = {key: value for key, value in document.items() if key in known}
    for key, holds in _RULES.items():
        if key in given and not holds(given[key]):
            raise LabelerError(f"{path}: {key} cannot be {given[key]!r}", remedy=f"give {_MEANT[key]}")
    for key in ("name", "seed"):
        if key not in given:
            raise LabelerError(f"{path}: {key} is missing")
    given["created"] = str(given.get("created", ""))
    given["fold_texts"] = FoldTexts(given.get("fold_texts", "auto"))
    given["allowed_hosts"] = tuple(given.get("allowed_hosts", ()))
    for name in TABLES:
        try:
            given[name] = read_table(name, document.get(name, {}))
        except ValueError as problem:
            raise LabelerError(f"{path}: {name}.{problem}", remedy="mend the line") from None
    return ProjectSettings(**given)


def with_rule(settings: ProjectSettings, rule: str, raw: Any) -> ProjectSettings:
    """The settings with one rule (`overlap`, `TABLE.KEY`) as a lead gave it, in TOML's and JSON's form.

    Raises ValueError for what is no rule that a lead gives to all copies of a project, and for a value it cannot have.
    """
    table, _, key = rule.rpartition(".")
    if table in TABLES:
        return replace(settings, **{table: table_with(getattr(settings, table), table, key, raw)})
    if table or key not in _GIVEN_TO_ALL or not _RULES[key](raw):
        raise ValueError(f"{rule} cannot be {raw!r}")
    return replace(settings, **{key: raw})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_GIVEN_TO_ALL = frozenset({"overlap", "settle_own", "blind_leads", "tier_first", "reveal_after", "record_times"})
"""Never the seed, nor the hosts that a machine may ask."""
_RULES: Mapping[str, Callable[[Any], bool]] = {
    "name": _is_text,
    "seed": lambda value: type(value) is int,
    "overlap": lambda value: type(value) is int and value >= 1,
    "random_share": lambda value: type(value) in (int, float) and 0 < value <= 1,
    "tier_first": lambda value: isinstance(value, bool),
    "fold_texts": lambda value: value in list(FoldTexts),
    "reveal_after": lambda value: isinstance(value, bool),
    "blind_leads": lambda value: isinstance(value, bool),
    "settle_own": lambda value: isinstance(value, bool),
    "allowed_hosts": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "record_times": lambda value: isinstance(value, bool),
}
_MEANT = {
    "name": "the project's name",
    "seed": "a whole number",
    "overlap": "a whole number from 1",
    "random_share": "a number above 0 and up to 1",
    "tier_first": "true or false",
    "fold_texts": '"auto", "always" or "never"',
    "reveal_after": "true or false",
    "blind_leads": "true or false",
    "settle_own": "true or false",
    "allowed_hosts": "a list of host names",
    "record_times": "true or false",
}

"""backfill.toml: what a team does about past decisions, and how it samples them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from labeler.domain.backfill.allocation import Allocation
from labeler.domain.backfill.conditions import when_from
from labeler.domain.backfill.estimate import ReviewerError
from labeler.domain.backfill.plan import PlanSettings
from labeler.domain.backfill.policy import BackfillPolicy, DueFrom, Rule
from labeler.errors import LabelerError
from labeler.whole_file import read_plain

FILE_NAME = "backfill.toml"

TEMPLATE = """\
# What is done about past decisions whose outputs are contested. Commit this file.

# How many decisions to review. Margins are half the width of the 95 % interval of the total.
[plan]
margin = 10                          # wrong decisions
strata = ["modality", "reversible"]  # modality, action, reversible, jurisdiction, amount, or the key of a slice
allocation = "neyman"                # or "proportional"
uncontested = true                   # sample decisions that no flip contests, too: both versions can be wrong together
expected_contested = 0.5             # shares expected to be wrong: they decide how much is reviewed, not what is found
expected_uncontested = 0.05
# amount_edges = [100, 1000]         # for the stratum "amount"
# [plan.margin_amount]
# EUR = 5000

# Reviewed whole, whatever the sample.
[[plan.certainty]]
reversible = false
amount_above = 10000

# How reviewers did on hidden checks, [right answers, checks]: the estimate is corrected for it. Without this table
# the project's own hidden checks count ([checks] in project.toml), where one person judges an item.
# [reviewers]
# caught = [57, 60]                  # wrong outputs that they called wrong
# passed = [118, 120]                # right outputs that they called right

# Names for several jurisdictions. A country also stands for its parts: US for US-CA.
[groups]
EU = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
      "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"]

# The first rule whose conditions all hold takes a record. Conditions: status (not_reviewed, under_review, upheld,
# wrong, undecidable), contested, reversible, notified, jurisdiction, action, modality, currency, amount_above, tier,
# failure, slices.
[[rules]]
name = "wrong, irreversible, over 10,000"
when = { status = "wrong", reversible = false, amount_above = 10000 }
disposition = "board review"
steps = ["reported", "notified"]
due_days = 7
four_eyes = true

[[rules]]
name = "wrong, irreversible, EU"
when = { status = "wrong", reversible = false, jurisdiction = "EU" }
disposition = "legal review"
steps = ["answered"]
due_days = 7
due_from = "discovery"               # or "decision"

[[rules]]
name = "wrong, irreversible"
when = { status = "wrong", reversible = false }
disposition = "compensate"
steps = ["compensated", "notified"]
due_days = 30
four_eyes = true

[[rules]]
name = "wrong, reversible"
when = { status = "wrong", reversible = true }
disposition = "correct and notify"
steps = ["corrected", "notified"]
due_days = 14

[[rules]]
name = "upheld"
when = { status = "upheld" }
disposition = "none"
"""


def read_backfill_policy(path: Path) -> BackfillPolicy:
    """Raises LabelerError for a file that is missing, is no TOML, or says something a policy cannot be."""
    try:
        data = read_plain(path)
        raw = tomllib.loads(data.decode())
    except FileNotFoundError:
        raise LabelerError(
            f"{path}: there is no such file", remedy="labeler backfill policy --init writes one"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LabelerError(f"{path}: {problem}", remedy="mend the line") from None
    except OSError as problem:
        raise LabelerError(f"{path}: cannot be read: {problem.strerror or problem}") from None
    try:
        return policy_from_toml(raw, f"sha256:{sha256(data).hexdigest()}")
    except ValueError as problem:
        raise LabelerError(
            f"{path}: {problem}", remedy="labeler backfill policy PROJECT --init shows what is known"
        ) from None


def default_policy() -> BackfillPolicy:
    """The policy of the template, for a project that has none of its own yet."""
    return policy_from_toml(tomllib.loads(TEMPLATE), f"sha256:{sha256(TEMPLATE.encode()).hexdigest()}")


def policy_from_toml(raw: Mapping[str, Any], digest: str = "") -> BackfillPolicy:
    """Raises ValueError with the key and what is wrong with it."""
    _only(raw, {"plan", "reviewers", "groups", "rules"}, "")
    groups = {name: frozenset(_texts(places, f"groups.{name}")) for name, places in _table(raw, "groups").items()}
    rules = raw.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ValueError("rules: not a list of [[rules]]")
    reviewers = _table(raw, "reviewers")
    _only(reviewers, {"caught", "passed"}, "reviewers.")
    return BackfillPolicy(
        rules=tuple(_rule(rule, f"rule {number}", groups) for number, rule in enumerate(rules, 1)),
        plan=_plan(_table(raw, "plan"), groups),
        error=ReviewerError(*(_checks(reviewers.get(key, [0, 0]), f"reviewers.{key}") for key in ("caught", "passed"))),
        digest=digest,
    )


def _rule(raw: Mapping[str, Any], where: str, groups: Mapping[str, frozenset[str]]) -> Rule:
    _only(raw, {"name", "when", "disposition", "steps", "due_days", "due_from", "four_eyes"}, f"{where}: ")
    for key in ("name", "disposition"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            raise ValueError(f"{where}: {key} is missing")
    due = raw.get("due_days")
    if due is not None and (type(due) is not int or due < 0):
        raise ValueError(f"{where}: due_days: {due!r} is not a number of days")
    if not isinstance(raw.get("four_eyes", False), bool):
        raise ValueError(f"{where}: four_eyes: {raw['four_eyes']!r} is neither true nor false")
    try:
        when = when_from(_table(raw, "when"), groups)
        due_from = DueFrom(raw.get("due_from", DueFrom.DISCOVERY))
    except ValueError as problem:
        raise ValueError(f"{where}: {problem}") from None
    steps = tuple(_texts(raw.get("steps", []), f"{where}: steps"))
    return Rule(raw["name"], when, raw["disposition"], steps, due, due_from, raw.get("four_eyes", False))


def _plan(raw: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> PlanSettings:
    numbers = {"margin": 10.0, "expected_contested": 0.5, "expected_uncontested": 0.05}
    _only(raw, {*numbers, "margin_amount", "strata", "allocation", "uncontested", "amount_edges", "certainty"}, "plan.")
    read = {key: _number(raw.get(key, usual), f"plan.{key}") for key, usual in numbers.items()}
    for key in ("expected_contested", "expected_uncontested"):
        if read[key] >= 1:
            raise ValueError(f"plan.{key}: {read[key]:g} is not a share between 0 and 1")
    if not isinstance(raw.get("uncontested", True), bool):
        raise ValueError("plan.uncontested: neither true nor false")
    edges = raw.get("amount_edges", [])
    if not isinstance(edges, list):
        raise ValueError("plan.amount_edges: not a list of numbers")
    return PlanSettings(
        margin=read["margin"],
        margin_amount={
            currency: _number(margin, f"plan.margin_amount.{currency}")
            for currency, margin in _table(raw, "margin_amount").items()
        },
        strata=tuple(_texts(raw.get("strata", ["modality"]), "plan.strata")),
        amount_edges=tuple(sorted(_number(edge, "plan.amount_edges") for edge in edges)),
        allocation=_allocation(raw.get("allocation", "neyman")),
        certainty=tuple(when_from(one, groups) for one in raw.get("certainty", [])),
        uncontested=raw.get("uncontested", True),
        expected_contested=read["expected_contested"],
        expected_uncontested=read["expected_uncontested"],
    )


def _allocation(name: Any) -> Allocation:
    try:
        return Allocation(name)
    except ValueError:
        raise ValueError(f"plan.allocation: {name!r} is neither proportional nor neyman") from None


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{where}{unknown[0]} is not known (known: {', '.join(sorted(known))})")


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{key}: {value!r} is not a table")
    return value


def _texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f"{where}: {value!r} is not a list of texts")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError(f"{where}: {value!r} is not a number above 0")
    return float(value)


def _checks(value: Any, where: str) -> tuple[int, int]:
    numbers = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
    if not numbers or not 0 <= value[0] <= value[1]:
        raise ValueError(f"{where}: {value!r} is not [right answers, checks]")
    return value[0], value[1]

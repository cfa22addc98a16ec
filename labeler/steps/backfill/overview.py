"""Everything that the Backfill screen shows of a release, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labeler.domain.backfill.estimate import Estimate, estimate
from labeler.domain.backfill.plan import Plan, Stratum
from labeler.domain.backfill.policy import BackfillPolicy, DryRun, dry_run
from labeler.errors import LabelerError
from labeler.formats.backfill_toml import FILE_NAME, default_policy, read_backfill_policy
from labeler.steps.backfill.estimate import error_in_force, sample_of
from labeler.steps.backfill.plan import Left, left_of, plan_in_force, plan_review
from labeler.steps.backfill.records import Records, read_records
from labeler.steps.opening import open_project
from labeler.steps.project import Project


@dataclass(frozen=True, slots=True)
class Overview:
    """`strata`, `estimate` and `left` are those of the plan in force; `no_plan` says why there is none."""

    records: Records
    policy: BackfillPolicy
    own_policy: bool
    """Whether the project has a `backfill.toml` of its own."""
    run: DryRun
    proposed: Plan
    strata: tuple[Stratum, ...]
    estimate: Estimate | None
    left: Left | None
    no_plan: str = ""
    policy_problem: str = ""
    """Why the project's own policy cannot be read; `policy` is then the usual one, and nothing is done by it."""
    error_said: str = ""
    """Where the reviewers' error in the estimate comes from, in words."""


def project_policy(folder: Path) -> tuple[BackfillPolicy, bool]:
    """The project's policy, else that of the template; and whether it is its own. Raises LabelerError."""
    path = folder / FILE_NAME
    return (read_backfill_policy(path), True) if path.exists() else (default_policy(), False)


def read_overview(folder: Path) -> Overview:
    """Read a project for the screen, with a connection of its own: may run on any thread. Raises LabelerError."""
    with open_project(folder, read_only=True) as project:
        return overview(project)


def overview(project: Project) -> Overview:
    """Raises LabelerError when there is no release or no decision. A broken policy hides none of the records."""
    broken = ""
    try:
        policy, own = project_policy(project.folder)
    except LabelerError as unreadable:
        policy, own, broken = default_policy(), True, str(unreadable)
    records = read_records(project)
    strata: tuple[Stratum, ...] = ()
    made, left, problem, said = None, None, "", ""
    try:
        _, strata = plan_in_force(project, records)
    except LabelerError as missing:
        problem = missing.what
    else:
        error, said = error_in_force(project, policy.error)
        made = estimate([sample_of(stratum) for stratum in strata], error)
        left = left_of(project, records, strata)
    proposed = plan_review(project, records, policy.plan)
    run = dry_run(policy, records.contested)
    return Overview(records, policy, own, run, proposed, strata, made, left, problem, broken, said)

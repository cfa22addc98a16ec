"""The policy that a project's gate goes by."""

from __future__ import annotations

from pathlib import Path

from labeler.domain.gate.policy import STANDARD, Policy
from labeler.formats.gate.policy import read_policy

POLICY_FILE = "gate.toml"
"""In the project's folder, where it has one."""


def policy_of(folder: Path) -> tuple[Policy, str]:
    """The policy of a project's gate, and where it comes from. Raises LabelerError for one that cannot be read."""
    if (folder / POLICY_FILE).exists():
        policy = read_policy(folder / POLICY_FILE)
        return policy, f"{POLICY_FILE}, profile {policy.profile}"
    return STANDARD, f"profile {STANDARD.profile}, cut by every slice with few values"

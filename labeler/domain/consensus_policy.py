"""When a project takes verdicts for a decision without a lead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    UNANIMOUS = "unanimous"
    """Enough people said the same."""
    POSTERIOR = "posterior"
    """As well where Dawid and Skene's model is sure enough, although somebody differs."""


@dataclass(frozen=True, slots=True)
class ConsensusPolicy:
    """The table `[consensus]` of `project.toml`."""

    rule: Rule = Rule.UNANIMOUS
    sure: float = 0.95
    """Posterior probability that *right*, tier and gold answer must each have, above 0.5 and below 1."""

    @property
    def words(self) -> str:
        """How a resolution by it is marked; empty for unanimity."""
        return f"posterior {self.sure:g}" if self.rule is Rule.POSTERIOR else ""

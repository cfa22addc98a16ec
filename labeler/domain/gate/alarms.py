"""Cliff alarms that a lead has answered for: for these outputs on this gold set, with a reason and until a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.domain.items import Modality


@dataclass(frozen=True, slots=True)
class SignedAlarm:
    """`new_outputs` and `gold_digest` are what it was signed for; `expires` is its last day, as `2026-12-31`."""

    modality: Modality
    gold_digest: str
    new_outputs: str
    by: str
    reason: str
    expires: str
    at: str


def in_force(
    signed: Iterable[SignedAlarm], gold_digest: str, new_outputs: str, publisher: str, today: str
) -> tuple[SignedAlarm, ...]:
    """The alarms that somebody else than the publisher has signed for just these outputs, and that still hold.

    `today` is a day as `2026-12-31`. One for each modality, the newest.
    """
    found: dict[Modality, SignedAlarm] = {}
    for alarm in sorted(signed, key=lambda a: a.at):
        these = alarm.gold_digest == gold_digest and alarm.new_outputs == new_outputs
        if these and alarm.by != publisher and today <= alarm.expires:
            found[alarm.modality] = alarm
    return tuple(found[modality] for modality in sorted(found))

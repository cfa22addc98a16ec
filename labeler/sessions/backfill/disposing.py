"""A lead's own disposition: what is done, why, which steps it owes and by when. It goes before the policy's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from labeler.domain.backfill.policy import Rule
from labeler.domain.backfill.records import Record
from labeler.domain.people import Role
from labeler.sessions.backfill.looking import Looking
from labeler.sessions.backfill.state import Ask, DisposalDraft, Message
from labeler.steps.backfill import handle

_DIGITS = 9


class Disposing(Looking):
    """First a digit says what is to be done, by the names that the policy has; then the reason is typed."""

    def ask_disposition(self) -> None:
        """Ask what is to be done; what was typed of it before is shown at once."""
        record, read = self._record(), self._read
        if record is None or read is None:
            return
        if self._person.role is not Role.LEAD:
            self._set(message=Message("A lead decides what is done about a record, or the policy does", serious=True))
        elif read.policy_problem:
            why = "whether a second person has to approve stands in the policy, which cannot be read"
            self._set(message=Message(f"{record.id}: {why}", serious=True))
        elif (draft := self._drafts.disposal(record.id)) is not None:
            self._open(record, draft)
        else:
            names = (*(rule.disposition for rule in self._known()), "something else")
            rule = read.policy.rule_for(record)
            says = f"The policy says: {rule.disposition}" if rule else "No rule of the policy takes it"
            self._set(ask=Ask(f"{says}. What is to be done?", names, of_disposition=True), step=None, disposal=None)

    def _known(self) -> tuple[Rule, ...]:
        """The first rule of each disposition, as many as digits leave."""
        rules = self._read.policy.rules if self._read else ()
        first: dict[str, Rule] = {}
        for rule in rules:
            first.setdefault(rule.disposition, rule)
        return tuple(first.values())[: _DIGITS - 1]

    def _type_disposal_of(self, record: Record, number: int) -> None:
        known = self._known()
        if number > len(known):
            self._open(record, DisposalDraft())
            return
        rule = known[number - 1]
        steps, due = ", ".join(rule.steps), rule.due(record) or ""
        self._open(record, DisposalDraft(rule.disposition, "", steps, due, rule.four_eyes))

    def _open(self, record: Record, draft: DisposalDraft) -> None:
        read = self._read
        second = read is not None and handle.asks_for_second(read.records, record, read.policy)
        four_eyes = draft.four_eyes or second
        self._set(ask=None, step=None, disposal=replace(draft, four_eyes=four_eyes), asks_second=second)

    def type_disposal(self, **typed: Any) -> None:
        """What is typed (the fields of `DisposalDraft`) is on disk at once: it survives a crash and leaving."""
        draft, record = self.state.disposal, self._record()
        if draft is None or record is None or replace(draft, **typed) == draft:
            return
        self._set(disposal=replace(draft, **typed))
        if why := self._drafts.keep(record.id, replace(draft, **typed)):
            self._set(message=Message(why, serious=True))

    def record_disposal(self) -> None:
        """Dispose of the record as it is typed; where that cannot be, it says why and what was typed stays."""
        draft, record, read = self.state.disposal, self._record(), self._read
        if draft is None or record is None or read is None:
            return
        due = self._day(draft.due)
        if missing := _missing(draft, due):
            self._set(message=Message(missing, serious=True))
            return
        steps = tuple(filter(None, (step.strip() for step in draft.steps.split(","))))
        if self._do(
            lambda: handle.dispose(
                self._project,
                read.records,
                record.id,
                draft.disposition,
                draft.reason.strip(),
                self._person,
                policy=read.policy,
                steps=steps,
                due=due or None,
                four_eyes=draft.four_eyes,
                now=self._now,
            ),
            f"{record.id}: {draft.disposition.strip()}",
            closes=True,
        ):
            self._drafts.drop(record.id, DisposalDraft)

    def _day(self, typed: str) -> str | None:
        """A day as it is typed, or in so many days from today; empty for no deadline, None for what is no day."""
        typed = typed.strip()
        if not typed:
            return ""
        try:
            if typed.isdecimal() and len(typed) <= len("3650"):
                return (date.fromisoformat(self._today) + timedelta(days=int(typed))).isoformat()
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            return None


def _missing(draft: DisposalDraft, due: str | None) -> str:
    """What has to be said before it can be recorded; empty when nothing has."""
    if not draft.disposition.strip():
        return "Say what is to be done"
    if not draft.reason.strip():
        return "Say why: a disposition that is not the policy's needs a reason"
    if due is None:
        return f"By when: {draft.due.strip()!r} is neither a day (2026-12-01) nor a number of days (14)"
    return ""

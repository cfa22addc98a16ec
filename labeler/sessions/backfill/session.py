"""The Backfill screen's session: says with events what is done about records."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from labeler.domain.events import in_utc
from labeler.domain.people import Role
from labeler.sessions.backfill.bringing import bring_decisions
from labeler.sessions.backfill.disposing import Disposing
from labeler.sessions.backfill.state import ALL, Ask, FileReport, Message, StepDraft
from labeler.steps.backfill import handle
from labeler.steps.backfill.ledger import ExportedLedger, export_ledger
from labeler.steps.backfill.plan import put_in_force
from labeler.steps.backfill.records import read_records
from labeler.steps.opening import open_project
from labeler.steps.project import Project


class BackfillSession(Disposing):
    """What the old model decided, for a lead. Raises LabelerError for annotators: it shows what everybody judged."""

    # What the window asks

    @property
    def asking(self) -> bool:
        return self.state.ask is not None

    def dismiss(self) -> None:
        """Escape: close what is open (what was typed stays on disk), else take the filter away."""
        state = self.state
        if state.ask is not None or state.step is not None or state.disposal is not None:
            self._set(ask=None, step=None, disposal=None)
            self._list(state.filter)
        elif state.report is not None:
            self._set(report=None)
        elif state.filter != ALL or state.typed:
            self.show_only(ALL)

    # Doing

    def ask_step(self) -> None:
        """Ask which of the steps owed was taken."""
        story, record = self.state.story, self._record()
        if story is None or record is None:
            return
        if story.awaits_second:
            self._set(message=Message(f"{record.id} needs a second pair of eyes first: somebody else approves it"))
        elif not story.owed:
            why = "nothing more is owed" if self._handled(record).disposition else "it has no disposition yet"
            self._set(message=Message(f"{record.id}: {why}"))
        else:
            self._set(ask=Ask("Which step was taken?", story.owed))

    def answer(self, number: int) -> None:
        """Say more about the option with this number: of a step by which channel, to whom, which text."""
        ask, record = self.state.ask, self._record()
        if ask is None or record is None or not 1 <= number <= len(ask.options):
            return
        if ask.of_disposition:
            self._type_disposal_of(record, number)
        else:
            self._set(ask=None, step=self._drafts.step(record.id, ask.options[number - 1]))

    def type_step(self, **typed: str) -> None:
        """What is typed (`channel`, `to`, `text`) is on disk at once: it survives a crash and leaving."""
        step, record = self.state.step, self._record()
        if step is None or record is None or replace(step, **typed) == step:
            return
        self._set(step=replace(step, **typed))
        if why := self._drafts.keep(record.id, replace(step, **typed)):
            self._set(message=Message(why, serious=True))

    def record(self) -> None:
        """Record what is typed."""
        if self.state.disposal is not None:
            self.record_disposal()
        else:
            self.record_step()

    def record_step(self) -> None:
        """The step was taken just now, as it is typed; what was typed stays where it cannot be recorded."""
        step, record, read = self.state.step, self._record(), self._read
        if step is None or record is None or read is None:
            return
        done = handle.StepDone(step.step, in_utc(self._now()), step.channel.strip(), step.to.strip(), step.text.strip())
        if self._do(
            lambda: handle.record_step(self._project, read.records, record.id, done, self._person, now=self._now),
            f"{record.id}: {done.step}",
            closes=True,
        ):
            self._drafts.drop(record.id, StepDraft)

    def approve(self) -> None:
        """Be the second pair of eyes on the chosen record."""
        record, read = self._record(), self._read
        if record is not None and read is not None:
            self._do(
                lambda: handle.approve(self._project, read.records, record.id, self._person, now=self._now),
                f"{record.id}: approved",
                closes=True,
            )

    def apply_policy(self) -> None:
        """Dispose of every contested record as the policy says."""
        read = self._read
        if read is not None and not read.policy_problem:
            self._do_many(
                "Applying the policy",
                lambda project: handle.apply_policy(project, read.records, read.policy, self._person, now=self._now),
                _applied,
            )

    def put_plan_in_force(self) -> None:
        """Make the proposed plan the one in force, and put its items into the review queue."""
        read = self._read
        if read is not None and self.state.queue_label:
            self._do_many(
                "Putting the plan in force",
                lambda project: put_in_force(project, read.records, read.proposed, self._person, now=self._now),
                lambda _: Message("The plan is in force, and its items are in the review queue"),
            )

    def import_decisions(self, path: Path) -> None:
        """Bring a file of past decisions, beside the window, and say what came of each of its lines."""
        if self._person.role is not Role.LEAD:
            self._set(message=Message("A lead brings past decisions", serious=True))
            return
        person, now = self._person, self._now

        def work(project: Project) -> FileReport:
            return bring_decisions(project, path, person, now)

        def said(report: FileReport) -> Message:
            self._set(report=report if report.lines else None)
            return Message(report.said, serious=bool(report.lines))

        self._do_many(f"Reading {path.name}", work, said)

    def tell_of_replay(self) -> str:
        """Say how a model is asked about items of the past: the command, which is returned as well.

        It is a command alone, since it runs a program, or spends money at an endpoint, for hours, where the model is.
        """
        folder = shlex.quote(str(self._project.folder))
        command = f"labeler replay {folder} --decided --model NAME@VERSION --with ADAPTER --to outputs.jsonl"
        self._set(message=Message(f"A model is asked about the past by a command, which is copied: {command}"))
        return command

    def export_ledger(self) -> None:
        """Write a ledger into the project's folder, beside the window."""
        folder, person, now = self._project.folder, self._person, self._now
        to = folder / "ledgers" / in_utc(now()).replace(":", "").replace(".", "-")

        def work() -> ExportedLedger:
            with open_project(folder) as project:
                return export_ledger(project, read_records(project), to, person, now=now)

        def done(made: ExportedLedger) -> None:
            said = f"Wrote {made.records:,} records to {made.folder}; digest {made.digest}"
            check = f"labeler check --ledger {shlex.quote(str(made.folder / 'ledger.jsonl'))}"
            told = (
                f"Folder: {made.folder}",
                f"Digest: {made.digest}",
                "Keep the digest apart from the ledger: with it nobody can write all of it anew unnoticed.",
                f"Proof on any machine, without the project: {check}",
            )
            report = FileReport(f"The ledger holds {made.records:,} records", told)
            self._set(busy="", message=Message(said), report=report)

        self._set(busy="Writing the ledger")
        self.beside("ledger", work, done, self._fail)


def _applied(done: handle.Applied) -> Message:
    parts = [
        f"{done.given:,} records got a disposition",
        f"{done.kept:,} kept theirs" if done.kept else "",
        f"{done.leads:,} stay as a lead decided" if done.leads else "",
        f"{done.none:,} are taken by no rule" if done.none else "",
    ]
    return Message(f"The policy was applied: {', '.join(filter(None, parts))}")

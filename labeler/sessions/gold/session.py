"""The Gold screen's session: reads the draft beside the window, builds it, and publishes what somebody else built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from labeler.domain.gate.explain import explain
from labeler.domain.gate.report import Node
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.formats.gate.markdown import gate_to_markdown
from labeler.sessions.gold.present import draft_words, shown
from labeler.sessions.gold.state import Deed, GoldState
from labeler.sessions.told import Told
from labeler.steps.build_queue import put_thin_first
from labeler.steps.gate.run import title
from labeler.steps.gold.build import build_gold, record_publication
from labeler.steps.gold.desk import GOLD_FOLDER, Asked, Desk, ReadAt
from labeler.steps.gold.exchange import Exported, export_gold
from labeler.steps.gold.read import read_beside
from labeler.steps.gold.sign_off import publish_gold
from labeler.steps.opening import open_project
from labeler.steps.project import Project


class GoldSession(Told[GoldState]):
    """The gold set of a project, for a lead. Raises LabelerError for others: it names models and says who was right."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        if person.role is not Role.LEAD:
            raise LabelerError(
                "The gold set is the lead's: it names the models and says which output was right",
                remedy="judge blind here; your project's lead builds the gold set from what you say",
            )
        super().__init__(GoldState(project.settings.name, person.name, project.settings.name))
        self._folder, self._person, self._now = project.folder, person, now
        self.show_item: Callable[[str], None] = lambda _item: None
        """Shows an item in Review; the window puts its own in this place."""
        self.settle_item: Callable[[str], None] = lambda _item: None
        """Shows an item in Adjudicate."""
        self.copy_text: Callable[[str], None] = lambda _text: None
        self.choose_export: Callable[[], None] = lambda: None
        """Asks where an export goes and in which format, and calls `export`."""
        self._desk: Desk | None = None
        self._asked = Asked()
        self._drafted = "Draft"
        self._settled = -1
        """Which of the unresolved items was shown last."""

    # What the window asks

    def dismiss(self) -> None:
        """Escape: close the arithmetic."""
        self._set(explained=())

    # Reading

    def come(self) -> None:
        """Read where anything is new since it was read last."""
        self._read(self._desk.read_at if self._desk else None)

    def refresh(self) -> None:
        """Build the draft again and ask the gate, beside the window. It is kept that this person saw the answer."""
        self._read(None)

    def _read(self, known: ReadAt | None) -> None:
        if self.state.busy:
            return
        asked = self._asked
        self._set(busy=f"Reading {asked.version}" if asked.version else "Building the draft")
        folder, name, now = self._folder, self._person.name, self._now()
        self.beside("gold", lambda: read_beside(folder, name, now, asked, known), self._take, self._fail)

    def _take(self, desk: Desk | None) -> None:
        if desk is None:
            self._set(busy="")
            return
        self._desk = desk
        if not desk.asked.version:
            self._drafted = draft_words(desk)
        fields = shown(desk, self._person.id, self._drafted)
        chosen = min(self.state.chosen, max(0, len(fields["nodes"]) - 1))
        self._set(**fields, read=True, chosen=chosen, explained=(), busy="")

    def _say_failed(self, why: str) -> None:
        self._set(busy="", message=why, serious=True)

    # What is looked at

    def look_at(self, version: str) -> None:
        """Look at the version of this name; an empty one means the draft."""
        self._ask(replace(self._asked, version=version))

    def go_by(self, by: int) -> None:
        """A version earlier or later; behind the last one comes the draft."""
        names = [chip.name for chip in self.state.versions]
        at = names.index(self._asked.version) + by if self._asked.version in names else -1
        if 0 <= at < len(names):
            self.look_at(names[at])

    def choose_outputs(self, number: int) -> None:
        """Ask the gate with another pair of outputs that the project has, by its place in the list."""
        if self._desk is not None and number < len(self._desk.at_hand):
            self._ask(replace(self._asked, outputs=self._desk.at_hand[number]))

    def next_outputs(self) -> None:
        chosen = next((n for n, chip in enumerate(self.state.outputs) if chip.chosen), 0)
        if self.state.outputs:
            self.choose_outputs((chosen + 1) % len(self.state.outputs))

    def _ask(self, asked: Asked) -> None:
        """While something is read, nothing else is: its answer would come last and not be what was asked for."""
        if asked != self._asked and not self.state.busy:
            self._asked = asked
            self.refresh()

    def settle_next(self) -> None:
        """The next item that is left out until it is decided, in Adjudicate."""
        waiting = self.state.unresolved
        if waiting:
            self._settled = (self._settled + 1) % len(waiting)
            self.settle_item(waiting[self._settled])

    # Nodes

    @property
    def node(self) -> Node | None:
        """The node that is in hand."""
        gate = self._desk.gate if self._desk else None
        return gate.report.nodes[self.state.chosen] if gate and self.state.nodes else None

    def choose(self, row: int) -> None:
        """Take a node in hand; its arithmetic follows while it is open."""
        if not self.state.nodes:
            return
        self._set(chosen=min(max(row, 0), len(self.state.nodes) - 1))
        if self.state.explained:
            self._explain()

    def move(self, by: int) -> None:
        self.choose(self.state.chosen + by)

    def toggle_explained(self) -> None:
        """Show the arithmetic of the node in hand, or close it."""
        if self.state.explained:
            self._set(explained=())
        else:
            self._explain()

    def _explain(self) -> None:
        node, desk = self.node, self._desk
        if node is not None and desk is not None and desk.gate is not None:
            report = desk.gate.report
            self._set(explained=tuple(explain(node, report.policy, len(report.nodes))))

    def open_newly_wrong(self) -> None:
        """The first item of the node in hand that only the old model had right, in Review."""
        node = self.node
        if node is None or not node.newly_wrong:
            self._set(message="No item is newly wrong here", serious=False)
            return
        self.show_item(node.newly_wrong[0])

    def copy_markdown(self) -> None:
        """The gate's answer as Markdown, for a pull request."""
        gate = self._desk.gate if self._desk else None
        if gate is not None:
            self.copy_text(gate_to_markdown(gate.report, title(gate), {"digest": gate.gold.digest}))
            self._set(message="Copied the gate's answer as Markdown", serious=False)

    # Deeds

    def export(self, path: Path, form: str) -> None:
        """Write the version that is looked at, or the newest one, as a file of this format."""
        if self._desk is None or self.state.busy or not self.state.exports:
            return
        folder = self._desk.series / self.state.exports
        self._set(busy=f"Exporting {folder.name}")
        self.beside("gold", lambda: export_gold(folder, path, form), partial(self._exported, path), self._fail)

    def _exported(self, path: Path, done: Exported) -> None:
        more = f"; {done.left_out:,} are no pictures and were left out" if done.left_out else ""
        self._set(busy="", message=f"Wrote {path.name}: {done.records:,} records{more}", serious=False)

    def do(self) -> None:
        """Build the draft as the next version, or publish what somebody else built."""
        deed = self.state.deed
        if self.state.busy or deed is Deed.NONE:
            return
        work = self._build if deed is Deed.BUILD else self._publish
        self._set(busy="Building" if deed is Deed.BUILD else "Publishing")
        self.beside("gold", work, self._done, self._fail)

    def _build(self) -> str:
        with open_project(self._folder) as project:
            built = build_gold(project, self._folder / GOLD_FOLDER, project.settings.name)
            if built.new:
                record_publication(project, built.manifest, self._person.id, self._now)
        return f"Built {built.manifest.version}; somebody else publishes it"

    def _publish(self) -> str:
        desk = self._desk
        assert desk is not None
        assert desk.newest is not None
        with open_project(self._folder) as project:
            published = publish_gold(project, desk.series / desk.newest.name, self._person, now=self._now)
        return f"Published {published.version}; {len(published.seen):,} looks at it were kept"

    def queue_thin_first(self) -> None:
        """Items of thin tiers and slices come first in Review from now on, as far as they still wait."""
        if not self.state.busy:
            self._set(busy="Ordering the queue")
            self.beside("gold", self._order, self._ordered, self._fail)

    def _order(self) -> str:
        with open_project(self._folder) as project:
            release = project.store.latest_release()
            first = put_thin_first(project.store, release.id, project.settings) if release else 0
        return f"{first:,} items of thin tiers and slices come first in Review" if first else "Nothing thin waits"

    def _ordered(self, said: str) -> None:
        self._set(busy="", message=said, serious=False)

    def _done(self, said: str) -> None:
        self._set(busy="", message=said, serious=False)
        self.refresh()

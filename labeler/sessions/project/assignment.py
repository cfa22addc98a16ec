"""The Assignment tab's session: rules that a lead changes at any time, and what is given to single people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from labeler.domain.assignment import Route
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.beside import Beside, at_once
from labeler.sessions.project.assignment_forms import FORMS, TypedTexts, Wanted, form_of, rule_form
from labeler.sessions.project.assignment_present import in_items, rule_lines, work_lines
from labeler.sessions.project.assignment_state import AssignmentState, Form, Pane, WorkLine
from labeler.sessions.project.rules import RULES, Rule
from labeler.sessions.told import Told
from labeler.steps import assign, rounds
from labeler.steps.assigned import Assigned, assigned
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rules import change_rule, settle_again, to_settle_again

Soon = Callable[[Callable[[], None]], None]
SETTLED_TOGETHER = 25
_BY_PLACE = {rule.where: rule for rules in RULES.values() for rule in rules}
_NEEDS = ("overlap", "assignment.shared", "assignment.shared_by")
"""Rules that say how many people an item needs."""
ONLY_A_LEAD = "Only a lead changes who judges what; here you see what holds"


class AssignmentSession(Told[AssignmentState]):
    """All methods are called on one thread."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime], run: Beside = at_once) -> None:
        lead, rules = person.role is Role.LEAD, rule_lines(project.settings, person)
        super().__init__(AssignmentState(project.settings.name, person.name, lead, rules=rules))
        self._project, self._person, self._now, self._run = project, person, now, run
        self.soon: Soon = lambda act: act()
        """Does what is left of a long settling a moment later; the window puts its own in this place."""
        self._texts = TypedTexts(project.folder / "drafts" / person.id)
        self._found: Assigned | None = None

    def refresh(self) -> None:
        """Read anew, beside the window, what was given to whom."""
        folder, now = self._project.folder, self._now()

        def read() -> Assigned:
            with open_project(folder, read_only=True) as project:
                return assigned(project, now)

        self._tell(loading=True, rules=rule_lines(self._project.settings, self._person))
        self._run("assigned", read, self._read, self._failed)

    def _read(self, found: Assigned) -> None:
        self._found = found
        work = work_lines(found, self._now().date(), self._person)
        self._tell(loading=False, work=work, chosen=min(self.state.chosen, max(0, len(work) - 1)))

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._tell(loading=False, message=str(problem), serious=True)

    # Walking

    def go_to(self, pane: Pane) -> None:
        if self.state.form is None:
            self._tell(pane=pane)

    def move(self, by: int) -> None:
        if self.state.pane is Pane.RULES:
            self.choose_rule(self.state.rule + by)
        else:
            self.choose(self.state.chosen + by)

    def choose_rule(self, number: int) -> None:
        self._tell(pane=Pane.RULES, rule=max(0, min(number, len(self.state.rules) - 1)), form=None)

    def choose(self, number: int) -> None:
        if self.state.work:
            self._tell(pane=Pane.PEOPLE, chosen=max(0, min(number, len(self.state.work) - 1)), form=None)

    # Changing

    @property
    def line(self) -> WorkLine | None:
        """The person that is chosen; None where it is a round, or nobody."""
        line = self.state.line
        return line if line is not None and line.person else None

    def change(self) -> None:
        """Ask for another value of the chosen rule."""
        if not self._may():
            return
        rule = self._rule
        value = rule.value(self._project.settings)
        self._ask(rule_form(rule, value, self._found))

    def ask(self, name: str) -> None:
        """Ask what a thing that is given to people needs to know: `reserve`, `term`, `round`, …"""
        wanted = FORMS[name]
        line = self.line
        if not self._may() or (wanted.of_person and line is None):
            return
        if wanted.of_person:
            self._tell(pane=Pane.PEOPLE)
        if self._found is not None:
            self._ask(form_of(name, self._found, line if wanted.of_person else None))

    def _may(self) -> bool:
        if not self.state.lead:
            self._tell(message=ONLY_A_LEAD, serious=True)
        return self.state.lead

    def _ask(self, form: Form) -> None:
        kept = self._texts.of(form)
        self._tell(form=form if kept is None else replace(form, texts=kept), message="")

    def type(self, field: int, text: str) -> None:
        """What is typed is kept until it is sent: it survives a crash and leaving."""
        form = self.state.form
        if form is None or form.texts[field] == text:
            return
        texts = (*form.texts[:field], text, *form.texts[field + 1 :])
        self._tell(form=replace(form, texts=texts, problem=""))
        self._texts.keep(form, texts)

    def save(self) -> None:
        """Do what the fields say; they stay as they are where that is not possible."""
        form = self.state.form
        if form is None or form.options:
            return
        self._do(form, form.texts)

    def _do(self, form: Form, texts: Sequence[str]) -> None:
        try:
            if form.id in _BY_PLACE:
                rule = _BY_PLACE[form.id]
                self._put(rule, rule.kind.read(texts[0]))
                return
            wanted = Wanted.read(form.id, texts, self._now())
            said = self._give(form, wanted)
        except ValueError as problem:
            self._tell(form=replace(form, problem=f"Give {problem}"))
            return
        except LabelerError as problem:
            self._tell(form=replace(form, problem=str(problem)))
            return
        self._texts.drop(form)
        self._tell(form=None, message=said)
        self.refresh()

    def _put(self, rule: Rule, value: Any) -> None:
        known = self._found
        if rule.where == "assignment.routes" and known is not None:
            _check_routes(value, known)
        settings = self._project.settings
        form, self_now = self.state.form, self._now()
        change_rule(self._project, self._person, rule.where, rule.changed(settings, value), self_now)
        if form is not None:
            self._texts.drop(form)
        words = rule.words(self._project.settings)
        self._tell(form=None, message=f"{rule.title}: {words}. It holds from the next item on")
        self.refresh()
        if rule.where in _NEEDS:
            self._settle(list(to_settle_again(self._project)), 0)

    def _settle(self, left: list[str], settled: int) -> None:
        """Some now and the rest a moment later: another number of people settles items, or opens them again."""
        while left:
            part, left = left[:SETTLED_TOGETHER], left[SETTLED_TOGETHER:]
            settled += settle_again(self._project, self._person, part, self._now())
            if left:
                self.soon(partial(self._settle, left, settled))
                return
        if settled:
            self._tell(message=f"{self.state.message}. Settled by it, or open again: {in_items(settled)}")

    def _give(self, form: Form, wanted: Wanted) -> str:
        """Do what a form of a person or a round says; what to say of it."""
        project, lead, now = self._project, self._person, self._now()
        if form.id == "round" and wanted.until is not None:
            people = [self._named(name) for name in wanted.names] or [
                person for person in rounds.annotators(project) if person.role is Role.ANNOTATOR
            ]
            made = rounds.start_round(project, lead, wanted.name, people, wanted.items, wanted.until, now, wanted.where)
            return f"Round {made.name}: {', '.join(made.done and map(self._name, made.people))} judge the same items"
        person = project.store.person_of(form.person)
        if form.id == "reserve" and wanted.until is not None:
            found = assign.reserve(project, lead, person, wanted.items, wanted.until, now, wanted.where)
            return f"Reserved for {person.name} until {found.until[:10]}: {in_items(len(found.items))}"
        rounds.set_term(project, lead, person, wanted.term, now)
        term = wanted.term
        return f"{person.name}: due {term.due or 'at no date'}, {term.per_day or 'any number of'} items a day"

    def _named(self, name: str) -> Person:
        person = self._project.store.person(name)
        if person is None:
            raise ValueError(f"names of people who are here; {name} is not")
        return person

    def _name(self, person_id: str) -> str:
        return self._project.store.person_of(person_id).name

    def give_back(self) -> None:
        """End the chosen person's reservations: others get what is not judged yet."""
        self._at_once(self._gave_back)

    def _gave_back(self, line: WorkLine) -> str:
        person = self._project.store.person_of(line.person)
        found = assign.give_back(self._project, self._person, person, self._now() + timedelta(milliseconds=1))
        return f"Free for others: {in_items(len(found.items))} of {person.name}"

    def let_begin(self) -> None:
        """The chosen person gets items that count, whatever training said."""
        self._at_once(self._let)

    def _let(self, line: WorkLine) -> str:
        person = self._project.store.person_of(line.person)
        rounds.qualify(self._project, self._person, person, self._now())
        return f"{person.name} gets items that count from now on"

    def requeue(self) -> None:
        """Bring back all that the chosen person skipped."""
        self._at_once(self._brought_back)

    def _brought_back(self, line: WorkLine) -> str:
        count = assign.requeue(self._project, self._person, self._now(), None, line.person)
        return f"Back with {line.title}, who skipped: {in_items(count)}"

    def _at_once(self, act: Callable[[WorkLine], str]) -> None:
        line = self.line
        if line is None or not self._may():
            return
        try:
            said = act(line)
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
            return
        self._tell(message=said)
        self.refresh()

    @property
    def _rule(self) -> Rule:
        return _BY_PLACE[self.state.rules[self.state.rule].where]

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return self.state.form is not None and bool(self.state.form.options)

    def answer(self, number: int) -> None:
        form = self.state.form
        if form is None or not 1 <= number <= len(form.options):
            return
        try:
            self._put(_BY_PLACE[form.id], form.options[number - 1][0])
        except LabelerError as problem:
            self._tell(form=None, message=str(problem), serious=True)

    def dismiss(self) -> None:
        """Leave the form; what was typed is there when it is opened again."""
        self._tell(form=None)

    def close(self) -> None:
        """What is typed is kept already."""


def _check_routes(routes: Sequence[Route], known: Assigned) -> None:
    """Raises ValueError for a name that nobody has, and for a value that no item has, where the key is listed."""
    names = {person.name for person in known.people.values()} | set(known.people)
    for route in routes:
        for name in route.people:
            if name not in names:
                raise ValueError(f"names of people who are here; {name} is not")
        key, value = route.slice
        values = [one for of, one in known.slices if of == key]
        if value not in values:
            there = ", ".join(values) if values else ", ".join(sorted({of for of, _ in known.slices}))
            raise ValueError(f"a slice that items have: {key}={value} is none; there are {there}")

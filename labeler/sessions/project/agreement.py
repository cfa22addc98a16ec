"""The agreement's session: how far people agree, on which question and where, what drives it, and which items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from labeler.domain.agreement.alpha import Agreement, in_words
from labeler.domain.agreement.answers import Question
from labeler.domain.agreement.groups import Driver, Group, Grouping, in_order
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.commands import Command
from labeler.sessions.project.agreement_state import ANSWERS, QUESTIONS, AgreementState, GroupLine
from labeler.sessions.told import Told
from labeler.steps.agreement import JudgedRelease, read_answers, read_judged
from labeler.steps.insights import failure_labels
from labeler.steps.opening import open_project
from labeler.steps.project import Project

REFUSED = "Agreement says how others judged: it is for leads and auditors, annotators judge blind"


Key = tuple[Question, Grouping]
"""What is counted together; of all items all questions, which begin with the first."""
SO_MANY_ITEMS = 5_000
"""Groups of so many items are counted before they are shown: half a second's work."""


class AgreementSession(Told[AgreementState]):
    """All methods are called on one thread; reading and counting are handed to `beside`."""

    def __init__(self, project: Project, person: Person) -> None:
        refused = REFUSED if person.role is Role.ANNOTATOR else ""
        super().__init__(AgreementState(project.settings.name, person.name, refused=refused))
        self._project = project
        self._folder: Path = project.folder
        self._labels: Mapping[str, str] = failure_labels(project.rubrics)
        self.show_item: Callable[[str], None] = lambda _item: None
        """Shows an item in Review; the window puts its own in this place."""
        self._judged: JudgedRelease | None = None
        self._groups: tuple[Group, ...] = ()
        self._picked = False
        """Somebody chose the line; else it is the worst of those that are counted."""
        self._counted: dict[Key, tuple[Group, ...]] = {}
        self._whole: set[Key] = set()
        """What is counted to its end."""

    # Reading

    def refresh(self) -> None:
        """Read the verdicts anew, where something was said since the last time."""
        if self.state.refused:
            return
        self._labels = failure_labels(self._project.rubrics)
        known = self._judged.position if self._judged else -1

        def read() -> JudgedRelease | None:
            with open_project(self._folder, read_only=True) as project:
                return None if project.store.last_position() == known else read_judged(project)

        self._set(busy="Reading verdicts")
        self.beside("agreement read", read, self._take, self._fail)

    def _take(self, read: JudgedRelease | None) -> None:
        if read is not None:
            self._judged, self._counted, self._whole = read, {}, set()
            self._set(judged=read.several, simulated=read.simulated, left_out=read.left_out)
        self._count()

    def _count(self) -> None:
        """Figures for the question and cut that are chosen now, as they come; the latest question wins."""
        judged, key = self._judged, self._key
        if judged is None:
            return
        if key in self._whole:
            self._show(key, 0)
            return
        self._counted[key], self._groups = (), ()
        self._set(busy="Counting", lines=self._lines(), left=0, drivers=(), items=())
        self._go_on(key, _counting(self._folder, judged, key))

    def _go_on(self, key: Key, counting: Iterator[_Some]) -> None:
        """Have some more counted, and then the rest."""

        def take(some: _Some | None) -> None:
            if some is None:
                self._whole.add(key)
                self._show(key, 0)
                return
            self._judged = some.judged
            self._counted[key] += some.groups
            self._show(key, some.left)
            self._go_on(key, counting)

        self.beside("agreement", lambda: next(counting, None), take, self._fail)

    @property
    def _key(self) -> Key:
        whole = self.state.grouping is Grouping.ALL
        return (Question.RIGHT if whole else self.state.question), self.state.grouping

    def _show(self, key: Key, left: int) -> None:
        """What is counted by now; the chosen line stays chosen while others come before it."""
        chosen = self._groups[self.state.chosen] if self.state.chosen < len(self._groups) else None
        found, whole = self._counted[key], key[1] is Grouping.ALL
        self._groups = found if whole else in_order(found, key[1])
        self._set(lines=self._lines(), left=left, busy="" if key in self._whole else "Counting")
        line = list(Question).index(self.state.question) if whole else 0
        if not whole and self._picked and chosen in self._groups:
            line = self._groups.index(chosen)
        if line < len(self._groups) and self._groups[line] is chosen:
            self._set(chosen=line)
        else:
            self._choose(line)

    def _lines(self) -> tuple[GroupLine, ...]:
        counted = tuple(self._line(n, group) for n, group in enumerate(self._groups))
        if self.state.grouping is not Grouping.ALL:
            return counted
        waiting = list(QUESTIONS.values())[len(counted) :]
        return (*counted, *(GroupLine(name, None, None, None, None, "counting…") for name in waiting))

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._set(busy="", message=problem.what, serious=True)

    # Choosing

    def ask(self, question: Question) -> None:
        self._picked = False
        self._set(question=question)
        if self.state.grouping is Grouping.ALL and self._groups:
            self._choose(list(Question).index(question))  # all questions are there, or on their way
        else:
            self._count()

    def next_question(self, by: int = 1) -> None:
        every = list(Question)
        self.ask(every[(every.index(self.state.question) + by) % len(every)])

    def cut(self, grouping: Grouping) -> None:
        self._picked = False
        self._set(grouping=grouping)
        self._count()

    def next_cut(self, by: int = 1) -> None:
        every = list(Grouping)
        self.cut(every[(every.index(self.state.grouping) + by) % len(every)])

    def choose(self, line: int) -> None:
        """A line: what drives it, and the items on which people differ."""
        self._picked = True
        self._choose(line)

    def _choose(self, line: int) -> None:
        line = max(0, min(line, len(self.state.lines) - 1))
        if self.state.grouping is Grouping.ALL and self.state.lines:
            self._set(question=list(Question)[line])
        if line >= len(self._groups):  # it is being counted
            self._set(chosen=line, drivers=(), driver=-1, items=())
            return
        said = tuple((*self._driver(one), len(one.items)) for one in self._groups[line].drivers)
        self._set(chosen=line, drivers=said)
        self.choose_driver(-1)

    def move(self, by: int) -> None:
        self.choose(self.state.chosen + by)

    def choose_driver(self, driver: int) -> None:
        """Only the items of one confusion; -1 for all that differ."""
        if self.state.chosen < len(self._groups):
            group = self._groups[self.state.chosen]
            driver = driver if driver < len(group.drivers) else -1
            items = group.differing if driver < 0 else group.drivers[driver].items
            self._set(driver=driver, items=items, item=0)

    def next_driver(self) -> None:
        self.choose_driver(self.state.driver + 1)

    def choose_item(self, item: int) -> None:
        self._set(item=max(0, min(item, len(self.state.items) - 1)))

    def next_item(self, by: int) -> None:
        self.choose_item(self.state.item + by)

    def open(self) -> None:
        """The chosen item in Review."""
        if self.state.items:
            self.show_item(self.state.items[self.state.item])

    # In words

    def _line(self, number: int, group: Group) -> GroupLine:
        found: Agreement = group.agreement
        between = found.interval
        return GroupLine(
            self._name(number, group.name),
            found.alpha,
            between.low if between else None,
            between.high if between else None,
            found.units,
            in_words(found),
        )

    def _name(self, number: int, name: tuple[str, ...]) -> str:
        people = self._judged.people if self._judged else {}
        match self.state.grouping:
            case Grouping.ALL:
                return QUESTIONS[list(Question)[number]]
            case Grouping.PAIRS:
                return " – ".join(people[one].name if one in people else one for one in name)
            case Grouping.WEEKS:
                return f"week of {name[0]}"
            case Grouping.SLICES:
                return " = ".join(name)

    def _driver(self, driver: Driver) -> tuple[str, str]:
        if not driver.other:
            return self._labels.get(driver.one, driver.one), "named by some only"
        one, other = (ANSWERS.get(answer, answer) for answer in (driver.one, driver.other))
        return f"{one[:1].upper()}{one[1:]}", f"against {other}"

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return False

    def answer(self, number: int) -> None:
        """Nothing is asked here."""

    def dismiss(self) -> None:
        self.choose_driver(-1)

    def close(self) -> None:
        """Nothing here has to be kept."""


@dataclass(frozen=True, slots=True)
class _Some:
    """Some groups of what is being counted, how many are left, and what had to be read for them."""

    judged: JudgedRelease
    groups: tuple[Group, ...]
    left: int


def _counting(folder: Path, judged: JudgedRelease, key: Key) -> Iterator[_Some]:
    """Each step is taken beside the window, one after the other. Raises LabelerError where verdicts cannot be read."""
    question, grouping = key
    for one in Question if grouping is Grouping.ALL else (question,):
        if one not in judged.answers:
            with open_project(folder, read_only=True) as project:
                judged = read_answers(project, judged, one)
        left = judged.parts(one, grouping)
        while left:
            so_far = accumulate(len(part.asked.items) for part in left)
            many = 1 + sum(count < SO_MANY_ITEMS for count in so_far)
            now, left = left[:many], left[many:]
            yield _Some(judged, tuple(part.count() for part in now), len(left))


AgreementCommand = Command[AgreementSession]

COMMANDS: tuple[AgreementCommand, ...] = (
    AgreementCommand("agreement.next", "Next line", lambda s: s.move(+1), "Down", group="Lines"),
    AgreementCommand("agreement.previous", "Line before", lambda s: s.move(-1), "Up", group="Lines"),
    AgreementCommand("agreement.first", "First line", lambda s: s.move(-(10**9)), "Home", group="Lines"),
    AgreementCommand("agreement.last", "Last line", lambda s: s.move(10**9), "End", group="Lines"),
    AgreementCommand("agreement.question", "Next question", lambda s: s.next_question(), "Right", group="Lines"),
    AgreementCommand(
        "agreement.question_before", "Question before", lambda s: s.next_question(-1), "Left", group="Lines"
    ),
    AgreementCommand("agreement.cut", "Cut otherwise", lambda s: s.next_cut(), "S", group="Lines"),
    AgreementCommand("agreement.driver", "Next confusion", AgreementSession.next_driver, "C", group="Items"),
    AgreementCommand("agreement.item", "Next item", lambda s: s.next_item(+1), "N", group="Items"),
    AgreementCommand("agreement.item_before", "Item before", lambda s: s.next_item(-1), "P", group="Items"),
    AgreementCommand("agreement.open", "Show the item in Review", AgreementSession.open, "Enter", group="Items"),
)

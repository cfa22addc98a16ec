"""A simulated annotator in front of the Review screen: what `domain.simulation` says, done by the session's steps.

It meets hidden checks as a person does, without being told; an item that comes again is judged anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from labeler.domain.blind import LETTERS
from labeler.domain.people import Person
from labeler.domain.simulation.annotators import SimulatedAnnotator
from labeler.domain.simulation.chance import uniform
from labeler.domain.simulation.judging import Task, simulated_verdict
from labeler.domain.simulation.mistakes import chances_of_mistake, fault_to_see
from labeler.domain.verdicts import Checked, Prefill, Right, Verdict
from labeler.sessions.review import judging
from labeler.sessions.review.case import Case
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project

_PAUSE_S = 4.0


class RehearsingSession(ReviewSession):
    """A Review session whose person is a simulated annotator; `tasks` are all items that may come, by id.

    Its clock starts at `start` and moves by the time that the annotator takes.
    """

    def __init__(
        self,
        project: Project,
        person: Person,
        annotator: SimulatedAnnotator,
        tasks: Mapping[str, Task],
        seed: int,
        start: datetime,
    ) -> None:
        self._annotator, self._tasks, self._seed = annotator, tasks, seed
        self._passed_s = 0.0
        self._met: Counter[str] = Counter()
        listed = list(tasks.values())
        chances = chances_of_mistake(annotator.wrong, [fault_to_see(t.truth, t.comparison) for t in listed])
        self._wrong = {task.item.id: chance for task, chance in zip(listed, chances, strict=True)}
        super().__init__(project, person, lambda: start + timedelta(seconds=self._passed_s), lambda: self._passed_s)

    def work(self, most: int = 100_000) -> int:
        """Judge until nothing is left, or so many items; how many were judged."""
        done = 0
        while self._desk is not None and done < most:
            self._judge_item(self._desk)
            done += 1
        return done

    def _judge_item(self, desk: Desk) -> None:
        """Judge and save; where the screen wants something that an annotator of this kind does not give, skip."""
        case, item_id = desk.opened.case, desk.opened.item.id
        self._met[item_id] += 1
        seed = self._seed * 1000 + self._met[item_id]
        said = simulated_verdict(self._annotator, self._tasks[item_id], seed, self._wrong[item_id], case.sides)
        self.set_tier(said.tier)
        self._choose(case, said)
        self._look_at_gold(desk, case, seed)
        self._passed_s += said.duration_ms / 1000
        self.save()
        self._passed_s += _PAUSE_S
        if self.state.screen.message.serious:
            self.ask_skip()
            self.answer(5)

    def _choose(self, case: Case, said: Verdict) -> None:
        for one in said.differences:
            self.pick_difference(one.id)
            self.judge(_choice(case, one.right))
        wanted = _choice(case, said.right)
        if self.state.judgement.verdict is not wanted:
            self.overrule(wanted)
        for letter in LETTERS:
            failures = [failure for failure in self.state.judgement.failures if failure.letter == letter]
            if not wanted.holds_for(letter) and not any(failure.on for failure in failures):
                self.pins.toggle_failure(letter, failures[0].code)
        if said.checked is Checked.WHOLE and not self.state.judgement.draft.whole_checked:
            self.toggle_whole_checked()

    def _look_at_gold(self, desk: Desk, case: Case, seed: int) -> None:
        """An empty answer is typed; a proposed one is read as often as this annotator checks the whole item."""
        reads = uniform("reads", self._annotator.id, desk.opened.item.id, seed) < self._annotator.whole
        if case.prefill is Prefill.EMPTY or (case.prefill is Prefill.SEEDED_WRONG and reads):
            right = judging.gold(replace(case, prefill=Prefill.BUILT), desk.draft, folded=desk.folded)
            if right is not None and right.complete:
                self.edit_gold(right.text)


def _choice(case: Case, right: Right) -> Choice:
    if right in (Right.OLD, Right.NEW):
        return Choice(case.sides.letter("old" if right is Right.OLD else "new"))
    return Choice.BOTH if right is Right.BOTH else Choice.NONE

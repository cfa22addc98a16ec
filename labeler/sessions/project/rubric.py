"""The rubric editor's session: a draft of the next version, what it does to old verdicts, and putting it in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from labeler.domain.people import Person, Role
from labeler.domain.rubric_draft import RubricDraft
from labeler.errors import LabelerError
from labeler.sessions.beside import Beside, at_once
from labeler.sessions.project.rubric_desk import Listener, RubricDesk
from labeler.sessions.project.rubric_present import Known
from labeler.sessions.project.rubric_state import RubricAsk
from labeler.steps import rubric as steps
from labeler.steps.opening import open_project
from labeler.steps.project import Project

_DIGITS = 9
"""So many answers can be given with one key."""


class RubricSession(RubricDesk):
    """All methods are called on one thread; reading thousands of verdicts is handed to `beside`."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        super().__init__(project, person, now)
        self.beside: Beside = at_once
        self.show_item: Callable[[str], None] = lambda _item: None
        """Shows an item in Review; the window puts its own in this place."""
        self._answer: Sequence[Callable[[], object]] = ()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # Reading

    def refresh(self) -> None:
        """Read anew what verdicts say of the rubric, beside the window."""
        folder = self._project.folder

        def read() -> Known:
            with open_project(folder, read_only=True) as project:
                release = project.store.latest_release()
                if release is None:
                    return Known()
                found = steps.gaps(project.store, release.id)
                gaps = tuple((modality, code, count) for (modality, code), count in found.items())
                return Known(tuple(steps.look_again(project.store, release.id)), gaps)

        self._extra.update(self._onto_what_is_in_force())
        if self._person.role is Role.ANNOTATOR:
            self._tell()  # which items are in doubt says what others found there
            return
        self._tell(busy="Reading what verdicts say of the rubric")
        self.beside("rubric", read, self._take, self._fail)

    def _take(self, known: Known) -> None:
        self._known = known
        self._tell(busy="")

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._tell(busy="", message=problem.what, serious=True)

    # Questions

    def ask_merge(self, start: int = 0) -> None:
        """Ask which code this one becomes; where digits are too few, the last one asks about the next codes."""
        own, every = self.code, [one for one in self._draft.rubrics[self._modality].failures if one.code != self.code]
        more = len(every) > _DIGITS
        shown = every[start : start + _DIGITS - more]
        rest = start + len(shown) if start + len(shown) < len(every) else 0
        self._answer = [*(partial(self._merge, own, one.code) for one in shown), partial(self.ask_merge, rest)]
        options = tuple(one.label for one in shown)
        label = self.line.label
        self._tell(ask=RubricAsk(f"Merge “{label}” into", (*options, "Other codes") if more else options))

    def _merge(self, own: str, into: str) -> None:
        self._step(lambda draft: draft.merged(self._modality, [own, into], into))

    def ask_split(self) -> None:
        """Ask whether the code stays one of those that it is split into."""
        own = self.code
        taken = {one.code for one in self._draft.rubrics[self._modality].every}
        new = [name for n in range(2, 100) if (name := f"{own}_{n}") not in taken][:2]
        self._answer = [
            lambda: self._step(lambda draft: draft.split(self._modality, own, [own, new[0]])),
            lambda: self._step(lambda draft: draft.split(self._modality, own, new)),
        ]
        kept = f"“{self.line.label}” and a new code"
        self._tell(ask=RubricAsk(f"Split “{self.line.label}” into", (kept, "Two new codes")))

    # Putting in force

    def publish(self) -> None:
        """Put the draft in force as a new version; where that may not be, say why."""
        lacking = self.state.read_only or self._draft.lacking()
        if lacking or not self._draft.touched:
            self._tell(message=lacking or "Nothing was changed", serious=bool(lacking))
            return
        came = self._onto_what_is_in_force()
        if came:  # nobody puts in force what they have not seen
            self._tell(**came)
            return
        draft = self._draft
        try:
            version = steps.publish_rubric(self._project, self._person, draft.rubrics, draft.changes, now=self._now)
        except LabelerError as problem:
            self._tell(message=problem.what, serious=True)
            return
        self._file.drop()
        self._before, self._draft = [], RubricDraft.of(self._project.rubrics)
        self._tell(message=f"Version {version} is in force: new verdicts are given by it, old ones are read through it")
        self.refresh()

    def open_again(self, item_id: str = "") -> None:
        """An item to look at again, by default the first, in Review."""
        if self.state.again:
            self.show_item(item_id or self.state.again[0].item_id)

    def hear(self) -> None:
        """Hear the real example, or stop it."""
        self._tell(hear=self.state.hear + 1)

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return self.state.ask is not None

    def answer(self, number: int) -> None:
        if self.state.ask is not None and 1 <= number <= len(self._answer):
            self._extra["ask"] = None
            self._answer[number - 1]()

    def dismiss(self) -> None:
        self._tell(ask=None)

    def close(self) -> None:
        """Every change is kept when it is made."""

"""The rubric that a person is changing: which line is in hand, each change as a step, kept on disk, undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Crop, FailureCode, Severity, Tier, TierDefinition
from labeler.domain.rubric_changes import ChangeKind
from labeler.domain.rubric_draft import RubricDraft
from labeler.domain.rubric_rebase import rebased
from labeler.sessions.project import rubric_present as present
from labeler.sessions.project.rubric_drafts import RubricDraftFile
from labeler.sessions.project.rubric_present import Known
from labeler.sessions.project.rubric_state import RubricEditorState
from labeler.steps import rubric as steps
from labeler.steps.project import Project

Listener = Callable[[RubricEditorState | None, RubricEditorState], None]
NOT_A_LEAD = "Only a lead changes the rubric; you may look at it"


class RubricDesk:
    """Changes a draft of the next version."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        self._project, self._person, self._now = project, person, now
        self._file = RubricDraftFile(project.folder / "drafts" / person.id)
        self._kept = self._file.load(project.rubrics)
        self._draft = self._kept or RubricDraft.of(project.rubrics)
        self._before: list[tuple[str, RubricDraft]] = []
        """Drafts to go back to, each with what the step from it was made on: what is typed in a row is one step."""
        self._modality = min(self._draft.rubrics)
        self._chosen = 0
        self._known = Known()
        self._places: tuple[str, list[Crop]] = ("", [])
        """Places on real items where the code was pinned."""
        self._extra: dict[str, Any] = {}
        self._listeners: list[Listener] = []
        if self._kept is not None:
            self._extra["message"] = "Your unfinished changes of the rubric are back"
            self._extra.update(self._onto_what_is_in_force())
        self.state = self._make_state()

    def _onto_what_is_in_force(self) -> dict[str, Any]:
        """Make the draft's changes again on the rubric in force; what to say of it, as changes of the state."""
        in_force, draft = self._project.rubrics, self._draft
        if draft.base == in_force:
            return {}
        if not draft.touched:
            self._before, self._draft = [], RubricDraft.of(in_force)
            return {}
        history, version = self._project.store.rubric_history, next(iter(draft.base.values())).version

        def today(modality: Modality, code: str) -> str:
            return history.follow(modality, version, code).code

        made = rebased(draft, in_force, today)
        self._before = [(on, rebased(one, in_force, today).draft) for on, one in self._before]
        self._draft = made.draft
        if made.draft.touched:
            self._file.keep(made.draft)
        else:
            self._file.drop()
        return {"message": present.rebased_in_words(made), "serious": bool(made.lost or made.both)}

    # Choosing

    def choose_modality(self, modality: Modality) -> None:
        self._modality, self._chosen = modality, 0
        self._tell()

    def next_modality(self, by: int = 1) -> None:
        modalities = sorted(self._draft.rubrics)
        self.choose_modality(modalities[(modalities.index(self._modality) + by) % len(modalities)])

    def choose(self, line: int) -> None:
        """The line with this number, from 0: failure codes, then tiers."""
        rubric = self._draft.rubrics[self._modality]
        self._chosen = max(0, min(line, len(rubric.failures) + len(rubric.tiers) - 1))
        self._tell()

    def move(self, by: int) -> None:
        self.choose(self._chosen + by)

    @property
    def line(self) -> FailureCode | TierDefinition:
        """The code or tier that is chosen."""
        rubric = self._draft.rubrics[self._modality]
        every: tuple[FailureCode | TierDefinition, ...] = (*rubric.failures, *rubric.tiers)
        return every[min(self._chosen, len(every) - 1)]

    @property
    def code(self) -> str:
        """The code that is chosen; empty for a tier."""
        return self.line.code if isinstance(self.line, FailureCode) else ""

    @property
    def may_change(self) -> bool:
        return self._person.role is Role.LEAD and not self.state.ask

    # Changing

    def edit(self, field: str, text: str) -> None:
        """A text of the chosen line, as it is typed. Another code is a rename: see `rename`."""
        line = self.line
        if getattr(line, field) == text:
            return
        text = text.upper()[:1] if field == "key" else text
        if isinstance(line, FailureCode):
            self._step(lambda draft: draft.edited(self._modality, line.code, **{field: text}), f"{line.code} {field}")
        elif field != "key":
            tier = line.tier
            self._step(lambda draft: draft.tier_edited(self._modality, tier, **{field: text}), f"{tier} {field}")

    def rename(self, to: str) -> None:
        code = self.code
        if code and to != code and not self._step(lambda draft: draft.renamed(self._modality, code, to)):
            self._tell(message=f"Still called {code}: {self.state.message}", serious=True)

    def toggle_severity(self) -> None:
        line = self.line
        if isinstance(line, FailureCode):
            other = Severity.MINOR if line.severity is Severity.MAJOR else Severity.MAJOR
            self._step(lambda draft: draft.edited(self._modality, line.code, severity=other))

    def toggle_again(self) -> None:
        """Whether who named this line is asked again: it means something else now."""
        name, tiers = self._name, isinstance(self.line, TierDefinition)
        key = (ChangeKind.RECONSIDER, self._modality, (name,), tiers)
        kept = tuple(c for c in self._draft.changes if (c.kind, c.modality, c.codes, c.tiers) != key)
        if kept != self._draft.changes:
            self._step(lambda draft: replace(draft, changes=kept))
        elif tiers:
            self._step(lambda draft: draft.tier_reconsidered(self._modality, Tier(name)))
        else:
            self._step(lambda draft: draft.reconsidered(self._modality, name))

    @property
    def _name(self) -> str:
        return self.line.code if isinstance(self.line, FailureCode) else str(self.line.tier)

    def add(self) -> None:
        """A new code, at the end; its texts are to be typed."""
        taken = {one.code for one in self._draft.rubrics[self._modality].every}
        name = next(name for n in range(1, 1000) if (name := f"new_code_{n}") not in taken)
        if self._step(lambda draft: draft.added(self._modality, name)):
            self.choose(len(self._draft.rubrics[self._modality].failures) - 1)

    def remove(self) -> None:
        self._step(lambda draft: draft.removed(self._modality, self.code))

    def place(self, by: int) -> None:
        """Move the code up or down: the screens show codes in this order."""
        if self._step(lambda draft: draft.moved(self._modality, self.code, by)):
            self.move(by)

    def next_crop(self, by: int = 1) -> None:
        """The next place on a real item where the code was pinned, as its example; beyond the last, none."""
        line = self.line
        if not isinstance(line, FailureCode):
            return
        if self._places[0] != line.code:
            release = self._project.store.latest_release()
            found = steps.pinned_places(self._project.store, release.id, self._modality, line.code) if release else []
            self._places = line.code, found
        choices = [None, *self._places[1]]
        at = choices.index(line.crop) if line.crop in choices else 0
        chosen = choices[(at + by) % len(choices)]
        said = "" if self._places[1] else "Nobody has pinned this failure to a place yet"
        self._step(lambda draft: draft.edited(self._modality, line.code, crop=chosen), f"{line.code} crop", said)

    def undo(self) -> None:
        """Take back the last change of the draft."""
        if self._before:
            _, self._draft = self._before.pop()
            self._keep("Undone")
        else:
            self._tell(message="There is nothing to undo")

    def discard(self) -> None:
        """Go back to what is in force; undo brings the draft back."""
        if self._draft.touched:
            self._step(lambda _draft: RubricDraft.of(self._project.rubrics))

    def _step(self, change: Callable[[RubricDraft], RubricDraft], on: str = "", said: str = "") -> bool:
        """Go on to another draft; False, with the reason said, where that cannot be."""
        if self._person.role is not Role.LEAD:
            self._tell(message=NOT_A_LEAD, serious=True)
            return False
        try:
            draft = change(self._draft)
        except ValueError as problem:
            words = str(problem)
            self._tell(message=f"{words[:1].upper()}{words[1:]}", serious=True)
            return False
        if draft != self._draft:
            if not (on and self._before and self._before[-1][0] == on):
                self._before.append((on, self._draft))
            self._draft = draft
        self._keep(said)
        return True

    def _keep(self, said: str) -> None:
        if not self._draft.touched:
            self._file.drop()
            self._tell(message=said)
            return
        refused = self._file.keep(self._draft)
        kept = f"Your changes are only in memory: their folder cannot be written ({refused})" if refused else said
        self._tell(message=kept, serious=bool(refused))

    def _make_state(self) -> RubricEditorState:
        made = present.editor_state(self._project, self._person, self._draft, self._modality, self._chosen, self._known)
        return replace(made, read_only="" if self._person.role is Role.LEAD else NOT_A_LEAD, **self._extra)

    def _tell(self, **changes: Any) -> None:
        if "message" in changes:
            self._extra.pop("serious", None)
        self._extra.update(changes)
        old, self.state = self.state, self._make_state()
        for listener in self._listeners:
            listener(old, self.state)

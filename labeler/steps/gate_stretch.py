"""One stretch of a gold set against the outputs of the same items: what the gate does a million times over.

Nothing is built for a record: lines are read into slots, judged by hash, and counted in a dictionary of the few
outcomes that there are. A match is computed only where nobody judged the output, or to measure the match itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from labeler.domain.gate_tally import EXAMPLES, MatchAgreement, Outcome, Slice, remember
from labeler.domain.items import Modality
from labeler.domain.match import OF_TEXT, Match, matches
from labeler.domain.policy import Policy
from labeler.domain.rubric import Tier
from labeler.errors import Exit, LabelerError
from labeler.formats.gate_lines import (
    GoldLine,
    OutputLine,
    answer_of,
    answer_text,
    gold_line,
    judged_sha256,
    match_of,
    output_of,
)
from labeler.steps.gate_outputs import OutputsOf, Stretch, lines_of

Group = tuple[Modality, Tier, tuple[Slice, ...]]
"""What decides in which nodes a record counts: modality, tier and cells."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Task:
    """`files` hold the items from `first` to before `behind` (None: to the end), and others between them."""

    records: Stretch
    files: Mapping[str, Stretch]
    first: str
    behind: str | None
    policy: Policy
    thin: int
    """Of so many judged outputs one is compared with the match, to measure it."""


@dataclass(slots=True)
class Compared:
    """The outcomes of one group: how often each, and the first ids of those that decide."""

    times: dict[tuple[float, float, float, float, bool], int] = field(default_factory=dict)
    newly_wrong: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)

    def outcomes(self) -> Iterator[tuple[Outcome, int]]:
        for key, times in self.times.items():
            yield Outcome(*key), times

    def add(self, gold: GoldLine, old: Side, new: Side) -> None:
        drawn = gold.drawn
        weight, flip = (1.0, False) if drawn is None else (1 / drawn.p, drawn.why == "flip")
        by_match = old.by_match + new.by_match
        key = (old.right, new.right, by_match, weight, flip)
        self.times[key] = self.times.get(key, 0) + 1
        if old.right != new.right:
            if new.right < old.right and len(self.newly_wrong) < EXAMPLES:
                self.newly_wrong.append(gold.id)
            if by_match and len(self.unjudged) < EXAMPLES:
                self.unjudged.append(gold.id)


@dataclass(frozen=True, slots=True)
class Side:
    """How one model did on an item: the share of its samples that are right, and the share that nobody judged."""

    right: float
    by_match: float


_Judgement = tuple[str, bool, bool]
"""Hash of an output, whether it is right, and whether the match said so and no person."""
_SIDES = {(right, by_match): Side(right, by_match) for right in (False, True) for by_match in (False, True)}


@dataclass(slots=True)
class SideSeen:
    """What was seen of one outputs file. `judged` are lines of id and hash, of which a digest is made."""

    models: dict[Modality, set[str]]
    judged: bytes
    missing: int
    missing_ids: list[str]


@dataclass(slots=True)
class Counts:
    """What a stretch adds up to. `compared` holds the new model against the old one, and against the best so far."""

    records: int = 0
    compared: dict[str, dict[Group, Compared]] = field(default_factory=lambda: {"old": {}, "best": {}})
    agreement: dict[tuple[Modality, str], MatchAgreement] = field(default_factory=dict)
    critical: int = 0
    critical_failed: int = 0
    critical_wrong: list[str] = field(default_factory=list)
    sides: dict[str, SideSeen] = field(default_factory=dict)


def count_stretch(task: Task) -> Counts:
    """Raises OutOfOrderError where a file is not in order of item, LabelerError as `run_gate` says."""
    return _Walk(task).counts()


class _Walk:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._counts = Counts()
        self._files = {
            version: OutputsOf(stretch, task.first, task.behind) for version, stretch in task.files.items()
        }
        self._judged: dict[str, list[str]] = {version: [] for version in task.files}
        self._missing: dict[str, list[str]] = {version: [] for version in task.files}
        self._groups: dict[tuple[str, str, bytes], Group] = {}
        self._matches: dict[bytes, Match] = {}

    def counts(self) -> Counts:
        number, before = 0, ""
        for number, line in enumerate(lines_of(self._task.records), 1):
            if line:
                gold = self._gold(line, number, before)
                before = gold.id
                self._count(gold)
        counts = self._counts
        for version, file in self._files.items():
            file.finish()
            missing = self._missing[version]
            judged = "".join(self._judged[version]).encode()
            counts.sides[version] = SideSeen(file.models, judged, len(missing), missing[:_NAMED])
        return counts

    def _gold(self, line: bytes, number: int, before: str) -> GoldLine:
        try:
            gold = gold_line(line)
        except (KeyError, TypeError, ValueError) as problem:
            raise self._damaged(number, f"not a gold record: {problem}") from None
        if gold.id <= before:
            raise self._damaged(number, f"{gold.id!r} does not come after {before!r}")
        return gold

    def _damaged(self, number: int, reason: str) -> LabelerError:
        records = self._task.records
        if records.start:
            number += sum(1 for _ in lines_of(Stretch(records.path, 0, records.start))) - 1
        return LabelerError(
            f"{records.path}:{number}: {reason}",
            remedy="labeler gold verify says all that is damaged; take the folder from where it was published",
            exit_status=Exit.GOLD_DAMAGED,
        )

    def _count(self, gold: GoldLine) -> None:
        counts = self._counts
        counts.records += 1
        group = self._group(gold)
        found = {version: file.find(gold.id) for version, file in self._files.items()}
        sides = self._sides(gold, group[0], found)
        new = sides.get("new")
        if new is None:
            return
        for version, compared in counts.compared.items():
            if (other := sides.get(version)) is not None:
                if group not in compared:
                    compared[group] = Compared()
                compared[group].add(gold, other, new)
        if gold.critical:
            counts.critical += 1
            if new.right < 1:
                counts.critical_failed += 1
                remember(counts.critical_wrong, [gold.id])

    def _sides(self, gold: GoldLine, modality: Modality, found: dict[str, list[OutputLine]]) -> dict[str, Side]:
        if "old" not in found and found["new"]:
            found = self._two_samples(gold, found)
        known: dict[str, _Judgement] = {}
        sides = {}
        for version, lines in found.items():
            if not lines:
                self._missing[version].append(gold.id)
                continue
            judgements = [self._judgement(gold, modality, line, known) for line in lines]
            if version in self._judged:
                self._note(version, gold.id, modality, lines, judgements)
            sides[version] = _SIDES[judgements[0][1:]] if len(judgements) == 1 else _mean(judgements)
        return sides

    def _note(
        self, version: str, item_id: str, modality: Modality, lines: list[OutputLine], judgements: list[_Judgement]
    ) -> None:
        """For the digest of what was judged, and for the report: which outputs these were."""
        for line, (digest, _, _) in zip(lines, judgements, strict=True):
            self._files[version].name_model(modality, line)
            self._judged[version].append(f"{item_id}\0{digest}\n")

    def _two_samples(self, gold: GoldLine, found: dict[str, list[OutputLine]]) -> dict[str, list[OutputLine]]:
        """The first sample of the new model against its second one."""
        lines = found["new"]
        if len(lines) < 2:
            raise LabelerError(
                f"{self._task.files['new'].name}: {gold.id} has one output; a model is set against itself by two",
                remedy="run the model twice on each item and give the outputs different numbers in `sample`",
            )
        return {"old": lines[:1], "new": lines[1:2]}

    def _judgement(
        self, gold: GoldLine, modality: Modality, line: OutputLine, known: dict[str, _Judgement]
    ) -> _Judgement:
        """Both models often say the very same: what was judged once is not hashed and looked up again."""
        text = line.text if line.is_plain() else None
        if text is not None and text in known:
            return known[text]
        digest = judged_sha256(line)
        key = f"\0{digest}" if text is None else text
        if key not in known:
            known[key] = self._judge(gold, modality, line, digest)
        return known[key]

    def _judge(self, gold: GoldLine, modality: Modality, line: OutputLine, digest: str) -> _Judgement:
        if line.error is not None:
            return digest, False, False
        for judged in gold.judged:
            if judged.output_sha256 == digest:
                if self._task.thin == 1 or int(digest[-8:], 16) % self._task.thin == 0:
                    self._compare_match(gold, modality, line, judged.right)
                return digest, judged.right, False
        return digest, self._match_says(gold, line), True

    def _match_says(self, gold: GoldLine, line: OutputLine) -> bool:
        raw = bytes(gold.match)
        match = self._matches.get(raw)
        if match is None:
            match = self._matches[raw] = match_of(gold.match)
        if line.text is not None and match.kind in OF_TEXT and line.text == answer_text(gold.answer):
            return True
        return matches(output_of(line), match, answer_of(gold.answer), gold.accept or ())

    def _compare_match(self, gold: GoldLine, modality: Modality, line: OutputLine, people_say: bool) -> None:
        origin = (gold.provenance and gold.provenance.answer_from) or ""
        seen = self._counts.agreement.setdefault((modality, origin), MatchAgreement())
        seen.both += 1
        seen.agree += self._match_says(gold, line) == people_say

    def _group(self, gold: GoldLine) -> Group:
        slices = bytes(gold.slices) if self._task.policy.slices else b""
        key = (gold.modality, gold.tier, slices)
        group = self._groups.get(key)
        if group is None:
            cells = self._cells(slices) if slices else ()
            group = Modality(gold.modality), Tier(gold.tier), cells
            if len(self._groups) < 100_000:
                self._groups[key] = group
        return group

    def _cells(self, slices: bytes) -> tuple[Slice, ...]:
        try:
            return tuple(self._task.policy.cells(orjson.loads(slices) or {}))
        except ValueError as problem:
            raise LabelerError(str(problem), remedy="add the slice to [bins] of the policy") from None


def _mean(judgements: list[_Judgement]) -> Side:
    count = len(judgements)
    return Side(sum(right for _, right, _ in judgements) / count, sum(alone for _, _, alone in judgements) / count)

"""One stretch of a gold set against the outputs of the same items: what the gate does a million times over."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.gate.policy import Policy
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import Exit, LabelerError
from labeler.formats.gate.hashes import digest_bytes, digest_of_judged
from labeler.formats.gate.lines import GoldLine, OutputLine, gold_line
from labeler.formats.row import RefusedError
from labeler.steps.gate.blocks import count_block
from labeler.steps.gate.columns import count_columns
from labeler.steps.gate.counts import Counts, Group, SideSeen, Task, Version, cells_of
from labeler.steps.gate.judging import Judge, OpenJudgement
from labeler.steps.gate.outputs import OutputsOf, Stretch, lines_of

_REMEMBERED = 100_000
Side = tuple[float | None, float]
"""The share of a model's samples of an item that are right (None: only people can say), and the share that nobody
judged.
"""


def count_stretch(task: Task) -> Counts:
    """By columns where all files hold just the items of the stretch and say only text, else record by record.

    Raises OutOfOrderError where a file is not in order of item, LabelerError as `run_gate` says.
    """
    grouped = grouping(task.policy)
    return count_block(task) or count_columns(task, grouped) or _Walk(task, grouped).counts()


def grouping(policy: Policy) -> Callable[[GoldLine], Group]:
    """Says which nodes a record counts in; what was worked out for the same slices is remembered."""
    known: dict[tuple[str, str, bytes], Group] = {}

    def group(gold: GoldLine) -> Group:
        key = (gold.modality, gold.tier, bytes(gold.slices) if policy.slices else b"")
        found = known.get(key)
        if found is None:
            if len(known) > _REMEMBERED:
                known.clear()
            found = known[key] = Group(Modality(key[0]), Tier(key[1]), cells_of(policy, key[2]))
        return found

    return group


class _Walk:
    """All files side by side, an item at a time, whatever they hold."""

    def __init__(self, task: Task, grouped: Callable[[GoldLine], Group]) -> None:
        self._task = task
        self._grouped = grouped
        self._counts = Counts()
        self._judge = Judge(task.thin)
        self._files = {version: OutputsOf(stretch, task.first, task.behind) for version, stretch in task.files.items()}
        self._judged: dict[Version, tuple[list[str], list[str]]] = {version: ([], []) for version in task.files}
        self._missing: dict[Version, list[str]] = {version: [] for version in task.files}

    def counts(self) -> Counts:
        counts, before = self._counts, ""
        for number, line in enumerate(lines_of(self._task.records), 1):
            if line:
                gold = self._gold(line, number, before)
                before = gold.id
                self._count(gold)
        for version, file in self._files.items():
            file.finish()
            ids, hashes = self._judged[version]
            judged = digest_of_judged(ids, digest_bytes(hashes))
            counts.sides[version] = SideSeen(file.models, judged, self._missing[version])
        counts.agreement = self._judge.agreement
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
        group = self._grouped(gold)
        sides = self._sides(
            gold, group.modality, {version: file.find(gold.id) for version, file in self._files.items()}
        )
        new = sides.get("new")
        if new is None:
            return
        weight, flip = (1 / gold.drawn.p, gold.drawn.why == "flip") if gold.drawn else (1.0, False)
        for against in counts.compared:
            if (other := sides.get(against)) is not None:
                compared, by_match = counts.group(against, group), other[1] + new[1]
                if other[0] is None or new[0] is None:
                    compared.leave_open(gold.id)
                    continue
                key = (other[0], new[0], by_match, weight, flip)
                compared.times[key] = compared.times.get(key, 0) + 1
                if other[0] != new[0]:
                    compared.decided(gold.id, other[0], new[0], by_match)
        if gold.critical:
            counts.add_critical(gold.id, new[0])

    def _sides(self, gold: GoldLine, modality: Modality, found: dict[Version, list[OutputLine]]) -> dict[Version, Side]:
        known: dict[str, OpenJudgement] = {}
        sides: dict[Version, Side] = {}
        for version, lines in found.items():
            if not lines:
                self._missing[version].append(gold.id)
                continue
            for line in lines:
                self._name_medium(version, line)
            judgements = [self._judge.judge(gold, line, known) for line in lines]
            for line, (digest, _, _) in zip(lines, judgements, strict=True):
                self._files[version].name_model(modality, line)
                self._judged[version][0].append(gold.id)
                self._judged[version][1].append(digest)
            if "old" in found:
                sides[version] = _mean(judgements)
            else:
                sides["old"], sides["new"] = self._two_samples(gold, judgements)
        return sides

    def _name_medium(self, version: Version, line: OutputLine) -> None:
        """People's judgements go by the medium's hash, as importing writes it or works it out."""
        if line.sha256 is not None:
            line.sha256 = line.sha256.lower().removeprefix("sha256:")
        elif line.media is not None and "://" not in line.media:
            # Here, since it loads what keeps a project, which a gate in CI has no use for.
            from labeler.steps.bring.media import MediaSource
            from labeler.steps.bring.records import sha256_of

            beside = self._task.files[version].name.parent
            try:
                line.sha256 = sha256_of(MediaSource(beside, beside, frozenset()).find(line.media))
            except RefusedError:
                return  # a file that is not here may still be judged by its path, as a URI is

    def _two_samples(self, gold: GoldLine, judgements: list[OpenJudgement]) -> tuple[Side, Side]:
        """A model against itself: its first sample in the old model's place, its second in the new one's."""
        if len(judgements) < 2:
            raise LabelerError(
                f"{self._task.files['new'].name}: {gold.id} has one output; a model is set against itself by two",
                remedy="run the model twice on each item and give the outputs different numbers in `sample`",
            )
        return _mean(judgements[:1]), _mean(judgements[1:2])


def _mean(judgements: list[OpenJudgement]) -> Side:
    count = len(judgements)
    rights = [right for _, right, _ in judgements if right is not None]
    alone = sum(alone for _, _, alone in judgements) / count
    return (sum(rights) / count if len(rights) == count else None), alone

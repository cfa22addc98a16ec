"""How far adjudicating gets in the docket's order, against chance and against votes; where the truth is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from labeler.domain.adjudication import docket
from labeler.domain.quality import dawid_skene
from labeler.domain.simulation.chance import chosen, uniform
from labeler.domain.verdicts import Right, Verdict

Said = Mapping[str, Mapping[str, Verdict]]
"""Item to annotator to verdict."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Counts of items. A lead who decides as the reference has it settled one item after the other."""

    items: int
    wrong_by_votes: int
    """What most say, ties by chance, is not what the reference says."""
    wrong_by_model: int
    """The most probable answer of Dawid and Skene's model is not."""
    disputed: int
    """Items on the docket."""
    in_order: int | None
    """How many the lead settled, in the docket's order, until so many are right as were wanted; None: never."""
    at_random: float | None
    """The same in a random order of the docket, on the average."""
    left_wrong: int
    """What is wrong once all of the docket is settled: nobody disputed it."""


def rehearse(
    said: Said, truth: Mapping[str, Right], *, wanted: float = 0.95, seed: int = 0, turns: int = 200
) -> Rehearsal:
    """Start from the model's answers and let the lead settle the docket."""
    model = by_model(said)
    votes = by_votes(said, seed)
    order = [disputed.item_id for disputed in docket(said)]
    wrong = {item for item in said if model[item] is not truth[item]}
    most = int(len(said) * (1 - wanted) + 1e-9)
    shuffled = [_needed(_shuffled(order, turn, seed), wrong, most) for turn in range(turns)]
    reached = [needed for needed in shuffled if needed is not None]
    return Rehearsal(
        items=len(said),
        wrong_by_votes=sum(votes[item] is not truth[item] for item in said),
        wrong_by_model=len(wrong),
        disputed=len(order),
        in_order=_needed(order, wrong, most),
        at_random=mean(reached) if reached else None,
        left_wrong=len(wrong - set(order)),
    )


def by_model(said: Said) -> dict[str, Right]:
    """The most probable answer to each item, annotators weighed."""
    answers = list(Right)
    labels = [{person: [verdict.right] for person, verdict in verdicts.items()} for verdicts in said.values()]
    posterior = dawid_skene(labels, answers).posterior
    return {item: answers[int(row.argmax())] for item, row in zip(said, posterior, strict=True)}


def by_votes(said: Said, seed: int) -> dict[str, Right]:
    """What most say; among equals one by chance."""
    return {item: _most([v.right for v in verdicts.values()], item, seed) for item, verdicts in said.items()}


def _most(rights: Sequence[Right], item: str, seed: int) -> Right:
    most = max(map(rights.count, rights))
    return chosen({right: 1.0 for right in Right if rights.count(right) == most}, "tie", item, seed)


def _shuffled(order: Sequence[str], turn: int, seed: int) -> list[str]:
    return sorted(order, key=lambda item: uniform("turn", turn, item, seed))


def _needed(order: Iterable[str], wrong: set[str], most: int) -> int | None:
    """How many of these are settled until at most `most` items are wrong."""
    left = len(wrong)
    if left <= most:
        return 0
    for settled, item in enumerate(order, 1):
        left -= item in wrong
        if left <= most:
            return settled
    return None

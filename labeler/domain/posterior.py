"""Decisions that follow from how far each annotator is to be believed, where not everyone said the same.

*Right* and tier get the posterior of Dawid and Skene's model over all items of a release. Gold answers have no classes
that items share, so for them the one-coin form of the model is used: each person leaves the right answer as often as
they find the right verdict, and wrong answers are spread evenly over what else was said and one answer nobody gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from labeler.domain.consensus import common_failures, normalised_answer, whole_gold
from labeler.domain.consensus_policy import ConsensusPolicy
from labeler.domain.quality import dawid_skene
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Resolution, ResolvedBy, Right, Verdict

Given = Mapping[str, tuple[str, Verdict]]
"""Person to event id and verdict, on one item."""
FEWEST_ITEMS = 20
"""With fewer judged items nothing is known of how far anyone is to be believed."""
_SURE = 0.999
"""Nobody's accuracy is taken for more, or one verdict would decide."""


def posterior_decisions(
    judged: Mapping[str, Given], needed: Mapping[str, int], policy: ConsensusPolicy
) -> dict[str, Resolution]:
    """What is decided of these items (id to verdicts) at the policy's threshold: right, tier and gold answer each.

    `needed` says of how many people an item needs a verdict. An item that somebody is not sure of, that nobody could
    tell, or whose verdicts are on different outputs is a lead's.
    """
    if len(judged) < FEWEST_ITEMS:
        return {}
    items = list(judged)
    rights = dawid_skene([{p: [v.right] for p, (_, v) in judged[i].items()} for i in items], list(Right))
    tiers = dawid_skene([{p: [v.tier] for p, (_, v) in judged[i].items()} for i in items], list(Tier))
    found = {}
    for row, item_id in enumerate(items):
        given = judged[item_id]
        if len(given) < max(2, needed[item_id]) or not _decidable([verdict for _, verdict in given.values()]):
            continue
        right, tier = _best(list(Right), rights.posterior[row]), _best(list(Tier), tiers.posterior[row])
        probable = min(right[1], tier[1])
        believed = {person: min(rights.accuracy(person), _SURE) for person in given}
        decision = _decision(given, right[0], tier[0], believed, policy.sure)
        if probable >= policy.sure and right[0] is not Right.UNDECIDABLE and decision is not None:
            found[item_id] = replace(decision, policy=policy.words)
    return found


def _decidable(verdicts: Sequence[Verdict]) -> bool:
    first = verdicts[0]
    return all(v.sure and v.right is not Right.UNDECIDABLE and v.outputs == first.outputs for v in verdicts)


def _best(classes: Sequence[Right] | Sequence[Tier], posterior: Sequence[float]) -> tuple[Right | Tier, float]:
    at = max(range(len(classes)), key=lambda n: posterior[n])
    return classes[at], float(posterior[at])


def _decision(
    given: Given, right: Right | Tier, tier: Right | Tier, believed: Mapping[str, float], threshold: float
) -> Resolution | None:
    """The resolution with this right and tier, from those who said so; None without a gold answer sure enough, or
    where nobody said both.
    """
    chosen_answer, sure = _answer(given, believed)
    if sure < threshold:
        return None
    agreeing = [
        (event_id, verdict)
        for event_id, verdict in sorted(given.values(), key=lambda pair: pair[0])
        if verdict.right is right
        and verdict.tier is tier
        and (chosen_answer is None or verdict.gold is None or normalised_answer(verdict.gold.answer) == chosen_answer)
    ]
    if not agreeing or (chosen_answer is not None and all(v.gold is None for _, v in agreeing)):
        return None
    event_id, chosen = min(agreeing, key=lambda v: (not whole_gold(v[1]), v[1].gold is None, v[0]))
    return Resolution(
        item_id=chosen.item_id,
        release=chosen.release,
        right=chosen.right,
        tier=chosen.tier,
        failures=common_failures([verdict for _, verdict in agreeing]),
        verdicts=tuple(sorted(event_id for event_id, _ in given.values())),
        by=ResolvedBy.CONSENSUS,
        gold_from=event_id if chosen.gold is not None else None,
        checked=chosen.checked,
        outputs=chosen.outputs,
        rubric=chosen.rubric,
    )


def _answer(given: Given, believed: Mapping[str, float]) -> tuple[tuple[object, ...] | None, float]:
    """The most probable gold answer, normalised, and its probability; None and 1 where nobody left one."""
    left = {p: normalised_answer(v.gold.answer) for p, (_, v) in given.items() if v.gold is not None}
    answers = list(dict.fromkeys(left.values()))
    if not answers:
        return None, 1.0
    weights = []
    for answer in [*answers, None]:  # None: one that nobody gave
        weight = 1.0
        for person, said in left.items():
            weight *= believed[person] if said == answer else (1 - believed[person]) / len(answers)
        weights.append(weight)
    at = max(range(len(answers)), key=lambda n: weights[n])
    return answers[at], weights[at] / sum(weights)

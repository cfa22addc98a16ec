"""When verdicts agree so far that nobody has to decide: unanimity on right, tier and gold answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from labeler.domain.fold import fold
from labeler.domain.items import Answer
from labeler.domain.verdicts import At, Checked, Failure, Resolution, ResolvedBy, Verdict


def consensus(verdicts: Sequence[tuple[str, Verdict]], *, needed: int) -> Resolution | None:
    """The resolution that these verdicts (event id, verdict) of one item and release amount to, or None.

    At least `needed` verdicts, all sure, with the same right and tier on the same outputs; those that left a gold
    answer left the same one up to case, punctuation and spacing. The answer comes from a whole-checked verdict where
    there is one; failures are those that more than half of the verdicts name, with the places of all who name them.
    """
    if len(verdicts) < max(1, needed) or not _unanimous([verdict for _, verdict in verdicts]):
        return None
    ordered = sorted(verdicts)
    event_id, chosen = min(ordered, key=lambda v: (not whole_gold(v[1]), v[1].gold is None, v[0]))
    return Resolution(
        item_id=chosen.item_id,
        release=chosen.release,
        right=chosen.right,
        tier=chosen.tier,
        failures=common_failures([verdict for _, verdict in ordered]),
        verdicts=tuple(event_id for event_id, _ in ordered),
        by=ResolvedBy.CONSENSUS,
        gold_from=event_id if chosen.gold is not None else None,
        checked=chosen.checked,
        outputs=chosen.outputs,
        rubric=chosen.rubric,
    )


def _unanimous(verdicts: Sequence[Verdict]) -> bool:
    first = verdicts[0]
    answers = {normalised_answer(v.gold.answer) for v in verdicts if v.gold is not None}
    return len(answers) <= 1 and all(
        v.sure and (v.right, v.tier, v.outputs) == (first.right, first.tier, first.outputs) for v in verdicts
    )


def whole_gold(verdict: Verdict) -> bool:
    return verdict.gold is not None and verdict.checked is Checked.WHOLE


def normalised_answer(answer: Answer) -> tuple[object, ...]:
    """What two gold answers have in common when only their form differs."""
    table = answer.table and tuple(tuple(fold(cell).text for cell in row) for row in answer.table)
    # An answer of no values is another one than an answer without values.
    values = None if answer.values is None else tuple(sorted((k, str(value)) for k, value in answer.values.items()))
    return (" ".join(fold(answer.text or "").text.split()), table, values, answer.label, answer.media_sha256)


def common_failures(verdicts: Sequence[Verdict]) -> tuple[Failure, ...]:
    named = Counter(chain.from_iterable({(f.side, f.code) for f in verdict.failures} for verdict in verdicts))
    found = []
    for (side, code), count in sorted(named.items()):
        if count * 2 > len(verdicts):
            same = [f for v in verdicts for f in v.failures if (f.side, f.code) == (side, code)]
            places: dict[At, None] = dict.fromkeys(chain.from_iterable(f.at for f in same))
            found.append(Failure(side, code, max(same, key=lambda f: f.severity == "major").severity, tuple(places)))
    return tuple(found)

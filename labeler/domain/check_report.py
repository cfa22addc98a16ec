"""What hidden checks say of people: how often each is right, agrees with themselves, and sees a seeded mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from labeler.domain.backfill.estimate import ReviewerError
from labeler.domain.checks import CheckKind
from labeler.domain.quality import Share, less_often
from labeler.domain.statistics.intervals import clopper_pearson_lower, holm
from labeler.domain.verdicts import Prefill, Right, Verdict

STANDS_OUT = 0.01
"""Someone is spoken of when so large a difference to the others has at most this probability (Fisher's exact test,
Holm over people and questions)."""
FOLLOWS = 0.2
"""Someone is said to follow proposals when they surely (95 %) keep more than this share of the seeded mistakes."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A check that was answered; `known` is what it is compared with."""

    person: str
    kind: CheckKind
    verdict: Verdict
    known: Right

    @property
    def agrees(self) -> bool:
        return self.verdict.right is self.known

    @property
    def seeded(self) -> bool:
        """Its gold answer came with a mistake."""
        return self.verdict.gold is not None and self.verdict.gold.prefill is Prefill.SEEDED_WRONG

    @property
    def followed(self) -> bool:
        """The mistake is still in the answer that was saved."""
        return self.seeded and self.verdict.gold is not None and self.verdict.gold.edits == 0


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """One person's checks. Every share has its interval."""

    person: str
    known: Share
    """Settled items, judged as they were settled."""
    repeats: Share
    """Own items, judged as the first time."""
    followed: Share
    """Seeded mistakes that were left in the gold answer."""
    caught: Share
    """Old outputs that are wrong, called wrong."""
    passed: Share
    """Old outputs that are right, called right."""
    findings: tuple[str, ...] = ()


def check_figures(answered: Sequence[Answered]) -> tuple[CheckFigures, ...]:
    """Everyone's figures, in order of person; training does not count."""
    counted = [one for one in answered if one.kind is not CheckKind.TRAINING]
    people = sorted({one.person for one in counted})
    found = [_figures(person, [one for one in counted if one.person == person]) for person in people]
    return tuple(_with_findings(found))


def reviewer_error(answered: Iterable[Answered]) -> ReviewerError:
    """How people did on old outputs whose truth is known: what a backfill's estimate is corrected by.

    An answer of undecidable calls an output neither right nor wrong, and does not count.
    """
    known = [one for one in answered if one.kind is CheckKind.KNOWN and one.verdict.right is not Right.UNDECIDABLE]
    wrong = [one for one in known if one.known.holds_for("old") is False]
    right = [one for one in known if one.known.holds_for("old") is True]
    return ReviewerError(
        caught=(sum(one.verdict.right.holds_for("old") is False for one in wrong), len(wrong)),
        passed=(sum(one.verdict.right.holds_for("old") is True for one in right), len(right)),
    )


def _figures(person: str, mine: Sequence[Answered]) -> CheckFigures:
    error = reviewer_error(mine)
    return CheckFigures(
        person=person,
        known=_share([one.agrees for one in mine if one.kind is CheckKind.KNOWN]),
        repeats=_share([one.agrees for one in mine if one.kind is CheckKind.REPEAT]),
        followed=_share([one.followed for one in mine if one.seeded]),
        caught=Share(*error.caught),
        passed=Share(*error.passed),
    )


def _share(held: Sequence[bool]) -> Share:
    return Share(sum(held), len(held))


_ASKED: tuple[tuple[Callable[[CheckFigures], Share], str], ...] = (
    (lambda one: one.known, "judged {hits} of {n} settled items as they were settled, the others {rate:.0%}"),
    (lambda one: one.repeats, "said the same again of {hits} of {n} items, the others of {rate:.0%}"),
)


def _with_findings(found: Sequence[CheckFigures]) -> list[CheckFigures]:
    """Says who does less well than the others, by more than chance explains."""
    asked = [(n, share_of, words) for share_of, words in _ASKED for n in range(len(found))]
    shares = [(share_of(found[n]), _others(found, n, share_of)) for n, share_of, _ in asked]
    corrected = holm([less_often(mine, others) for mine, others in shares])
    told: list[list[str]] = [[] for _ in found]
    for (n, _, words), (mine, others), p in zip(asked, shares, corrected, strict=True):
        if p < STANDS_OUT:
            told[n].append(words.format(hits=mine.hits, n=mine.n, rate=others.rate or 0.0))
    for n, one in enumerate(found):
        if clopper_pearson_lower(one.followed.hits, one.followed.n, 0.05) > FOLLOWS:
            told[n].append(f"left {one.followed.hits} of {one.followed.n} seeded mistakes in the gold answer")
    return [replace(one, findings=tuple(told[n])) for n, one in enumerate(found)]


def _others(found: Sequence[CheckFigures], n: int, share_of: Callable[[CheckFigures], Share]) -> Share:
    rest = [share_of(one) for m, one in enumerate(found) if m != n]
    return Share(sum(one.hits for one in rest), sum(one.n for one in rest))

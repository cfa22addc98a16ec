"""Gold records: resolved items with their right answer, how to match it, and the outputs that people judged already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from labeler.domain.items import SIDES, Answer, Item, Json, Modality, ModelVersion, Output, Scalar
from labeler.domain.match import Match, MatchKind, default_match, matches, word_keys
from labeler.domain.queue import QueueEntry
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, Resolution, ResolvedBy, Right


@dataclass(frozen=True, slots=True)
class JudgedOutput:
    """An output that people judged: the gate repeats their word instead of computing its own."""

    output_sha256: str
    model: str
    right: bool
    failures: tuple[str, ...] = ()
    """Codes of its failures, major and minor."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Why the item was looked at, and with which probability: rates are weighted by 1 / p."""

    why: str
    p: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """The events that a record rests on. `simulated`: a verdict behind it is a program's, not a person's."""

    release: str
    verdicts: tuple[str, ...]
    resolution: str
    resolved_by: ResolvedBy
    rubric: str
    simulated: bool = False
    answer_from: str | None = None
    """Whose output says the same as the answer: `old`, `new` or `both`; `edited` when none does."""
    policy: str = ""
    """By which policy a consensus decided that was not unanimous, as `posterior 0.95`."""


@dataclass(frozen=True, slots=True)
class GoldRecord:
    id: str
    modality: Modality
    media: str | None
    media_sha256: str | None
    content: str | None
    prompt: str
    answer: Answer
    accept: tuple[str, ...]
    match: Match
    tier: Tier
    slices: Mapping[str, Scalar]
    critical: bool
    checked: Checked
    drawn: Drawn
    judged: tuple[JudgedOutput, ...]
    provenance: Provenance
    added_in: str = ""
    changed_in: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Keys of the item that mean nothing here (licence, source); given back as they came."""


class LeftOut(StrEnum):
    """Why an item that people judged is not in the gold set."""

    UNRESOLVED = "unresolved"
    UNDECIDABLE = "undecidable"
    DIFFERENCES_ONLY = "differences_only"  # nobody checked the whole item
    NO_ANSWER = "no_answer"
    ERASED = "erased"  # the answer was erased; the event that committed to it still stands


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution in force with what the store knows besides. `outputs` are those it judged, old then new."""

    event: str
    resolution: Resolution
    release: str
    outputs: Sequence[Output]
    answer: Answer | None
    entry: QueueEntry | None
    simulated: bool


def gold_record(item: Item, resolved: Sequence[Resolved]) -> GoldRecord | LeftOut:
    """The record of an item from its resolutions, oldest release first, or why it makes none.

    The newest resolution that leaves an answer decides; judgements of all releases are kept. An item that was found
    undecidable last is left out, however clear it seemed before.
    """
    if not resolved:
        return LeftOut.UNRESOLVED
    if resolved[-1].resolution.right is Right.UNDECIDABLE:
        return LeftOut.UNDECIDABLE
    usable = [(r, r.answer) for r in resolved if r.answer is not None and _may_be_gold(r.resolution)]
    if not usable:
        return _why_not(resolved[-1])
    chosen, answer = usable[-1]
    resolution, entry = chosen.resolution, chosen.entry
    return GoldRecord(
        id=item.id,
        modality=item.modality,
        media=item.media,
        media_sha256=item.sha256,
        content=item.content,
        prompt=item.prompt,
        answer=_without_confidence(answer),
        accept=_accepted(answer, resolved),
        match=default_match(item.modality, answer),
        tier=resolution.tier,
        slices=item.slices,
        critical=item.critical,
        checked=resolution.checked,
        drawn=Drawn(str(entry.why), entry.p) if entry else Drawn("check", 1.0),
        judged=_judged(resolved),
        provenance=Provenance(
            chosen.release,
            resolution.verdicts,
            chosen.event,
            resolution.by,
            resolution.rubric,
            any(r.simulated for r in resolved),
            _answer_from(answer, chosen),
            resolution.policy,
        ),
        extra=item.extra,
    )


def _without_confidence(answer: Answer) -> Answer:
    """What is right is right: how sure a model was of the readings that it was built from does not belong to it."""
    return replace(
        answer,
        regions=tuple(replace(region, confidence=None) for region in answer.regions),
        segments=tuple(replace(segment, confidence=None) for segment in answer.segments),
    )


def _may_be_gold(resolution: Resolution) -> bool:
    return resolution.checked is Checked.WHOLE and resolution.right is not Right.UNDECIDABLE


def _why_not(last: Resolved) -> LeftOut:
    if last.resolution.checked is not Checked.WHOLE:
        return LeftOut.DIFFERENCES_ONLY
    return LeftOut.NO_ANSWER if last.resolution.gold_from is None else LeftOut.ERASED


def _judged(resolved: Sequence[Resolved]) -> tuple[JudgedOutput, ...]:
    """What people said of each output, by hash; a later resolution of the same output replaces an earlier one."""
    judged: dict[str, JudgedOutput] = {}
    for one in resolved:
        resolution = one.resolution
        models: dict[str, ModelVersion] = dict(zip(("old", "new"), (o.model for o in one.outputs), strict=False))
        for side, digest in resolution.outputs.items():
            right = resolution.right.holds_for(side)
            if right is not None:
                codes = tuple(sorted({f.code for f in resolution.failures if f.side == side}))
                judged[digest] = JudgedOutput(digest, str(models.get(side, "")), right, codes)
    return tuple(sorted(judged.values(), key=lambda j: j.output_sha256))


def _answer_from(answer: Answer, chosen: Resolved) -> str:
    """By words or cells, since form does not make an answer another one."""
    match = Match(MatchKind.TABLE if answer.table is not None else MatchKind.TEXT)
    if answer.values is not None or (answer.label is not None and answer.text is None):
        match = default_match(Modality.TEXT, answer)
    same = [side for side, output in zip(SIDES, chosen.outputs, strict=False) if matches(output, match, answer)]
    return "edited" if not same else "both" if len(same) > 1 else same[0]


def _accepted(answer: Answer, resolved: Sequence[Resolved]) -> tuple[str, ...]:
    """Texts of outputs that people found right without any failure, where more than form sets them off the answer."""
    if answer.text is None:
        return ()
    wanted = word_keys(answer.text)
    texts = set()
    for one in resolved:
        for side, output in zip(("old", "new"), one.outputs, strict=False):
            flawless = not any(f.side == side for f in one.resolution.failures)
            right = one.resolution.right in (Right.BOTH, Right(side))
            if right and flawless and output.text and word_keys(output.text) != wanted:
                texts.add(output.text)
    return tuple(sorted(texts))

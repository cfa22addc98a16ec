"""Differences in words, for lists, bars and screen readers. Nothing here says which side is old."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.domain.blind import LETTERS, Letter, Neutral, ShownDifference
from labeler.domain.differences.model import Reading
from labeler.domain.people import Person, Role
from labeler.sessions.review.draft import Choice, Draft, length_of
from labeler.sessions.review.evidence import ShownEvidence
from labeler.sessions.review.letters import told_apart
from labeler.sessions.review.moments import BY_THE_CLOCK_S, duration, moment, stretch
from labeler.sessions.review.state import GoldDraft, Progress, ReviewState

_WHOLE = {
    Neutral.ROW_ONE_SIDED: "Row ",
    Neutral.COLUMN_ONE_SIDED: "Column ",
    Neutral.KEY_ONE_SIDED: "Value ",
    Neutral.REGION_ONE_SIDED: "",
}
IN_WORDS = {
    Choice.A: "A is right",
    Choice.B: "B is right",
    Choice.BOTH: "both are right",
    Choice.NONE: "none is right",
}
MARKS = {Choice.A: "A", Choice.B: "B", Choice.BOTH: "A B", Choice.NONE: "✕"}


def in_short(difference: ShownDifference, choice: Choice | None) -> str:
    """One line for the list: what is disputed, or what was found right."""
    if difference.kind is Neutral.MEDIA:
        return _of_media(difference, choice)
    if difference.a is None or difference.b is None:
        return _one_sided(difference, choice)
    about, a, b = _disputed(difference, difference.a, difference.b)
    match choice:
        case Choice.A:
            return f"{about}{a}, not {b}"
        case Choice.B:
            return f"{about}{b}, not {a}"
        case Choice.BOTH:
            return f"{about}{a} or {b}"
        case Choice.NONE:
            return f"{about}neither {a} nor {b}"
        case None:
            return f"{about}{a} / {b}"


def _disputed(difference: ShownDifference, a: Reading, b: Reading) -> tuple[str, str, str]:
    """What both sides say the same of, if anything, and what each says: the same words are told apart by when or by
    whom they are spoken.
    """
    apart = _times_or_speakers(difference, a, b)
    return (f"{_quote(a)}: ", *apart) if apart else ("", _quote(a), _quote(b))


def _times_or_speakers(difference: ShownDifference, a: Reading, b: Reading) -> tuple[str, str] | None:
    if difference.kind is Neutral.TIMING and a.time_s is not None and b.time_s is not None:
        return moment(a.time_s[0]), moment(b.time_s[0])
    if difference.kind is Neutral.SPEAKER and a.speaker and b.speaker:
        return _on_one_line(a.speaker), _on_one_line(b.speaker)
    return None


def _of_media(difference: ShownDifference, choice: Choice | None) -> str:
    """Of outputs that are pictures or recordings themselves, which nothing but their kind can be said of."""
    what = difference.place
    if difference.a is None or difference.b is None:
        has = "A" if difference.a is not None else "B"
        if choice is None:
            return f"{what} only in {has}"
        if choice is Choice.NONE:
            return f"neither {what} nor nothing"
        return what if choice is Choice.BOTH or choice.value == has else f"no {what}"
    match choice:
        case Choice.A:
            return f"{what} of A, not of B"
        case Choice.B:
            return f"{what} of B, not of A"
        case Choice.BOTH:
            return f"{what} of A or of B"
        case Choice.NONE:
            return f"{what} of neither"
        case None:
            return f"{what} of A / {what} of B"


def _one_sided(difference: ShownDifference, choice: Choice | None) -> str:
    found = difference.a or difference.b
    has = "A" if difference.a is not None else "B"
    what = f"{_WHOLE.get(difference.kind, '')}“{_quote(found)}”" if found else "nothing"
    if choice is None:
        return f"{what} only in {has}"
    if choice is Choice.NONE:
        return f"neither {what} nor nothing"
    if choice is Choice.BOTH or choice.value == has:
        return what
    return f"no {what[0].lower()}{what[1:]}" if what[0].isalpha() else f"no {what}"


def where(difference: ShownDifference) -> str:
    """Its place: a time, or the words the comparison gave."""
    time_s = next((r.time_s for r in (difference.a, difference.b) if r is not None and r.time_s is not None), None)
    if time_s is not None:
        estimated = any(r is not None and r.estimated for r in (difference.a, difference.b))
        return f"{'~' if estimated else ''}{moment(time_s[0])}"
    return _named_place(difference)


def where_in_full(difference: ShownDifference) -> str:
    """Its place beside `in_full`, which says itself of a whole picture that it is one, and of times which."""
    if difference.kind in (Neutral.MEDIA, Neutral.TIMING):
        return ""
    time_s = next((r.time_s for r in (difference.a, difference.b) if r is not None and r.time_s is not None), None)
    if time_s is not None:
        estimated = any(r is not None and r.estimated for r in (difference.a, difference.b))
        return f"{stretch(time_s)}{' (estimated)' if estimated else ''}"
    return _named_place(difference)


def _named_place(difference: ShownDifference) -> str:
    if difference.kind is Neutral.MEDIA:
        return "as a whole"
    page = max((r.page for r in (difference.a, difference.b) if r is not None), default=0)
    return ", ".join(filter(None, (f"page {page + 1:,}" if page else "", difference.place)))


def in_full(difference: ShownDifference) -> str:
    """One sentence for the bar under the medium."""
    a, b = difference.a, difference.b
    if difference.kind is Neutral.MEDIA:
        lone = a is None or b is None
        return _of_media(difference, None) if lone else f"the {difference.place} is not the same in A and B"
    if a is None or b is None:
        has, lacks = ("A", "B") if b is None else ("B", "A")
        return f"{_one_sided(difference, None).partition(' only in ')[0]} is in {has} and not in {lacks}"
    if difference.kind is Neutral.MOVED:
        return f"“{_quote(a)}” stands elsewhere in B"
    if difference.kind in (Neutral.TIMING, Neutral.SPEAKER):
        return _time_or_speaker(difference, a, b)
    if difference.kind is Neutral.COLUMNS_SWAPPED:
        return "two columns are swapped between A and B"
    apart = told_apart(a.text, b.text)
    return f"“{_quote(a)}” in A against “{_quote(b)}” in B{f': {apart}' if apart else ''}"


def _time_or_speaker(difference: ShownDifference, a: Reading, b: Reading) -> str:
    timing, known = difference.kind is Neutral.TIMING, _times_or_speakers(difference, a, b)
    if known is None:
        return f"“{_quote(a)}” {'at another time' if timing else 'by another speaker'} in B"
    first, then = ("at", "at") if timing else ("spoken by", "by")
    return f"“{_quote(a)}” {first} {known[0]} in A, {then} {known[1]} in B"


def progress(progress: Progress) -> str:
    return f"{progress.done:,} of {progress.total:,}"


def _quote(reading: Reading) -> str:
    """The reading on one line; whole, since lists cut it to their width."""
    return _on_one_line(reading.text) or "nothing"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def which(evidence: ShownEvidence) -> str:
    """Which difference is current, for the head of the list."""
    if evidence.current is not None:
        return f"difference {evidence.current + 1:,} of {len(evidence.walk):,}"
    return "no difference" if evidence.revealed else ""


def verdict_note(state: ReviewState) -> str:
    """Where the verdict comes from."""
    if not state.evidence.revealed:
        return ""
    if state.judgement.draft.undecidable is not None:
        return "nobody can tell"
    if not state.judgement.follows:
        return "overruled"
    judged = sum(d.id in state.judgement.draft.choices for d in state.evidence.walk)
    if judged < len(state.evidence.walk):
        return "so far" if judged else ""
    return "follows from the differences" if state.evidence.walk else ""


def _by_hand(on: int, proposed: int) -> str:
    return f"{proposed} proposed, {on - proposed} by hand" if proposed else f"{on} by hand"


def failure_note(state: ReviewState, letter: Letter) -> str:
    """How many failures one side has, and how many of them were proposed."""
    on = [f for f in state.judgement.failures if f.letter == letter and f.on]
    if not state.evidence.revealed:
        return ""
    if not on:
        return "none"
    proposed = sum(f.proposed for f in on)
    return f"proposed, {proposed}" if proposed == len(on) else _by_hand(len(on), proposed)


def gold_note(gold: GoldDraft | None) -> str:
    """Where the gold answer comes from, or how much of it is open."""
    if gold is None:
        return ""
    if gold.edited:
        return "edited"
    if gold.open:
        return f"{len(gold.open):,} open"
    letters = [source.rpartition(":")[2] for source in gold.sources]
    return f"built from {', '.join(letters[:3])}{', …' if len(letters) > 3 else ''}" if letters else "as in both"


def heard(draft: Draft, lengths_s: Mapping[Letter | None, float], *, each: bool) -> str:
    """How much of the recording was heard, or of each output where they are recordings.

    `lengths_s` is empty until the recordings are open.
    """
    if each:
        return (
            " · ".join(f"{letter} {_heard_of(draft, letter, lengths_s.get(letter))}" for letter in LETTERS) + " heard"
        )
    length = lengths_s.get(None)
    if length is None:
        return f"{draft.heard_s:.1f} s heard"
    so_far = min(draft.heard_s, length)
    if length >= BY_THE_CLOCK_S:
        return f"{duration(so_far)} of {duration(length)} heard"
    digits = 1 if length >= 1 else 2
    return f"{so_far:.{digits}f} of {length:.{digits}f} s heard"


def _heard_of(draft: Draft, letter: Letter, length_s: float | None) -> str:
    """A share: there is no room for two figures of each."""
    so_far = length_of(draft.heard_of.get(letter, ()))
    return f"{min(so_far / length_s, 1):.0%}" if length_s else f"{so_far:.1f} s"


def recording(length_s: float, sample_rate: int, channels: int) -> str:
    """What a recording is: `9.8 s · 8 kHz mono`."""
    count = {1: "mono", 2: "stereo"}.get(channels, f"{channels} channels")
    return f"{duration(length_s)} · {sample_rate / 1000:g} kHz {count}"


def person_words(person: Person) -> str:
    """Who is here, as the status bar says it."""
    return f"{person.name} · auditor, changes nothing" if person.role is Role.AUDITOR else person.name

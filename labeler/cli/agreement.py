"""labeler agreement"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.say import AsJson, ProjectFolder, answer, table
from labeler.domain.items import Modality

if TYPE_CHECKING:
    from labeler.domain.agreement.alpha import Agreement
    from labeler.domain.quality_report import AnnotatorQuality
    from labeler.domain.statistics.intervals import Interval
    from labeler.steps.agreement import Measured

app = typer.Typer(add_completion=False)

SHOWN = 10
"""So many slices and confusions are printed, the worst first; `--json` has all."""
_FIGURES = ("alpha", "95 %", "items")


@app.command()
def agreement(
    project: ProjectFolder,
    modality: Annotated[Modality | None, typer.Option(help="Only items of this modality.")] = None,
    json: AsJson = False,
) -> None:
    """Show how far people agree on the newest release, on what they differ, and who stands out.

    Krippendorff's alpha with a 95 % interval for each question, slice and pair of people; what is confused with what;
    and for each annotator the accuracy that Dawid and Skene's model finds, position bias and time. For leads: it says
    how individual people judge.

    Example: labeler agreement invoices --modality image
    """
    from labeler.steps.agreement import measure_agreement
    from labeler.steps.opening import open_project

    with open_project(project, read_only=True) as opened:
        found = measure_agreement(opened, modality=modality)
    if json:
        answer(_as_json(found))
    else:
        typer.echo(_as_text(found))


def _as_json(found: Measured) -> dict[str, object]:
    names = {person.id: person.name for person in found.people.values()}
    return {
        "release": found.release.id,
        "items": found.items,
        "simulated": found.simulated,
        "agreement": asdict(found.agreement),
        "annotators": [{**asdict(one), "name": names.get(one.person, one.person)} for one in found.annotators],
    }


def _as_text(found: Measured) -> str:
    from labeler.domain.agreement.alpha import in_words

    said = found.agreement
    parts = [f"{found.items:,} items with verdicts" + (" of simulated annotators" if found.simulated else "")]
    asked = [(str(question), in_words(one), *_figures(one)) for question, one in said.questions.items()]
    parts.append(table(("question", "which means", *_FIGURES), asked, left=2))
    if said.slices:
        slices = [(f"{s.key}={s.value}", *_figures(s.right)) for s in said.slices[:SHOWN]]
        parts.append(table(("slice, worst first", *_FIGURES), slices))
    if said.pairs:
        pairs = [(f"{_name(found, p.one)} – {_name(found, p.other)}", *_figures(p.right)) for p in said.pairs[:SHOWN]]
        parts.append(table(("pair, worst first", *_FIGURES), pairs))
    if said.confusions:
        confused = [(f"{c.one} against {c.other}", f"{len(c.items):,}") for c in said.confusions[:SHOWN]]
        parts.append(table(("on what they differ", "items"), confused))
    if found.annotators:
        parts.append(_annotators(found))
    return "\n\n".join(parts)


def _annotators(found: Measured) -> str:
    rows = [_annotator(_name(found, one.person), one) for one in found.annotators]
    heads = ("annotator", "verdicts", "accuracy", "95 %", "as settled", "A : B", "s an item")
    notes = [f"{_name(found, one.person)}: {finding}" for one in found.annotators for finding in one.findings]
    return "\n".join([table(heads, rows), *(["", *notes] if notes else [])])


def _name(found: Measured, person: str) -> str:
    return found.people[person].name if person in found.people else person


def _annotator(name: str, one: AnnotatorQuality) -> tuple[str, ...]:
    settled = f"{one.settled.hits} of {one.settled.n}" if one.settled.n else "–"
    accuracy = "–" if one.accuracy is None else f"{one.accuracy:.0%}"
    usual = "–" if one.usual_s is None else f"{one.usual_s:.0f}"
    between = _percent(one.interval)
    return (name, f"{one.verdicts:,}", accuracy, between, settled, f"{one.chose_a} : {one.chose_b}", usual)


def _figures(one: Agreement) -> tuple[str, str, str]:
    from labeler.domain.agreement.alpha import figure

    between = "–" if one.interval is None else f"{figure(one.interval.low)} to {figure(one.interval.high)}"
    return figure(one.alpha), between, f"{one.units:,}"


def _percent(interval: Interval | None) -> str:
    return "–" if interval is None else f"{interval.low:.0%} to {interval.high:.0%}"

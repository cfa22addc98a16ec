"""What stands on and about the pictures of a state: outlines, texts with their marks, counts, and notices."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.domain.blind import LETTERS, Letter, ShownOutput
from labeler.gui.panels import marks
from labeler.gui.panels.image.card import ImageCard
from labeler.gui.panels.image.fates import counted, fates
from labeler.gui.panels.image.hanging import Hanging
from labeler.gui.panels.image.looking import without_a_place
from labeler.gui.panels.image.regions import text_of
from labeler.gui.panels.image.seats import Sources, scene, seats
from labeler.sessions.review.evidence import Layout, ShownEvidence


def mark_cards(cards: Mapping[Letter, ImageCard], hanging: Hanging, state: ShownEvidence, sources: Sources) -> None:
    """Put it all onto the cards on which outputs sit."""
    current = state.difference.id if state.difference is not None else None
    notice = hanging.notice or without_a_place(state, sources)
    texts = state.pair is not None and any(_says(state.pair.output(letter)) for letter in LETTERS)
    for place_letter, letters in seats(state).items():
        card = cards[place_letter]
        outputs = {one: state.pair.output(one) for one in letters} if state.pair is not None else {}
        card.show_outputs(outputs, _facts(hanging, state, letters, sources), texts=texts)
        card.canvas.set_lit(())
        card.canvas.set_scene(scene(state, letters, sources, hanging.made.places, hanging.size[0]))
        card.canvas.set_current(current, state.seen, notice)
        for text, letter in zip(card.texts, letters, strict=False):
            said = text_of(outputs[letter])
            if said.strip():
                text.set_text(said, marks.marks(state, letter))
            else:
                text.set_text("", [])  # of regions that have labels alone, empty lines would be left


def _facts(hanging: Hanging, state: ShownEvidence, letters: tuple[Letter, ...], sources: Sources) -> str:
    """What stands in a card's head beside the counts of its outputs."""
    both = state.view.layout is Layout.BOTH and len(letters) > 1
    if hanging.made.active:
        return hanging.made.compared() if both else " / ".join(map(hanging.made.facts, letters))
    # Of recordings, which no pane shows, there is nothing to be counted.
    return counted(fates(state.walk, sources.regions)) if both and not state.media else ""


def _says(output: ShownOutput) -> bool:
    """The output has something to be read; of regions that have labels alone, empty lines are left."""
    return bool(text_of(output).strip() or output.table or output.values or output.error)

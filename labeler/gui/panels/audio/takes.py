"""What is heard of an item on one clock: its recording, or both outputs where they are recordings themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality
from labeler.errors import LabelerError
from labeler.gui.panels.audio.picture import WavePicture
from labeler.modalities.audio.recording import RecordingDecoder
from labeler.sessions.review.evidence import ShownEvidence


@dataclass(frozen=True, slots=True)
class Source:
    """A recording to open. `letter` is the output that it is; None: the item's own."""

    letter: Letter | None
    file: Path | None
    sha256: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """A recording that is open, or why it is not, in words that name no file of an output."""

    letter: Letter | None
    wave: WavePicture | None
    problem: str = ""

    @property
    def name(self) -> str:
        return self.letter or "Own"


def sources_of(state: ShownEvidence) -> tuple[Source, ...]:
    """A, B and the item's own recording where the outputs are recordings; else the item's alone."""
    item = state.item
    if item is None:
        return ()
    own = Source(None, item.media, item.media_sha256, item.media_problem)
    if not state.takes:
        return (own,)
    made = [
        Source(letter, medium.file, medium.sha256, medium.problem)
        for letter in LETTERS
        if (medium := state.takes.get(letter)) is not None
    ]
    return (*made, own) if item.modality is Modality.AUDIO else tuple(made)


def open_takes(decoder: RecordingDecoder, cache_dir: Path, item_id: str, sources: Sequence[Source]) -> tuple[Take, ...]:
    """All of an item's, decoded. Raises LabelerError when none can be opened."""
    takes = tuple(_opened(decoder, cache_dir, item_id, source) for source in sources)
    if not any(take.wave for take in takes):
        raise LabelerError("\n".join(take.problem for take in takes))
    return takes


def _opened(decoder: RecordingDecoder, cache_dir: Path, item_id: str, source: Source) -> Take:
    if source.file is None:
        whose = f"The recording of output {source.letter} " if source.letter else ""
        return Take(source.letter, None, (whose + source.problem) or "There is no recording.")
    try:
        return Take(source.letter, WavePicture(decoder.open(source.file, cache_dir, source.sha256, item_id)))
    except LabelerError as problem:
        if source.letter is None:
            return Take(None, None, str(problem))
        # The file's name may be the model's.
        words = problem.what.replace(str(source.file), f"The recording of output {source.letter}")
        return Take(source.letter, None, words.replace(source.file.name, "the file"))


def number_of(takes: Sequence[Take], state: ShownEvidence) -> int:
    """Which of the takes is to be heard: the one that was chosen, else the first that there is."""
    there = [n for n, take in enumerate(takes) if take.wave is not None]
    wanted = None if state.view.hear_original else state.view.blink_letter
    return next((n for n in there if takes[n].letter == wanted), there[0] if there else 0)

"""Outputs that are pictures themselves: both are decoded, laid in one frame, and compared pixel by pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Box, Modality
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.source import PictureSource
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.image import pixel_difference
from labeler.modalities.image.decoder import Picture, PictureDecoder
from labeler.modalities.image.pixel_difference import Apart
from labeler.sessions.review.evidence import Layout, ShownEvidence, ShownMedium

Found = tuple[Picture, list[Box], float]
"""The picture of differences, the places, and which share of all pixels differs."""


def are_pictures(media: Mapping[Letter, ShownMedium]) -> bool:
    """At least one output is a picture, and none is anything else."""
    return bool(media) and all(medium.modality is Modality.IMAGE for medium in media.values())


class MadePictures(QObject):
    """The pictures of A and B. The one that is smaller is shown as large as the other, corner on corner."""

    changed = Signal()
    """A picture came, or cannot be had; or the pixel difference is there."""

    def __init__(self, theme: Theme, tasks: Tasks, decoder: PictureDecoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._tasks = theme, tasks
        self._media: Mapping[Letter, ShownMedium] = {}
        self._decoded: dict[Letter, Picture] = {}
        self._shown: dict[Letter, ShownPicture] = {}
        self._problems: dict[Letter, str] = {}
        self._apart: Apart | None = None
        self._wanted: int | None = None
        """The threshold that the pixel difference is wanted for; None: it is not looked at."""
        self._difference: ShownPicture | None = None
        self.places: list[Box] = []
        """Where the pictures differ, most first, while the pixel difference is looked at."""
        self.share = 0.0
        """Which part of the pixels differs by more than the threshold."""
        self._sources: dict[Letter, PictureSource] = {}
        for letter in LETTERS:
            source = self._sources[letter] = PictureSource(tasks, decoder, self, slot=f"image.{letter}")
            source.arrived.connect(partial(self._take, letter))
            source.failed.connect(partial(self._fail, letter))
        theme.changed.connect(self._paint_difference)

    @property
    def active(self) -> bool:
        """The outputs on the screen are pictures."""
        return bool(self._media)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the frame, which is the larger of both pictures; None before the first came."""
        return max(((one.width, one.height) for one in self._decoded.values()), default=None)

    def show_state(self, state: ShownEvidence) -> None:
        media = state.media if are_pictures(state.media) else {}
        if media != self._media:
            self._open(media)
        threshold = state.view.threshold if media and state.view.layout is Layout.BOTH else None
        if threshold != self._wanted:
            self._wanted = threshold
            self._compare()

    def picture(self, letter: Letter) -> ShownPicture | None:
        return self._shown.get(letter)

    @property
    def difference(self) -> ShownPicture | None:
        """The pixel difference, once it is computed."""
        return self._difference

    def why_not(self, letter: Letter) -> str:
        """What stands in the place of a picture that is not there (yet)."""
        if letter not in self._media:
            return f"{letter} made no picture."
        return self._problems.get(letter, "")

    def facts(self, letter: Letter) -> str:
        """`480 × 320 px`, and how much it is enlarged where the other one is larger."""
        shown = self._shown.get(letter)
        if shown is None:
            return ""
        enlarged = f", shown {shown.stretch:.3g}× as large" if shown.stretch != 1 else ""
        return f"{shown.picture.width:,} × {shown.picture.height:,} px{enlarged}"

    def compared(self) -> str:
        """The pixel difference in words."""
        if self._difference is None:
            return ""
        more = "+" if len(self.places) == pixel_difference.MOST_PLACES else ""
        where = f"{len(self.places):,}{more} {'place' if len(self.places) == 1 else 'places'}"
        scale = 2**self._difference.picture.shrunk
        coarser = f", {_at_size(scale)}" if scale > 1 else ""
        differ = f"{100 * self.share:.2g} % of the pixels differ" if self.places else "no pixel differs"
        return f"{differ} by more than {self._wanted} of 255" + (f", in {where}" if self.places else "") + coarser

    def _open(self, media: Mapping[Letter, ShownMedium]) -> None:
        self._media = media
        self._decoded, self._shown, self._problems = {}, {}, {}
        self._forget()
        for letter, source in self._sources.items():
            medium = media.get(letter)
            if medium is not None and medium.problem:
                self._problems[letter] = f"{letter}'s picture {medium.problem}."
            source.open(medium.file if medium is not None else None, name=f"{letter}'s picture")

    def _forget(self) -> None:
        self._apart, self._difference, self.places = None, None, []
        self._tasks.drop("image.apart")

    def _take(self, letter: Letter, picture: Picture) -> None:
        self._decoded[letter] = picture
        size = self.size
        self._shown = {one: ShownPicture(decoded, size) for one, decoded in self._decoded.items()}
        self._forget()
        self._compare()
        self.changed.emit()

    def _fail(self, letter: Letter, words: str) -> None:
        self._problems[letter] = words
        self.changed.emit()

    # The pixel difference

    def _compare(self) -> None:
        whole = [self._decoded[one] for one in LETTERS if one in self._decoded and not self._decoded[one].shrunk]
        if self._wanted is None or len(whole) < len(LETTERS):
            return
        if self._apart is not None:
            self._paint_difference()
        else:
            self._tasks.run("image.apart", partial(pixel_difference.apart, *whole), self._take_apart, _raise)

    def _take_apart(self, found: Apart) -> None:
        self._apart = found
        self._paint_difference()

    def _paint_difference(self) -> None:
        found, threshold = self._apart, self._wanted
        if found is None or threshold is None:
            return
        colour = QColor(self._theme.palette.difference)
        ink = colour.red(), colour.green(), colour.blue()
        dark = self._theme.palette.dark

        def work() -> Found:
            painted = pixel_difference.shown(found, threshold, ink, dark=dark)
            return painted, pixel_difference.places(found, threshold), found.share(threshold)

        self._tasks.run("image.apart", work, self._take_difference, _raise)

    def _take_difference(self, found: Found) -> None:
        picture, self.places, self.share = found
        scale = 2**picture.shrunk
        self._difference = ShownPicture(picture, coarse=_at_size(scale))
        self.changed.emit()


def _at_size(scale: int) -> str:
    return f"compared at 1/{scale} size"


def _raise(problem: BaseException) -> None:
    raise problem


@dataclass(frozen=True, slots=True)
class OnPane:
    """What a pane shows: a picture, if need be another one right of a divider; or words in its place."""

    picture: ShownPicture | None = None
    message: str = ""
    right: ShownPicture | None = None


def on_pane(state: ShownEvidence, letters: tuple[Letter, ...], own: OnPane, made: MadePictures) -> OnPane:
    """What belongs on a pane where those outputs sit. `own`: the item's own picture, or why there is none."""
    if not made.active or not letters or state.view.original:
        if own.picture is None or made.size in (None, own.picture.size) or not made.active:
            return own
        return OnPane(ShownPicture(own.picture.picture, made.size))
    if len(letters) == 1:
        return OnPane(made.picture(letters[0]), made.why_not(letters[0]))
    missing = next((words for letter in letters if (words := made.why_not(letter))), "")
    a, b = (made.picture(letter) for letter in letters)
    if missing or a is None or b is None:
        return OnPane(message=missing)
    if state.view.layout is Layout.SWIPE:
        return OnPane(a, right=b)
    return OnPane(made.difference, "Comparing the pixels …")

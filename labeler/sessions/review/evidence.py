"""The evidence of an item as a panel draws it: the medium, both outputs, their differences, and how they are viewed.

Everything here is in terms of A and B. Review and every other screen that shows evidence give their panels this and
nothing else, so that no panel depends on what is judged, or by whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from labeler.domain.blind import BlindPair, Letter, ShownDifference
from labeler.domain.items import Modality, Polygon, Region, Scalar, Segment, TimeSpan
from labeler.domain.verdicts import At
from labeler.sessions.review.draft import Pin


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What may be seen of the item before the verdict is saved; the reference is not among it."""

    id: str
    modality: Modality
    prompt: str
    slices: Mapping[str, Scalar]
    media: Path | None
    """The medium's file, or None: the item is a text, or the file cannot be had (`media_problem` says why)."""
    media_sha256: str | None
    media_problem: str = ""
    content: str | None = None
    """The text of a text item."""


@dataclass(frozen=True, slots=True)
class ShownMedium:
    """The picture or the recording that an output is."""

    modality: Modality | None
    """None: its name does not say what it is."""
    file: Path | None = field(repr=False)
    """For decoders alone. It may name the model: no view shows it, or an error that does. None: see `problem`."""
    sha256: str | None = None
    problem: str = ""
    """Why there is no file, in words that follow a name for it: `is missing from the project's folder`."""


class Layout(StrEnum):
    """How the two outputs share the canvas."""

    SIDE_BY_SIDE = "side_by_side"
    STACKED = "stacked"
    BLINK = "blink"
    """One pane; a key changes between A and B."""
    SWIPE = "swipe"
    """One pane; A on the left of a divider, B on its right."""
    BOTH = "both"
    """One pane with both outputs' regions, told apart by what became of each; of pictures, the pixel difference."""

    @property
    def panes(self) -> int:
        return 2 if self in (Layout.SIDE_BY_SIDE, Layout.STACKED) else 1


class Layer(StrEnum):
    """What lies on the picture, and can be hidden or made fainter by itself."""

    A = "a"
    B = "b"
    DIFFERENCES = "differences"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class LayerLook:
    """How a layer is drawn."""

    shown: bool = True
    opacity: float = 1.0
    """From 0.2 to 1."""
    width: int = 1
    """Of its lines, as a multiple of the usual one, 1 to 4."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The look of every layer, and which one the keys are for."""

    a: LayerLook = LayerLook()
    b: LayerLook = LayerLook()
    differences: LayerLook = LayerLook()
    labels: LayerLook = LayerLook()
    in_hand: Layer | None = None

    def look(self, layer: Layer) -> LayerLook:
        return {Layer.A: self.a, Layer.B: self.b, Layer.DIFFERENCES: self.differences, Layer.LABELS: self.labels}[layer]


SMALLEST_TEXT_PX, LARGEST_TEXT_PX = 11, 28


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """How the medium is shown and played; stays from item to item."""

    overlay: bool = True
    linked: bool = True
    layout: Layout = Layout.SIDE_BY_SIDE
    blink_letter: Letter = "A"
    """The output that is seen, or heard where the outputs are recordings."""
    divider: float = 0.5
    """Where A ends and B begins in the swipe layout, as a share of the pane's width."""
    layers: Layers = Layers()
    original: bool = False
    """Where the outputs are pictures, the item's own is shown in their place."""
    threshold: int = 16
    """By how much (of 255) a pixel must differ to count in the pixel difference."""
    minimap: bool = True
    listed: bool = False
    """A list of everything that lies on the picture stands beside it."""
    raw_text: bool = False
    spectrogram: bool = False
    mel: bool = True
    """The spectrogram's frequencies stand as far apart as they sound; False: in steps of equal hertz."""
    range_db: float = 80.0
    """How far below full scale the spectrogram tells sound from silence."""
    channel: int | None = None
    """The only channel that is heard, from 0; None: all. Of a recording with fewer channels all are heard."""
    volume_db: float = 0.0
    hear_original: bool = False
    """Where the outputs are recordings: the item's own is heard and neither of them."""
    normalise: bool = False
    """Each recording is played as loud as any other."""
    loop: bool = True
    speed: float = 1.0
    context_s: float = 0.3
    """How much is played before and after a difference, in seconds."""
    text_px: int = 15
    """Size of the outputs' texts and of the gold answer."""
    more_codes: bool = False
    """All failure codes are shown, not only the first ones."""


class Request(StrEnum):
    """Something that only the view can do (it knows the pixels and the player)."""

    FIT = "fit"
    ACTUAL_SIZE = "actual_size"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    ZOOM_TO_DIFFERENCE = "zoom_to_difference"
    NEXT_PAGE = "next_page"
    PREVIOUS_PAGE = "previous_page"
    PLAY_PICTURE = "play_picture"
    NEXT_PLACE = "next_place"
    PREVIOUS_PLACE = "previous_place"
    PLAY_PAUSE = "play_pause"
    PLAY_ALL = "play_all"
    BACK = "back"
    FORWARD = "forward"
    NEXT_CHANNEL = "next_channel"
    CHOOSE_OUTPUT = "choose_output"
    PLAY_AGAIN = "play_again"
    SELECT_BACK = "select_back"
    SELECT_FORWARD = "select_forward"
    SELECT_WORD_BACK = "select_word_back"
    SELECT_WORD_FORWARD = "select_word_forward"
    DRAW_BOX = "draw_box"
    EDIT_GOLD = "edit_gold"
    EDIT_NOTE = "edit_note"
    EDIT_LABEL = "edit_label"
    SPLIT_SEGMENT = "split_segment"


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """The newest request; a view acts when `serial` has changed."""

    serial: int = 0
    what: Request | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The media of an item that comes next, for decoding ahead."""

    item_id: str
    modality: Modality
    """Of which it will be for eyes and ears (see `ShownEvidence.shows`)."""
    media: Path | None
    sha256: str | None
    pictures: tuple[Path, ...] = field(default=(), repr=False)
    """Those that the models made, in an order that says nothing; for decoders alone, as `ShownMedium.file`."""


@dataclass(frozen=True, slots=True)
class ShownPin:
    """A failure where it is pinned; `at` is in the coordinates of what is shown (a span counts in the shown text)."""

    pin: Pin
    label: str
    """The failure's name."""
    at: At
    held: bool
    """It moves when another place is picked."""


@dataclass(frozen=True, slots=True)
class ShownSpot:
    """What is in hand: the place where the next failure is pinned, and the pin that moves with it."""

    at: At | None = None
    """None: an outline has too few corners yet, or the pin that is held stands at the item as a whole."""
    letter: Letter | None = None
    """Whose text the place is in; None on the medium."""
    held: Pin | None = None
    region: int | None = None
    """Number of the gold region that is being edited."""
    corner: int = 0
    """Number of the corner that keys move."""
    drawn: Polygon = ()
    """Corners of an outline that is being drawn."""


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """What the panels show. Two are compared to find what to redraw."""

    item: ShownItem | None = None
    """None: nothing is left to judge with this filter."""
    why: str = ""
    """Why the item is here, in words that tell nothing of the sides."""
    pair: BlindPair | None = None
    """None until the tier is set: the outputs stay hidden."""
    media: Mapping[Letter, ShownMedium] = field(default_factory=dict)
    """Pictures or recordings that the outputs are; none until the outputs are shown."""
    confidence: Mapping[Letter, tuple[float | None, ...]] = field(default_factory=dict)
    """How sure each model was of its segments, from 0 to 1; empty before the person's verdict is saved."""
    models: Mapping[Letter, str] = field(default_factory=dict)
    """Which model each side is, where the person may know; empty before the person's verdict is saved."""
    alike: bool = False
    """Both outputs say the same: they are right or wrong together."""
    walk: tuple[ShownDifference, ...] = ()
    """The differences to be judged, in order; cosmetic ones are in `pair` alone."""
    current: int | None = None
    """Index into `walk`."""
    seen: frozenset[str] = frozenset()
    """Ids of the differences that were current at some time."""
    selected: TimeSpan | None = None
    """The span of the recording that the person selected, in seconds."""
    lengths_s: Mapping[Letter | None, float] = field(default_factory=dict)
    """Of the recordings, by the output that each is (None: the item's own), in seconds; empty until they are open."""
    pins: tuple[ShownPin, ...] = ()
    """Failures that are pinned to a place."""
    spot: ShownSpot | None = None
    gold_regions: tuple[Region, ...] | None = None
    """The gold answer's regions while they are edited."""
    gold_segments: tuple[Segment, ...] | None = None
    """The gold answer's segments while they are edited."""
    gold_segment: int | None = None
    """Number of the one in hand."""
    view: ViewSettings = field(default_factory=ViewSettings)
    request: ViewRequest = field(default_factory=ViewRequest)

    @property
    def difference(self) -> ShownDifference | None:
        return self.walk[self.current] if self.current is not None else None

    @property
    def shows(self) -> Modality | None:
        """Of which modality the item is for eyes and ears: the outputs' own, where a text is made into something."""
        if self.item is None:
            return None
        made = {medium.modality for medium in self.media.values()}
        if self.item.modality is Modality.TEXT and len(made) == 1:
            return made.pop() or Modality.TEXT
        return self.item.modality

    @property
    def revealed(self) -> bool:
        return self.pair is not None

    @property
    def takes(self) -> Mapping[Letter, ShownMedium]:
        """The outputs where they are recordings: they are heard by turns, on one clock. Else none."""
        heard = self.shows is Modality.AUDIO and {m.modality for m in self.media.values()} == {Modality.AUDIO}
        return self.media if heard else {}

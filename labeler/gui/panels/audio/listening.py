"""What is heard when: the session's state and a person's clicks turned into commands for the player."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from labeler.domain.blind import Neutral, ShownDifference
from labeler.domain.items import TimeSpan
from labeler.modalities.audio.peaks import Loudness, matched_db
from labeler.modalities.audio.recording import Recording
from labeler.modalities.player.player import Player
from labeler.sessions.review.evidence import Request, ShownEvidence, ViewSettings

STEP_S = 1.0
"""How far one key goes back or forward."""


def place_of(difference: ShownDifference) -> TimeSpan | None:
    """Where a difference stands in the recording: all that either side says of it. None without times."""
    times = [r.time_s for r in (difference.a, difference.b) if r is not None and r.time_s is not None]
    return (min(t[0] for t in times), max(t[1] for t in times)) if times else None


def is_estimated(difference: ShownDifference) -> bool:
    return any(r.estimated for r in (difference.a, difference.b) if r is not None and r.time_s is not None)


def heard_with(difference: ShownDifference, context_s: float, duration_s: float) -> TimeSpan | None:
    """What is played for a difference: its place, and the context before and after it."""
    if difference.kind is Neutral.MEDIA:
        return 0.0, duration_s  # the recordings themselves differ
    place = place_of(difference)
    if place is None or place[0] >= duration_s:
        return None
    return max(0.0, place[0] - context_s), min(duration_s, place[1] + context_s)


class Aim(Enum):
    """What is played, or would be."""

    DIFFERENCE = "difference"
    SELECTION = "selection"
    WORD = "a word"
    ALL = "all"
    REST = ""
    """Simply the recording, from somewhere on."""


class Listening:
    """Aims the player at the current difference, the selection, and at what a person asks for in between."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._recordings: tuple[Recording, ...] = ()
        self._aim = Aim.REST

    @property
    def duration_s(self) -> float:
        return max((recording.duration_s for recording in self._recordings), default=0.0)

    def open(self, recordings: Sequence[Recording], state: ShownEvidence) -> None:
        """A new recording, or several on one clock: silent until the outputs are shown, so that nothing is played into
        a person's thoughts.
        """
        self._recordings = tuple(recordings)
        self._player.load(*self._recordings)
        self._aim = Aim.REST
        if recordings:
            self._player.speed(state.view.speed)
            self.to_difference(state)

    def show(self, old: ShownEvidence, new: ShownEvidence) -> None:
        """The same item, something changed."""
        self._player.speed(new.view.speed)
        if old.difference != new.difference:
            self.to_difference(new)
        elif old.selected != new.selected:
            self.to_selection(new)
        elif old.view.context_s != new.view.context_s and self._aim is Aim.DIFFERENCE:
            self.to_difference(new)
        elif old.view.loop != new.view.loop and self._aim in (Aim.DIFFERENCE, Aim.SELECTION):
            self._player.set_loop(new.view.loop)

    def hear(self, take: int | None, view: ViewSettings, loudness: Sequence[Loudness | None]) -> None:
        """Which of the recordings is heard (None while there is none) and how loud; `loudness` of each of them."""
        if take is not None:
            self._player.take(take)
        self._player.solo(view.channel)
        self._player.gain(view.volume_db)
        self._player.match(matched_db(loudness) if view.normalise else [0.0] * len(loudness))

    def to_difference(self, state: ShownEvidence) -> None:
        """Play the current difference, in a loop if that is wanted."""
        span = heard_with(state.difference, state.view.context_s, self.duration_s) if state.difference else None
        if span is None:
            self._aim = Aim.REST
            self._player.cue(0.0, self.duration_s, loop=False)
        else:
            self._aim = Aim.DIFFERENCE
            self._player.play(*span, loop=state.view.loop)

    def to_selection(self, state: ShownEvidence) -> None:
        """Aim at what is selected: playing goes on within it, silence stays until a key ends it."""
        now, place, span = self._player.state, self._player.position(), state.selected
        if span is None:
            if self._aim is Aim.SELECTION:
                self._player.pause()
                self._aim = Aim.REST
                self._player.seek(place, within=(0.0, self.duration_s))
            return
        self._aim = Aim.SELECTION
        if now.playing:
            self._player.play(*span, loop=state.view.loop, at_s=place if span[0] <= place < span[1] else None)
        else:
            self._player.cue(*span, loop=state.view.loop)

    def ask(self, request: Request, state: ShownEvidence) -> None:
        match request:
            case Request.PLAY_PAUSE:
                self.play_or_pause()
            case Request.PLAY_AGAIN if state.selected is not None:
                self._aim = Aim.SELECTION
                self._player.play(*state.selected, loop=state.view.loop)
            case Request.PLAY_AGAIN:
                self.to_difference(state)
                self._player.play()
            case Request.PLAY_ALL:
                self._aim = Aim.ALL
                self._player.play(0.0, self.duration_s, loop=False)
            case Request.BACK:
                self.seek(self._player.position() - STEP_S)
            case Request.FORWARD:
                self.seek(self._player.position() + STEP_S)

    def play_or_pause(self) -> None:
        if self._player.state.playing:
            self._player.pause()
        else:
            self._player.play()

    def play_word(self, span: TimeSpan) -> None:
        self._aim = Aim.WORD
        self._player.play(*span, loop=False)

    def seek(self, place_s: float) -> None:
        start, end = self._player.state.span
        self._player.seek(place_s)
        if not start <= place_s < end:
            self._aim = Aim.REST

    def doing(self, state: ShownEvidence) -> str:
        """What is played or would be, in words; empty where that is simply the recording."""
        now, difference = self._player.state, state.difference
        verb = "Looping " if now.loop else "Playing "
        if not self._recordings:
            return ""
        match self._aim:
            case Aim.SELECTION if state.selected is not None:
                length = f"{state.selected[1] - state.selected[0]:.2f} s"
                return f"{verb}selection, {length}" if now.playing else f"Selection, {length}"
            case Aim.DIFFERENCE if difference is not None:
                number = f"difference {(state.current or 0) + 1}"
                if state.takes:
                    number = "the item's own" if state.view.hear_original else f"output {state.view.blink_letter}"
                words = verb + number if now.playing else number.capitalize()
                return f"{words}, place estimated" if is_estimated(difference) else words
            case Aim.WORD | Aim.ALL if now.playing:
                return f"Playing {self._aim.value}"
            case _ if difference is not None and place_of(difference) is None and not state.takes:
                return f"Difference {(state.current or 0) + 1} has no time"
        return ""

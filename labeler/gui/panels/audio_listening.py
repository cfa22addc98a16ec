"""What is heard when: the session's state and a person's clicks turned into commands for the player."""

from __future__ import annotations

from labeler.domain.blind import ShownDifference
from labeler.domain.items import TimeSpan
from labeler.modalities.audio import Recording
from labeler.modalities.player import Player
from labeler.sessions.review.evidence import Request, ShownEvidence

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
    place = place_of(difference)
    if place is None or place[0] >= duration_s:
        return None
    return max(0.0, place[0] - context_s), min(duration_s, place[1] + context_s)


class Listening:
    """Aims the player at the current difference, and at what a person asks for in between."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._recording: Recording | None = None
        self._aim: str | None = None
        """The difference that is played; None: something else."""
        self._other = ""

    @property
    def duration_s(self) -> float:
        return self._recording.duration_s if self._recording else 0.0

    def open(self, recording: Recording | None, state: ShownEvidence) -> None:
        """A new recording: silent until the outputs are shown, so that nothing is played into a person's thoughts."""
        self._recording = recording
        self._player.load(recording)
        self._aim, self._other = None, ""
        if recording is not None:
            self._player.speed(state.view.speed)
            self.to_difference(state)

    def show(self, old: ShownEvidence, new: ShownEvidence) -> None:
        """The same item, something changed."""
        self._player.speed(new.view.speed)
        if old.difference != new.difference or old.view.context_s != new.view.context_s:
            self.to_difference(new)
        elif old.view.loop != new.view.loop and self._aim is not None:
            self._player.set_loop(new.view.loop)

    def to_difference(self, state: ShownEvidence) -> None:
        """Play the current difference, in a loop if that is wanted."""
        span = heard_with(state.difference, state.view.context_s, self.duration_s) if state.difference else None
        if state.difference is None or span is None:
            self._aim = None
            self._player.cue(0.0, self.duration_s, loop=False)
            return
        self._aim, self._other = state.difference.id, ""
        self._player.play(*span, loop=state.view.loop)

    def ask(self, request: Request) -> None:
        match request:
            case Request.PLAY_PAUSE:
                self.play_or_pause()
            case Request.PLAY_ALL:
                self._aim, self._other = None, "Playing all"
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
        self._aim, self._other = None, "Playing a word"
        self._player.play(*span, loop=False)

    def seek(self, place_s: float) -> None:
        start, end = self._player.state.span
        self._player.seek(place_s)
        if not start <= place_s < end:
            self._aim, self._other = None, ""

    def doing(self, state: ShownEvidence) -> str:
        """What is played or would be, in words; empty where that is simply the recording."""
        difference, now = state.difference, self._player.state
        if difference is None or self._recording is None:
            return self._other if now.playing else ""
        number = f"difference {(state.current or 0) + 1}"
        if place_of(difference) is None and not self._other:
            return f"{number.capitalize()} has no time"
        if self._aim != difference.id:
            return self._other if now.playing else ""
        words = ("Looping " if now.loop else "Playing ") + number if now.playing else number.capitalize()
        return f"{words}, place estimated" if is_estimated(difference) else words

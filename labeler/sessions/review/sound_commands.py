"""The keys of a recording: hearing, selecting, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labeler.sessions.commands import Command
from labeler.sessions.review.evidence import Request, ViewSettings
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.when import holding_in_sound

Do = Callable[[ReviewSession], None]

SPEEDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5, 1.75, 2.0)
CONTEXTS_S = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0)
"""How much may be played before and after a difference."""

PIN_STEP_S = 0.01

RANGES_DB = (40.0, 60.0, 80.0, 100.0)
VOLUMES_DB = tuple(float(n) for n in range(-30, 21, 3))


def _view(session: ReviewSession) -> ViewSettings:
    return session.state.evidence.view


def _audio(session: ReviewSession) -> bool:
    return session.state.evidence.shows == "audio"


def _of_recording(session: ReviewSession) -> bool:
    """Not of a text that is spoken: there the key is a failure's."""
    return (
        _audio(session) and session.state.evidence.item is not None and session.state.evidence.item.modality == "audio"
    )


def _has_original(session: ReviewSession) -> bool:
    return _of_recording(session) and bool(session.state.evidence.takes)


def _selected(session: ReviewSession) -> bool:
    return _audio(session) and session.state.evidence.selected is not None


def _ask(what: Request) -> Do:
    return lambda session: session.request(what)


def _back_or(by_s: float, what: Request) -> Do:
    """Move the pin in hand; without one, ask for something."""
    return lambda session: session.pins.shift_in_time(by_s) if holding_in_sound(session) else session.request(what)


def stepped(steps: Sequence[float], value: float, by: int) -> float:
    """The step that lies `by` further than the one nearest to a value, and no further than the last one."""
    nearest = min(range(len(steps)), key=lambda n: abs(steps[n] - value))
    return steps[max(0, min(nearest + by, len(steps) - 1))]


def _speed(by: int) -> Do:
    return lambda session: session.change_view(speed=stepped(SPEEDS, _view(session).speed, by))


def _context(by: int) -> Do:
    return lambda session: session.change_view(context_s=stepped(CONTEXTS_S, _view(session).context_s, by))


def _range(by: int) -> Do:
    return lambda session: session.change_view(range_db=stepped(RANGES_DB, _view(session).range_db, by))


def _volume(by: int) -> Do:
    return lambda session: session.change_view(volume_db=stepped(VOLUMES_DB, _view(session).volume_db, by))


def _toggle(setting: str) -> Do:
    return lambda session: session.change_view(**{setting: not getattr(_view(session), setting)})


def _sound(name: str, label: str, do: Do, key: str, *, in_text: bool = False) -> Command[ReviewSession]:
    return Command(f"audio.{name}", label, do, key, _audio, "Sound", in_text, "audio")


SOUND_COMMANDS: tuple[Command[ReviewSession], ...] = (
    _sound("play", "Play or pause", _ask(Request.PLAY_PAUSE), "Space"),
    _sound("play_in_text", "Play or pause while typing", _ask(Request.PLAY_PAUSE), "Ctrl+Space", in_text=True),
    _sound("play_again", "Play it again from its start", _ask(Request.PLAY_AGAIN), "Shift+Space"),
    _sound("play_all", "Play all", _ask(Request.PLAY_ALL), "Ctrl+P"),
    _sound("back", "Back; a pin in hand 10 ms earlier", _back_or(-PIN_STEP_S, Request.BACK), "Left"),
    _sound("forward", "Forward; a pin in hand 10 ms later", _back_or(PIN_STEP_S, Request.FORWARD), "Right"),
    Command("audio.loop", "Loop", _toggle("loop"), "L", _of_recording, "Sound", scope="audio"),
    Command(
        "audio.original",
        "Hear the item's own recording, or the outputs",
        _toggle("hear_original"),
        "/",
        _has_original,
        "Sound",
        scope="audio",
    ),
    _sound("slower", "Slower", _speed(-1), "<"),
    _sound("faster", "Faster", _speed(+1), ">"),
    _sound("more_context", "More around a difference", _context(+1), "Shift+Up"),
    _sound("less_context", "Less around a difference", _context(-1), "Shift+Down"),
    _sound("select_forward", "Select forward", _ask(Request.SELECT_FORWARD), "Shift+Right"),
    _sound("select_back", "Select back", _ask(Request.SELECT_BACK), "Shift+Left"),
    _sound("select_word_forward", "Select to the next word", _ask(Request.SELECT_WORD_FORWARD), "Ctrl+Shift+Right"),
    _sound("select_word_back", "Select to the last word", _ask(Request.SELECT_WORD_BACK), "Ctrl+Shift+Left"),
    _sound("louder", "Louder", _volume(+1), "Ctrl+Up"),
    _sound("quieter", "Quieter", _volume(-1), "Ctrl+Down"),
    _sound("normalise", "As loud as any other", _toggle("normalise"), "*"),
    _sound("channel", "Next channel alone, then all", _ask(Request.NEXT_CHANNEL), "="),
    _sound("output", "Choose where it is heard", _ask(Request.CHOOSE_OUTPUT), "Alt+O"),
    _sound("spectrogram", "Spectrogram", _toggle("spectrogram"), "."),
    _sound("scale", "Spectrogram: mel or linear", _toggle("mel"), ":"),
    _sound("more_range", "Spectrogram: more of what is quiet", _range(+1), "Alt+Up"),
    _sound("less_range", "Spectrogram: less of what is quiet", _range(-1), "Alt+Down"),
    Command(
        "audio.select_nothing",
        "Select nothing",
        lambda s: s.select(None),
        "Backspace",
        _selected,
        "Sound",
        scope="audio",
    ),
)

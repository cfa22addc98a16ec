"""Times of a recording in words: seconds up to a minute, a clock from there on."""

from __future__ import annotations

from labeler.domain.items import TimeSpan

BY_THE_CLOCK_S = 100.0
"""Of a whole recording; a few seconds over a minute are still read as seconds."""


def clock(time_s: float) -> str:
    """`0:05.62`, from an hour on `1:00:05.62`."""
    minutes, hundredths = divmod(max(0, round(time_s * 100)), 6000)
    seconds = f"{hundredths // 100:02}.{hundredths % 100:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{seconds}" if minutes >= 60 else f"{minutes}:{seconds}"


def moment(time_s: float) -> str:
    """`5.50 s`, from a minute on `20:05.38`, from an hour on `1:00:05.14`."""
    return f"{time_s:.2f} s" if round(time_s, 2) < 60 else clock(time_s)


def stretch(span_s: TimeSpan) -> str:
    """`5.50–6.10 s`, or two moments of a clock."""
    start, end = span_s
    return f"{start:.2f}–{end:.2f} s" if round(end, 2) < 60 else f"{clock(start)}–{clock(end)}"


def duration(seconds: float) -> str:
    """`0.01 s`, `9.8 s`, and of what is longer than a minute and a half `2:05` or `3:00:00`."""
    if seconds < BY_THE_CLOCK_S:
        return f"{seconds:.{1 if seconds >= 1 or not seconds else 2}f} s"
    return clock(int(seconds)).removesuffix(".00")

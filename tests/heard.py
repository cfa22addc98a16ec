"""What was heard of the player on a sound server, and whose fault silence in it is.

A machine with more work than processors keeps the server, or the device's callback, waiting. The server then plays
silence, and loses some of the sound: that recording tells nothing of the player, and another one is made. The system
counts how long player and server waited for a processor, and silence that lasts longer than that is the player's fault:
on a quiet machine any. Where all recordings were torn, the barest player there can be is heard in the player's place:
if that one is not torn as well, the machine is no excuse.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.modalities.player.player import Player
from tests.modalities.hearing import wait_until
from tests.pulse import Pulse

BARE = Path(__file__).with_name("bare_player.py")
TRIES = 8
"""After some that were torn the player asks the device for more at a time."""
TORN_TOO = 3
"""So many torn recordings of the barest player, of as many as there were of the player, excuse it. A machine that tears
three of four lets all eight of the player's be torn one time in ten, and this one seven times whole never in thousands.
"""
GAP_S = 0.0005
"""So many samples of exactly nothing in a row are none of the sounds that the tests play."""


def heard(server: Pulse, player: Player, rate: int, play: Callable[[], None]) -> NDArray[np.float32]:
    """What the sink plays, shape (frames,), while `play` is at work, which may be more than once. No silence is in it
    but before the first sound and after the last.

    Skips the test where the machine tears every recording, whoever plays.
    """
    longest_s = 0.0
    for _ in range(TRIES):
        wait_until(lambda: player.state.device != "")
        with server.recorded(rate) as recorded:
            before, began = _waited_s(server, player), monotonic()
            play()
            waited = _waited_s(server, player) - before
            longest_s = max(longest_s, monotonic() - began)
        assert recorded[0].any(), f"nothing is heard {player.state.problem}"
        silent_s = silence_s(recorded[0], rate)
        if not silent_s:
            return recorded[0]
        assert silent_s <= waited, f"{silent_s:.3f} s of silence, though player and server waited {waited:.3f} s only"
    assert tears_any_player(server, rate, longest_s), f"all of {TRIES} recordings are torn, and of a bare player few"
    pytest.skip("this machine keeps the sound server waiting")


def tears_any_player(server: Pulse, rate: int, seconds: float) -> bool:
    """Whether the machine tears the barest player as well, in recordings as long and as many."""
    torn = 0
    for _ in range(TRIES):
        with server.recorded(rate) as recorded:
            subprocess.run([sys.executable, str(BARE), str(seconds)], check=True)
        assert recorded[0].any(), "the barest player is not heard"
        torn += silence_s(recorded[0], rate) > 0
        if torn >= TORN_TOO:
            return True
    return False


def waited_s(*pids: int) -> float:
    """How long the threads of these processes have been ready to run and were not let, in seconds.

    0 where the system does not count it: then any silence is the player's fault.
    """
    nanoseconds = 0
    for pid in pids:
        for counts in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                nanoseconds += int(counts.read_text().split()[1])
            except OSError:  # the thread has ended meanwhile
                continue
    return nanoseconds / 1e9


def player_pids(player: Player) -> list[int]:
    """The player's process, and those that stretch and watch for it if there are any."""
    pid = player._process.pid or 0
    return [pid, *children(pid)]


def children(pid: int) -> list[int]:
    """Of a process that may have ended meanwhile."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [*map(int, path.read_text().split())] if path.exists() else []


def _waited_s(server: Pulse, player: Player) -> float:
    return waited_s(*server.pids, *player_pids(player))


def silence_s(recorded: NDArray[np.float32], rate: int) -> float:
    """How much silence there is between the first sound and the last."""
    edges = np.flatnonzero(np.diff(recorded == 0.0, prepend=False, append=False)).reshape(-1, 2)
    inner = edges[(edges[:, 0] > 0) & (edges[:, 1] < len(recorded))]
    lengths = inner[:, 1] - inner[:, 0]
    return float(lengths[lengths >= GAP_S * rate].sum()) / rate

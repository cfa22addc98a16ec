"""What was heard of the player on a sound server, and whose fault silence in it is.

A machine with more work than processors keeps the server, or the device's callback, waiting. The server then plays
silence, and loses some of the sound: that recording tells nothing of the player, and another one is made. The system
counts how long player and server waited for a processor, and silence that lasts longer than that is the player's fault:
on a quiet machine any.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.modalities.player import Player
from tests.modalities.hearing import wait_until
from tests.pulse import Pulse

TRIES = 8
"""After some that were torn the player asks the device for more at a time."""
GAP_S = 0.0005
"""So many samples of exactly nothing in a row are none of the sounds that the tests play."""


def heard(server: Pulse, player: Player, rate: int, play: Callable[[], None]) -> NDArray[np.float32]:
    """What the sink plays, shape (frames,), while `play` is at work, which may be more than once. No silence is in it
    but before the first sound and after the last.

    Skips the test where the machine tears every recording.
    """
    for _ in range(TRIES):
        wait_until(lambda: player.state.device != "")
        with server.recorded(rate) as recorded:
            before = _waited_s(server, player)
            play()
            waited = _waited_s(server, player) - before
        assert recorded[0].any(), f"nothing is heard {player.state.problem}"
        silent_s = silence_s(recorded[0], rate)
        if not silent_s:
            return recorded[0]
        assert silent_s <= waited, f"{silent_s:.3f} s of silence, though player and server waited {waited:.3f} s only"
    pytest.skip("this machine keeps the sound server waiting")


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
    """The player's process, and the one that stretches for it if there is one."""
    pid = player._process.pid or 0
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *(map(int, children.read_text().split()) if children.exists() else ())]


def _waited_s(server: Pulse, player: Player) -> float:
    return waited_s(*server.pids, *player_pids(player))


def silence_s(recorded: NDArray[np.float32], rate: int) -> float:
    """How much silence there is between the first sound and the last."""
    edges = np.flatnonzero(np.diff(recorded == 0.0, prepend=False, append=False)).reshape(-1, 2)
    inner = edges[(edges[:, 0] > 0) & (edges[:, 1] < len(recorded))]
    lengths = inner[:, 1] - inner[:, 0]
    return float(lengths[lengths >= GAP_S * rate].sum()) / rate

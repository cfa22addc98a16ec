"""The barest player there can be: a PortAudio stream on the default device whose callback copies noise.

`python bare_player.py SECONDS`. What it cannot play whole, no player can.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import sounddevice
from numpy.typing import NDArray

from labeler.modalities.player.device import LATENCIES_S
from labeler.modalities.player.process import go_before_others

NOISE = np.asarray(np.random.default_rng(1).uniform(0.1, 0.3, 1 << 16), np.float32)
"""None of it is silence."""


def main(seconds: float) -> None:
    real_time = go_before_others()
    sys.setswitchinterval(0.001)

    def callback(out: NDArray[np.float32], count: int, _when: Any, _status: object) -> None:
        out[:] = NOISE[:count, None]

    with sounddevice.OutputStream(dtype=np.float32, latency=LATENCIES_S[0 if real_time else 1], callback=callback):
        time.sleep(seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]))

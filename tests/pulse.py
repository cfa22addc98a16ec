"""A private PulseAudio server with a sink that makes no noise, and a recorder of what was played there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROGRAMS = ("pulseaudio", "parec", "pacat", "pactl")
ALSA_TO_PULSE = "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n"


def missing() -> str:
    """Why no private server can be started here; empty when it can."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if lacking:
        return f"not installed: {', '.join(lacking)} (Debian: pulseaudio, pulseaudio-utils)"
    if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        return "not installed: ALSA's plugin for PulseAudio (Debian: libasound2-plugins)"
    return ""


def _put_first(program: subprocess.Popen[bytes]) -> None:
    """Real time where it is to be had: what is heard too late has to be the player's fault, and not that of the server
    or of who listens. A niceness of -11, which the server takes by itself, waits up to 90 ms on a machine with three
    times the work it can do; real time 3 ms.
    """
    with suppress(OSError):
        os.sched_setscheduler(program.pid, os.SCHED_RR, os.sched_param(5))


class Pulse:
    """The running server. `environment` is what a program needs to play there."""

    def __init__(self, folder: Path, rate: int) -> None:
        self._folder = folder
        self._rate = rate
        alsa = folder / "alsa.conf"
        alsa.write_text(ALSA_TO_PULSE)
        self.environment = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(alsa),
        }
        self._programs: list[subprocess.Popen[bytes]] = []
        self._modules: dict[str, str] = {}

    @property
    def pids(self) -> list[int]:
        """The server, and the programs that keep it going."""
        return [program.pid for program in self._programs]

    def start(self) -> None:
        self._run(
            *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr"),
            *("-L", f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1"),
        )
        while self._control("info").returncode:
            assert self._programs[0].poll() is None, "the PulseAudio server ended"
        _put_first(self._programs[0])  # again: when it starts it gives up what it was given
        self.add_sink()

    def add_sink(self, rate: int | None = None, name: str = "test", label: str = "A sink of the tests") -> None:
        """`label` has no quotes in it; it is what a desktop's settings show."""
        described = "sink_properties=device.description='{}'".format(label.replace(" ", r"\ "))
        made = ("load-module", "module-null-sink", f"sink_name={name}", f"rate={rate or self._rate}", described)
        self._modules[name] = self._control(*made).stdout.decode().strip()
        # A null sink alone takes two seconds of sound at a time; a client that wants it soon makes all get it soon.
        self._run("pacat", f"--device={name}", "--latency-msec=5", "--raw", "/dev/zero")

    def remove_sinks(self) -> None:
        """As when the only sound card is pulled out."""
        self._control("unload-module", "module-null-sink")

    def remove_sink(self, name: str) -> None:
        """As when one of several sound cards is pulled out."""
        self._control("unload-module", self._modules.pop(name))

    def load(self, module: str) -> None:
        self._control("load-module", module)

    def unload(self, module: str) -> None:
        self._control("unload-module", module)

    def hold_sink(self, held: bool) -> None:
        """As when another program takes the sound card for itself."""
        self._control("suspend-sink", "test", str(int(held)))

    @contextmanager
    def hung(self) -> Iterator[None]:
        """The sound system does not answer anybody."""
        self._programs[0].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._programs[0].send_signal(signal.SIGCONT)

    def kill_server(self) -> None:
        """As when the sound system goes down in the middle of playback."""
        self.stop()
        (self._folder / "native").unlink(missing_ok=True)

    @contextmanager
    def recorded(self, rate: int, sink: str = "test") -> Iterator[list[NDArray[np.float32]]]:
        """Record what the sink plays; the list holds it, shape (frames,), when the block is left."""
        path = self._folder / f"recorded-{sink}.raw"
        command = ("parec", f"--device={sink}.monitor", "--format=float32le", f"--rate={rate}", "--channels=1", "--raw")
        recorder = self._run(*command, "--latency-msec=5", str(path))
        while not path.exists() or not path.stat().st_size:
            assert recorder.poll() is None, "parec ended"
        into: list[NDArray[np.float32]] = []
        yield into
        enough = path.stat().st_size + 4 * rate // 2  # what was still on its way through device and server
        while path.stat().st_size < enough:
            assert recorder.poll() is None, "parec ended"
        self._programs.remove(recorder)
        recorder.terminate()
        recorder.wait()
        into.append(np.fromfile(path, np.float32))
        path.unlink()

    def stop(self) -> None:
        for program in reversed(self._programs):
            program.terminate()
            program.wait()
        self._programs.clear()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        program = subprocess.Popen(
            ("nice", "-n", "-11", *command),
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _put_first(program)
        self._programs.append(program)
        return program

    def _control(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *command], env=os.environ | self.environment, capture_output=True, check=False, timeout=10
        )


@contextmanager
def pulse(rate: int = 44100) -> Iterator[Pulse]:
    with tempfile.TemporaryDirectory(prefix="pulse-") as folder:
        server = Pulse(Path(folder), rate)
        try:
            server.start()
            yield server
        finally:
            server.stop()

"""What this machine has and lacks, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from labeler.shipped import DEMO_PROJECT, RESOURCES
from labeler.steps.identity import keyring_is_locked, system_keyring
from labeler.store import sqlite_version


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is needed. `needed` is False for what only the app, or only sound, cannot do without."""

    name: str
    good: bool
    found: str
    needed: bool = True
    remedy: str = ""


def examine(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Everything that the commands (needed) and the app (not needed by the commands) stand on."""
    return [look(environ) for look in _LOOKS]


def _python(_: Mapping[str, str]) -> Finding:
    return Finding(
        "Python", sys.version_info >= (3, 11), platform.python_version(), remedy="install Python 3.11 or newer"
    )


def _sqlite(_: Mapping[str, str]) -> Finding:
    found, oldest = sqlite_version()
    good = found >= oldest
    said = ".".join(map(str, found))
    needs = ".".join(map(str, oldest))
    return Finding("SQLite", good, said, remedy=f"{needs} or newer is needed: pip install 'pysqlite3>=0.6.1'")


def _shipped(_: Mapping[str, str]) -> Finding:
    good = RESOURCES.is_dir() and DEMO_PROJECT.is_dir()
    return Finding(
        "shipped files",
        good,
        str(RESOURCES.parent),
        remedy="install labeler again: pip install --force-reinstall labeler",
    )


def _qt(_: Mapping[str, str]) -> Finding:
    return _package("Qt", "PySide6", "PySide6_Essentials")


def _pillow(_: Mapping[str, str]) -> Finding:
    return _package("pictures", "PIL", "pillow")


def _sound_files(_: Mapping[str, str]) -> Finding:
    return _package("sound files", "soundfile", "soundfile")


def _port_audio(_: Mapping[str, str]) -> Finding:
    if find_spec("sounddevice") is None:
        return Finding("PortAudio", False, "sounddevice is missing", False, "pip install 'labeler[desktop]'")
    # The wheels for Windows and macOS bring the library; on Linux it is the system's.
    bundled = sys.platform in ("win32", "darwin")
    library = "in the package" if bundled else find_library("portaudio") or ""
    remedy = "apt install libportaudio2 (Debian, Ubuntu), dnf install portaudio (Fedora)"
    return Finding("PortAudio", bool(library), library or "not found", False, remedy)


def _sound_outputs(_: Mapping[str, str]) -> Finding:
    if sys.platform != "linux":
        return Finding("sound outputs", True, "chosen in the app", False)
    found = shutil.which("pactl")
    said = found or "no pactl: sound comes from the system's choice of headset, speakers and others"
    return Finding("sound outputs", found is not None, said, False, "apt install pulseaudio-utils (Debian, Ubuntu)")


def _foreign_sound(_: Mapping[str, str]) -> Finding:
    found = shutil.which("ffmpeg")
    said = found or "no ffmpeg: M4A, AAC, WebM, AMR and WMA cannot be heard"
    return Finding("M4A and others", found is not None, said, False, "apt install ffmpeg, brew install ffmpeg")


def _display(environ: Mapping[str, str]) -> Finding:
    if sys.platform != "linux":
        return Finding("display", True, sys.platform, False)
    found = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY") or ""
    remedy = "run on a desktop, connect with ssh -X, or apt install xvfb and xvfb-run labeler"
    return Finding("display", bool(found), found or "none", False, remedy)


def _x_libraries(_: Mapping[str, str]) -> Finding:
    """Qt's X11 plug-in dies without a word when one of these is missing."""
    if sys.platform != "linux":
        return Finding("X11 libraries", True, "not needed here", False)
    wanted = ("xcb-cursor", "xkbcommon-x11", "xcb-icccm", "xcb-keysyms", "EGL", "fontconfig")
    missing = [name for name in wanted if find_library(name) is None]
    remedy = "apt install libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libegl1 libfontconfig1"
    return Finding(
        "X11 libraries", not missing, f"missing: {', '.join(missing)}" if missing else "all there", False, remedy
    )


def _fonts(_: Mapping[str, str]) -> Finding:
    found = sorted(path.name for path in (RESOURCES / "fonts").glob("*.?tf"))
    return Finding("fonts", bool(found), f"{len(found)} shipped", False, "install labeler again")


def _keyring(_: Mapping[str, str]) -> Finding:
    there = system_keyring() is not None
    good = there and not keyring_is_locked()
    lacking = "locked" if there else "none"
    found = "signs what you export" if good else f"{lacking}: exports are not signed, names are taken at their word"
    remedy = "pip install 'labeler[desktop]', and a keyring (gnome-keyring, KWallet) that is unlocked"
    if there:
        remedy = "unlock it, as logging in to the desktop does"
    return Finding("keyring", good, found, False, remedy)


def _disk(_: Mapping[str, str]) -> Finding:
    free = shutil.disk_usage(os.curdir).free // 1024**2
    return Finding("free space here", free >= 500, f"{free:,} MB", False, "free some space before you import")


def _package(name: str, module: str, distribution: str) -> Finding:
    remedy = "pip install 'labeler[desktop]'"
    if find_spec(module) is None:
        return Finding(name, False, "not installed", False, remedy)
    try:
        said = version(distribution)
    except PackageNotFoundError:
        said = "installed"
    return Finding(name, True, f"{distribution} {said}", False, remedy)


_LOOKS: tuple[Callable[[Mapping[str, str]], Finding], ...] = (
    _python,
    _sqlite,
    _shipped,
    _disk,
    _qt,
    _pillow,
    _sound_files,
    _port_audio,
    _sound_outputs,
    _foreign_sound,
    _display,
    _x_libraries,
    _fonts,
    _keyring,
)

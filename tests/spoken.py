"""A release of models that speak: three sentences, each spoken twice. File names name the models, as they do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from labeler.steps.project import Project
from tests.given import project_of

RATE = 16000
NAMES = {"old": ("speaker", "1.4"), "new": ("speaker", "2.0")}
SENTENCES = {"s1": "The next train leaves at ten past nine.", "s2": "Please hold the line.", "s3": "Thank you."}
PITCH = {"old": 220.0, "new": 330.0}
LOOKS = {"old": (2.0, 0.5), "new": (2.6, 0.08)}
"""Length in seconds and highest sample."""


def speech(text: str, pitch: float, seconds: float, peak: float) -> NDArray[np.float64]:
    """A vowel-like tone for each word, with pauses in between: what a voice's loudness looks like over time.

    A breath of noise goes through all of it, so that a pause of the voice is not taken for a gap of the player's; the
    pitch rises, so that no word is taken for another.
    """
    words = text.split()
    t = np.arange(round(RATE * seconds)) / RATE
    place = t * len(words) / seconds % 1.0
    tone = sum(np.sin(2 * np.pi * pitch * n * (t + t**2 / 20)) / n for n in range(1, 6))
    voice = tone / np.abs(tone).max() * np.where(place < 0.8, np.sin(np.pi * place / 0.8), 0.0)
    return np.asarray(peak * voice + 0.001 * np.random.default_rng(1).choice((-1, 1), len(t)))


def make_spoken(folder: Path) -> Project:
    """A project of three texts, open; its lead is `Ada Lead`.

    s1: the new output is longer and quieter; s2: the same bytes; s3: the old output is no sound at all.
    """
    given = folder / "given"
    outputs: dict[str, list[dict[str, object]]] = {side: [] for side in NAMES}
    for name, text in SENTENCES.items():
        for side, (model, version) in NAMES.items():
            file = given / "made" / f"{model}-{version}" / f"{name}.wav"
            file.parent.mkdir(parents=True, exist_ok=True)
            alike = name == "s2"
            voice = "old" if alike else side
            wave = speech(text, PITCH[voice], *LOOKS[voice])
            soundfile.write(file, wave, RATE)
            if (name, side) == ("s3", "old"):
                file.write_bytes(b"no sound")
            answer = {"item_id": name, "model": {"name": model, "version": version}}
            outputs[side].append({**answer, "media": file.relative_to(given).as_posix()})
    items: list[dict[str, object]] = [
        {"id": name, "modality": "text", "content": text, "prompt": "Speak this."} for name, text in SENTENCES.items()
    ]
    return project_of(folder / "spoken", given, {"items": items, **outputs})

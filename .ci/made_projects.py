"""Projects that the screenshots show besides the demo, made of its media."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import soundfile
from PIL import Image, ImageFilter

from labeler.shipped import DEMO_PROJECT
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_project
from labeler.steps.project import person_called

CALL = {"customer": "aud-007", "agent": "aud-008"}
PAUSE_S = 0.4


def cleaned_scans(scratch: Path) -> Path:
    """Outputs that are pictures: a receipt of the demo, cleaned by two filters of which one takes a line away."""
    given = scratch / "cleaned"
    given.mkdir()
    scan = Image.open(DEMO_PROJECT / "media" / "images" / "img-040.jpg").convert("RGB")
    sharp = scan.point([min(255, value + 24) if value > 160 else value for value in range(256)] * 3)
    sharp.paste("white", (165, 315, 265, 335))
    pictures = {"scan": scan, "old": scan.filter(ImageFilter.MedianFilter(3)), "new": sharp}
    for name, picture in pictures.items():
        picture.resize((860, 930), Image.Resampling.LANCZOS).save(given / f"{name}.png")
    item = {"id": "receipt", "modality": "image", "media": "scan.png", "prompt": "Take the noise out of the scan."}
    (given / "items.jsonl").write_bytes(orjson.dumps(item))
    for side in ("old", "new"):
        output = {"item_id": "receipt", "model": {"name": "cleaner", "version": side}, "media": f"{side}.png"}
        (given / f"{side}.jsonl").write_bytes(orjson.dumps(output))
    return _project(scratch / "Cleaned scans", given)


def stereo_call(scratch: Path) -> Path:
    """Two callers of the demo on the two sides of one call, with what both recognisers heard of each."""
    given = scratch / "call"
    given.mkdir()
    sounds = {who: soundfile.read(DEMO_PROJECT / "media" / "audio" / f"{id_}.flac") for who, id_ in CALL.items()}
    rate = sounds["customer"][1]
    begins = {"customer": 0, "agent": len(sounds["customer"][0]) + round(PAUSE_S * rate)}
    call = np.zeros((begins["agent"] + len(sounds["agent"][0]), 2))
    for side, (who, (sound, _)) in enumerate(sounds.items()):
        call[begins[who] : begins[who] + len(sound), side] = sound
    soundfile.write(given / "call.flac", call, rate)
    item = {"id": "call", "modality": "audio", "media": "call.flac", "prompt": "Transcribe the call, both sides."}
    (given / "items.jsonl").write_bytes(orjson.dumps(item))
    for side in ("old", "new"):
        heard = {line["item_id"]: line for line in _lines(DEMO_PROJECT / f"outputs-{side}.jsonl")}
        segments = [
            _later(word, begins[who] / rate) | {"speaker": who}
            for who, id_ in CALL.items()
            for word in heard[id_]["segments"]
        ]
        output = heard[CALL["customer"]] | {
            "item_id": "call",
            "text": " ".join(heard[id_]["text"] for id_ in CALL.values()),
            "segments": segments,
        }
        (given / f"{side}.jsonl").write_bytes(orjson.dumps(output))
    return _project(scratch / "Calls", given)


def _later(segment: dict, by_s: float) -> dict:
    return segment | {name: segment[name] + by_s for name in ("start_s", "end_s")}


def _project(folder: Path, given: Path) -> Path:
    with create_project(folder) as project:
        lead = person_called(project, "Ada")
        bring(project, Files(*(given / f"{name}.jsonl" for name in ("items", "old", "new"))), lead)
    return folder


def _lines(path: Path) -> list[dict]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]

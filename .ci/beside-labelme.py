"""Loads the same picture with the same 10,000 boxes into labelme and into Labeler, by turns, and prints the ratios.

    python3 -m venv /tmp/labelme && /tmp/labelme/bin/pip install labelme
    QT_QPA_PLATFORM=offscreen .venv/bin/python .ci/beside-labelme.py /tmp/labelme/bin/python

labelme (GPL-3.0) is only run here, in an environment of its own, and is no dependency. Its window lists all shapes, and
Labeler draws them twice, as two models' readings. Times are from the question to the end of the first painting with
picture and shapes, and of a repaint after it. Each program runs in a process of its own, which is started beforehand.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZE = (4000, 3000)
COUNT = 10_000
ROUNDS = 5
FRAMES = 20
WINDOW = (1400, 900)


def main() -> None:
    if sys.argv[1] in ("labelme", "labeler"):
        say(json.dumps({"labelme": in_labelme, "labeler": in_labeler}[sys.argv[1]](Path(sys.argv[2]))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        labels = make(Path(scratch))
        found: dict[str, list[tuple[float, float]]] = {"labelme": [], "labeler": []}
        for _ in range(ROUNDS):
            for who, python in (("labelme", sys.argv[1]), ("labeler", sys.executable)):
                done = subprocess.run(
                    [python, __file__, who, str(labels)],
                    capture_output=True,
                    check=True,
                    text=True,
                    cwd=Path(__file__).parent.parent,
                )
                found[who].append(tuple(json.loads(done.stdout.splitlines()[-1])))
    for what, number in (("load", 0), ("repaint", 1)):
        theirs, ours = (statistics.median(pair[number] for pair in found[who]) for who in ("labelme", "labeler"))
        say(f"{what}: labelme {theirs * 1e3:,.1f} ms, Labeler {ours * 1e3:,.1f} ms, ratio {ours / theirs:.3f}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def make(folder: Path) -> Path:
    """A picture of twelve megapixels and labelme's file of its shapes."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 256, (300, 400, 3), np.uint8)).resize(SIZE).save(folder / "photo.jpg", quality=88)
    corners = rng.random((COUNT, 2)) * (SIZE[0] - 100, SIZE[1] - 50)
    boxes = np.hstack([corners, corners + 8 + rng.random((COUNT, 2)) * (90, 40)]).round(1).tolist()
    shapes = [
        {"label": "word", "points": [[x0, y0], [x1, y1]], "shape_type": "rectangle", "flags": {}, "group_id": None}
        for x0, y0, x1, y1 in boxes
    ]
    head = {"version": "5.0.0", "flags": {}, "imagePath": "photo.jpg", "imageData": None}
    labels = folder / "photo.json"
    labels.write_text(json.dumps({**head, "shapes": shapes, "imageWidth": SIZE[0], "imageHeight": SIZE[1]}))
    return labels


def in_labelme(labels: Path) -> tuple[float, float]:
    from labelme.app import MainWindow
    from PyQt5.QtWidgets import QApplication

    app = QApplication([])
    window = MainWindow()
    window.resize(*WINDOW)
    window.show()
    app.processEvents()
    start = time.perf_counter()
    window._load_file(str(labels))  # noqa: SLF001  # it has no public way
    app.processEvents()
    canvas = window._canvas_widgets.canvas  # noqa: SLF001
    canvas.repaint()
    loaded = time.perf_counter() - start
    if len(canvas.shapes) != COUNT:
        raise SystemExit(f"labelme shows {len(canvas.shapes)} shapes")
    return loaded, frame(canvas.repaint)


def in_labeler(labels: Path) -> tuple[float, float]:
    from PySide6.QtWidgets import QApplication

    from labeler.domain.blind import Sides, blind_pair
    from labeler.domain.items import Modality, ModelVersion, Output, Region
    from labeler.gui.panels.image.panel import ImagePanel
    from labeler.gui.tasks import Tasks
    from labeler.gui.theme import Theme, load_fonts
    from labeler.modalities.image.decoder import PictureDecoder
    from labeler.sessions.review.evidence import ShownEvidence, ShownItem

    app = QApplication([])
    load_fonts()
    tasks = Tasks()
    with PictureDecoder() as decoder:
        panel = ImagePanel(Theme(), tasks, decoder, {})
        panel.resize(*WINDOW)
        panel.show()
        app.processEvents()
        painted: list[str] = []
        panel.painted.connect(painted.append)
        start = time.perf_counter()
        shapes = json.loads(labels.read_text())["shapes"]
        boxes = [(*shape["points"][0], *shape["points"][1]) for shape in shapes]
        regions = tuple(Region(f"r{n}", box, text="word") for n, box in enumerate(boxes))
        output = Output("photo", ModelVersion("reader", "1"), regions=regions)
        item = ShownItem("photo", Modality.IMAGE, "", {}, labels.with_suffix(".jpg"), None)
        panel.show_state(None, ShownEvidence(item=item, pair=blind_pair(output, output, (), Sides("old", "new"))))
        while not painted:
            app.processEvents()
            time.sleep(0.0005)
        loaded = time.perf_counter() - start
        canvases = [card.canvas for card in panel.cards.values()]
        if any(canvas.picture is None for canvas in canvases):
            raise SystemExit("Labeler shows no picture")
        spent = frame(lambda: [canvas.repaint() for canvas in canvases])
        tasks.stop()
    return loaded, spent


def frame(paint: Callable[[], object]) -> float:
    """The median of some paintings, in seconds."""
    times = []
    for _ in range(FRAMES):
        start = time.perf_counter()
        paint()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()

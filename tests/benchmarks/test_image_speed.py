"""What the picture path costs beside a bare floor measured in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from labeler.domain.items import Region
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.paint import Outlines, ShownPicture
from labeler.gui.panels.image.regions import Regions
from labeler.gui.panels.image.view import View
from labeler.gui.theme import Theme
from labeler.modalities.image.decoder import Picture, PictureDecoder

SIZE = (4000, 3000)


def ratio(work: Callable[[], object], floor: Callable[[], object], rounds: int) -> float:
    """How many times as long `work` takes; the two by turns, and the best of each, since the machine is noisy."""

    def spent(run: Callable[[], object]) -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    pairs = [(spent(work), spent(floor)) for _ in range(rounds)]
    return min(work for work, _ in pairs) / min(floor for _, floor in pairs)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve megapixels with detail everywhere, as JPEG."""
    rng = np.random.default_rng(1)
    coarse = Image.fromarray(rng.integers(0, 256, (300, 400, 3), np.uint8)).resize(SIZE)
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    coarse.save(path, quality=88)
    return path


@pytest.fixture(scope="module")
def decoder() -> Iterator[PictureDecoder]:
    with PictureDecoder(cache_bytes=0) as started:
        yield started


def boxes(count: int) -> list[Region]:
    rng = np.random.default_rng(2)
    corners = rng.random((count, 2)) * (3900, 2950)
    ends = corners + 8 + rng.random((count, 2)) * (90, 40)
    return [Region(f"r{n}", (x0, y0, x1, y1)) for n, (x0, y0, x1, y1) in enumerate(np.hstack([corners, ends]).tolist())]


class Bare(QWidget):
    """A window that does nothing but paint."""

    def __init__(self, paint: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._paint = paint

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._paint(self)
            return True
        return super().event(event)


def test_decoding_beside_the_window_costs_little_more_than_decoding(
    benchmark: Any, decoder: PictureDecoder, photo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(photo.read_bytes())
    turn = iter(range(10**6))

    def handed_over() -> None:
        decoder.decode(photo if next(turn) % 2 else other)  # the cache holds one: never the one that is asked for

    def plain() -> None:
        np.asarray(Image.open(photo).convert("RGBA"))

    found = ratio(handed_over, plain, 6)
    benchmark.extra_info["ratio"] = round(found, 2)
    benchmark.pedantic(handed_over, rounds=3)
    assert found <= 1.5


def test_a_picture_at_hand_costs_next_to_nothing(benchmark: Any, photo: Path) -> None:
    with PictureDecoder() as decoder:
        decoder.decode(photo)

        def second_opening() -> None:
            ShownPicture(decoder.decode(photo))

        found = ratio(second_opening, lambda: Image.open(photo).load(), 5)
        benchmark.extra_info["ratio"] = round(found, 4)
        benchmark(second_opening)
    assert found <= 0.05


@pytest.mark.parametrize("count", [500, 10_000])
@pytest.mark.parametrize("zoom", ["fit", "actual size"])
def test_a_pan_frame_costs_little_more_than_bare_painting(
    benchmark: Any, qtbot: Any, decoder: PictureDecoder, photo: Path, count: int, zoom: str
) -> None:
    picture = decoder.decode(photo)
    theme, view = Theme(), View()
    pane = Canvas(theme, view)
    qtbot.addWidget(pane)
    pane.resize(505, 540)
    shown = ShownPicture(picture)
    view.show_picture(picture.width, picture.height)
    pane.set_picture(shown)
    regions = boxes(count)
    pane.set_output("A", Outlines(Regions("", regions)), ())
    if zoom == "fit":
        view.fit()
    else:
        view.actual_size(pane.viewport())
    target = QImage(505, 540, QImage.Format.Format_RGB32)
    step = iter(range(10**9))

    def frame() -> None:
        view.pan(QPointF(3 if next(step) % 2 else -3, 0), pane.viewport())
        pane.render(target)

    transform = view.transform(pane.viewport())
    whole = transform.mapRect(QRectF(0, 0, picture.width, picture.height))
    seen = (transform.inverted()[0].mapRect(QRectF(pane.rect())) & QRectF(0, 0, *SIZE)).toAlignedRect()
    backdrop = QPixmap.fromImage(shown.images[0].copy(seen).scaled(transform.mapRect(QRectF(seen)).size().toSize()))
    rectangles = [QRectF(r.box[0], r.box[1], r.box[2] - r.box[0], r.box[3] - r.box[1]) for r in regions if r.box]
    visible = [r for r in rectangles if r.intersects(QRectF(seen))]
    pen = QPen(QColor(theme.palette.a))
    pen.setCosmetic(True)

    def paint_bare(widget: QWidget) -> None:
        painter = QPainter(widget)
        painter.fillRect(widget.rect(), QColor(theme.palette.canvas))
        painter.drawPixmap(QPointF(max(whole.x(), 0), max(whole.y(), 0)), backdrop)
        painter.setTransform(transform, combine=True)
        painter.setPen(pen)
        painter.drawRects(visible)
        painter.end()

    floor = Bare(paint_bare)
    qtbot.addWidget(floor)
    floor.resize(505, 540)

    QApplication.processEvents()
    found = ratio(frame, lambda: floor.render(target), 40)
    benchmark.extra_info["ratio"] = round(found, 2)
    benchmark(frame)
    assert found <= 2.2  # the aim is 2; the machine is noisy


def test_finding_what_is_under_the_pointer_is_less_than_a_frame(benchmark: Any) -> None:
    """The floor is one look through all corners with numpy, what an index would have to beat."""
    regions = Regions("", boxes(10_000))
    points = np.random.default_rng(3).random((64, 2)) * SIZE
    turn = iter(range(10**9))

    def point_at() -> None:
        x, y = points[next(turn) % 64]
        regions.at(x, y)
        regions.within((x, y, x + 200, y + 200))

    def look_through() -> None:
        x, y = points[next(turn) % 64]
        b = regions.boxes
        np.flatnonzero((b[:, 0] <= x) & (b[:, 2] >= x) & (b[:, 1] <= y) & (b[:, 3] >= y))

    found = ratio(point_at, look_through, 200)
    benchmark.extra_info["ratio"] = round(found, 2)
    benchmark(point_at)
    assert found <= 4


# Big pictures. The full size is 100 megapixels; the suite makes do with 40.


@pytest.fixture(scope="module", params=[40, pytest.param(100, marks=pytest.mark.soak)])
def big_photo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That many megapixels with detail everywhere, as JPEG."""
    width = {40: 7304, 100: 11_548}[request.param]
    rng = np.random.default_rng(1)
    coarse = Image.fromarray(rng.integers(0, 256, (270, 360, 3), np.uint8)).resize((width, width * 3 // 4))
    path = tmp_path_factory.mktemp("photo") / "big.jpg"
    coarse.save(path, quality=88)
    return path


class Stage:
    """A pane that shows a big picture as the panel does; times are from the question to the end of the painting."""

    def __init__(self, qtbot: Any, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.view = View()
        self.pane = Canvas(Theme(), self.view)
        qtbot.addWidget(self.pane)
        self.pane.resize(1000, 700)
        self.target = QImage(1000, 700, QImage.Format.Format_RGB32)

    def show(self, picture: Picture) -> None:
        self.view.show_picture(picture.width, picture.height)
        self.pane.set_picture(ShownPicture(picture))
        if picture.shrunk:
            self.view.fit()
        else:
            self.view.actual_size(self.pane.viewport())
        self.pane.render(self.target)

    def open_again(self, decoder: PictureDecoder) -> None:
        self.show(decoder.decode(self.path))

    def open(self, decoder: PictureDecoder) -> tuple[float, float, float]:
        """Seconds until the coarse picture is painted, the detail of the view zoomed to, and until all is there."""
        times: list[float] = []

        def painted(picture: Picture) -> None:
            if not picture.bands:
                self.show(picture)
                times.append(time.perf_counter() - start)
                self.view.actual_size(self.pane.viewport())
                seen = self.seen()
                decoder.look(self.path, 0, (int(seen.top()), int(seen.bottom())))
            else:
                shown = ShownPicture(picture)
                self.pane.set_picture(shown)
                self.pane.render(self.target)
                times.append(time.perf_counter() - start)
                assert not shown.is_coarse(self.seen())

        start = time.perf_counter()
        self.show(decoder.decode(self.path, on_coarse=painted))
        coarse, detail = times
        return coarse, detail, time.perf_counter() - start

    def seen(self) -> QRectF:
        """The part of the picture in view."""
        return self.view.transform(self.pane.viewport()).inverted()[0].mapRect(QRectF(self.pane.rect()))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_a_big_picture_is_there_at_the_speed_of_its_decoding(
    benchmark: Any, qtbot: Any, big_photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # for the floor, which is Pillow in this process
    stage = Stage(qtbot, big_photo, tmp_path)

    def draft() -> None:
        with Image.open(big_photo) as picture:
            picture.draft(None, (picture.width // 8, picture.height // 8))
            picture.load()

    def whole() -> None:
        with Image.open(big_photo) as picture:
            picture.load()

    rounds = []
    for _ in range(5):
        with PictureDecoder(folder=tmp_path) as decoder:
            with_small = tmp_path / "warm.png"
            Image.new("L", (8, 8)).save(with_small)
            decoder.decode(with_small)  # the process is started when a window opens, not when a picture is
            rounds.append(
                (*stage.open(decoder), seconds(draft), seconds(whole), seconds(lambda: stage.open_again(decoder)))
            )
    coarse, detail, everything, drafted, loaded, again = (min(column) for column in zip(*rounds, strict=True))
    benchmark.extra_info["coarse / draft"] = round(coarse / drafted, 2)
    benchmark.extra_info["detail / load"] = round(detail / loaded, 2)
    benchmark.extra_info["everything / load"] = round(everything / loaded, 2)
    benchmark.extra_info["again / load"] = round(again / loaded, 3)
    benchmark.pedantic(draft, rounds=1)
    # The aim of 1.2 is that of 100 megapixels: of 40, a draft is over in 50 ms, and the hand-over is a larger part.
    assert coarse <= 2 * drafted
    assert detail <= 2.3 * loaded  # the aim is 2, that of 100 megapixels
    assert everything <= 4 * loaded  # what nobody looks at yet
    assert again <= 0.05 * loaded


def test_memory_is_bounded_by_what_is_visible_and_the_stated_limit(big_photo: Path, qtbot: Any, tmp_path: Path) -> None:
    """Anonymous and shared memory of the window's process; pages of the file on disk the system takes back at will."""
    stage = Stage(qtbot, big_photo, tmp_path)
    stage.pane.render(stage.target)
    copies = [tmp_path / f"{n}.jpg" for n in range(3)]
    for path in copies:
        path.hardlink_to(big_photo)
    limit = 64 * 2**20
    before = held()
    with PictureDecoder(cache_bytes=limit, folder=tmp_path) as decoder:
        for path in copies:
            stage.path = path
            stage.open(decoder)
            for by in range(0, 3000, 250):
                stage.view.pan(QPointF(-by, -by / 2), stage.pane.viewport())
                stage.pane.render(stage.target)
        grown = held() - before
    visible = 1000 * 700 * 4
    assert grown <= 2 * visible + limit


def held() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("memory can be looked up on Linux only")
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return sum(int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))

"""Big pictures through the real decoder process: coarse first, pixels on disk, limits kept, libvips beyond Pillow."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from labeler.errors import LabelerError
from labeler.modalities.image import upright
from labeler.modalities.image.decoder import Picture, PictureDecoder
from tests.attacks.open_hostile_media import hollow_tiff
from tests.big_picture import SIZE


@pytest.fixture
def decoder(tmp_path: Path) -> Iterator[PictureDecoder]:
    with PictureDecoder(folder=tmp_path / "cache") as started:
        yield started


def at(picture: Picture, x: float, y: float) -> NDArray[np.int16]:
    """The pixel at a share of width and height, from the first level."""
    level = picture.levels[0]
    found: NDArray[np.int16] = level[int(y * (level.shape[0] - 1)), int(x * (level.shape[1] - 1))].astype(np.int16)
    return found


def test_a_big_jpeg_comes_coarse_and_then_in_full_with_the_same_places(
    decoder: PictureDecoder, big: Path, tmp_path: Path
) -> None:
    coarse: list[Picture] = []
    full = decoder.decode(big, on_coarse=coarse.append)
    first, with_rows = coarse
    assert (first.shrunk, with_rows.shrunk, full.shrunk) == (3, 3, 0)
    (band,) = with_rows.bands
    top, until = band.rows
    assert top < full.height / 2 < until, "nobody said where they look"
    assert (band.pixels == full.levels[0][top:until]).all()
    assert (first.width, first.height) == (full.width, full.height) == SIZE[::-1], "upright, both of them"
    assert first.nbytes < full.nbytes / 40
    for x, y in ((0.02, 0.02), (0.98, 0.02), (0.5, 0.7), (0.98, 0.98)):
        assert np.abs(at(first, x, y) - at(full, x, y)).max() <= 6
    assert full.on_disk
    assert list((tmp_path / "cache").iterdir()) == [], "in a file without a name"
    assert decoder.decode(big) is decoder.cached(big) is full
    halved = [level.shape[:2] for level in full.levels]
    assert halved[3] == first.levels[0].shape[:2], "a coarse picture's first level is one of the full one's"


def test_a_big_picture_that_fits_on_no_disk_is_kept_coarse(
    decoder: PictureDecoder, big: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.modalities.image.child._SPARE_BYTES", 2**62)
    seen: list[Picture] = []
    with pytest.raises(LabelerError, match=r"needs 0\.2 GB of disk") as refused:
        decoder.decode(big, on_coarse=seen.append)
    assert refused.value.kept == "the coarse picture"
    cached = decoder.cached(big)
    assert cached is not None
    assert cached.shrunk == seen[0].shrunk == 3


@pytest.mark.soak
def test_what_is_kept_stays_within_the_limits_of_memory_and_of_disk(big: Path, tmp_path: Path) -> None:
    small = [tmp_path / f"{n}.png" for n in range(4)]
    for path in small:
        Image.new("RGB", (500, 400)).save(path)
    copies = [tmp_path / f"{n}.jpg" for n in range(2)]
    for path in copies:
        os.link(big, path)
    one = 500 * 400 * 4 * 2
    with PictureDecoder(cache_bytes=one, disk_bytes=300 * 2**20, folder=tmp_path) as decoder:
        for path in (*small, *copies):
            decoder.decode(path)
        kept = [decoder.cached(path) for path in (*small, *copies)]
        whole = [picture for picture in kept if picture is not None and not picture.shrunk]
        assert sum(picture.nbytes for picture in whole if not picture.on_disk) <= one
        assert sum(picture.nbytes for picture in whole if picture.on_disk) <= 300 * 2**20
        assert decoder.cached(copies[0]) is not None, "at least coarse"


def test_a_big_png_grows_while_it_is_decompressed(decoder: PictureDecoder, tmp_path: Path) -> None:
    path = tmp_path / "big.png"
    Image.new("L", SIZE, 77).save(path, compress_level=1)
    seen: list[Picture] = []
    decoder.look(path, 0, (100, 700))
    full = decoder.decode(path, on_coarse=seen.append)
    first = next(one for one in seen if one.pixel(50, 699))
    assert first.bands[0].rows[0] == 0
    assert not first.on_disk, "it may be kept while the file that holds all pixels goes"
    assert [level.shape for level in first.levels] == [level.shape for level in full.levels[3:]]
    for picture in (first, full):
        assert (picture.levels[0][0, 0] == (77, 77, 77, 255)).all()
        assert picture.pixel(50, 300) == (77, 77, 77, 255)
    assert first.pixel(50, first.height - 1) is None
    assert first.unread == ((first.bands[0].rows[1], first.height),), "and said to be so"
    assert full.shrunk == 0
    assert full.unread == ()
    with decoder._changed:
        (lasting,) = decoder._coarse.values()
    assert lasting.unread == ()
    assert (lasting.levels[0] == full.levels[3]).all(), "what is kept when the whole picture has to go is all there"


def test_the_rows_that_are_looked_at_come_first_even_when_that_is_said_late(decoder: PictureDecoder, big: Path) -> None:
    seen: list[Picture] = []

    def note(picture: Picture) -> None:
        if not picture.bands:  # the coarse one: now somebody zooms in, near the edge
            decoder.look(big, 0, (SIZE[0] - 300, SIZE[0] + 200))
        seen.append(picture)

    full = decoder.decode(big, on_coarse=note)
    (band,) = seen[-1].bands
    assert band.rows[0] <= SIZE[0] - 300
    assert band.rows[1] == SIZE[0]
    assert (band.pixels[-300:] == full.levels[0][-300:]).all()
    cached = decoder.cached(big)
    assert cached is full
    with decoder._changed:
        assert all(not kept.bands for kept in decoder._coarse.values()), "rows would keep the file they lie in"


def test_who_waits_for_a_decode_ahead_gets_what_it_has_meanwhile(decoder: PictureDecoder, big: Path) -> None:
    first, second = list[Picture](), list[Picture]()
    started = threading.Event()

    def begin(picture: Picture) -> None:
        first.append(picture)
        started.set()

    ahead = threading.Thread(target=lambda: decoder.decode(big, on_coarse=begin))
    ahead.start()
    assert started.wait(30)
    full = decoder.decode(big, on_coarse=second.append)
    ahead.join(30)
    assert [bool(one.bands) for one in first] == [False, True]
    assert second
    assert second[-1].bands
    assert decoder.cached(big) is full


def test_a_picture_too_large_for_pillow_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "large.bmp"
    Image.new("1", (20_000, 10_001)).save(path)
    with pytest.raises(upright.TooLargeError, match=r"more than 200 megapixels.*without the extra `huge`"):
        upright.open_upright(path)


@pytest.mark.parametrize("strips", [70, 259], ids=["Pillow", "libvips"])
def test_a_few_bytes_that_claim_a_huge_picture_are_refused_before_the_disk_is_filled(
    decoder: PictureDecoder, tmp_path: Path, strips: int
) -> None:
    path = tmp_path / "hollow.tif"
    path.write_bytes(hollow_tiff(strips))
    assert path.stat().st_size < 3_000
    with pytest.raises(
        LabelerError, match=r"claims (181|671) megapixels in [\d,]+ bytes.* would take \d\.\d GB of disk"
    ):
        decoder.decode(path)
    assert not list((tmp_path / "cache").glob("*"))


def test_a_blank_page_as_well_packed_as_can_be_is_shown(decoder: PictureDecoder, tmp_path: Path) -> None:
    path = tmp_path / "blank.tif"
    Image.new("1", (8_000, 6_000)).save(path, compression="tiff_adobe_deflate")
    full = decoder.decode(path)
    assert full.width * full.height > 5_000 * path.stat().st_size


@pytest.mark.soak
def test_more_than_200_megapixels_come_coarse_and_in_full(decoder: PictureDecoder, tmp_path: Path) -> None:
    import pyvips

    path = tmp_path / "huge.jpg"
    # A cast alone would stop at 255.
    columns = pyvips.Image.xyz(21_000, 10_000)[0] % 256
    columns.cast("uchar").bandjoin([128, 7]).copy(interpretation="srgb").jpegsave(str(path))
    seen: list[Picture] = []
    full = decoder.decode(path, on_coarse=seen.append)
    assert (full.width, full.height) == (seen[0].width, seen[0].height) == (21_000, 10_000)
    assert np.abs(full.levels[0][9_999, 20_999].astype(int) - (7, 128, 20_999 % 256, 255)).max() <= 12


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["jpg", "png", "strips.tif", "tiles.tif"])
def test_of_200_megapixels_what_is_looked_at_comes_first_wherever_that_is(
    decoder: PictureDecoder, tmp_path: Path, kind: str
) -> None:
    """The full size; `test_big_formats` looks at the order and the pixels of every format closely, at a small one."""
    path = tmp_path / f"whole.{kind}"
    save_200_megapixels(path, kind)
    seen: list[tuple[float, Picture]] = []
    places = [(300, 1000), (11_000, 11_700), (6000, 6700)]

    def note(picture: Picture) -> None:
        seen.append((time.perf_counter() - start, picture))
        if picture.bands and len(places) > 1:  # what is looked at is there: pan away
            places.pop(0)
            decoder.look(path, 0, places[0])

    decoder.look(path, 0, places[0])
    start = time.perf_counter()
    full = decoder.decode(path, on_coarse=note)
    took = time.perf_counter() - start
    sharp = [next((at for at, one in seen if one.pixel(8000, y) is not None), took) for y in (650, 11_350, 6350)]
    assert seen[0][1].levels, "coarse first"
    assert seen[0][0] < took / 3
    assert sharp[0] < took / 2
    if kind != "png":  # its rows can only be had in order
        assert sharp[1] < took
    assert full.pixel(8000, 650) == next(one.pixel(8000, 650) for _, one in seen if one.pixel(8000, 650) is not None)
    (child,) = decoder.processes
    if kind.endswith("tif"):
        assert held_at_most(child) < 300 * 2**20, "a fifth of what all of its pixels take"


def save_200_megapixels(path: Path, kind: str) -> None:
    import pyvips

    columns, rows = (pyvips.Image.xyz(16_000, 12_400)[band] % 256 for band in range(2))
    image = columns.cast("uchar").bandjoin([rows.cast("uchar"), 90]).copy(interpretation="srgb")
    if kind == "jpg":
        image.jpegsave(str(path))
    elif kind == "png":
        image.pngsave(str(path), compression=1)
    else:
        image.tiffsave(str(path), tile=kind == "tiles.tif", compression="deflate", bigtiff=True)


def held_at_most(process: int) -> int:
    """Bytes of memory that a process ever held."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("memory can be looked up on Linux only")
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(fields["VmHWM"].split()[0]) * 1024

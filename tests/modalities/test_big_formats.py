"""Every way to read a big picture gives the pixels that Pillow gives for all of it, in the order that is wanted."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from labeler.modalities.image import band_writer, big, huge, tiff_rows, upright
from labeler.modalities.image.pixel_layout import ROWS, PixelLayout, chain, length
from labeler.modalities.image.rows_as_they_come import StartWriter

SIZE = (1046, 602)
ROWS_AT = 2**24
Levels = list[NDArray[np.int16]]
Write = Callable[[Path, StartWriter], PixelLayout | None]


class Reading:
    """One reading of a file, and what was told of it meanwhile."""

    def __init__(self, folder: Path, *, small: bool = True) -> None:
        self.told: list[PixelLayout] = []
        self.on_told: Callable[[], None] = lambda: None
        self._file = (folder / "pixels").open("w+b")
        self.start = big.start_in(self._file, ROWS_AT, self._take, small=small)

    def close(self) -> None:
        self._file.close()

    def look(self, top: int, until: int) -> None:
        self._file.seek(ROWS_AT)
        self._file.write(struct.pack(ROWS, top, until))
        self._file.flush()

    def run(self, path: Path, write: Write) -> tuple[Levels, PixelLayout]:
        layout = write(path, self.start)
        assert layout is not None, "it is read another way"
        return self.levels(layout.sizes), layout

    def _take(self, raw: dict[str, Any]) -> None:
        self.told.append(PixelLayout.from_json(raw))
        self.on_told()

    def levels(self, sizes: tuple[tuple[int, int], ...]) -> Levels:
        levels, start = [], 0
        for width, height in sizes:
            self._file.seek(start)
            pixels = np.frombuffer(self._file.read(width * height * 4), np.uint8)
            levels.append(pixels.reshape(height, width, 4).astype(np.int16))
            start += width * height * 4
        return levels


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    monkeypatch.setattr(band_writer, "_BAND_BYTES", 2**17)  # the picture is small
    with closing(Reading(tmp_path)) as started:
        yield started


def by_pillow(path: Path, start: StartWriter) -> PixelLayout | None:
    return big.write_all(path, 0, upright.Shelf(), start)


def by_tiles(path: Path, start: StartWriter) -> PixelLayout | None:
    return big._write_by_tiles(path, 0, start)


def noise(mode: str) -> Image.Image:
    rng = np.random.default_rng(4)
    bands = {"L": (), "RGB": (3,), "RGBA": (4,), "CMYK": (4,)}[mode]
    raw = rng.integers(0, 256, (301, 523, *bands), np.uint8)
    return Image.fromarray(raw, "CMYK" if mode == "CMYK" else None).resize(SIZE)


def expected(path: Path) -> tuple[Levels, bool]:
    opened = upright.open_upright(path)
    found = []
    for level in upright.levels(opened.picture):
        written = io.BytesIO()
        upright.write_pixels(level, written)
        pixels = np.frombuffer(written.getvalue(), np.uint8).reshape(level.height, level.width, 4)
        found.append(pixels.astype(np.int16))
    return found, opened.picture.mode == "RGBA"


def assert_same(found: tuple[Levels, PixelLayout], path: Path, *, within: int = 0) -> None:
    levels, has_alpha = expected(path)
    assert found[1].sizes == tuple((level.shape[1], level.shape[0]) for level in levels)
    assert found[1].has_alpha == has_alpha
    for one, other in zip(found[0], levels, strict=True):
        assert np.abs(one - other).max() <= within


def tiled(path: Path, image: Image.Image, **how: Any) -> None:
    """A tiled TIFF, which Pillow cannot write."""
    import pyvips

    array = np.asarray(image)
    made = pyvips.Image.new_from_array(array)
    made.tiffsave(str(path), tile=True, tile_width=128, tile_height=64, **how)


@pytest.mark.parametrize("compression", ["none", "deflate", "lzw", "jpeg"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_tiled_tiff_is_read_tile_by_tile(reading: Reading, tmp_path: Path, compression: str, mode: str) -> None:
    if (compression, mode) == ("jpeg", "RGBA"):
        mode = "RGB"
    path = tmp_path / "tiled.tif"
    tiled(path, noise(mode), compression=compression)
    assert_same(reading.run(path, by_tiles), path)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1", "I;16", "CMYK", "profile"])
def test_a_tiff_of_strips_is_read_strip_by_strip(
    reading: Reading, tmp_path: Path, compression: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PIL.TiffImagePlugin.STRIP_SIZE", 2**14)
    path = tmp_path / "strips.tif"
    how: dict[str, Any] = {"compression": compression}
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(noise("L")).astype(np.uint16) * 257)
    elif mode == "profile":
        picture = noise("RGB")
        how["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    elif mode in ("P", "1"):
        picture = noise("RGB").convert(mode)
    else:
        picture = noise(mode)
    picture.save(path, **how)
    found = by_tiles(path, reading.start)
    if found is None:
        assert compression == "raw", "Pillow writes what is not compressed as one strip"
        found = by_pillow(path, reading.start)
    assert found is not None
    assert_same((reading.levels(found.sizes), found), path)


def test_of_a_tiled_tiff_only_the_tiles_of_what_is_looked_at_are_read_first(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tiled.tif"
    tiled(path, noise("RGB"), compression="deflate")
    read: list[tuple[int, int]] = []
    original = tiff_rows.TiffRows.read

    def note(rows: tiff_rows.TiffRows, top: int, until: int) -> Image.Image:
        read.append((top, until))
        return original(rows, top, until)

    monkeypatch.setattr(tiff_rows.TiffRows, "read", note)
    reading.look(400, 440)
    reading.on_told = lambda: reading.look(130, 140) if len(reading.told) == 1 else None  # then one pans away
    assert_same(reading.run(path, by_tiles), path)
    assert read[:2] == [(384, 448), (128, 192)]
    assert [one.bands for one in reading.told[:2]] == [((384, 448),), ((128, 192), (384, 448))]
    assert sorted(read) == [(top, min(top + 64, 602)) for top in range(0, 602, 64)], "each once"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16", "interlaced", "late EXIF", "black"])
def test_a_png_gives_its_rows_while_it_is_decompressed(
    reading: Reading, tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PIL.ImageFile.MAXBLOCK", 4096)
    monkeypatch.setattr(band_writer, "_TELL_EVERY_S", 0.0)
    path = tmp_path / "rows.png"
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(noise("L")).astype(np.uint16) * 257)
    elif mode == "black":
        picture = Image.new("RGB", SIZE)
    else:
        picture = noise("RGB").convert(mode) if mode in ("P", "1") else noise(mode if mode in ("L", "RGBA") else "RGB")
    picture.save(path)
    if mode == "late EXIF":
        path.write_bytes(with_late_exif(path.read_bytes()))
    if mode == "interlaced":
        import pyvips

        pyvips.Image.new_from_array(np.asarray(picture)).pngsave(str(path), interlace=True)
    reading.look(0, 20)
    assert_same(reading.run(path, by_pillow), path)
    if mode not in ("interlaced", "black"):
        assert reading.told[0].bands is not None
        assert reading.told[0].bands[0][1] < SIZE[1] / 2, "long before all of it"


def with_late_exif(png: bytes) -> bytes:
    """The orientation stands behind the pixels, as the format allows."""
    exif = Image.Exif()
    exif[0x0112] = 6
    body = exif.tobytes()[6:]
    chunk = struct.pack(">I", len(body)) + b"eXIf" + body + struct.pack(">I", zlib.crc32(b"eXIf" + body))
    return png[:-12] + chunk + png[-12:]


@pytest.mark.parametrize("looked_at", [(0, 0), (0, 1), (590, 700), (-50, 10_000)])
def test_whatever_is_looked_at_all_rows_come(reading: Reading, tmp_path: Path, looked_at: tuple[int, int]) -> None:
    path = tmp_path / "colour.bmp"
    noise("RGB").save(path)
    reading.look(*looked_at)
    assert_same(reading.run(path, by_pillow), path)


def test_a_damaged_tile_is_the_reason_that_pillow_gives(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "cut.tif"
    tiled(path, noise("RGB"), compression="deflate")
    whole = bytearray(path.read_bytes())
    with Image.open(path) as picture:
        tags: Any = picture.tag_v2  # type: ignore[attr-defined]
        tenth = tags[324][10]
    whole[tenth : tenth + 64] = b"\xff" * 64
    path.write_bytes(whole)
    with pytest.raises(upright.UnreadableError, match="is damaged"):
        reading.run(path, by_pillow)


# What libvips reads must not differ from what Pillow reads.


@pytest.mark.parametrize(
    ("name", "mode"), [("grey.png", "L"), ("colour.png", "RGB"), ("clear.png", "RGBA"), ("colour.tif", "RGB")]
)
@pytest.mark.parametrize("orientation", [1, 6])
def test_libvips_gives_the_levels_that_pillow_gives(
    reading: Reading, tmp_path: Path, name: str, mode: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / name
    noise(mode).save(path, exif=exif)
    # Alpha is multiplied in before rounding on one side and after on the other.
    assert_same(reading.run(path, huge.write_all), path, within=2)


def test_libvips_reads_a_tiled_tiff_where_one_looks(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "tiled.tif"
    tiled(path, noise("RGB"), compression="deflate")
    reading.look(400, 440)
    assert_same(reading.run(path, huge.write_all), path, within=2)
    assert reading.told[0].bands == ((384, 448),)


def test_libvips_shows_what_it_has_read_of_a_file_that_can_only_be_read_in_order(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(band_writer, "_TELL_EVERY_S", 0.0)
    path = tmp_path / "rows.png"
    noise("RGB").save(path)
    reading.run(path, huge.write_all)
    ends = [one.bands[0][1] for one in reading.told if one.bands]
    assert ends == sorted(ends)
    assert ends[0] < 100


@pytest.mark.parametrize("name", ["colour.jpg", "pyramid.tif"])
def test_a_coarse_picture_by_libvips_is_a_level_of_the_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("jpg"):
        noise("RGB").save(path, quality=95)
    else:
        tiled(path, noise("RGB"), pyramid=True)
    file = io.BytesIO()
    coarse = huge.coarse(path, file)
    assert (coarse.shrunk, coarse.full) == (3, SIZE)
    assert coarse.sizes == chain(SIZE)[3:]
    assert len(file.getvalue()) == length(coarse.sizes)


def test_libvips_gives_nothing_coarse_that_takes_as_long_as_everything(tmp_path: Path) -> None:
    path = tmp_path / "colour.png"
    noise("RGB").save(path)
    with pytest.raises(upright.NothingCoarseError):
        huge.coarse(path, io.BytesIO())


def test_a_damaged_file_is_a_reason_and_not_an_exception_of_libvips(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    whole = io.BytesIO()
    noise("RGB").save(whole, "PNG")
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(upright.UnreadableError, match="is damaged"):
        reading.run(path, huge.write_all)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("progressive.jpg", {"progressive": True}, "is a progressive JPEG, of which"),
        ("a.webp", {}, "is a WebP picture"),
        ("a.gif", {}, "is a GIF picture"),
        ("turned.jpg", {"exif": 6}, "is turned or mirrored in its file"),
        ("in order.jpg", {}, None),
        ("in order.png", {}, None),
        ("strips.tif", {}, None),
    ],
)
def test_libvips_holds_no_more_of_a_picture_than_it_may_and_says_what_to_do(
    reading: Reading,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    options: dict[str, Any],
    said: str | None,
) -> None:
    exif = Image.Exif()
    exif[0x0112] = options.pop("exif", 1)
    noise("RGB").save(tmp_path / name, exif=exif, **options)
    monkeypatch.setattr(huge, "HELD_BYTES", SIZE[0] * SIZE[1])
    if said is None:
        reading.run(tmp_path / name, huge.write_all)
    else:
        with pytest.raises(upright.UnreadableError, match=rf"{said}.*saved as a TIFF in tiles it can be shown"):
            reading.run(tmp_path / name, huge.write_all)


def test_a_kind_that_libvips_does_not_read_is_not_called_damaged(reading: Reading, tmp_path: Path) -> None:
    noise("RGB").save(tmp_path / "a.jp2")
    with pytest.raises(upright.UnreadableError, match=r"is of a kind that is read up to 200 megapixels"):
        reading.run(tmp_path / "a.jp2", huge.write_all)

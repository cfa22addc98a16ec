"""Odd and broken picture files, made here with Pillow, through the real decoder process."""

from __future__ import annotations

import io
import os
import signal
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from labeler.errors import LabelerError
from labeler.modalities.image.child import PictureChild
from labeler.modalities.image.decoder import Picture, PictureDecoder, Pixels

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def decoder() -> Iterator[PictureDecoder]:
    with PictureDecoder() as started:
        yield started


def corners() -> Image.Image:
    """24 × 16 pixels, each quarter another colour, so that every turn and mirror looks different."""
    picture = Image.new("RGB", (24, 16))
    for colour, at in ((RED, (0, 0)), (GREEN, (12, 0)), (BLUE, (0, 8)), (WHITE, (12, 8))):
        picture.paste(colour, (*at, at[0] + 12, at[1] + 8))
    return picture


def rgb(picture: Picture) -> Pixels:
    return picture.pixels[:, :, 2::-1]


def saved(path: Path, picture: Image.Image, **options: Any) -> Path:
    picture.save(path, **options)
    return path


# Orientation

# How to store a picture so that EXIF orientation n turns it upright again.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_picture_stands_upright_whatever_its_orientation(
    decoder: PictureDecoder, tmp_path: Path, orientation: int, kind: str
) -> None:
    turn = STORED_AS[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"lossless": True} if kind == "webp" else {}
    shown = decoder.decode(saved(tmp_path / f"turned.{kind}", stored, exif=exif, **options))
    assert np.array_equal(rgb(shown), np.asarray(corners()))


@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_turned_jpeg_stands_upright(decoder: PictureDecoder, tmp_path: Path, orientation: int) -> None:
    turn = STORED_AS[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = decoder.decode(saved(tmp_path / "turned.jpg", stored, exif=exif, quality=100, subsampling=0))
    assert np.abs(rgb(shown).astype(int) - np.asarray(corners())).max() <= 4


# Modes


def sixteen_bit() -> Image.Image:
    ramp = np.linspace(0, 65535, 64 * 4).astype(np.uint16).reshape(4, 64)
    return Image.fromarray(ramp)


def grey_alpha() -> Image.Image:
    return Image.merge("LA", [Image.new("L", (6, 3), 200), Image.new("L", (6, 3), 255)])


@pytest.mark.parametrize(
    ("name", "picture", "first", "tolerance"),
    [
        ("bits.png", Image.new("1", (9, 5), 1), WHITE, 0),
        ("grey.png", Image.new("L", (9, 5), 77), (77, 77, 77), 0),
        ("grey-alpha.png", grey_alpha(), (200, 200, 200), 0),
        ("palette.png", corners().quantize(4), RED, 0),
        ("palette.gif", corners().quantize(4), RED, 0),
        ("sixteen.png", sixteen_bit(), (0, 0, 0), 0),
        ("sixteen.tif", sixteen_bit(), (0, 0, 0), 0),
        ("float.tif", Image.fromarray(np.full((3, 4), 0.5, np.float32)), (128, 128, 128), 1),
        ("thirty-two.tif", Image.fromarray(np.full((3, 4), 65535, np.int32)), WHITE, 0),
        ("cmyk.jpg", corners().convert("CMYK"), RED, 8),
        ("cmyk.tif", corners().convert("CMYK"), RED, 8),
        ("ycbcr.jpg", corners().convert("YCbCr"), RED, 14),
        ("lab.tif", Image.new("LAB", (5, 5), (255, 128, 128)), WHITE, 3),
        ("plain.bmp", corners(), RED, 0),
        ("plain.ppm", corners(), RED, 0),
        ("plain.jp2", corners(), RED, 8),
        ("plain.avif", corners(), RED, 40),
        ("one-high.png", Image.new("RGB", (3000, 1), RED), RED, 0),
        ("one-wide.png", Image.new("RGB", (1, 3000), RED), RED, 0),
        ("one.png", Image.new("RGB", (1, 1), RED), RED, 0),
    ],
)
def test_every_mode_comes_out_as_eight_bit_colour(
    decoder: PictureDecoder,
    tmp_path: Path,
    name: str,
    picture: Image.Image,
    first: tuple[int, int, int],
    tolerance: int,
) -> None:
    shown = decoder.decode(saved(tmp_path / name, picture))
    assert (shown.width, shown.height) == picture.size
    assert shown.pixels.dtype == np.uint8
    assert np.abs(rgb(shown)[0, 0].astype(int) - first).max() <= tolerance
    assert (shown.pixels[:, :, 3] == 255).all()


def test_sixteen_bits_keep_their_range(decoder: PictureDecoder, tmp_path: Path) -> None:
    shown = rgb(decoder.decode(saved(tmp_path / "ramp.png", sixteen_bit())))
    expected = np.asarray(sixteen_bit()).astype(float) / 257
    assert np.abs(shown[:, :, 0] - expected).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("name", ["alpha.png", "alpha.webp"])
def test_alpha_is_kept_and_multiplied_in(decoder: PictureDecoder, tmp_path: Path, name: str) -> None:
    shown = decoder.decode(saved(tmp_path / name, Image.new("RGBA", (8, 8), (200, 100, 0, 128)), lossless=True))
    assert shown.has_alpha
    assert np.abs(shown.pixels[0, 0].astype(int) - (0, 50, 100, 128)).max() <= 1


def test_a_palette_colour_can_be_transparent(decoder: PictureDecoder, tmp_path: Path) -> None:
    picture = corners().quantize(4)
    shown = decoder.decode(saved(tmp_path / "clear.png", picture, transparency=picture.getpixel((0, 0))))
    assert shown.has_alpha
    assert shown.pixels[0, 0].tolist() == [0, 0, 0, 0]
    assert shown.pixels[0, 23].tolist() == [0, 255, 0, 255]


def test_colours_of_another_profile_are_brought_to_srgb(decoder: PictureDecoder, tmp_path: Path) -> None:
    # A profile of our own, which still calls itself sRGB: its primaries with red and blue exchanged.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(srgb)
    at = {tag: struct.unpack(">I", srgb[i + 4 : i + 8])[0] for tag, i in _tags(srgb)}
    red, blue = srgb[at[b"rXYZ"] : at[b"rXYZ"] + 20], srgb[at[b"bXYZ"] : at[b"bXYZ"] + 20]
    swapped[at[b"rXYZ"] : at[b"rXYZ"] + 20], swapped[at[b"bXYZ"] : at[b"bXYZ"] + 20] = blue, red
    shown = rgb(
        decoder.decode(saved(tmp_path / "swapped.png", Image.new("RGB", (4, 4), RED), icc_profile=bytes(swapped)))
    )
    assert np.abs(shown[0, 0].astype(int) - BLUE).max() <= 3


def _tags(profile: bytes) -> list[tuple[bytes, int]]:
    count = struct.unpack(">I", profile[128:132])[0]
    return [(profile[i : i + 4], i) for i in range(132, 132 + 12 * count, 12)]


def test_a_damaged_profile_is_passed_over(decoder: PictureDecoder, tmp_path: Path) -> None:
    shown = decoder.decode(saved(tmp_path / "profile.png", corners(), icc_profile=b"not a profile" * 20))
    assert np.array_equal(rgb(shown), np.asarray(corners()))


@pytest.mark.parametrize("name", ["pages.tif", "moving.gif", "moving.webp", "moving.png"])
def test_the_first_of_several_pages_is_shown_and_all_are_counted(
    decoder: PictureDecoder, tmp_path: Path, name: str
) -> None:
    first, others = corners().quantize(4).convert("RGB"), [Image.new("RGB", (24, 16), c) for c in (BLUE, GREEN)]
    shown = decoder.decode(saved(tmp_path / name, first, save_all=True, append_images=others, lossless=True))
    assert shown.pages == 3
    assert rgb(shown)[0, 0].tolist() == list(RED)


@pytest.mark.parametrize("name", ["pages.tif", "moving.gif", "moving.webp", "moving.png"])
def test_each_page_can_be_asked_for_and_one_too_many_is_refused(
    decoder: PictureDecoder, tmp_path: Path, name: str
) -> None:
    colours = [RED, BLUE, GREEN]
    sheets = [Image.new("RGB", (24, 16), c) for c in colours]
    path = saved(tmp_path / name, sheets[0], save_all=True, append_images=sheets[1:], lossless=True, duration=40)
    for page in (2, 0, 1):
        shown = decoder.decode(path, page)
        assert rgb(shown)[8, 8].tolist() == list(colours[page])
        assert shown.duration_s == (0.0 if name == "pages.tif" else 0.04)
    with pytest.raises(LabelerError, match="has no page 4: it has 3"):
        decoder.decode(path, 3)


def test_pages_may_be_of_different_sizes(decoder: PictureDecoder, tmp_path: Path) -> None:
    pages = [Image.new("RGB", size, RED) for size in ((24, 16), (300, 2000))]
    path = saved(tmp_path / "sizes.tif", pages[0], save_all=True, append_images=pages[1:])
    assert [(shown.width, shown.height) for shown in (decoder.decode(path, page) for page in (0, 1))] == [
        (24, 16),
        (300, 2000),
    ]


def test_each_level_is_half_as_large_and_averaged(decoder: PictureDecoder, tmp_path: Path) -> None:
    checks = np.indices((601, 803)).sum(axis=0) % 2 * 255
    shown = decoder.decode(saved(tmp_path / "checks.png", Image.fromarray(checks.astype(np.uint8))))
    assert [level.shape[:2] for level in shown.levels] == [(601, 803), (301, 402), (151, 201)]
    assert set(np.unique(shown.levels[1][:300, :401, 0])) <= {127, 128}


def test_what_is_transparent_does_not_bleed_into_smaller_levels(decoder: PictureDecoder, tmp_path: Path) -> None:
    pixels = np.zeros((400, 400, 4), np.uint8)
    pixels[:, ::2] = (255, 0, 0, 0)
    pixels[:, 1::2] = (0, 0, 255, 255)
    shown = decoder.decode(saved(tmp_path / "bleed.png", Image.fromarray(pixels)))
    assert not shown.levels[1][:, :, 2].any()


# Broken files


def png_with_header(width: int, height: int) -> bytes:
    """A PNG whose header promises more than its few bytes hold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def encoded(kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(written, kind, **options)
    return written.getvalue()


BROKEN = {
    "empty.png": (b"", "empty"),
    "text.png": (b"This is not a picture.\n" * 10, "text file"),
    "page.jpg": (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
    "document.png": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\0" * 100, "PDF"),
    "drawing.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "phone.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "pointer.png": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
    "archive.png": (b"PK\x03\x04" + b"\0" * 60, "ZIP"),
    "noise.png": (bytes(range(128, 256)) * 4, "not a picture"),
    "cut.png": (encoded("PNG")[:3000], "damaged"),
    "cut.jpg": (encoded("JPEG")[:1500], "damaged"),
    "cut.tif": (encoded("TIFF")[:3000], "damaged"),
    "cut.webp": (encoded("WEBP")[:1500], ""),
    "cut.bmp": (encoded("BMP")[:3000], "damaged"),
    "cut.jp2": (encoded("JPEG2000")[:1500], "damaged"),
    "head-only.png": (encoded("PNG")[:20], ""),
    "head-only.jpg": (encoded("JPEG")[:4], ""),
    "flipped.png": (bytes(b ^ (0xFF if 100 < n < 140 else 0) for n, b in enumerate(encoded("PNG"))), "damaged"),
    "bomb.png": (png_with_header(60_000, 60_000), "more than 1,000 megapixels"),
    "lie.png": (png_with_header(5_000, 5_000), "damaged"),
    "postscript.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "nothing-wide.png": (png_with_header(0, 10), ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_name_and_the_reason(
    decoder: PictureDecoder, tmp_path: Path, name: str
) -> None:
    data, reason = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(LabelerError, match=name) as refused:
        decoder.decode(tmp_path / name)
    assert reason in refused.value.what
    assert "ended the decoder" not in refused.value.what
    assert refused.value.remedy


def test_a_picture_with_another_kinds_ending_is_shown_all_the_same(decoder: PictureDecoder, tmp_path: Path) -> None:
    path = tmp_path / "really-a-jpeg.png"
    path.write_bytes(encoded("JPEG"))
    assert decoder.decode(path).width == 64


@pytest.mark.parametrize("make", ["missing", "folder", "pipe"])
def test_what_is_no_file_is_refused(decoder: PictureDecoder, tmp_path: Path, make: str) -> None:
    path = tmp_path / "item.png"
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)
    with pytest.raises(LabelerError, match=r"item\.png (is missing|is not a file)"):
        decoder.decode(path)


# The process


def test_the_next_picture_is_decoded_after_the_process_was_killed(tmp_path: Path) -> None:
    one, two = saved(tmp_path / "one.png", corners()), saved(tmp_path / "two.png", corners())
    with PictureDecoder() as decoder:
        decoder.decode(one)
        before = decoder.processes
        for process in before:
            os.kill(process, signal.SIGKILL)
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        assert decoder.decode(two).width == 24
        assert not set(before) & set(decoder.processes)


def test_a_picture_that_takes_too_long_ends_with_a_reason(tmp_path: Path) -> None:
    path = saved(tmp_path / "large.bmp", Image.new("RGB", (3000, 2000), RED))
    with PictureDecoder() as decoder:
        with pytest.raises(LabelerError, match=r"large\.bmp was not decoded within 0\.001 s"):
            decoder.decode(path, timeout_s=0.001)
        assert decoder.processes == ()
        assert decoder.decode(path).width == 3000


def test_a_picture_is_decoded_once_until_its_file_changes(tmp_path: Path) -> None:
    path = saved(tmp_path / "kept.png", corners())
    with PictureDecoder() as decoder:
        first = decoder.decode(path)
        assert decoder.decode(path) is first
        assert decoder.cached(path) is first
        saved(path, Image.new("RGB", (300, 200), BLUE))
        assert decoder.cached(path) is None
        assert decoder.decode(path).width == 300


def test_the_cache_lets_go_of_what_was_not_seen_for_longest(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{n}.png", Image.new("RGB", (100, 100))) for n in range(3)]
    with PictureDecoder(cache_bytes=100 * 100 * 4 * 2) as decoder:
        decoder.decode(paths[0])
        decoder.decode(paths[1])
        decoder.cached(paths[0])
        decoder.decode(paths[2])
        assert [decoder.cached(path) is not None for path in paths] == [True, False, True]


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the system does not list a process's open files")
def test_many_small_pictures_do_not_use_up_the_open_files(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{n}.png", Image.new("L", (3, 3))) for n in range(12)]
    with PictureDecoder(kept=4) as decoder:
        for path in paths[:4]:
            decoder.decode(path)
        before = len(list(OPEN_FILES.iterdir()))
        for path in paths[4:]:
            decoder.decode(path)
        assert len(list(OPEN_FILES.iterdir())) == before
        assert [decoder.cached(path) is not None for path in paths] == [False] * 8 + [True] * 4


def test_decoding_ahead_goes_past_a_broken_file(tmp_path: Path) -> None:
    broken, whole = tmp_path / "broken.png", saved(tmp_path / "whole.png", corners())
    broken.write_bytes(b"no")
    with PictureDecoder() as decoder:
        decoder.prefetch([broken, tmp_path / "missing.png", whole])
        assert decoder.cached(whole) is not None


def test_threads_that_want_the_same_picture_share_one_decode(tmp_path: Path) -> None:
    path = saved(tmp_path / "shared.png", Image.effect_noise((1000, 1000), 90))
    with PictureDecoder() as decoder, ThreadPoolExecutor(6) as threads:
        pictures = list(threads.map(decoder.decode, [path] * 12))
    assert len({id(picture) for picture in pictures}) == 1


def test_pixels_outlive_the_decoder(tmp_path: Path) -> None:
    with PictureDecoder() as decoder:
        picture = decoder.decode(saved(tmp_path / "kept.png", corners()))
    assert np.array_equal(rgb(picture), np.asarray(corners()))
    with pytest.raises(LabelerError, match="closing"):
        decoder.decode(tmp_path / "kept.png")


def test_the_process_may_not_take_all_memory(decoder: PictureDecoder, tmp_path: Path) -> None:
    decoder.decode(saved(tmp_path / "any.png", corners()))
    limits = Path(f"/proc/{decoder.processes[0]}/limits")
    if not limits.exists():
        pytest.skip("limits can be looked up on Linux only")
    line = next(line for line in limits.read_text().splitlines() if line.startswith("Max address space"))
    assert line.split()[3] == str(3 * 2**30)


def test_what_nobody_looks_at_any_more_is_not_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both processes are busy with files that take long; then somebody looks at something else."""
    slow, ahead, wanted = paths = [tmp_path / f"{name}.png" for name in ("slow", "ahead", "wanted")]
    for path in paths:
        Image.new("RGB", (60, 40), "teal").save(path)
    held: dict[Path, int] = {}
    decode = PictureChild.decode

    def decode_in_a_while(child: PictureChild, path: Path, page: int, timeout_s: float) -> Picture:
        if path != wanted and path not in held:
            held[path] = child.pid
            os.kill(child.pid, signal.SIGSTOP)
        return decode(child, path, page, timeout_s)

    monkeypatch.setattr(PictureChild, "decode", decode_in_a_while)

    class Pane: ...

    pane = Pane()
    with PictureDecoder(folder=tmp_path) as started, ThreadPoolExecutor() as threads:
        started.wait_for(pane, slow)
        left = threads.submit(started.decode, slow)
        waits_too = threads.submit(started.decode, slow)
        next_one = threads.submit(started.prefetch, [ahead])
        deadline = time.monotonic() + 20
        while (len(held) < 2 or not started._changed._waiters) and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.005)
        started.prefetch([ahead])  # as when the next item is shown: one thread is enough for what comes next
        started.wait_for(pane, wanted)
        assert started.decode(wanted).width == 60
        problems = [one.exception(20) for one in (left, waits_too)]
        assert all(isinstance(problem, LabelerError) for problem in problems), "neither goes on"
        assert [str(problem) for problem in problems if "nobody looks at it" in str(problem)], "nor begins anew"
        os.kill(held[ahead], signal.SIGCONT)
        next_one.result(20)
        assert started.cached(ahead) is not None, "what comes next is read on"
        assert started.decode(slow).width == 60, "and who comes back gets it"

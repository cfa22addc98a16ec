"""Opens mutated and crafted pictures and recordings one after the other: run by `test_hostile_media`.

Each is opened by the decoder that the window uses. What is neither shown nor refused with a LabelerError, takes more
than `SECONDS`, or needs more than `MEMORY` in the decoder's process goes to standard output, one line a file.
"""

from __future__ import annotations

import io
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from PIL import Image

from labeler.errors import LabelerError
from labeler.modalities.audio.recording import RecordingDecoder
from labeler.modalities.image.decoder import PictureDecoder
from labeler.modalities.image.picture import Picture

SECONDS = 10.0
MEMORY = 1024**3


def picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    shades = np.arange(size[0] * size[1] * 3, dtype=np.uint32).reshape(size[1], size[0], 3) % 251
    written = io.BytesIO()
    Image.fromarray(shades.astype(np.uint8)).save(written, form)
    return written.getvalue()


def sound(form: str, subtype: str | None = None) -> bytes:
    wave = np.sin(np.arange(4000) / 20).astype(np.float32)
    written = io.BytesIO()
    soundfile.write(written, np.stack([wave, wave / 2], 1), 16000, format=form, subtype=subtype)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"", *more: bytes, depth: int = 8) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def wav(
    rate: int = 16000, channels: int = 1, form: int = 1, bits: int = 16, data: bytes = b"", claims: int = -1
) -> bytes:
    length = len(data) if claims < 0 else claims
    frame = channels * bits // 8
    head = struct.pack("<HHIIHH", form, channels, rate, rate * frame & 0xFFFFFFFF, frame & 0xFFFF, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", length) + data
    return b"RIFF" + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


def gif_of_many_frames() -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * 200_000 + b"\x3b"


def tiff_that_turns_in_circles() -> bytes:
    entry = struct.pack("<HHII", 256, 3, 1, 1)
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


def hollow_tiff(strips: int = 259) -> bytes:
    """Of 25,904 pixels in black and white by 100 a strip, 671 megapixels in all: every strip is the same few bytes."""
    width, rows = 25_904, 100
    strip = zlib.compress(bytes(width // 8 * rows), 9)
    tags = (
        *((256, 4, 1, width), (257, 4, 1, rows * strips), (258, 3, 1, 1), (259, 3, 1, 8), (262, 3, 1, 1)),
        *((273, 4, strips, 8 + len(strip)), (277, 3, 1, 1), (278, 4, 1, rows)),
        (279, 4, strips, 8 + len(strip) + 4 * strips),
    )
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    where, lengths = struct.pack("<I", 8) * strips, struct.pack("<I", len(strip)) * strips
    begin = 8 + len(strip) + 8 * strips
    head = b"II*\x00" + struct.pack("<I", begin)
    return head + strip + where + lengths + struct.pack("<H", len(tags)) + entries + bytes(4)


ZEROS = zlib.compress(bytes(30_000_000), 9)
CRAFTED: dict[str, bytes] = {
    "huge-header.png": png(60_000, 60_000, ZEROS),
    "largest-header.png": png(2**31 - 1, 2**31 - 1, ZEROS),
    "no-width.png": png(0, 10, ZEROS),
    "long-and-thin.png": png(2_000_000, 40, ZEROS),
    "bomb-in-a-text.png": png(1, 1, zlib.compress(bytes(4)), chunk(b"zTXt", b"a\0\0" + ZEROS)),
    "bomb-in-a-profile.png": png(1, 1, zlib.compress(bytes(4)), chunk(b"iCCP", b"a\0\0" + ZEROS)),
    "many-texts.png": png(1, 1, zlib.compress(bytes(4)), *[chunk(b"tEXt", b"a\0b")] * 50_000),
    "data-too-short.png": png(4000, 4000, zlib.compress(bytes(100))),
    "no-data.png": png(4000, 4000),
    "odd-depth.png": png(10, 10, ZEROS, depth=7),
    "endless-frames.gif": gif_of_many_frames(),
    "claims-a-large-screen.gif": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b"\x3b",
    "hollow.tif": hollow_tiff(),
    "hollow-enough-for-pillow.tif": hollow_tiff(70),
    "circle.tif": tiff_that_turns_in_circles(),
    "claims-much.bmp": b"BM"
    + struct.pack("<IHHI", 100, 0, 0, 54)
    + struct.pack("<IiiHHIIiiII", 40, 2**30, -(2**30), 1, 32, 0, 0, 0, 0, 0, 0),
    "script.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n{ } loop\n",
    "page.jpg": b"<html><script>alert(1)</script></html>",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://tracker.example/x.png"/></svg>',
    "document.jpg": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "archive.png": b"PK\x03\x04" + bytes(1000),
    "program.png": b"\x7fELF" + bytes(1000),
    "sound.png": sound("WAV"),
    "empty.png": b"",
    "picture-cut.jpg": picture("JPEG")[:400],
    "picture.wav": picture("PNG"),
    "empty.wav": b"",
    "claims-more.wav": wav(data=bytes(1000), claims=2**32 - 10),
    "no-rate.wav": wav(rate=0, data=bytes(1000)),
    "high-rate.wav": wav(rate=2**31 - 1, data=bytes(1000)),
    "slow-rate.wav": wav(rate=1, data=bytes(100_000)),
    "no-channels.wav": wav(channels=0, data=bytes(1000)),
    "many-channels.wav": wav(channels=1000, data=bytes(100_000)),
    "no-bits.wav": wav(bits=0, data=bytes(1000)),
    "no-numbers.wav": wav(form=3, bits=32, data=struct.pack("<f", float("nan")) * 5000),
    "infinite.wav": wav(form=3, bits=32, data=struct.pack("<ff", float("inf"), -float("inf")) * 5000),
    "enormous.wav": wav(form=3, bits=64, data=struct.pack("<d", 1e300) * 5000),
    "unknown-form.wav": wav(form=0x1234, data=bytes(1000)),
    "no-frames.flac": sound("FLAC")[:60],
    "claims-years.flac": sound("FLAC")[:18] + b"\xff" * 8 + sound("FLAC")[26:],
    "half.ogg": sound("OGG")[:900],
    "twice.ogg": sound("OGG") * 2,
    "text.mp3": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"\xff\xfb" * 20_000,
}
WHOLE: tuple[tuple[str, Callable[[], bytes]], ...] = (
    (".png", lambda: picture("PNG")),
    (".jpg", lambda: picture("JPEG")),
    (".tif", lambda: picture("TIFF")),
    (".webp", lambda: picture("WEBP")),
    (".gif", lambda: picture("GIF")),
    (".bmp", lambda: picture("BMP")),
    (".wav", lambda: sound("WAV")),
    (".wav", lambda: sound("WAV", "FLOAT")),
    (".flac", lambda: sound("FLAC")),
    (".ogg", lambda: sound("OGG")),
    (".mp3", lambda: sound("MP3")),
    (".aiff", lambda: sound("AIFF")),
)
PICTURES = frozenset({".png", ".jpg", ".tif", ".webp", ".gif", ".bmp"})


def mutated(content: bytes, chance: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice([1, 2, 8, 40])):
        near = chance.choice([64, len(spoilt)])  # headers lie more than contents do
        spoilt[chance.randrange(min(near, len(spoilt)))] = chance.choice(
            [0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)]
        )
    if chance.random() < 0.2:
        del spoilt[chance.randrange(len(spoilt)) :]
    return bytes(spoilt) * chance.choice([1] * 9 + [2])


class Opener:
    """Opens files as the window does, and says what went wrong with one."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.pictures = PictureDecoder(cache_bytes=1)
        self.recordings = RecordingDecoder()
        self.answered: list[float] = []
        """When coarse pictures of a big file were there."""

    def trouble(self, name: str, content: bytes) -> str:
        path = self.scratch / name
        path.write_bytes(content)
        began = time.monotonic()
        self.answered.clear()
        try:
            self._open(path)
        except LabelerError as refused:
            if "was not decoded within" in refused.what:
                return refused.what
        except Exception as fault:
            return f"{name}: {type(fault).__name__}: {fault}"
        finally:
            path.unlink()
        took = (self.answered[0] if self.answered else time.monotonic()) - began
        if took > SECONDS:
            return f"{name}: took {took:.1f} s"
        return next((f"{name}: {used >> 20} MiB" for used in map(_most_memory, self._processes()) if used > MEMORY), "")

    def _open(self, path: Path) -> None:
        if path.suffix in PICTURES:
            decoded = self.pictures.decode(path, timeout_s=SECONDS, on_coarse=self._note)
            assert decoded.pixels[-1, -1].shape == (4,)
            return
        recording = self.recordings.open(path, self.scratch / "cache")
        assert np.isfinite(recording.samples(0, 100_000)).all()
        recording.peaks()
        for kept in (self.scratch / "cache").rglob("*.*"):
            kept.unlink()

    def _note(self, _coarse: Picture) -> None:
        """A few bytes can claim hundreds of megapixels: a coarse picture of them is the answer, the rest follows."""
        self.answered.append(time.monotonic())

    def _processes(self) -> list[int]:
        child = self.recordings._child
        return [*self.pictures.processes, *([child.pid] if child is not None and child.alive else [])]

    def close(self) -> None:
        self.pictures.close()
        self.recordings.close()


def _most_memory(process: int) -> int:
    """The most bytes that a process ever had in memory."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    scratch, count = Path(sys.argv[1]), int(sys.argv[2])
    opener, chance = Opener(scratch), Random(count)
    sources = [(ending, make()) for ending, make in WHOLE]

    def tell(name: str, content: bytes) -> None:
        said = opener.trouble(name, content)
        if said:
            sys.stdout.write(said + "\n")

    for name, content in CRAFTED.items():
        tell(name, content)
    for n in range(count):
        ending, content = sources[n % len(sources)]
        tell(f"mutated-{n}{ending}", mutated(content, chance))
    for n, (ending, content) in enumerate(sources):
        tell(f"whole-{n}{ending}", content)
    opener.close()


if __name__ == "__main__":
    main()

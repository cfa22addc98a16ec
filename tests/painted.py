"""A release of models that make pictures: forms to be cleaned of a stain. File names name the models, as they do."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from labeler.steps.project import Project
from tests.given import project_of

WIDTH, HEIGHT = 480, 320
STAIN = (300, 60, 372, 124)
LOST_LINE = (40, 200, 260, 214)
"""What the old model takes away together with the stain."""
NAMES = {"old": ("painter", "3.1"), "new": ("painter", "3.2")}


def form() -> Image.Image:
    """A page with ten lines of print."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "#fbfaf6")
    draw = ImageDraw.Draw(page)
    for line in range(10):
        draw.rectangle((40, 40 + 27 * line, 260 - 9 * (line % 3), 46 + 27 * line), fill="#2b2f38")
    draw.rectangle((20, 16, WIDTH - 20, HEIGHT - 12), outline="#7d8592")
    return page


def stained() -> Image.Image:
    page = form()
    stain = Image.new("L", page.size)
    ImageDraw.Draw(stain).ellipse(STAIN, fill=150)
    page.paste("#a8763e", mask=stain.filter(ImageFilter.GaussianBlur(3)))
    return page


def cleaned_with_loss() -> Image.Image:
    page = form()
    ImageDraw.Draw(page).rectangle(LOST_LINE, fill="#fbfaf6")
    return page


def make_painted(folder: Path) -> Project:
    """A project of five pictures, open; its lead is `Ada Lead`.

    p1: each output has a flaw; p2: the same bytes; p3: other bytes, the same pixels; p4: outputs of two sizes;
    p5: the old output is no picture at all.
    """
    given = folder / "given"
    half = form().resize((WIDTH // 2, HEIGHT // 2))
    made = {
        "p1": (cleaned_with_loss(), stained()),
        "p2": (form(), form()),
        "p3": (form(), form()),
        "p4": (form(), half),
        "p5": (form(), form()),
    }
    items: list[dict[str, object]] = []
    outputs: dict[str, list[dict[str, object]]] = {side: [] for side in NAMES}
    for name, pictures in made.items():
        _save(stained(), given / "media" / f"{name}.png")
        items.append({"id": name, "modality": "image", "media": f"media/{name}.png", "prompt": "Take the stain away."})
        for (side, (model, version)), picture in zip(NAMES.items(), pictures, strict=True):
            file = given / "made" / f"{model}-{version}" / f"{name}.png"
            _save(picture, file, compress_level=1 if (name, side) == ("p3", "new") else 6)
            if (name, side) == ("p5", "old"):
                file.write_bytes(b"no picture")
            answer = {"item_id": name, "model": {"name": model, "version": version}}
            outputs[side].append({**answer, "media": file.relative_to(given).as_posix()})
    return project_of(folder / "painted", given, {"items": items, **outputs})


def _save(picture: Image.Image, file: Path, compress_level: int = 6) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(file, compress_level=compress_level)

"""hOCR, the HTML in which Tesseract, OCRopus and others write what they read: lines become regions.

Source: the hOCR 1.2 specification. Known are `ocr_page`, the line elements and `ocrx_word` with `bbox` and `x_wconf`;
where a page has no lines, its words become regions. Coordinates are pixels of the picture that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from labeler.formats.row import Refusal, Row
from labeler.formats.text_file import text_of_file

_LINES = frozenset({"ocr_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
_BOX = re.compile(r"\bbbox\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)")
_CONFIDENCE = re.compile(r"\bx_wconf\s+(\d+(?:\.\d+)?)")
# Elements without an end tag: they never close what was open before them.
_EMPTY = frozenset({"meta", "link", "br", "hr", "img", "input"})


@dataclass(slots=True)
class _Part:
    """A page, line or word."""

    kind: str
    box: list[int] | None
    page: int
    confidence: float | None = None
    text: list[str] = field(default_factory=list)
    words: list[_Part] = field(default_factory=list)

    def said(self) -> str:
        return " ".join("".join(self.text).split())


def read_hocr(path: Path) -> Iterator[Row | Refusal]:
    """The one output of a file."""
    parser = _Parser()
    parser.feed(text_of_file(path))
    parser.close()
    if parser.pages == 0:
        yield Refusal(1, "it has no ocr_page: this is not hOCR")
        return
    parts = [line for line in parser.lines if line.words or line.said()] or parser.words
    raw: dict[str, Any] = {"item_id": path.stem, "text": "", "regions": []}
    for part in parts:
        said = part.said() if not part.words else " ".join(word.said() for word in part.words if word.said())
        if part.box is None or not said:
            continue
        start = len(raw["text"]) + (1 if raw["text"] else 0)
        raw["text"] += ("\n" if raw["text"] else "") + said
        region: dict[str, Any] = {"box": part.box, "text": said, "span": [start, start + len(said)]}
        if part.page:
            region["page"] = part.page
        if (confidence := _confidence(part)) is not None:
            region["confidence"] = confidence
        raw["regions"].append(region)
    if parser.system:
        raw["system"] = parser.system
    yield Row(1, raw)


def _confidence(part: _Part) -> float | None:
    """The words' mean, from 0 to 1."""
    known = [word.confidence for word in part.words or [part] if word.confidence is not None]
    return round(sum(known) / len(known) / 100, 4) if known else None


class _Parser(HTMLParser):
    """Collects lines and words in the order of the file."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages = 0
        self.system = ""
        self.lines: list[_Part] = []
        self.words: list[_Part] = []
        self._open: list[tuple[str, _Part | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name") == "ocr-system":
            self.system = given.get("content", "")
        if tag in _EMPTY:
            return
        classes = set(given.get("class", "").split())
        part = None
        if "ocr_page" in classes:
            self.pages += 1
        elif classes & _LINES:
            part = self._part("line", given.get("title", ""))
            self.lines.append(part)
        elif "ocrx_word" in classes:
            part = self._part("word", given.get("title", ""))
            self.words.append(part)
            line = next((open_ for _, open_ in reversed(self._open) if open_ and open_.kind == "line"), None)
            if line is not None:
                line.words.append(part)
        self._open.append((tag, part))

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and whatever in it was left open."""
        for n in range(len(self._open) - 1, -1, -1):
            if self._open[n][0] == tag:
                del self._open[n:]
                return

    def handle_data(self, data: str) -> None:
        for _, part in reversed(self._open):
            if part is not None:
                part.text.append(data)
                return

    def _part(self, kind: str, title: str) -> _Part:
        box, confidence = _BOX.search(title), _CONFIDENCE.search(title)
        corners = [max(0, int(value)) for value in box.groups()] if box else None
        return _Part(kind, corners, max(self.pages - 1, 0), float(confidence[1]) if confidence else None)

"""Two readings of one picture, region by region, whatever the order of their texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from labeler.domain.differences.matching import Group, Place, cover, match_places, pair_copies
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import SideText, plain_side, spans_of, text_of
from labeler.domain.differences.text import differences_of_words
from labeler.domain.differences.words import is_marks, keys_of, weight_of, words_of_line, words_outside
from labeler.domain.items import Box, Output, Region, Span

# Share of the smaller box: two equal texts that cover each other so far are the same place without asking further.
_SAME_PLACE = 0.5
# A text that stands in more places is not looked for in all of them, but matched by place like any other.
_MOST_COPIES = 50
# Shorter texts, such as the numbers of an axis, may well stand in two places.
_LETTERS_OF_A_MOVE = 5
# Rows of a page are as far apart as this share of the median height of its regions.
_ROW = 0.6


@dataclass(slots=True)
class _Seen:
    """What one side has on the picture. Lists run in parallel with `regions`."""

    text: str
    regions: list[Region]
    boxes: list[Box]
    spans: list[Span | None]
    said: list[str] = field(default_factory=list)


def compare_regions(old: Output, new: Output) -> list[Difference]:
    """Differences between what the regions say, top to bottom and left to right, then text that no region carries."""
    a, b = _seen(old), _seen(new)
    pairs = _alike(a, b)
    rest_old, rest_new = _rest(a, (i for i, _ in pairs)), _rest(b, (j for _, j in pairs))
    groups, lone_old, lone_new = _grouped(a, b, rest_old, rest_new)
    moves = _moves(a, b, lone_old, lone_new)
    partners = _partners(pairs, groups) if len(moves) < max(len(lone_old), len(lone_new)) else ({}, {})
    found = [(_around(a, b, group), _in_group(a, b, group)) for group in groups]
    # A moved region is walked at whichever of its places comes first.
    found += [(min(_around(a, b, ([i], [])), _around(a, b, ([], [j]))), [_moved(a, b, i, j)]) for i, j in moves]
    moved_old, moved_new = {i for i, _ in moves}, {j for _, j in moves}
    found += [(_around(a, b, ([i], [])), [_lone(a, b, i, partners[0])]) for i in lone_old if i not in moved_old]
    found += [
        (_around(a, b, ([], [j])), [_mirror(_lone(b, a, j, partners[1]))]) for j in lone_new if j not in moved_new
    ]
    return _walk(found) + _outside(a, b)


def has_places(output: Output) -> bool:
    """Whether any region of the output stands somewhere on the picture."""
    return any(region.box is not None or region.polygon for region in output.regions)


def _seen(output: Output) -> _Seen:
    text = text_of(output)
    placed = [r for r in output.regions if r.box is not None or r.polygon]
    spans = spans_of(text, output.regions)
    if len(placed) != len(output.regions):
        spans = [s for s, r in zip(spans, output.regions, strict=True) if r.box is not None or r.polygon]
    return _Seen(text, placed, [r.box or r.bounds() for r in placed], spans, [r.text or r.label or "" for r in placed])


def _alike(a: _Seen, b: _Seen) -> list[tuple[int, int]]:
    """Pairs of the same text in the same place: nothing to say about them, and most of every page."""
    pairs, rest_old, rest_new = pair_copies(_exact(a), _exact(b))
    by_text: dict[str, list[int]] = {}
    for j in rest_new:
        by_text.setdefault(b.said[j], []).append(j)
    claims: dict[int, int] = {}
    near: list[tuple[int, int]] = []
    for i in rest_old:
        others = by_text.get(a.said[i], ())
        if len(others) > _MOST_COPIES:
            continue
        box, page = a.boxes[i], a.regions[i].page
        same = [j for j in others if cover(box, b.boxes[j]) >= _SAME_PLACE and page == b.regions[j].page]
        for j in same:
            claims[j] = claims.get(j, 0) + 1
        if len(same) == 1:
            near.append((i, same[0]))
    return pairs + [(i, j) for i, j in near if claims[j] == 1]


def _exact(seen: _Seen) -> list[tuple[str, Box, int]]:
    return [(said, box, region.page) for said, box, region in zip(seen.said, seen.boxes, seen.regions, strict=True)]


def _rest(seen: _Seen, taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [k for k in range(len(seen.said)) if k not in gone]


def _grouped(a: _Seen, b: _Seen, rest_old: list[int], rest_new: list[int]) -> tuple[list[Group], list[int], list[int]]:
    """Groups of the regions left, and those that have no counterpart."""
    readable_old = [i for i in rest_old if not is_marks(a.said[i])]
    readable_new = [j for j in rest_new if not is_marks(b.said[j])]
    groups = [
        (_in_reading_order(a, [readable_old[i] for i in olds]), _in_reading_order(b, [readable_new[j] for j in news]))
        for olds, news in match_places(_places(a, readable_old), _places(b, readable_new))
    ]
    in_old = {i for olds, _ in groups for i in olds}
    in_new = {j for _, news in groups for j in news}
    return groups, [i for i in rest_old if i not in in_old], [j for j in rest_new if j not in in_new]


def _places(seen: _Seen, which: list[int]) -> list[Place]:
    return [Place(seen.boxes[k], "".join(keys_of(seen.said[k])), seen.regions[k].page) for k in which]


def _in_reading_order(seen: _Seen, which: list[int]) -> list[int]:
    if len(which) < 2:
        return which
    rows = _rows([(seen.boxes[k], k) for k in which])
    return sorted(which, key=lambda k: (rows[k], seen.boxes[k], seen.said[k]))


def _rows(boxes: list[tuple[Box, int]]) -> dict[int, int]:
    """The row of each box: boxes whose middles are less than half a line apart are side by side."""
    heights = sorted([box[3] - box[1] for box, _ in boxes])
    apart = _ROW * (heights[len(heights) // 2] + heights[(len(heights) - 1) // 2]) / 2
    rows: dict[int, int] = {}
    row, start = 0, None
    for middle, k in sorted([((box[1] + box[3]) / 2, k) for box, k in boxes]):
        if start is None:
            start = middle
        elif middle - start > apart:
            row, start = row + 1, middle
        rows[k] = row
    return rows


def _partners(pairs: list[tuple[int, int]], groups: list[Group]) -> tuple[dict[int, int], dict[int, int]]:
    """A counterpart of each matched region, from old to new and from new to old."""
    to_new, to_old = dict(pairs), {j: i for i, j in pairs}
    for olds, news in groups:
        to_new.update(dict.fromkeys(olds, max(news)))
        to_old.update(dict.fromkeys(news, max(olds)))
    return to_new, to_old


def _in_group(a: _Seen, b: _Seen, group: Group) -> list[Difference]:
    olds, news = group
    said_old, said_new = " ".join([a.said[i] for i in olds]), " ".join([b.said[j] for j in news])
    if said_old == said_new:
        return []
    return differences_of_words(_side(a, olds, said_old), _side(b, news, said_new), Of.REGIONS)


def _side(seen: _Seen, which: list[int], said: str) -> SideText:
    pieces = _Pieces(seen, which)
    return SideText(words_of_line(said), pieces.read, pieces.locate)


class _Pieces:
    """Regions that are read as one line, joined by spaces."""

    def __init__(self, seen: _Seen, which: list[int]) -> None:
        self._seen = seen
        self._which = which
        self._starts: list[int] = []
        at = 0
        for k in which:
            self._starts.append(at)
            at += len(seen.said[k]) + 1

    def locate(self, offset: int) -> int | None:
        at = bisect_right(self._starts, offset) - 1
        span = self._seen.spans[self._which[at]]
        return None if span is None else min(span[0] + offset - self._starts[at], span[1])

    def read(self, start: int, end: int) -> Reading:
        """The reading of `line[start:end]`, which is not empty."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        inside, until = start - self._starts[first], end - self._starts[last]
        if first == last:
            return self._within(self._which[first], inside, until)
        which = self._which[first : last + 1]
        seen = self._seen
        ends = [len(seen.said[k]) for k in which]
        begins = [0] * len(which)
        begins[0], letters, ends[-1] = inside, list(ends), until
        boxes = [
            _part(seen.boxes[k], n, begin, end) for k, n, begin, end in zip(which, letters, begins, ends, strict=True)
        ]
        span = self._span(which, inside, until)
        return Reading(
            seen.text[span[0] : span[1]] if span else self._joined(which, inside, until),
            span,
            _union(boxes),
            estimated=any(box is not seen.boxes[k] for box, k in zip(boxes, which, strict=True)),
            regions=tuple([seen.regions[k].id for k in which]),
            page=seen.regions[which[0]].page,
        )

    def _within(self, k: int, inside: int, until: int) -> Reading:
        """The reading of a part of one region's text: most readings are."""
        seen = self._seen
        said, span, box = seen.said[k], seen.spans[k], seen.boxes[k]
        part = _part(box, len(said), inside, until)
        if span is not None and (span[1] - span[0] == len(said) and seen.text.startswith(said, span[0])):
            at = (span[0] + inside, span[0] + until)
        else:
            at = None
        region = seen.regions[k]
        return Reading(said[inside:until], at, part, estimated=part is not box, regions=(region.id,), page=region.page)

    def _joined(self, which: list[int], inside: int, until: int) -> str:
        said = [self._seen.said[k] for k in which]
        said[-1] = said[-1][:until]
        said[0] = said[0][inside:]
        return " ".join(said)

    def _span(self, which: list[int], inside: int, until: int) -> Span | None:
        """The place in the text; None when the regions do not follow each other there."""
        spans = [self._seen.spans[k] for k in which]
        before = None
        for span, k in zip(spans, which, strict=True):
            if span is None or self._seen.text[span[0] : span[1]] != self._seen.said[k]:
                return None
            if before is not None and (span[0] < before or self._seen.text[before : span[0]].strip()):
                return None
            before = span[1]
        first, last = spans[0], spans[-1]
        return (first[0] + inside, last[0] + until) if first and last else None


def _part(box: Box, letters: int, start: int, end: int) -> Box:
    """The part of a line's box that some of its letters take, as if all letters were equally wide."""
    if letters == 0 or (start == 0 and end >= letters):
        return box
    x0, y0, x1, y1 = box
    if y1 - y0 > (x1 - x0) * 1.5 and letters > 2:
        return box  # written upwards or downwards: nobody knows which
    wide = (x1 - x0) / letters
    return round(x0 + start * wide, 1), y0, round(x0 + end * wide, 1), y1


def _union(boxes: list[Box]) -> Box:
    if len(boxes) == 1:
        return boxes[0]
    if len(boxes) == 2:
        (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = boxes
        return min(ax0, bx0), min(ay0, by0), max(ax1, bx1), max(ay1, by1)
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _whole(seen: _Seen, k: int) -> Reading:
    span = seen.spans[k]
    said = seen.said[k] if span is None else seen.text[span[0] : span[1]]
    return Reading(said, span, seen.boxes[k], regions=(seen.regions[k].id,), page=seen.regions[k].page)


def _lone(seen: _Seen, other: _Seen, k: int, partners: dict[int, int]) -> Difference:
    """A region that only the first side has, as `region_missing`."""
    keys = keys_of(seen.said[k])
    marks = is_marks(seen.said[k])
    weight = 0.0 if marks else max(weight_of(keys), 1.0)
    return Difference(
        "", Of.REGIONS, Kind.REGION_MISSING, marks, _whole(seen, k), None, "", _gap(other, k, partners), weight
    )


def _gap(other: _Seen, k: int, partners: dict[int, int]) -> int | None:
    """Behind the counterpart of the nearest region before that has one."""
    for before in range(k - 1, -1, -1):
        if before in partners:
            span = other.spans[partners[before]]
            return span[1] if span else None
    return 0


def _mirror(difference: Difference) -> Difference:
    return difference._replace(kind=Kind.REGION_ADDED, old=None, new=difference.old)


def _moves(a: _Seen, b: _Seen, lone_old: list[int], lone_new: list[int]) -> list[tuple[int, int]]:
    """Regions that read the same in another place, where that text is left over once on each side."""
    in_old, in_new = _once(a, lone_old), _once(b, lone_new)
    return [(in_old[said], in_new[said]) for said in in_old if said in in_new]


def _once(seen: _Seen, which: list[int]) -> dict[tuple[int, str], int]:
    """By page, since nothing moves from one page to another."""
    places: dict[tuple[int, str], int] = {}
    again = set()
    for k in which:
        letters = "".join(keys_of(seen.said[k]))
        said = seen.regions[k].page, letters
        if len(letters) >= _LETTERS_OF_A_MOVE and places.setdefault(said, k) != k:
            again.add(said)
    return {said: k for said, k in places.items() if said not in again}


def _moved(a: _Seen, b: _Seen, i: int, j: int) -> Difference:
    return Difference("", Of.REGIONS, Kind.REGION_MOVED, False, _whole(a, i), _whole(b, j), weight=1.0)


def _around(a: _Seen, b: _Seen, group: Group) -> tuple[int, Box]:
    boxes = [a.boxes[i] for i in group[0]] + [b.boxes[j] for j in group[1]]
    page = a.regions[group[0][0]].page if group[0] else b.regions[group[1][0]].page
    return page, _union(boxes)


def _walk(found: list[tuple[tuple[int, Box], list[Difference]]]) -> list[Difference]:
    """All differences in the order in which one looks at a page."""
    found = [entry for entry in found if entry[1]]
    if not found:
        return []
    rows = _rows([(box, n) for n, ((_, box), _) in enumerate(found)])
    alone = len({place for place, _ in found}) == len(found)

    def key(n: int) -> tuple[int, int, Box, list[str]]:
        (page, box), differences = found[n]
        # What they say decides only where several are in exactly one place.
        said = [] if alone else sorted(r.text for d in differences for r in (d.old, d.new) if r is not None)
        return page, rows[n], box, said

    return [difference for n in sorted(range(len(found)), key=key) for difference in found[n][1]]


def _outside(a: _Seen, b: _Seen) -> list[Difference]:
    """Differences of the text that no region carries."""
    left_old, left_new = words_outside(a.text, a.spans), words_outside(b.text, b.spans)
    if not left_old.keys and not left_new.keys:
        return []
    return differences_of_words(plain_side(left_old), plain_side(left_new), Of.TEXT)

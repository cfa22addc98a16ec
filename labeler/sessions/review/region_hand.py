"""The regions of the gold answer: taken from one side, then moved, reshaped, added, deleted and relabelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from labeler.domain.items import Region
from labeler.domain.verdicts import At
from labeler.sessions.review.hand import LOWER_RIGHT, Hand
from labeler.sessions.review.places import Spot, region_place, shape_of
from labeler.sessions.review.work import Work


class RegionHand(Hand):
    """Edits the draft's gold regions. `built` says what they are while the draft has none of its own."""

    def __init__(self, work: Work, built: Callable[[], tuple[Region, ...]]) -> None:
        super().__init__()
        self._work, self._built = work, built
        self.held: int | None = None
        """Number of the region that is being edited."""

    @property
    def regions(self) -> tuple[Region, ...]:
        own = self._work.draft.gold_regions
        return self._built() if own is None else own

    def take_over(self, regions: tuple[Region, ...]) -> None:
        """Start from one output's regions; how sure the model was does not belong to an answer."""
        self.drop()
        self._keep(tuple(replace(r, id=f"g{n}", confidence=None) for n, r in enumerate(regions, 1)))

    def pick(self, spot: Spot) -> bool:
        """The region that is held has this shape now; where none is held, a new one has."""
        if shape_of(spot.at) is None:
            return False
        box, polygon, page = spot.at.box, spot.at.polygon, spot.at.page
        if self.held is None:
            self._keep((*self.regions, Region(self._free_id(), box, polygon, page=page)))
            self.held = len(self.regions) - 1
        else:
            self._change(self.held, box=box, polygon=polygon, page=page)
        self._take(spot)
        return True

    def begin_drawing(self) -> None:
        self.drop()

    def drop(self) -> None:
        super().drop()
        self.held = None

    def let_go_of_what_is_gone(self) -> None:
        if self.held is not None:
            if self.held < len(self.regions):
                self.hold(self.held)
            else:
                self.drop()

    def hold(self, number: int) -> None:
        """Take up a region."""
        if 0 <= number < len(self.regions):
            self.held, self.corner = number, LOWER_RIGHT
            self._take(Spot(region_place(self.regions[number])))

    def hold_next(self, by: int) -> bool:
        if not self.regions:
            return False
        self.hold((self.held + by if self.held is not None else 0 if by > 0 else -1) % len(self.regions))
        return True

    def step(self, by: int, here: At | None) -> bool:  # noqa: ARG002
        """From region to region of the answer."""
        return self.hold_next(by or 1)

    def remove_held(self) -> None:
        if self.held is not None:
            number = self.held
            self.drop()
            self._keep(self.regions[:number] + self.regions[number + 1 :])

    def relabel(self, text: str) -> None:
        """What the region says, or what it is where it has a label and no text."""
        if self.held is not None:
            region = self.regions[self.held]
            named = region.label is not None and not region.text
            self._change(self.held, **({"label": text or None} if named else {"text": text}))

    def _change(self, number: int, **changes: object) -> None:
        """Changes of one region in a row are one step."""
        region = replace(self.regions[number], **changes)  # type: ignore[arg-type]  # replace checks the names
        self._keep((*self.regions[:number], region, *self.regions[number + 1 :]), on=f"region {number} {[*changes]}")

    def _keep(self, regions: tuple[Region, ...], on: str = "") -> None:
        self._work.step(replace(self._work.draft, gold_regions=regions), on=on)

    def _free_id(self) -> str:
        taken = {region.id for region in self.regions}
        return next(name for n in range(1, len(taken) + 2) if (name := f"g{n}") not in taken)

"""One item on the desk: the draft of a verdict on it, where the person stands in it, and the steps taken so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.differences.model import Difference, Kind
from labeler.domain.differences.sides import text_of
from labeler.domain.fold import fold
from labeler.domain.items import Span, TimeSpan
from labeler.domain.proposals import place_of
from labeler.domain.rubric import Rubric, Tier
from labeler.domain.shapes import Size
from labeler.domain.verdicts import At
from labeler.sessions.review import judging, pinning
from labeler.sessions.review.draft import Choice, Draft, in_todays_codes
from labeler.sessions.review.hand import Hand
from labeler.sessions.review.opening import Opened
from labeler.sessions.review.pin_hand import PinHand
from labeler.sessions.review.places import Spot, spot_of_text
from labeler.sessions.review.region_hand import RegionHand
from labeler.sessions.review.segment_bench import SegmentBench
from labeler.sessions.review.work import Work

Result = TypeVar("Result")


class Desk:
    """What a person does on one item. Every step can be taken back; nothing is stored here."""

    def __init__(self, opened: Opened, draft: Draft) -> None:
        self.opened = opened
        self.current: int | None = None
        """Index into `walk`."""
        self.seen: frozenset[str] = frozenset()
        self.unopened = ""
        """Why the item's medium cannot be shown, as its pane says it."""
        self.raw_text = False
        """The person asked for the texts as the models wrote them."""
        # The hands know the work and not the desk: a desk that knew itself would have to wait for the collector.
        work, case = Work(draft), opened.case
        self._work = work
        self.pin_hand = PinHand(case, work)
        self.region_hand = RegionHand(work, lambda: judging.built_answer(case, work.draft).regions)
        self.segment_bench = SegmentBench(work, lambda: judging.built_answer(case, work.draft).segments, case.edges_s)
        self.editing_segments = False
        """What is selected of the recording bounds a segment of the gold answer."""
        self.editing_regions = False
        """Places are picked for the gold answer's regions and not for failures."""
        self.lengths_s: Mapping[Letter | None, float] = {}
        """How long the recordings are that are heard, by the output that each is; None: the item's own."""
        self._last_failure: tuple[Letter, str] | None = None
        """The failure whose key was pressed last."""
        self._last: tuple[Kind, Choice] | None = None
        """Kind of the difference judged last, and how."""
        if self.revealed:
            self.go_to(0)
            self.go_to_next_open()

    @property
    def draft(self) -> Draft:
        return self._work.draft

    @property
    def walk(self) -> tuple[Difference, ...]:
        return self.opened.case.walk

    @property
    def revealed(self) -> bool:
        """The outputs may be seen: the tier is set, or the project does not ask for it first."""
        return self.draft.tier is not None or not self.opened.tier_first

    @property
    def folded(self) -> bool:
        """Texts are shown without the style that would give a model away."""
        return self.opened.folded is not None and not self.raw_text

    @property
    def selected(self) -> TimeSpan | None:
        """The span of the recording that is selected. It is where a person looks and no part of the draft."""
        return self.pin_hand.selected

    @property
    def hand(self) -> Hand:
        return self.region_hand if self.editing_regions else self.pin_hand

    @property
    def verdict(self) -> Choice | None:
        """What follows from the draft, or was decided over it."""
        return judging.verdict(self.opened.case, self.draft)

    @property
    def missing(self) -> str:
        """What is still to do before the verdict can be saved; empty when nothing is."""
        return judging.missing(self.opened.case, self.draft)

    def go_by(self, rubric: Rubric, today: Callable[[str], str]) -> None:
        """Judge by another version of the rubric; `today` says what a code of the one before is called in it."""
        case = replace(self.opened.case, rubric=rubric)
        self.opened = replace(self.opened, case=case)
        self._work.rewrite(lambda draft: in_todays_codes(draft, today))
        self.pin_hand.go_by(case)
        self._last_failure = None

    # Steps

    def set_tier(self, tier: Tier) -> None:
        first = not self.revealed
        before = first or (self.draft.tier_before_outputs and self.draft.tier == tier)
        self._work.step(replace(self.draft, tier=tier, tier_before_outputs=before))
        if first:
            self.go_to(0)

    def judge(self, choice: Choice) -> None:
        """The reading that is right at the current difference; the next open difference comes by itself.

        On an item without differences it is the verdict.
        """
        if not self.walk:
            self.overrule(choice)
        elif self.current is not None:
            difference = self.walk[self.current]
            self._last = (difference.kind, choice)
            self._choose({difference.id: choice})
            self.go_to_next_open()

    def judge_same_kind(self) -> tuple[int, Choice] | None:
        """Give the last answer to all differences of the same kind that are still open: how many, and which answer."""
        if self._last is None:
            return None
        kind, choice = self._last
        alike = [d.id for d in self.walk if d.kind is kind and d.id not in self.draft.choices]
        if alike:
            self._choose(dict.fromkeys(alike, choice))
            self.go_to_next_open()
        return len(alike), choice

    def overrule(self, choice: Choice) -> None:
        """Set the verdict itself; set again what it already was, and it follows from the differences again."""
        one_sided = choice in (Choice.A, Choice.B)
        # Outputs that say the same are right or wrong together.
        if self.revealed and not (one_sided and self.opened.case.alike):
            again = self.draft.overruled is choice
            self._work.step(replace(self.draft, overruled=None if again else choice, undecidable=None))

    def set_undecidable(self, reason: str | None) -> None:
        self._work.step(replace(self.draft, undecidable=reason, overruled=None))

    def toggle_failure(self, letter: Letter, code: str) -> bool:
        """Set or take away a failure at the place in hand, else at the current difference, else at the item.

        False, and nothing done, where the place is in the other side's text.
        """
        if not self.revealed:
            return True
        pin = self.pin_hand.aim(letter, code, None if self.current is None else self.walk[self.current].id)
        if pin is None:
            return False
        self._work.step(pinning.toggle(self.opened.case, self.draft, pin))
        self._last_failure = (letter, code)
        self.hand.let_go_of_what_is_gone()
        return True

    def regrade(self, letter: Letter, code: str) -> None:
        """Make a failure minor that is major, or major that is minor."""
        if self.revealed:
            self._work.step(pinning.regrade(self.opened.case, self.draft, letter, code))

    def regrade_last(self) -> bool:
        """Of the failure whose pin is held, else the one set last, else that of the current difference.

        False, and nothing done, where there is none.
        """
        held, found = self.pin_hand.held, pinning.pins_in_order(self.opened.case, self.draft)
        here = None if self.current is None else self.walk[self.current].id
        wanted = [held and (held.letter, held.code), self._last_failure]
        wanted += [(pin.letter, pin.code) for pin in found if here is not None and pin.difference == here]
        failure = next((one for one in wanted if one in {(pin.letter, pin.code) for pin in found}), None)
        if failure is not None:
            self.regrade(*failure)
        return failure is not None

    def toggle_sure(self) -> None:
        self._work.step(replace(self.draft, sure=not self.draft.sure))

    def end(self) -> None:
        """Let the verdict be looked at, and not be changed any more."""
        self._work.over = True

    def toggle_whole_checked(self) -> None:
        self._work.step(replace(self.draft, whole_checked=not self.draft.whole_checked))

    def type_gold(self, text: str | None) -> None:
        self._work.step(replace(self.draft, gold_text=text), on="gold")

    def type_note(self, text: str) -> None:
        self._work.step(replace(self.draft, note=text), on="note")

    def type_question(self, text: str) -> None:
        self._work.step(replace(self.draft, question=text), on="question")

    def take_over(self, draft: Draft) -> None:
        """Go on from another draft, as one step."""
        self._work.step(draft)
        self.hand.let_go_of_what_is_gone()
        if self.current is None:
            self.go_to(0)

    def blame(self, gap: str) -> None:
        """What of the rubric a lead finds to blame; empty for nothing."""
        self._work.step(replace(self.draft, gap=gap))

    def add_heard(self, spans: list[TimeSpan], letter: Letter | None) -> None:
        """Parts of the item's recording that were played, or of the output with this letter."""
        heard_of = dict(self.draft.heard_of)
        if letter is not None:
            heard_of[letter] = judging.merge_heard(heard_of.get(letter, ()), spans)
        self._work.note(replace(self.draft, heard=judging.merge_heard(self.draft.heard, spans), heard_of=heard_of))

    def expose(self, what: str) -> None:
        """Something was on the screen that could lead."""
        self._work.note(replace(self.draft, exposed=self.draft.exposed | {what}))

    def undo(self) -> bool:
        """Take back the last step; False when there is none."""
        return self._after(self._work.undo())

    def redo(self) -> bool:
        """Do again what was taken back last; False when there is nothing."""
        return self._after(self._work.redo())

    @property
    def can_undo(self) -> bool:
        return self._work.can_undo

    # Walking

    def walk_by(self, by: int) -> None:
        if self.current is not None:
            self.go_to((self.current + by) % len(self.walk))

    def pick(self, difference: str) -> None:
        """Go to the difference with this id; an id that is not walked (a cosmetic one) changes nothing."""
        ids = [d.id for d in self.walk]
        if self.revealed and difference in ids:
            self.go_to(ids.index(difference))

    def go_to(self, index: int) -> None:
        self.hand.drop()
        self.current = index if index < len(self.walk) else None
        if self.current is not None:
            self.seen |= {self.walk[self.current].id}

    def go_to_next_open(self) -> None:
        """The next difference without an answer, from here on and round; where all have one, stay."""
        start = self.current or 0
        for step in range(len(self.walk)):
            index = (start + step) % len(self.walk)
            if self.walk[index].id not in self.draft.choices:
                self.go_to(index)
                return

    # Places

    def know_size(self, size: Size) -> None:
        """Width and height of the picture: no place may leave it."""
        self.pin_hand.size = self.region_hand.size = size

    def know_page(self, page: int) -> None:
        """Which page of the picture is looked at: what is drawn there belongs to it."""
        if page != self.pin_hand.page:
            self.pin_hand.page = self.region_hand.page = page
            self.pin_hand.drawn = self.region_hand.drawn = ()

    def edit_regions(self, on: bool) -> None:
        """Whether places are picked for the gold answer's regions."""
        if self.revealed:
            self.hand.drop()
            self.editing_regions = on

    def edit_segments(self, on: bool) -> None:
        """Whether the gold answer's segments are edited."""
        if self.revealed:
            self.hand.drop()
            self.segment_bench.held = None
            self.editing_segments = on

    def select(self, span: TimeSpan | None) -> None:
        """Select a span of the recording; it bounds the gold segment in hand, or moves the pin in hand there."""
        segment = self.segment_bench.segment if self.editing_segments else None
        if segment is None:
            self.pin_hand.select(span)
        elif span is not None and span[0] < segment.end_s and segment.start_s < span[1]:
            self.segment_bench.bound(span)
            self._select_held()
        else:
            self.segment_bench.held = None
            self.pin_hand.select(span)

    def take_up_next(self, by: int) -> bool:
        """The next pin, gold region or gold segment; False when there is none."""
        if not self.editing_segments:
            return self.hand.hold_next(by)
        found = self.segment_bench.hold_next(by)
        self._select_held()
        return found

    def take_away(self) -> None:
        """What is in hand."""
        if self.editing_segments:
            self.segment_bench.remove()
        else:
            self.hand.remove_held()

    def work_on_segment(self, change: Callable[[SegmentBench], bool | None]) -> bool:
        """Change the gold segments; what is in hand afterwards is selected, so that it is heard."""
        done = self.editing_segments and change(self.segment_bench) is not False
        self._select_held()
        return done

    def _select_held(self) -> None:
        segment = self.segment_bench.segment
        if segment is not None:
            self.pin_hand.selected = (segment.start_s, segment.end_s)

    def put_down(self) -> None:
        """Let go of what is in hand or selected; where nothing is in hand, of the gold answer's regions."""
        if self.editing_regions and self.region_hand.held is None and not self.region_hand.drawn:
            self.editing_regions = False
        elif self.editing_segments and self.segment_bench.held is None and self.selected is None:
            self.editing_segments = False
        self.hand.drop()
        self.segment_bench.held = None
        self.pin_hand.selected = None

    def draw_spot(self, spot: Spot) -> bool:
        """A place that was drawn: for gold regions a new one, whatever is held."""
        if self.revealed:
            self.hand.begin_drawing()
        return self.pick_spot(spot)

    def pick_spot(self, spot: Spot) -> bool:
        """Take a place in hand; False, and nothing done, where it is in the text of the other side than the pin's."""
        return not self.revealed or self.in_one_step(lambda: self.hand.pick(spot))

    def in_one_step(self, change: Callable[[], Result]) -> Result:
        """Whole as it is: a drag is not taken back together with the one before, nor with keys that follow."""
        self._work.pause()
        done = change()
        self._work.pause()
        return done

    def pick_text(self, letter: Letter, span: Span) -> bool:
        """Take characters in hand, counted in the text as it is shown: as a place on the medium if they have one."""
        case = self.opened.case
        text = text_of(case.output(letter))
        raw = fold(text).unfold(span) if self.folded else span
        if raw[1] > len(text):
            return True  # what is shown is no text of this output
        return self.pick_spot(spot_of_text(case, letter, raw))

    def step_spot(self, by: int) -> bool:
        """The next region or word, from the place in hand or the current difference on; False when there is none."""
        if self.editing_segments:
            return self.take_up_next(by)
        return self.revealed and self.hand.step(by, self._place_of_current())

    # Inside

    def _choose(self, choices: Mapping[str, Choice]) -> None:
        self._work.step(replace(self.draft, choices={**self.draft.choices, **choices}, undecidable=None))

    def _after(self, done: bool) -> bool:
        """Undo may take away what is current or in hand, redo bring it back."""
        if done and not self.revealed:
            self.current = None
            self.hand.drop()
        elif done and self.current is None:
            self.go_to(0)
        self.hand.let_go_of_what_is_gone()
        self.segment_bench.let_go_of_what_is_gone()
        if self.editing_segments:
            self._select_held()  # its edges are where they were before
        return done

    def _place_of_current(self) -> At | None:
        if self.current is None:
            return None
        here = (place_of(self.walk[self.current], self.opened.case.sides.side(letter)) for letter in LETTERS)
        return next((at for at in here if at is not None), None)
